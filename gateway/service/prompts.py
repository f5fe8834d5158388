"""The recorded prompts: `prompts.yaml`, which says what is recorded, and the WAV files beside it.

A recording is found by its words in a language (`gateway/render/speech`). What is not recorded is
heard as a marker tone and counted: nobody is left in silence, and somebody learns of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from gateway.menu.marks import Source
from gateway.menu.problems import Problem, failed, render
from gateway.menu.shape import Shape
from gateway.menu.source import load, validate
from gateway.render.speech.phrases import PAUSE, VoiceLanguage, phrase_key
from gateway.service.errors import BAD_FILE, Fault
from gateway.wire.rtp.g711 import SAMPLES_PER_SECOND
from gateway.wire.rtp.stream import Clip
from gateway.wire.rtp.tones import silence, tone
from gateway.wire.wav import read_alaw

MANIFEST: Final = "prompts.yaml"
RecordingId = Annotated[
    str, Field(pattern=r"^[a-z]+(/[A-Za-z0-9_][A-Za-z0-9_.-]*)+$", max_length=120)
]
"""A path below the language: `number/100`, `menu/voice.root/1`."""
CLIP_SECONDS_MAX: Final = 60
WAV_OCTETS_MAX: Final = CLIP_SECONDS_MAX * SAMPLES_PER_SECOND + 4096

MARKER: Final = Clip("missing", tone(1400, 0.15) + silence(0.1) + tone(1400, 0.15))
"""Heard in place of a phrase without a recording."""
GAP: Final = Clip("pause", silence(0.25))

_CHAINS: Final[Mapping[VoiceLanguage, tuple[VoiceLanguage, ...]]] = {
    "ru": ("ru", "en"),
    "en": ("en", "ru"),
}
"""Where a phrase is looked for: a name that is recorded in one language only is heard in both."""


class VoiceShape(Shape):
    """Who speaks."""

    licence: str = Field(min_length=1, description="Under which licence its recordings are used")
    source: str = Field(min_length=1, description="Where it comes from: a studio, a program")


class RecordingShape(Shape):
    """One file: `<language>/<id>.wav`."""

    text: str = Field(min_length=1, max_length=2000, description="The words that are heard")
    voice: str = Field(description="One of `voices`")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="Of the file")
    made_of: str | None = Field(
        None, description="By scripts/make_prompts: a hash of words, voice and settings"
    )


Recordings = dict[RecordingId, RecordingShape]


class ManifestShape(Shape):
    """The whole file."""

    voices: dict[str, VoiceShape] = Field({}, description="Name -> who speaks")
    ru: Recordings = Field({}, description="Id -> recording")
    en: Recordings = Field({}, description="Id -> recording")


@dataclass(frozen=True, slots=True)
class Manifest:
    """`prompts.yaml` as it was read."""

    directory: Path
    source: Source
    shape: ManifestShape

    def recordings(self, language: VoiceLanguage) -> Recordings:
        """Id -> recording."""
        found: Recordings = getattr(self.shape, language)
        return found

    def file(self, language: VoiceLanguage, id_: str) -> Path:
        """Where a recording lies."""
        return recording_file(self.directory, language, id_)


def recording_file(directory: Path, language: str, id_: str) -> Path:
    """Where a recording lies; an octet of it is a sample, but for a short head."""
    return directory / language / f"{id_}.wav"


def read_manifest(directory: Path) -> tuple[Manifest | None, list[Problem]]:
    """The manifest, or None where a mistake is in it. Never raises."""
    source = load(directory / MANIFEST)
    if failed(source.problems):
        return None, source.problems
    shape, problems = validate(source, ManifestShape)
    return (Manifest(directory, source, shape) if shape else None), source.problems + problems


def read_recording(file: Path) -> tuple[bytes, str]:
    """Its samples and the hash of the file. Raises ValueError or OSError in words for a person."""
    if file.stat().st_size > WAV_OCTETS_MAX:
        raise ValueError(f"is longer than {CLIP_SECONDS_MAX} s")
    data = file.read_bytes()
    return read_alaw(data), sha256(data).hexdigest()


def _nobody(language: VoiceLanguage, words: str) -> None:
    """Is told of what is missing."""


@dataclass(frozen=True, slots=True)
class Prompts:
    """Every recording, in memory once for all calls."""

    found: Mapping[VoiceLanguage, Mapping[str, Clip]]
    """Language -> key of the words -> clip."""
    unreadable: Mapping[Path, str] = field(default_factory=dict)
    """Files that are named and cannot be played -> the reason."""
    missing: Callable[[VoiceLanguage, str], None] = _nobody
    """Told of each phrase that was wanted and is not recorded."""

    @property
    def count(self) -> int:
        """Recordings that can be heard, of all languages."""
        return sum(map(len, self.found.values()))

    def clips(self, phrases: Sequence[str], language: VoiceLanguage) -> tuple[Clip, ...]:
        """What is played for a playlist (`gateway/render/ivr`)."""
        return tuple(self._clip(words, language) for words in phrases)

    def ids(self, phrases: Sequence[str], language: VoiceLanguage) -> tuple[str, ...]:
        """Names of that in the manifest, for whoever watches a call; no gap is told of."""
        clips = (self._recorded(words, language).id for words in phrases)
        return tuple(map(name_of, clips))

    def _clip(self, words: str, language: VoiceLanguage) -> Clip:
        clip = self._recorded(words, language)
        if clip is MARKER:
            self.missing(language, words)
        return clip

    def _recorded(self, words: str, language: VoiceLanguage) -> Clip:
        if words == PAUSE:
            return GAP
        key = phrase_key(words)
        for each in _CHAINS[language]:
            clip = self.found[each].get(key)
            if clip is not None:
                return clip
        return MARKER


def name_of(clip: str) -> str:
    """A recording in the manifest, whatever its language: `ru/number/1` is `number/1`."""
    return clip.partition("/")[2] or clip


def read_prompts(
    directory: Path, missing: Callable[[VoiceLanguage, str], None] = _nobody
) -> tuple[Prompts | None, list[Problem]]:
    """All recordings of a directory; None where a mistake is in the manifest. A file that cannot
    be read is as one that is missing. Never raises."""
    manifest, problems = read_manifest(directory)
    if manifest is None:
        return None, problems
    unreadable: dict[Path, str] = {}
    found = {language: dict(_clips(manifest, language, unreadable)) for language in _CHAINS}
    return Prompts(found, unreadable, missing), problems


def need_prompts(
    directory: Path, missing: Callable[[VoiceLanguage, str], None] = _nobody
) -> Prompts:
    """The same; a mistake in the manifest is a Fault, in caret form."""
    prompts, problems = read_prompts(directory, missing)
    if prompts is None:
        raise Fault(render(problems).rstrip("\n"), BAD_FILE)
    return prompts


def _clips(
    manifest: Manifest, language: VoiceLanguage, unreadable: dict[Path, str]
) -> Iterator[tuple[str, Clip]]:
    for id_, recording in manifest.recordings(language).items():
        file = manifest.file(language, id_)
        try:
            yield phrase_key(recording.text), Clip(f"{language}/{id_}", read_recording(file)[0])
        except (OSError, ValueError) as error:
            unreadable[file] = str(error.strerror if isinstance(error, OSError) else error)
