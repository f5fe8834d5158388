"""How a text must be: a part of it, the whole, a regular expression, an amount, a pattern.

Rule: a matcher says itself what it wants, for the message of a failure. A plain string given where
a matcher is wanted is `contains`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from gateway.domain.money import kopecks, roubles
from gateway.replay.patterns import MATCHERS, match


@dataclass(frozen=True, slots=True)
class Matcher:
    """What a text must be, in words, and whether one is."""

    says: str
    fits: Callable[[str], bool]
    whole: str = ""
    """The whole text wanted, where it is known: a failure shows it beside the one that came."""


def contains(part: str) -> Matcher:
    """The text has this part."""
    return Matcher(f"containing {part!r}", lambda text: part in text)


def equal(whole: str) -> Matcher:
    """The text is this one, to the character."""
    return Matcher("equal to the text expected", lambda text: text == whole, whole)


def regex(pattern: str) -> Matcher:
    """The regular expression is found in the text; `^` and `$` are those of a line."""
    compiled = re.compile(pattern, re.MULTILINE)
    return Matcher(f"matching {pattern!r}", lambda text: compiled.search(text) is not None)


def like(pattern: str) -> Matcher:
    """The whole text is as a flow file would have it: `Balance: <money>`."""
    return Matcher(
        "like the text expected", lambda text: match(pattern, text, {}) is not None, pattern
    )


def money(amount: Decimal | float | str) -> Matcher:
    """The text names this amount of roubles, in Russian or English: `12,50 …` or `RUB 12.50`."""
    wanted = kopecks(f"{Decimal(str(amount)):.2f}")
    return Matcher(f"naming {roubles(wanted)} roubles", lambda text: wanted in _amounts(text))


_MONEY = re.compile(MATCHERS["money"])
_NUMBER = re.compile(r"-?[0-9]+(?:[.,][0-9]{2})?")


def _amounts(text: str) -> Iterator[int]:
    for found in _MONEY.finditer(text):
        number = _NUMBER.search(found[0])
        assert number is not None, "an amount has a number"
        yield kopecks(number[0])


def matcher(wanted: str | Matcher) -> Matcher:
    """The matcher meant."""
    return contains(wanted) if isinstance(wanted, str) else wanted
