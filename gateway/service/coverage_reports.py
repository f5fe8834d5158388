"""What flows reached of the menus and recordings, told: a table, a list of the rest, a drawing."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from gateway.menu.graph import svg
from gateway.menu.loader import menu_files, read_draft
from gateway.replay import coverage
from gateway.replay.coverage import Visited
from gateway.replay.places import place_at, places_of
from gateway.service.config import Config
from gateway.service.content import need_content
from gateway.service.rehearsal import recordings
from gateway.service.replay_reports import write
from gateway.service.wordings import wordings
from gateway.turn.short_codes import ShortCodes

COLUMNS = 100
"""Of a table that goes to no terminal."""


def tell(
    config: Config, visited: Visited | None, shown: bool, out: Path | None, drawn: Path | None
) -> None:
    """On standard output, whole in the file `out`, and as a drawing; nothing where nobody looked.
    Raises Fault."""
    if visited is None:
        return
    content = need_content(config.menus, config.short_codes)
    places = places_of(menu_files(config.menus))
    prompts = _prompts(config, content.codes)
    rows = coverage.coverage(content.menus.compiled, visited, places, prompts)
    if shown:
        columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else COLUMNS
        for line in (*coverage.told(rows, columns), ""):
            click.echo(line)
    if out is not None:
        write(out, "".join(f"{line}\n" for line in coverage.missed(rows)).encode())
    if drawn is not None:
        write(drawn, svg(content.menus, reached=visited.nodes).encode())


def _prompts(config: Config, codes: ShortCodes) -> dict[str, str]:
    """Id of each recording -> where its words are written; empty for what values are spoken
    with."""
    draft, _ = read_draft(menu_files(config.menus))
    written = {
        each.id: place_at(each.entry.source, (*each.entry.where, *each.where))
        for each in wordings(draft, codes)
        if each.entry is not None
    }
    return {id_: written.get(id_, "") for id_ in sorted(set(recordings(config.prompts).values()))}
