"""PDUs each way by command and status: one dictionary step a PDU, named when read.

What SMPP has no name for is counted as `unknown`: a peer must not be able to make new names.
"""

from __future__ import annotations

from collections import defaultdict

from gateway.wire.smpp.commands import NAMES as COMMANDS
from gateway.wire.smpp.status import NAMES as STATUSES

UNKNOWN = "unknown"
STATUS_SHIFT = 32
_COMMAND_MASK = 0xFFFFFFFF


class Counts:
    """Keys are `command_id | command_status << 32`; many sessions may share one."""

    __slots__ = ("received", "sent")

    def __init__(self) -> None:
        self.received: defaultdict[int, int] = defaultdict(int)
        self.sent: defaultdict[int, int] = defaultdict(int)

    def take(self) -> list[tuple[str, str, str, int]]:
        """`(in or out, command, status, PDUs)` since the last call."""
        found = []
        for direction, counted in (("in", self.received), ("out", self.sent)):
            for key, pdus in counted.items():
                command = COMMANDS.get(key & _COMMAND_MASK, UNKNOWN)
                status = STATUSES.get(key >> STATUS_SHIFT, UNKNOWN)
                found.append((direction, command, status, pdus))
            counted.clear()
        return found
