"""A screen as a playlist: the phrases a call hears, in their order.

The notice comes first, then the text, then each option as its label and the key that chooses it
(the label first: who has heard what he wants waits for its key), then the way back. A text that
names the keys itself is left as it is. VoiceXML 2.1 §4.1 calls this a prompt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from gateway.domain.numbers import local_digits
from gateway.domain.port import Language, Say, Screen, Speech
from gateway.domain.values import Value
from gateway.render.speech.phrases import VoiceLanguage, phrase, voice_of
from gateway.render.speech.values import (
    VOICES,
    say_date,
    say_digits,
    say_money,
    say_number,
    say_time,
)
from gateway.render.speech.voice import Gender

Playlist = tuple[str, ...]
"""Phrases, each said by one recording of the screen's language."""


def playlist(screen: Screen, utc_offset_seconds: int) -> Playlist:
    """What a call hears of a screen."""
    language = voice_of(screen.language)
    words = VOICES[language].words
    said = [phrase(screen.notice), *speak(screen.speech, screen.language, utc_offset_seconds)]
    for choice in screen.choices:
        if choice.speech:
            said += speak(choice.speech, screen.language, utc_offset_seconds)
            said += [words["press"], *say_number(int(choice.key), language)]
    named = any(not choice.speech for choice in screen.choices)
    if screen.back and screen.expect.kind == "choice" and not named:
        said.append(words["back"])
    return tuple(each for each in said if each)


def speak(speech: Speech, language: Language, utc_offset_seconds: int) -> Playlist:
    """The phrases of a text and of the values in it."""
    return tuple(_spoken(speech, voice_of(language), utc_offset_seconds))


def _spoken(speech: Speech, language: VoiceLanguage, offset: int) -> Iterator[str]:
    for place, part in enumerate(speech):
        if isinstance(part, Say):
            gender = _gender_after(speech[place + 1 :], language)
            yield from _RULES[part.filter](part.value, language, offset, gender)
        elif words := phrase(part):
            yield words


def _gender_after(speech: Speech, language: VoiceLanguage) -> Gender:
    """What a numeral agrees with: the noun that follows it, whether written out or by a rule."""
    words = next((each for each in speech if isinstance(each, Say) or phrase(each)), "")
    return "m" if isinstance(words, Say) else VOICES[language].gender_of(phrase(words))


Rule = Callable[[Value, VoiceLanguage, int, Gender], Playlist]


def _money(value: Value, language: VoiceLanguage, offset: int, gender: Gender) -> Playlist:
    assert isinstance(value, int), "the check holds filters to their types"
    return say_money(value, language)


def _genitive(value: Value, language: VoiceLanguage, offset: int, gender: Gender) -> Playlist:
    assert isinstance(value, int), "the check holds filters to their types"
    return say_money(value, language, genitive=True)


def _date(value: Value, language: VoiceLanguage, offset: int, gender: Gender) -> Playlist:
    assert isinstance(value, int), "the check holds filters to their types"
    return say_date(value, language, offset)


def _time(value: Value, language: VoiceLanguage, offset: int, gender: Gender) -> Playlist:
    assert isinstance(value, int), "the check holds filters to their types"
    return say_time(value, language, offset)


def _datetime(value: Value, language: VoiceLanguage, offset: int, gender: Gender) -> Playlist:
    return (
        *_date(value, language, offset, gender),
        *_time(value, language, offset, gender),
    )


def _msisdn(value: Value, language: VoiceLanguage, offset: int, gender: Gender) -> Playlist:
    return say_digits(local_digits(str(value)), language)


def _plain(value: Value, language: VoiceLanguage, offset: int, gender: Gender) -> Playlist:
    """A count agrees with its noun, digits are read one by one, a name is words."""
    if isinstance(value, int) and not isinstance(value, bool):
        return say_number(value, language, gender)
    text = str(value)
    if text.strip("*").isdecimal():
        return say_digits(text, language)
    return (phrase(text),)


_RULES: Final[Mapping[str, Rule]] = {
    "": _plain,
    "money": _money,
    "sum": _money,
    "sum_genitive": _genitive,
    "decimal": _money,
    "bare": _money,
    "date": _date,
    "datetime": _datetime,
    "full_date": _date,
    "full_datetime": _datetime,
    "time": _time,
    "msisdn": _msisdn,
}
"""Filter of a field -> how its value is spoken; a test holds it to the filters there are."""
