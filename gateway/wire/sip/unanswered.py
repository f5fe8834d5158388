"""A request of a caller over UDP that is sent again until it is answered (RFC 3261 §17.1.1.2,
timers A and B; §17.1.2.2, timers E and F)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

T1_SECONDS: Final = 0.5
T2_SECONDS: Final = 4.0
"""Between two of a request that is no INVITE, at most (§17.1.2.1)."""
TIMEOUT_SECONDS: Final = 64 * T1_SECONDS


@dataclass(slots=True)
class Unanswered:
    """It was sent once; `due` says when again, clock seconds."""

    cseq: str
    """The field by which its answer is known."""
    data: bytes
    due: float
    given_up: float
    pause: float = T1_SECONDS

    @classmethod
    def sent(cls, number: int, method: str, data: bytes, now: float) -> Unanswered:
        """A request that leaves now."""
        return cls(f"{number} {method}", data, now + T1_SECONDS, now + TIMEOUT_SECONDS)

    def again(self, now: float) -> bool:
        """It is due: False where it is to be given up, else `data` leaves once more."""
        longest = TIMEOUT_SECONDS if self.cseq.endswith(" INVITE") else T2_SECONDS
        self.pause = min(2 * self.pause, longest)
        self.due = now + self.pause
        return now < self.given_up
