"""A difference as people read it: one line where that says it all, else both texts side by side.

Rule: what differs can be seen: blanks at the end of a line stand as `·`, a caret points to where
two lines part, and letters that only look alike are named. Where two columns are too wide, what
was expected (`-`) stands above what came (`+`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from gateway.replay.patterns import agreed, fits
from gateway.replay.player import Difference
from gateway.replay.script import THERE, Flow
from gateway.replay.visible import one_line, visible
from gateway.turn.short_codes.grammar import fold

COLUMNS_MAX = 100
"""How wide a frame is where nobody says."""
_GAP = 4
_BLANK = "·"


class Row(NamedTuple):
    """A line of both texts, ready to be shown."""

    expected: str
    got: str
    differs: bool
    parts: tuple[int, int] | None = None
    """Columns at which the two part; None where one of them is not there, or nothing is alike."""
    why: str = ""
    """The two characters there, where they look alike."""


def frame(difference: Difference, width: int = COLUMNS_MAX) -> list[str]:
    """How what came is otherwise than expected, in lines of at most `width` where that can be."""
    check, got = difference.check, difference.got
    if not difference.came:
        return ["none came"] if check.expected == THERE else _absent(difference.expected)
    said = _LINES.get(check.what) or _LINES.get(check.what.split()[-1])
    if said is not None:
        return [said(visible(difference.expected), visible(got))]
    if check.how == "contains":
        return [f'lacks "{one_line(difference.expected)}"', *_page("|  ", got)]
    if check.how == "regex":
        return [f"no match of /{one_line(difference.expected)}/", *_page("|  ", got)]
    return columns(difference.expected, got, width)


def place(flow: Flow, difference: Difference) -> str:
    """`balance.flow.yaml:12`: the line of the file that differs, where the expected text stands
    there line by line; else that on which it begins."""
    check, row = difference.check, 0
    if check.is_block:
        row = min(_first_row(difference.expected, difference.got), check.expected.count("\n"))
    return f"{flow.path}:{check.line + row}"


def _absent(expected: str) -> list[str]:
    return ["nothing came; expected:", *_page("-  ", expected)]


def _page(mark: str, text: str) -> Iterator[str]:
    return (f"{mark}{line}" for line in visible(text).split("\n"))


def _value(expected: str, got: str) -> str:
    return f"expected {expected}, got {got}"


def _ended(expected: str, _got: str) -> str:
    if expected == "true":
        return "an answer is waited for; it was to be the last page"
    return "the page is the last one; an answer was to be waited for"


_LINES: Mapping[str, Callable[[str, str], str]] = {
    "ended": _ended,
    "pages": _value,
    "balance": _value,
    "from": _value,
    "rule": _value,
    "amount": _value,
}
"""What is looked at -> how it is told in one line."""


# --- side by side ---------------------------------------------------------------------------------


def columns(expected: str, got: str, width: int = COLUMNS_MAX) -> list[str]:
    """Both texts in two columns, `!` before a row that differs; or, where those are wider, one
    below the other."""
    found = [Row("expected", "got", False), *rows(expected, got)]
    left, right = max(len(row.expected) for row in found), max(len(row.got) for row in found)
    if 3 + left + _GAP + right <= width:
        return [line for row in found for line in _beside(row, left + _GAP)]
    return ["-  expected", "+  got", *(line for row in found[1:] for line in _below(row))]


def _beside(row: Row, width: int) -> Iterator[str]:
    yield f"{'!' if row.differs else ' '}  {row.expected.ljust(width)}{row.got}".rstrip()
    if row.parts is not None:
        left, right = (" " * column + "^" for column in row.parts)
        yield f"   {left.ljust(width)}{right}  {row.why}".rstrip()


def _below(row: Row) -> Iterator[str]:
    if not row.differs:
        yield f"   {row.got}".rstrip()
        return
    both = (("-", row.expected), ("+", row.got)) if row.parts else _there(row)
    yield from (f"{mark}  {text}".rstrip() for mark, text in both)
    if row.parts is not None:
        yield f"   {' ' * row.parts[1]}^  {row.why}".rstrip()


def _there(row: Row) -> Iterator[tuple[str, str]]:
    return ((mark, text) for mark, text in (("-", row.expected), ("+", row.got)) if text)


def rows(expected: str, got: str) -> list[Row]:
    """Lines of both, those that fit beside each other."""
    left, right = expected.split("\n"), got.split("\n")
    found: list[Row] = []
    for kind, left_at, left_end, right_at, right_end in _opcodes(left, right):
        for row in range(max(left_end - left_at, right_end - right_at)):
            one = left[left_at + row] if left_at + row < left_end else None
            two = right[right_at + row] if right_at + row < right_end else None
            found.append(_row(one, two, kind != "equal"))
    return found


def _opcodes(left: list[str], right: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    # a line with holes counts as the first line it fits, so that only real differences differ
    alike = [next((line for line in right if fits(each, line)), each) for each in left]
    return SequenceMatcher(None, alike, right, autojunk=False).get_opcodes()


def _first_row(expected: str, got: str) -> int:
    """The first line of the expected text that differs, or before which something more came."""
    opcodes = _opcodes(expected.split("\n"), got.split("\n"))
    return next((left_at for kind, left_at, *_ in opcodes if kind != "equal"), 0)


def _row(one: str | None, two: str | None, differs: bool) -> Row:
    if not differs:
        return Row(visible(one or ""), visible(two or ""), False)
    left, right = _shown(one or ""), _shown(two or "")
    if one is None or two is None:
        return Row(left, right, True)
    at, there = agreed(one, two)
    why = _why(one[at : at + 1], two[there : there + 1])
    parts = (len(visible(one[:at])), len(visible(two[:there])))
    return Row(left, right, True, parts if why or any(parts) else None, why)


def _shown(line: str) -> str:
    ends = line.rstrip()
    return visible(ends) + _BLANK * (len(line) - len(ends))


def _why(expected: str, got: str) -> str:
    if not expected or not got or expected.casefold() == got.casefold():
        return ""
    if fold(expected) != fold(got):
        return ""
    return f"{_named(got)}, expected {_named(expected)}"


def _named(character: str) -> str:
    return f"U+{ord(character):04X} {unicodedata.name(character, 'without a name')}"
