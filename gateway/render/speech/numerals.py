"""Numerals: a whole number -> words of a voice, agreeing with the noun that is counted.

Rule: thousands and millions are nouns that are counted too, so `две тысячи две копейки` needs no
rule of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gateway.render.speech.voice import Gender, Noun, Voice

NUMBER_MAX: Final = 10**12 - 1
"""Longer ones are read digit by digit."""


def cardinal(number: int, voice: Voice, gender: Gender = "m") -> tuple[str, ...]:
    """`-21`, feminine -> `минус двадцать одна`."""
    sign = (voice.words["minus"],) if number < 0 else ()
    number = abs(number)
    if number > NUMBER_MAX:
        return (*sign, *(voice.numerals[int(digit)] for digit in str(number)))
    if not number:
        return (voice.numerals[0],)
    return (*sign, *_groups(number, voice), *_below_thousand(number % 1000, voice, gender))


def counted(number: int, noun: Noun, voice: Voice) -> tuple[str, ...]:
    """A number and its noun in the form it takes."""
    return (*cardinal(number, voice, noun.gender), noun.forms[voice.plural(number)])


def _groups(number: int, voice: Voice) -> Iterator[str]:
    for power in range(len(voice.scales), 0, -1):
        group = number // 1000**power % 1000
        if group:
            scale = voice.scales[power - 1]
            yield from _below_thousand(group, voice, scale.gender)
            yield scale.forms[voice.plural(group)]


def _below_thousand(number: int, voice: Voice, gender: Gender) -> Iterator[str]:
    """Hundreds, tens, units; nothing for zero."""
    hundreds, rest = number - number % 100, number % 100
    tens, units = (0, rest) if rest < 20 else (rest - rest % 10, rest % 10)
    for part in (hundreds, tens, units):
        if part:
            yield voice.agreeing.get((part, gender)) or voice.numerals[part]
