"""Plural forms (Unicode CLDR 48, cardinal rules of ru and en), as an index into the words given.

Rule: ru has three forms for integers (one, few, many), en two (one, other).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping


def _ru(count: int) -> int:
    tens, units = abs(count) % 100, abs(count) % 10
    if units == 1 and tens != 11:
        return 0
    if 2 <= units <= 4 and not 12 <= tens <= 14:
        return 1
    return 2


def _en(count: int) -> int:
    # CLDR: `one` is i = 1 and v = 0, the absolute value.
    return 0 if abs(count) == 1 else 1


PLURALS: Mapping[str, tuple[int, Callable[[int], int]]] = {"ru": (3, _ru), "en": (2, _en)}
"""Language -> how many forms, and which form a count takes."""
