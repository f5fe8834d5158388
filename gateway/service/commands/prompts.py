"""`gateway prompts`: what a call hears, and what is not recorded yet."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.service.commands.options import WHERE_FILES_ARE, loaded, settings
from gateway.service.errors import BAD_FILE, FAILED, Fault

if TYPE_CHECKING:
    from gateway.render.speech.phrases import VoiceLanguage
    from gateway.service.config import Config
    from gateway.service.prompts import Manifest

LANGUAGES: tuple[VoiceLanguage, ...] = ("ru", "en")


@click.group()
def command() -> None:
    """List the recorded prompts, or what is wrong with them."""


@command.command("list")
@click.option("--language", type=click.Choice(LANGUAGES), help="only of this language")
@settings("prompts")
def list_(language: VoiceLanguage | None, config_file: Path | None, **given: str | None) -> None:
    """List every recording: seconds, voice, name and words."""
    from gateway.service.prompts import read_recording
    from gateway.wire.rtp.g711 import SAMPLES_PER_SECOND

    manifest = _manifest(loaded(config_file, given))
    for each in LANGUAGES if language is None else (language,):
        for id_, recording in manifest.recordings(each).items():
            try:
                samples, _ = read_recording(manifest.file(each, id_))
                seconds = f"{len(samples) / SAMPLES_PER_SECOND:6.2f}"
            except (OSError, ValueError):
                seconds = "  none"
            click.echo(f"{seconds}  {recording.voice}  {each}/{id_}  {recording.text}")


@command.command()
@settings(*WHERE_FILES_ARE, "prompts")
def check(config_file: Path | None, **given: str | None) -> None:
    """Name every prompt that is missing, stale, unused or not as it was noted.

    Exit status: 0 a call hears everything, 1 something is to be done.
    """
    from gateway.menu.problems import render
    from gateway.service.content import need_content
    from gateway.service.prompts_check import check_prompts

    config = loaded(config_file, given)
    content = need_content(config.menus, config.short_codes)
    problems = check_prompts(config.menus, content.codes, config.prompts)
    if problems:
        sys.stdout.write(render(problems))
        raise SystemExit(FAILED)
    click.echo("nothing wrong")


def _manifest(config: Config) -> Manifest:
    from gateway.menu.problems import render
    from gateway.service.prompts import read_manifest

    manifest, problems = read_manifest(config.prompts)
    if manifest is None:
        raise Fault(render(problems).rstrip("\n"), BAD_FILE)
    return manifest
