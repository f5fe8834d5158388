"""Ids of messages and dialogues: unique over restarts, eight characters of base 36.

SMPP 3.3 peers take message ids of at most eight octets (SMPP v3.4 §3.4), so that is what all get:
three characters of an epoch the store counts up at every start, five of a counter.
"""

from __future__ import annotations

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


class Ids:
    """Counts ids up within one epoch of the store."""

    def __init__(self, epoch: int) -> None:
        self._prefix = base36(epoch % EPOCHS_MAX, 3)
        self._next = 0

    def next(self) -> str:
        """A new id."""
        number = self._next
        assert number < IDS_PER_EPOCH_MAX, "the ids of this epoch are used up; restart"
        self._next = number + 1
        return self._prefix + base36(number, 5)
