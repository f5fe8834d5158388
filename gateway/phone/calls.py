"""The verbs of a call, whoever carries it.

Rule: whoever carries calls tells the phone what becomes of them; the phone never asks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

Told = Callable[[str, str], None]
"""`(state, words)`: `calling`, `talking`, or `over` and why."""


class Calls(Protocol):
    """One call at a time. Each verb may raise NoConnection or Refused."""

    async def call(self, msisdn: str, number: str, told: Told) -> None:
        """Begin a call; `told` hears how it goes, `over` last and once."""
        ...

    async def press(self, key: str) -> None:
        """A key, as RFC 4733 telephone-event."""
        ...

    async def hang_up(self) -> None:
        """End it."""
        ...

    async def drop(self) -> None:
        """Fall silent: nothing is sent any more, and the far end has to find out."""
        ...
