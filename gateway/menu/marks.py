"""A file read as data with marks: for every key and value, where it stands in the text.

Rule: a path into the data (`("states", "main", "options", "pay", "go")`) is also a path to a
place in the file, so whoever finds a mistake in the data can point at it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from gateway.menu.problems import Problem, Severity

Where = tuple[str | int, ...]
"""Keys and list indexes from the root."""


class Span(NamedTuple):
    """A stretch of text; lines and columns count from 0."""

    line: int
    column: int
    end_line: int
    end_column: int


class Spot(NamedTuple):
    """Where a key and its value stand; an item of a list and the root are their own key."""

    key: Span
    value: Span


@dataclass(slots=True)
class Source:
    """One YAML file: its text, its data, its marks, and what was wrong with it as YAML."""

    path: str
    text: str
    data: Any = None
    marks: dict[Where, Spot] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = self.text.split("\n")

    def problem(
        self,
        code: str,
        where: Where,
        message: str,
        help: str = "",
        *,
        at: Literal["key", "value"] = "value",
        severity: Severity = "error",
    ) -> Problem:
        """A problem that points at the key or value of `where`, or at the nearest place above."""
        while where and where not in self.marks:
            where, at = where[:-1], "key"
        spot = self.marks.get(where)
        if spot is None:
            return self.problem_at(code, Span(0, 0, 0, 1), message, help, severity)
        # A value of several lines has no width to underline: its key has.
        many_lines = spot.value.line != spot.value.end_line
        span = spot.key if at == "key" or many_lines else spot.value
        return self.problem_at(code, span, message, help, severity)

    def part(self, where: Where, part: str, skipped: int = 0) -> Span | None:
        """Where `part` is written in the value of `where`, after so many of its like; None where
        it is written otherwise (by escapes)."""
        first, column, last, end = self.marks[where].value
        for line in range(first, min(last + 1, len(self.lines))):
            text = self.lines[line][: end if line == last else None]
            while (at := text.find(part, column)) >= 0:
                if not skipped:
                    return Span(line, at, line, at + len(part))
                skipped, column = skipped - 1, at + len(part)
            column = 0
        return None

    def problem_at(
        self,
        code: str,
        span: Span,
        message: str,
        help: str = "",
        severity: Severity = "error",
    ) -> Problem:
        """A problem that points at a stretch of the text."""
        line = self.lines[span.line].rstrip("\r") if span.line < len(self.lines) else ""
        one_line = span.line == span.end_line
        width = span.end_column - span.column if one_line else len(line) - span.column
        return Problem(
            path=self.path,
            line=span.line + 1,
            column=span.column + 1,
            code=code,
            message=message,
            help=help,
            severity=severity,
            width=max(width, 1),
            source_line=line,
        )

    def at(self, where: Where) -> Any:
        """The data at `where`. Raises LookupError where there is none."""
        data = self.data
        for part in where:
            data = data[part]
        return data
