"""`python -m scripts.prompts`: make what is missing, say what was done."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import yaml

from gateway.menu.problems import render
from gateway.render.speech.phrases import VoiceLanguage
from gateway.service.content import need_content
from gateway.service.errors import Fault
from gateway.service.prompts import (
    MANIFEST,
    Manifest,
    ManifestShape,
    Recordings,
    RecordingShape,
    VoiceShape,
    read_manifest,
)
from gateway.service.prompts_check import wanted
from gateway.wire.wav import write_alaw
from scripts.prompts.plan import Plan, made_of, plan
from scripts.prompts.synthesis import SynthesisFailed, spoken
from scripts.prompts.voices import SYNTHESIZERS, Synthesizer

HEAD = """\
# What is recorded: <language>/<id>.wav says `text`. Made by scripts/make_prompts, which leaves
# alone what another voice has said: to put a studio's recording in place of one, replace the file,
# name its voice here (with its licence), and write its sha256; `made_of` goes. `gateway check`
# tells what is missing, stale or unused.
"""


def main(arguments: Sequence[str]) -> int:
    """The exit status: 0 done, 1 something could not be spoken."""
    parser = argparse.ArgumentParser("make_prompts", description="Record what calls want to hear.")
    parser.add_argument("only", nargs="*", help="beginnings of ids, as number or menu/voice.")
    parser.add_argument("--menus", type=Path, default=Path("menus"))
    parser.add_argument("--short-codes", type=Path, default=Path("short_codes.yaml"))
    parser.add_argument("--prompts", type=Path, default=Path("ivr_prompts"))
    parser.add_argument("--plan", action="store_true", help="say what would be done, and stop")
    given = parser.parse_args(arguments)
    try:
        codes = need_content(given.menus, given.short_codes).codes
        manifest = _manifest(given.prompts)
        wants = wanted(given.menus, codes)
        plans = {
            language: plan(wants[language], manifest.recordings(language), voice, tuple(given.only))
            for language, voice in SYNTHESIZERS.items()
        }
        for language, each in plans.items():
            print(f"{language}: {each.summary}")
        if not given.plan:
            _carry_out(manifest, plans)
    except (Fault, SynthesisFailed) as error:
        print(f"make_prompts: {error}", file=sys.stderr)
        return 1
    unspeakable = [why for each in plans.values() for why in each.unspeakable]
    for why in unspeakable:
        print(why, file=sys.stderr)
    return 1 if unspeakable else 0


def _manifest(directory: Path) -> Manifest:
    """The manifest, made where there is none. Raises Fault."""
    directory.mkdir(exist_ok=True)
    if not (directory / MANIFEST).exists():
        (directory / MANIFEST).write_text(HEAD + "voices: {}\n", "utf-8")
    manifest, problems = read_manifest(directory)
    if manifest is None:
        raise Fault(render(problems).rstrip("\n"))
    return manifest


def _carry_out(manifest: Manifest, plans: Mapping[VoiceLanguage, Plan]) -> None:
    """Write the files, then the manifest that names them, then drop what it no longer names."""
    voices, recordings = dict(manifest.shape.voices), {}
    for language, each in plans.items():
        synthesizer = SYNTHESIZERS[language]
        recordings[language] = {**each.keep, **_made(manifest, each.make, synthesizer)}
        voices[synthesizer.name] = VoiceShape(
            licence=synthesizer.licence, source=synthesizer.source
        )
    shape = ManifestShape(voices=voices, **recordings)
    written = shape.model_dump(exclude_none=True)
    text = yaml.safe_dump(written, sort_keys=False, allow_unicode=True, width=100)
    (manifest.directory / MANIFEST).write_text(HEAD + text, "utf-8")
    for language, each in plans.items():
        for id_ in each.drop:
            manifest.file(language, id_).unlink(missing_ok=True)


def _made(manifest: Manifest, make: Mapping[str, str], voice: Synthesizer) -> Recordings:
    made: Recordings = {}
    for (id_, text), samples in zip(make.items(), spoken(voice, list(make.values())), strict=True):
        file = manifest.file(voice.language, id_)
        file.parent.mkdir(parents=True, exist_ok=True)
        data = write_alaw(samples)
        file.write_bytes(data)
        made[id_] = RecordingShape(
            text=text,
            voice=voice.name,
            sha256=sha256(data).hexdigest(),
            made_of=made_of(voice, text),
        )
    return made


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
