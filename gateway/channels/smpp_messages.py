"""What became of the messages a peer submitted: for query_sm, cancel_sm and replace_sm.

A mobile-originated message that is not scheduled is acted on as it arrives, so it is delivered or
rejected by the time its id is told, and an id that is not known is told apart.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

MESSAGES_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Final:
    """A message's end."""

    source: str
    state: int
    """v3.4 §5.2.28."""
    at: float


class Messages:
    """The last `MESSAGES_MAX` messages of one account."""

    def __init__(self) -> None:
        self._finals: OrderedDict[str, Final] = OrderedDict()

    def settle(self, message_id: str, final: Final) -> None:
        """Remember how it ended; the oldest beyond the limit is forgotten."""
        self._finals[message_id] = final
        if len(self._finals) > MESSAGES_MAX:
            self._finals.popitem(last=False)

    def find(self, message_id: str) -> Final | None:
        """Its end, if it is known."""
        return self._finals.get(message_id)
