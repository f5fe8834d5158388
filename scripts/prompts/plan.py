"""The plan: of what is wanted and what there is, what to keep, to make and to drop.

Rule: a recording by a voice that is not ours is somebody's work and is never dropped or made
again; ours is kept while its words are wanted and it would be made of the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from gateway.render.speech.phrases import phrase_key
from gateway.service.prompts import Recordings
from gateway.service.wordings import Wording
from scripts.prompts.sound import SETTINGS
from scripts.prompts.voices import Synthesizer, Unspeakable


@dataclass(frozen=True, slots=True)
class Plan:
    """For one language."""

    keep: Recordings
    make: dict[str, str]
    """Id -> text."""
    drop: tuple[str, ...]
    """Ids whose files go."""
    unspeakable: tuple[str, ...]
    """What the voice cannot read, and why: a text for the eye, which wants a wording for calls."""

    @property
    def summary(self) -> str:
        """In one line."""
        return f"{len(self.keep)} kept, {len(self.make)} to make, {len(self.drop)} to drop"


def made_of(voice: Synthesizer, text: str) -> str:
    """What a recording is known by: its words as they are read, the voice and the settings.
    Raises Unspeakable."""
    settings = (voice.select, str(voice.stretch), *voice.tone, SETTINGS)
    whole = "\n".join((voice.spelling(text), *settings))
    return sha256(whole.encode()).hexdigest()[:16]


def plan(
    wanted: Mapping[str, Wording],
    there: Recordings,
    voice: Synthesizer,
    only: tuple[str, ...] = (),
) -> Plan:
    """`only`: beginnings of ids; others are neither made nor dropped."""
    keep: Recordings = {}
    said: set[str] = set()
    for id_, recording in there.items():
        key = phrase_key(recording.text)
        ours = recording.voice == voice.name
        fresh = key in wanted and recording.made_of == _stamp(voice, wanted[key].text)
        if not ours or not id_.startswith(only or "") or (fresh and key not in said):
            keep[id_] = recording
            said.add(key)
    make: dict[str, str] = {}
    unspeakable: list[str] = []
    for key, wording in wanted.items():
        if key in said or not wording.id.startswith(only or ""):
            continue
        try:
            voice.spelling(wording.text)
            make[_free(wording.id, keep.keys() | make.keys())] = wording.text
        except Unspeakable as error:
            unspeakable.append(f"{wording.language}/{wording.id}: {error}")
    drop = tuple(id_ for id_ in there if id_ not in keep and id_ not in make)
    return Plan(keep, make, drop, tuple(unspeakable))


def _stamp(voice: Synthesizer, text: str) -> str | None:
    try:
        return made_of(voice, text)
    except Unspeakable:
        return None


def _free(id_: str, taken: set[str]) -> str:
    """The id, or where another's words have it already, the next one."""
    names = (id_, *(f"{id_}.{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
