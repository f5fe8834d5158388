"""Values -> phrases: numbers, money, dates, times, digits, in the words of a language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from gateway.domain.moments import local
from gateway.render.speech.en import EN
from gateway.render.speech.numerals import cardinal, counted
from gateway.render.speech.phrases import PAUSE, VoiceLanguage
from gateway.render.speech.ru import RU, RU_GENITIVE
from gateway.render.speech.voice import Gender, Voice

VOICES: Final[Mapping[VoiceLanguage, Voice]] = {"ru": RU, "en": EN}
GENITIVES: Final[Mapping[VoiceLanguage, Voice]] = {"ru": RU_GENITIVE, "en": EN}
"""The same where a text asks for the genitive; English has none."""

_GROUPS: Final = {10: (3, 3, 2, 2)}
"""Digits read -> how they are grouped; any other length goes by fours."""
_MASK: Final = "*"


def recordings(language: VoiceLanguage) -> Iterator[tuple[str, str]]:
    """`(id, words)` of everything that values are spoken with."""
    voice, genitive = VOICES[language], GENITIVES[language]
    yield from voice.recordings()
    said = {words for _, words in voice.recordings()}
    yield from (
        (f"genitive/{id_}", words) for id_, words in genitive.recordings() if words not in said
    )


def say_number(number: int, language: VoiceLanguage, gender: Gender = "m") -> tuple[str, ...]:
    """`21`, feminine -> `двадцать`, `одна`."""
    return cardinal(number, VOICES[language], gender)


def say_money(kopecks: int, language: VoiceLanguage, *, genitive: bool = False) -> tuple[str, ...]:
    """`-10050` -> `минус`, `сто`, `рублей`, `пятьдесят`, `копеек`; in the genitive `ста`,
    `рублей`, `пятидесяти`, `копеек`. Roubles that are none are left out beside kopecks, kopecks
    that are none always."""
    voice = (GENITIVES if genitive else VOICES)[language]
    roubles, rest = divmod(abs(kopecks), 100)
    said = [voice.words["minus"]] if kopecks < 0 else []
    if roubles or not rest:
        said += counted(roubles, voice.rouble, voice)
    if rest:
        said += counted(rest, voice.kopeck, voice)
    return tuple(said)


def say_date(at: float, language: VoiceLanguage, utc_offset_seconds: int) -> tuple[str, ...]:
    """Epoch seconds -> day and month: `тридцатого`, `ноября`; the year goes without saying."""
    voice = VOICES[language]
    return voice.date(voice, local(at, utc_offset_seconds))


def say_time(at: float, language: VoiceLanguage, utc_offset_seconds: int) -> tuple[str, ...]:
    """Epoch seconds -> hours and minutes: `четырнадцать`, `часов`, `пять`, `минут`."""
    voice = VOICES[language]
    return voice.time(voice, local(at, utc_offset_seconds))


def say_digits(text: str, language: VoiceLanguage) -> tuple[str, ...]:
    """Digit by digit, with a pause between groups. Of a masked number (`****1234`) only what is
    not masked, as its last digits."""
    voice = VOICES[language]
    shown = text.rpartition(_MASK)[2]
    said = [voice.words["ending"]] if shown != text else []
    for number, group in enumerate(_grouped(shown)):
        said += [PAUSE] if number else []
        said += [voice.numerals[int(digit)] for digit in group]
    return tuple(said)


def _grouped(digits: str) -> list[str]:
    widths = _GROUPS.get(len(digits), (4,) * (-(-len(digits) // 4)))
    ends = [sum(widths[: count + 1]) for count in range(len(widths))]
    return [digits[end - width : end] for width, end in zip(widths, ends, strict=True)]
