"""What became of the messages a peer submitted: for query_sm, cancel_sm and replace_sm.

A mobile-originated message is acted on as it arrives, so it is delivered or rejected by the time
its id is told; nothing is left to cancel or to replace (ESME_RCANCELFAIL, ESME_RREPLACEFAIL), and
an unknown id is told apart (ESME_RQUERYFAIL, ESME_RINVMSGID). v3.4 §4.8-4.10.
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

    def find(self, message_id: str, source: str) -> Final | None:
        """Its end, if it is known and was submitted by `source`."""
        final = self._finals.get(message_id)
        return final if final is not None and source in ("", final.source) else None
