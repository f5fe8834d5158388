"""What was replayed, told: on the terminal, and in the files that were asked for.

Rule: colour says nothing that the words do not; where there is no terminal, lines are as wide as
`COLUMNS_MAX` of frames.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from gateway.replay import groups, pages, summary
from gateway.replay.about import About
from gateway.replay.frames import COLUMNS_MAX
from gateway.replay.groups import Result
from gateway.replay.junit import junit
from gateway.replay.transcripts import write_transcripts
from gateway.service.errors import USAGE, Fault
from gateway.service.menu_lines import is_colourful

_COLOURS = (
    (re.compile(r"  same |[0-9]+ flows?, .* passed;|    \+  "), "green"),
    (re.compile(r"  (?:differ|not played) |[0-9]+ flows?, |    [!-]  "), "red"),
)
"""How a line begins -> its colour, the first that fits."""


@dataclass(frozen=True, slots=True)
class Reports:
    """The files asked for."""

    junit: Path | None
    html: Path | None
    json: Path | None
    transcripts: Path | None

    def write(self, results: list[Result], about: About) -> None:
        """Write them. Raises Fault."""
        if self.junit is not None:
            write(self.junit, junit(results, about))
        if self.html is not None:
            write(self.html, pages.html(results, about).encode())
        if self.json is not None:
            write(self.json, summary.summary(results, about).encode())
        if self.transcripts is not None:
            click.echo(_written(results, self.transcripts))


def show(results: Sequence[Result], about: About) -> None:
    """Tell the flows that differ, and the sum, on standard output."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else COLUMNS_MAX
    for line in _coloured(groups.told(results, about.seconds, width, about.unfinished)):
        click.echo(line, color=is_colourful())


def write(file: Path, octets: bytes) -> None:
    """Raises Fault where that cannot be."""
    try:
        file.write_bytes(octets)
    except OSError as fault:
        raise Fault(f"{file}: {fault.strerror}", USAGE) from None


def _coloured(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        colour = next((colour for begins, colour in _COLOURS if begins.match(line)), None)
        yield click.style(line, fg=colour) if colour else line


def _written(results: list[Result], folder: Path) -> str:
    try:
        written, left_out = write_transcripts(results, folder)
    except OSError as fault:
        raise Fault(f"--transcripts: {fault.filename}: {fault.strerror}", USAGE) from None
    more = f"; {left_out} more differ" if left_out else ""
    return f"{folder}: {written} transcripts{more}"
