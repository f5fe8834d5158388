"""Requests of ours under way: a window the peer must answer, and a bounded queue behind it."""

from __future__ import annotations

from collections import deque
from typing import Any, Final

from gateway.wire.smpp.events import Lost
from gateway.wire.smpp.limits import Limits

# (command_id of the response, the caller's context, monotonic seconds when sent)
_Sent = tuple[int, Any, float]
# (sequence_number, the PDU built, command_id of the response, the caller's context)
_Waiting = tuple[int, bytes, int, Any]

TIMEOUT: Final = "response_timeout"


class Window:
    """`sent` keeps the order of sending, so its first entry is always the next to time out."""

    __slots__ = ("_limits", "queue", "sent")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.sent: dict[int, _Sent] = {}
        self.queue: deque[_Waiting] = deque()

    def resize(self, limits: Limits) -> None:
        self._limits = limits

    def refill(self, out: list[bytes], now: float) -> None:
        """Move what fits from the queue into the window and on to `out`."""
        queue, sent, pdus_max = self.queue, self.sent, self._limits.window_out_pdus_max
        while queue and len(sent) < pdus_max:
            sequence, frame, response, context = queue.popleft()
            sent[sequence] = (response, context, now)
            out.append(frame)

    def deadline(self) -> float | None:
        """When the oldest request unanswered is given up, or None."""
        for _, _, at in self.sent.values():
            return at + self._limits.response_seconds_max
        return None

    def expire(self, now: float) -> list[Lost]:
        """Give up what has waited `response_seconds_max`; the room is not refilled here."""
        lost: list[Lost] = []
        oldest = now - self._limits.response_seconds_max
        for sequence, (_, context, at) in list(self.sent.items()):
            if at > oldest:
                break
            del self.sent[sequence]
            lost.append(Lost(context, TIMEOUT, sent=True))
        return lost

    def abandon(self, reason: str) -> list[Lost]:
        """The session is over: everything under way and waiting is lost, oldest first."""
        lost = [Lost(context, reason, sent=True) for _, context, _ in self.sent.values()]
        lost += [Lost(context, reason, sent=False) for _, _, _, context in self.queue]
        self.sent.clear()
        self.queue.clear()
        return lost

    def __len__(self) -> int:
        return len(self.sent) + len(self.queue)
