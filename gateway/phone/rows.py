"""Lines of text laid out as rows of a terminal, each with a tone.

Rule: a line says by the mark it begins with what it is; its tone (a colour, where there is colour)
says that again and no more.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from functools import lru_cache

WIDTH_MIN = 12
HANG = 2
"""What follows a cut is set in so far below its line."""
LINES_MAX = 2048

Row = tuple[str, str]
"""The tone of a row, and its text."""
Marks = tuple[tuple[str, str], ...]
"""What a line begins with, and its tone; the first that fits counts."""

TONES = ("plain", "head", "remark", "money", "effect", "heard", "own")
PLAIN: Marks = (("", "plain"),)
TIMELINE: Marks = (
    ("  ! ", "remark"),
    ("  refused", "remark"),
    ("  $ ", "money"),
    ("  + ", "effect"),
    ("  ~ ", "heard"),
    ("  > ", "own"),
    ("  ", "plain"),
    ("--", "remark"),
    ("", "head"),
)
THREADS: Marks = (("-- ", "head"), ("> ", "own"), ("", "plain"))
CALL: Marks = (("~ ", "heard"), ("> ", "own"), ("charged", "money"), ("", "head"))
PDUS: Marks = ((">", "own"), ("<", "heard"), ("", "plain"))
MISTAKES: Marks = (("  = ", "effect"), (" ", "plain"), ("", "remark"))


def laid(lines: Iterable[str], width: int, marks: Marks = PLAIN, hang: int = HANG) -> list[Row]:
    """Lines cut at words to a width; all rows of a line have its tone."""
    return [row for line in lines for row in _laid(line, max(width, WIDTH_MIN), marks, hang)]


@lru_cache(LINES_MAX)  # a pane is laid out whenever one line is added
def _laid(line: str, width: int, marks: Marks, hang: int) -> tuple[Row, ...]:
    tone = next(tone for mark, tone in marks if line.startswith(mark))
    indent = " " * (len(line) - len(line.lstrip()) + hang if hang else 0)
    parts = textwrap.wrap(line, width, subsequent_indent=indent) or [""]
    return tuple((tone, part) for part in parts)
