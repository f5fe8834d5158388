"""What is wanted of recordings, beside what there is: missing, stale, unused, not as noted.

All are warnings: a call can be served, with a marker tone where a recording is missing. P101 and
P102 stand at the text in the menus, the others at the row of `prompts.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway.menu.loader import menu_files, read_draft
from gateway.menu.problems import Problem, suggest
from gateway.render.speech.phrases import VoiceLanguage, phrase_key
from gateway.render.speech.values import VOICES
from gateway.service.prompts import Manifest, read_manifest, read_recording
from gateway.service.wordings import Wording, wordings
from gateway.turn.short_codes import ShortCodes

HOW = "record it, or run scripts/make_prompts"

Wanted = Mapping[VoiceLanguage, Mapping[str, Wording]]
"""Language -> key of the words -> the first place that says them."""


def wanted(menus: Path, codes: ShortCodes) -> Wanted:
    """Every recording that calls want. The menus are such as can be served."""
    draft, _ = read_draft(menu_files(menus))
    found: dict[VoiceLanguage, dict[str, Wording]] = {language: {} for language in VOICES}
    for each in wordings(draft, codes):
        found[each.language].setdefault(phrase_key(each.text), each)
    return found


def check_prompts(menus: Path, codes: ShortCodes, directory: Path) -> list[Problem]:
    """P101 to P106. Never raises for what files hold."""
    manifest, problems = read_manifest(directory)
    if manifest is None:
        return problems
    found = _Check(manifest, wanted(menus, codes))
    return [*problems, *found.missing(), *found.recorded()]


@dataclass(frozen=True, slots=True)
class _Check:
    manifest: Manifest
    wanted: Wanted

    def missing(self) -> Iterator[Problem]:
        for language, texts in self.wanted.items():
            recordings = self.manifest.recordings(language)
            there = {phrase_key(each.text) for each in recordings.values()}
            for key, wording in texts.items():
                if key not in there:
                    yield self._missing(wording)

    def _missing(self, wording: Wording) -> Problem:
        name = f"{wording.language}/{wording.id}"
        older = self.manifest.recordings(wording.language).get(wording.id)
        if older is None:
            code, message, help_ = "P101", f"no recording says '{wording.text}' ({name})", HOW
        else:
            code, message = "P102", f"{name} was recorded with other words: '{older.text}'"
            help_ = f"record it again, or run scripts/make_prompts: '{wording.text}'"
        if wording.entry is None:
            return self._problem((wording.language,), code, message, help_)
        return wording.entry.problem(code, wording.where, message, help_, severity="warning")

    def recorded(self) -> Iterator[Problem]:
        for language, texts in self.wanted.items():
            ids = {wording.id for wording in texts.values()}
            for id_, recording in self.manifest.recordings(language).items():
                where = (language, id_)
                if recording.voice not in self.manifest.shape.voices:
                    help_ = suggest(recording.voice, self.manifest.shape.voices, "voices")
                    message = f"there is no voice '{recording.voice}'"
                    yield self._problem((*where, "voice"), "P106", message, help_)
                if phrase_key(recording.text) in texts:
                    yield from self._file(language, id_, recording.sha256)
                elif id_ not in ids:
                    message = f"no call can hear {language}/{id_}"
                    yield self._problem(where, "P103", message, "remove it and its file")

    def _file(self, language: VoiceLanguage, id_: str, noted: str) -> Iterator[Problem]:
        file = self.manifest.file(language, id_)
        try:
            _, found = read_recording(file)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            yield self._problem((language, id_), "P104", f"{file}: {reason}", HOW)
            return
        if found != noted:
            message = f"{file} is not the recording that was noted here"
            help_ = f"if it is a better one, note its voice, and sha256: {found}"
            yield self._problem((language, id_, "sha256"), "P105", message, help_)

    def _problem(self, where: tuple[str, ...], code: str, message: str, help_: str) -> Problem:
        return self.manifest.source.problem(
            code, where, message, help_, at="key" if code != "P106" else "value", severity="warning"
        )
