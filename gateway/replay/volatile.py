"""What of a shown text changes from day to day, and with what a subscriber has.

Rule: where the same was shown again on another day with more money, what came out otherwise
changes, and what stayed is expected as it is: a price is no balance. Lines that are not alike but
for their values tell nothing; there the kind of a value decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import zip_longest

from gateway.domain.numbers import local_digits
from gateway.replay.patterns import MATCHERS, literal

DATED = ("datetime", "date", "time")
OWN = ("msisdn", "own_number")
CODE_DIGITS = (4, 12)
"""How long a number is, to be taken for a code or password."""
ALIKE_MIN = 0.5
"""The part of its words that a spoken text shares with another, to be taken for the same."""

_WORD = r"(?<![\w.,<])(?:{})(?![\w<])"
_KINDS = {
    **{kind: _WORD.format(MATCHERS[kind]) for kind in ("money", *DATED)},
    "number": rf"(?<![\w*.,+<])(?:{MATCHERS['number']})(?![\w#*])",
    "word": r"(?<![\w<])\w*[0-9]\w*",
}
_VALUE = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS.items()))
_SPOKEN = re.compile(r"\s*\S+")


@dataclass(frozen=True, slots=True)
class Token:
    """A value in a text, or what stands between two."""

    text: str
    """As a pattern that means itself."""
    kind: str = ""
    """The matcher that takes it; empty: no value."""
    again: str | None = None
    """What stood there another day; None where nobody knows."""

    @property
    def is_code(self) -> bool:
        """It may be a code or password."""
        shortest, longest = CODE_DIGITS
        whole = self.kind == "number" and self.text.isdecimal()
        return whole and shortest <= len(self.text) <= longest


def tokens(text: str, msisdn: str, again: str | None = None) -> Iterator[Token]:
    """The tokens of a text shown to `msisdn`; joined they are the text. `again` is the same
    another day."""
    lines = text.split("\n")
    others = [] if again is None else again.split("\n")
    pairs = zip_longest(lines, others) if len(lines) == len(others) else zip_longest(lines, [])
    for at, (line, other) in enumerate(pairs):
        if at:
            yield Token("\n")
        found = list(_tokens(line, msisdn))
        same = [] if other is None else list(_tokens(other, msisdn))
        yield from _paired(found, same) if _shape(found) == _shape(same) else found


def spoken(text: str, again: str) -> str | None:
    """What a call said as a pattern: values are words there, so whatever words came out otherwise
    are a hole. None where the texts are not alike."""
    words, others = _SPOKEN.findall(literal(text)), _SPOKEN.findall(literal(again))
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    if matcher.ratio() < ALIKE_MIN:
        return None
    changes = matcher.get_opcodes()
    return "".join("".join(words[a:b]) if how == "equal" else "<any>" for how, a, b, *_ in changes)


def _tokens(line: str, msisdn: str) -> Iterator[Token]:
    own = re.compile(f"(?<![0-9])(?:(?P<msisdn>{msisdn})|(?P<own_number>{local_digits(msisdn)}))")
    for part in _split(literal(line), own):
        yield from [part] if part.kind else _split(part.text, _VALUE)


def _split(text: str, pattern: re.Pattern[str]) -> Iterator[Token]:
    end = 0
    for found in pattern.finditer(text):
        yield Token(text[end : found.start()])
        yield Token(found[0], found.lastgroup or "")
        end = found.end()
    yield Token(text[end:])


def _paired(found: list[Token], same: list[Token]) -> Iterator[Token]:
    for one, other in zip(found, same, strict=True):
        yield replace(one, again=other.text)


def _shape(line: list[Token]) -> list[str]:
    """A line without its values."""
    return [token.kind or f" {token.text}" for token in line]
