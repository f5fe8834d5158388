"""BYTES <-> VALUES, sans-IO: no sockets, no clock, no gateway word. Imports nothing of ours.

Every protocol machine has one face, so that one pump joins any of them to the network.
"""

from __future__ import annotations

from typing import Any, Protocol


class WireMachine(Protocol):
    """A protocol machine with time as an argument (monotonic seconds)."""

    def receive(self, data: bytes, now: float) -> list[Any]:
        """Take bytes; return what they meant. Afterwards send what `data_to_send` holds."""
        ...

    def data_to_send(self) -> list[bytes]: ...
    def next_timer(self) -> float | None: ...
    def timer_fired(self, now: float) -> list[Any]: ...
