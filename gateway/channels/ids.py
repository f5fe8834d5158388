"""Ids of messages and dialogues: unique over restarts, eight characters of base 36.

SMPP 3.3 peers take message ids of at most eight octets (SMPP v3.4 §3.4), so that is what all get:
three characters of an epoch the store counts up at every start, five of a counter.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
EPOCHS_MAX = 36**3
IDS_PER_EPOCH_MAX = 36**5


def base36(number: int, width: int) -> str:
    """`number` in base 36, at least `width` digits, zero-padded on the left."""
    digits = []
    while number:
        number, digit = divmod(number, 36)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits)).rjust(width, "0")


_PAIRS = tuple(base36(number, 2) for number in range(36 * 36))


class Ids:
    """Counts ids up within one epoch of the store. One is made of its last two digits from a
    table and the rest, which changes once in 1,296."""

    def __init__(self, epoch: int) -> None:
        self._epoch = base36(epoch % EPOCHS_MAX, 3)
        self._prefix = self._epoch
        self._next = 0

    def next(self) -> str:
        """A new id."""
        number = self._next
        assert number < IDS_PER_EPOCH_MAX, "the ids of this epoch are used up; restart"
        self._next = number + 1
        high, low = divmod(number, len(_PAIRS))
        if not low:
            self._prefix = self._epoch + base36(high, 3)
        return self._prefix + _PAIRS[low]

    def several(self) -> Callable[[], str]:
        """Ids of what one turn sends, for any thread and any number of them: `0010000A-0` …"""
        own, numbers = self.next(), count()
        return lambda: f"{own}-{next(numbers)}"
