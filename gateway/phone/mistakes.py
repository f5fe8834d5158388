"""The mistakes of files that were saved, as `/v1/events` tells them: drawn to the width there is.

Rule: whatever the width, the caret stands under the character it means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from gateway.replay.visible import one_line, visible

Mistake = Mapping[str, Any]
"""One of the `problems` of an event: path, line, column, width, code, severity, message, help,
source_line. A gateway that tells less is drawn with less."""

MORE = "…"
"""Where a line goes on beyond the width."""
_TAB = " " * 4


def in_order(problems: Iterable[Mistake]) -> list[Mistake]:
    """By file, line and column: as one mends them."""
    return sorted(problems, key=lambda each: (each["path"], each["line"], each["column"]))


def banner(problems: Sequence[Mistake]) -> str:
    """The first mistake in one line: where, what, and what was meant."""
    first, *others = problems
    words = f", {first['help']}" if first.get("help") else ""
    more = f" (+{len(others)})" if others else ""
    return one_line(f"{_place(first)} {first['message']}{words}{more}")


def title(problems: Sequence[Mistake]) -> str:
    """How many, and what that means for those who dial."""
    refused = any(each.get("severity", "error") == "error" for each in problems)
    kind, end = ("mistake", "the old menus stay") if refused else ("warning", "menus are live")
    number = len(problems)
    return f"{number} {kind}{'s' if number > 1 else ''}; {end}"


def lines(problems: Iterable[Mistake], width: int) -> list[str]:
    """All of them; the line of the file is cut around the caret."""
    return [line for each in problems for line in (*_told(each, width), "")][:-1]


def _told(problem: Mistake, width: int) -> Iterator[str]:
    yield one_line(f"{_place(problem)} {problem['message']}")
    if problem.get("source_line"):
        number = f" {problem['line']} | "
        source, carets = window(
            problem["source_line"],
            problem["column"],
            problem.get("width", 1),
            width - len(number),
        )
        yield number + source
        yield f"{' ' * (len(number) - 2)}| {carets}"
    if problem.get("help"):
        yield one_line(f"  = {problem['help']}")


def window(source: str, column: int, marked: int, width: int) -> tuple[str, str]:
    """A line of at most `width` characters, and the carets under `marked` characters of it from
    `column` (counted from 1) on; `…` stands where the line was cut."""
    before, rest = (
        visible(part.replace("\t", _TAB)) for part in (source[: column - 1], source[column - 1 :])
    )
    line, at = before + (rest or " "), len(before)
    start = max(0, min(at - width // 3, len(line) - width))
    seen = line[start : start + width]
    if start:
        seen = MORE + seen[1:]
    if start + width < len(line):
        seen = seen[:-1] + MORE
    at -= start
    return seen.rstrip(), " " * at + "^" * max(1, min(marked, width - at))


def _place(problem: Mistake) -> str:
    return f"{problem['path']}:{problem['line']}:{problem['column']} {problem['code']}"
