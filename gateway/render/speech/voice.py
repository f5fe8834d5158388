"""The words of a language, as a table: numerals, scales, nouns, months, and how a clock is read.

Rule: a language is data (`ru.py`, `en.py`); how numerals are put together (`values.py`) is said
once for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from gateway.render.speech.phrases import phrase_key

Gender = Literal["m", "f", "n"]


@dataclass(frozen=True, slots=True)
class Noun:
    """A counted noun: its forms in the order of CLDR's plural categories, and its gender."""

    id: str
    forms: tuple[str, ...]
    gender: Gender = "m"


@dataclass(frozen=True, slots=True)
class Voice:
    """One language."""

    numerals: Mapping[int, str]
    """0 to 19, the tens, the hundreds."""
    agreeing: Mapping[tuple[int, Gender], str]
    """Numerals that have another form with a noun of that gender."""
    plural: Callable[[int], int]
    """A count -> the index of its form (CLDR)."""
    scales: tuple[Noun, ...]
    """Of 1000 to the power of 1, 2, 3."""
    rouble: Noun
    kopeck: Noun
    counted: tuple[Noun, ...]
    """What else is counted in texts; a numeral before one of its forms agrees with it."""
    months: tuple[str, ...]
    ordinals: Mapping[int, str]
    """Days of a month: 1 to 20, and 30."""
    date: Callable[[Voice, datetime], tuple[str, ...]]
    time: Callable[[Voice, datetime], tuple[str, ...]]
    words: Mapping[str, str]
    """What else is said: `minus`, `press`, `back` …, by id."""

    def recordings(self) -> Iterator[tuple[str, str]]:
        """`(id, words)` of everything it can say."""
        for number, word in self.numerals.items():
            yield f"number/{number}", word
        for (number, gender), word in self.agreeing.items():
            yield f"number/{number}{gender}", word
        for noun in (*self.scales, self.rouble, self.kopeck, *self.counted):
            for place, form in enumerate(noun.forms, 1):
                yield f"unit/{noun.id}-{place}", form
        for number, month in enumerate(self.months, 1):
            yield f"month/{number}", month
        for number, ordinal in self.ordinals.items():
            yield f"ordinal/{number}", ordinal
        for name, word in self.words.items():
            yield f"word/{name}", word

    def gender_of(self, text: str) -> Gender:
        """The gender of the noun that `text` begins with; masculine where it is not known."""
        first = phrase_key(text).partition(" ")[0]
        for noun in self.counted:
            if any(phrase_key(form) == first for form in noun.forms):
                return noun.gender
        return "m"
