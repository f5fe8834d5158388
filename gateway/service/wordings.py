"""Wordings: every stretch of fixed words that a call can hear, and where it is written.

A call can hear the screens of the states that a voice route leads to, the catalogue's texts named
`voice.…`, and the words values are spoken with. A label (`{zone|label:zone}`) and the forms of a
plural are fixed words too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.domain.catalogue import COMMANDS
from gateway.menu.checks.texts import Place, places
from gateway.menu.draft import Draft, Entry
from gateway.menu.edges import admits_channel, heard, ways
from gateway.menu.marks import Where
from gateway.menu.model import Menu, Shown, State
from gateway.menu.shape import Words
from gateway.menu.text import Field
from gateway.menu.text.template import parse
from gateway.render.speech.phrases import VoiceLanguage, phrase
from gateway.render.speech.values import VOICES, recordings
from gateway.turn.short_codes import ShortCodes

SPOKEN_TEXTS = "voice."
"""What the ids of catalogue texts for calls begin with."""
_NOT_HEARD = ("ussd", "sms")


@dataclass(frozen=True, slots=True)
class Wording:
    """Words that one recording says."""

    id: str
    language: VoiceLanguage
    text: str
    entry: Entry[Any] | None = None
    """Where it is written; None for the words of numbers."""
    where: Where = ()


def wordings(draft: Draft, codes: ShortCodes) -> Iterator[Wording]:
    """All of them, in the order of what is said; the same words may come more than once."""
    for language in VOICES:
        yield from (Wording(id_, language, text) for id_, text in recordings(language))
    notice = draft.settings.shape.choice_error if draft.settings else ""
    for name, words in draft.texts.items():
        if name.startswith(SPOKEN_TEXTS) or name == notice:
            for language in VOICES:
                text = getattr(words.shape, language)
                yield from _of_text(draft, f"menu/{name}/", language, text, words, (language,))
    reached = _reached(draft, codes)
    for name, entry in draft.states.items():
        for place in places(entry.shape) if name in reached else ():
            if _is_heard(entry.shape, place):
                stem = f"menu/{name}/{_part(place.where)}"
                yield from _of_text(draft, stem, place.language, place.text, entry, place.where)


def _of_text(
    draft: Draft, stem: str, language: VoiceLanguage, text: str, entry: Entry[Any], where: Where
) -> Iterator[Wording]:
    for number, words in enumerate(_stretches(draft, text, language), 1):
        yield Wording(f"{stem}{number}", language, words, entry, where)


def _part(where: Where) -> str:
    """`("options", "balance", "text", "ru")` -> `options.balance.`; empty for the text itself."""
    names = [str(each) for each in where[:-1] if each not in ("text", "ivr")]
    return "".join(f"{name}." for name in names)


def _is_heard(state: State, place: Place) -> bool:
    """Whether a call hears this text of a state: not another channel's, and where a wording for
    calls stands, neither the general one nor the labels (it names the keys itself)."""
    first = place.where[0]
    own = isinstance(state, Shown) and state.ivr is not None
    if first in _NOT_HEARD or (own and first in ("text", "options")):
        return False
    return _is_open(state, place.where)


def _stretches(draft: Draft, text: str, language: str) -> Iterator[str]:
    """The fixed words of a text, a label or plural as all the words it can be."""
    for part in parse(text):
        for words in _words(draft, part, language):
            if said := phrase(words):
                yield said


def _words(draft: Draft, part: str | Field, language: str) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif part.filter == "plural":
        yield from part.argument.split(",")
    elif part.filter == "label":
        labels: Mapping[str, Entry[Words]] = draft.labels.get(part.argument, {})
        yield from (getattr(entry.shape, language) for entry in labels.values())


def _reached(draft: Draft, codes: ShortCodes) -> frozenset[str]:
    """The states that a call can come to."""
    settings = draft.settings
    assert settings is not None, "asked only of a set that can be served"
    states = {name: entry.shape for name, entry in draft.states.items()}
    found = {name: ways(state, settings.shape, COMMANDS) for name, state in states.items()}
    roots = {route.state for route in codes.voice.values()}
    if voice := settings.shape.voice:
        roots |= {voice.start, voice.operator, voice.bye, voice.auth}
    return heard(roots, states, found)


def _is_open(state: State, where: Where) -> bool:
    """Whether the guard of an option, if `where` is in one, lets calls in."""
    if isinstance(state, Menu) and where[:1] == ("options",):
        return admits_channel(state.options[str(where[1])].when, "voice")
    return True
