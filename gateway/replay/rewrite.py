"""Changes of a flow file's data made in its text; everything that is not changed stays as it was.

Rule: only the characters of the value at its marks are replaced, cut or added, so comments and
layout stay. Whoever writes the text compares its data with `wanted` first: a file whose layout
defeats this is left alone, never spoiled.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from gateway.menu.marks import Source, Where
from gateway.replay.yaml_text import quoted, yaml_text

_KEY = re.compile(r"( *(?:- +)*)[a-z_]+: *")
"""What stands before a value that may be a block: its key, alone on the line."""
_ITEM = re.compile(r" *- +")
_HEADER = re.compile(r"[|>][0-9+-]*(\s+#.*)")
"""The first line of a block that has a comment."""

Value = str | int | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Set:
    """Another value at a place."""

    where: Where
    value: Value


@dataclass(frozen=True, slots=True)
class Cut:
    """No value there: its key or item goes, and whatever would be empty then."""

    where: Where


@dataclass(frozen=True, slots=True)
class Add:
    """More items under `key` of the mapping at `where`; a new key stands before `before`."""

    where: Where
    key: str
    items: tuple[tuple[tuple[str, str], ...], ...]
    """Fields of each."""
    before: str


Change = Set | Cut | Add
Splice = tuple[int, int, str]
"""From, to (offsets in the text), and what stands there then."""


def splice(source: Source, change: Change) -> Splice:
    """The change as one replacement in the text."""
    if isinstance(change, Set):
        start, end = _extent(source, change.where)
        return start, end, _written(source, change.where, change.value)
    if isinstance(change, Cut):
        return *_cut(source, _whole(source.data, change.where)), ""
    return _added(source, change)


def wanted(data: Any, changes: Iterable[Change]) -> Any:
    """The data with the changes made, the last place of the file first."""
    data = copy.deepcopy(data)
    for change in changes:
        if isinstance(change, Set):
            value = change.value
            new = list(value) if isinstance(value, tuple) else value
            _at(data, change.where[:-1])[change.where[-1]] = new
        elif isinstance(change, Cut):
            where = _whole(data, change.where)
            del _at(data, where[:-1])[where[-1]]
        else:
            owner = _at(data, change.where)
            old = owner.get(change.key, [])
            before = old if isinstance(old, list) else [old]
            owner[change.key] = [*before, *map(dict, change.items)]
    return data


def _at(data: Any, where: Where) -> Any:
    for step in where:
        data = data[step]
    return data


def _whole(data: Any, where: Where) -> Where:
    """What must go so that nothing empty is left, up to a whole expectation."""
    while where[-1] != "expect" and len(_at(data, where[:-1])) == 1:
        where = where[:-1]
    return where


# --- a value --------------------------------------------------------------------------------------


def _written(source: Source, where: Where, value: Value) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(quoted, value))}]"
    if not isinstance(value, str):
        return str(value).lower()
    spot = source.marks[where].value
    key = _KEY.fullmatch(source.lines[spot.line][: spot.column])
    is_block = source.lines[spot.line][spot.column : spot.column + 1] in ("|", ">")
    if key is None or (not is_block and source.lines[spot.end_line][spot.end_column :].strip()):
        return quoted(value)  # what stands behind it would become text
    first, feed, rest = yaml_text(value, len(key[1]) + 2).partition("\n")
    comment = _HEADER.fullmatch(source.lines[spot.line][spot.column :].rstrip("\r"))
    return _fed(source, first + (comment[1] if comment else "") + feed + rest)


def _fed(source: Source, text: str) -> str:
    """The text with the line ends of the file."""
    return text.replace("\n", "\r\n") if "\r\n" in source.text else text


def _extent(source: Source, where: Where) -> tuple[int, int]:
    """Offsets of a value; a block ends with its last line that is not empty."""
    spot, starts = source.marks[where].value, _starts(source)
    start = starts[spot.line] + spot.column
    opening = source.text[start : start + 1]
    inner = list(_children(source, where))
    if inner and opening not in ("{", "["):
        return start, _extent(source, inner[-1])[1]
    if opening not in ("|", ">"):
        return start, starts[spot.end_line] + spot.end_column
    # a block's mark ends where the next token begins
    last = spot.line
    for number in range(spot.line + 1, min(spot.end_line + 1, len(source.lines))):
        ends = number == spot.end_line and spot.end_column == 0
        if source.lines[number].strip() and not ends:
            last = number
    return start, starts[last] + len(source.lines[last].rstrip("\r"))


def _children(source: Source, where: Where) -> Iterator[Where]:
    value = _at(source.data, where)
    if isinstance(value, dict):
        yield from ((*where, key) for key in value)
    elif isinstance(value, list):
        yield from ((*where, at) for at in range(len(value)))


def _starts(source: Source) -> list[int]:
    """Offset of each line."""
    found, at = [], 0
    for line in source.lines:
        found.append(at)
        at += len(line) + 1
    return found


def _begins(source: Source, where: Where) -> int:
    """Offset of a key, or of an item without its dash."""
    spot = source.marks[where].key
    return _starts(source)[spot.line] + spot.column


def _is_flow(source: Source, where: Where) -> bool:
    """Whether a mapping or list stands in brackets."""
    return source.text[_extent(source, where)[0]] in "{["


# --- less -----------------------------------------------------------------------------------------


def _cut(source: Source, where: Where) -> tuple[int, int]:
    """Offsets of a key or item with its value, one of several of its kind."""
    siblings = sorted(_children(source, where[:-1]), key=lambda each: _begins(source, each))
    at = siblings.index(where)
    start, end = _begins(source, where), _extent(source, where)[1]
    line = source.text.rfind("\n", 0, start) + 1
    before = source.text[line:start]
    own = _ITEM.fullmatch(before) if isinstance(where[-1], int) else not before.strip()
    if not _is_flow(source, where[:-1]) and own:
        feed = source.text.find("\n", end)
        return line, feed + 1 if feed >= 0 else len(source.text)
    if at + 1 < len(siblings):
        return start, _begins(source, siblings[at + 1])
    return _extent(source, siblings[at - 1])[1], end


# --- more -----------------------------------------------------------------------------------------


def _added(source: Source, add: Add) -> Splice:
    place = (*add.where, add.key)
    if place not in source.marks:
        return _new_key(source, add)
    start, end = _extent(source, place)
    text = source.text[start:end]
    if _is_flow(source, place):
        items = ", ".join(map(_in_a_row, add.items))
        if isinstance(_at(source.data, place), dict):
            return start, end, f"[{text}, {items}]"
        comma = ", " if _at(source.data, place) else ""
        return start, end, f"{text[:-1].rstrip()}{comma}{items}]"
    column = source.marks[place].value.column
    lines = "".join(_below(each, column) for each in add.items)
    if isinstance(_at(source.data, place), dict):
        text = "- " + text.replace("\n", "\n  ")
    return start, end, text + _fed(source, lines)


def _new_key(source: Source, add: Add) -> Splice:
    key = (*add.where, add.before)
    at, column = _begins(source, key), source.marks[key].key.column
    if _is_flow(source, add.where):
        text = f"{add.key}: [{', '.join(map(_in_a_row, add.items))}], "
    else:
        lines = "".join(_below(each, column + 2) for each in add.items)
        text = _fed(source, f"{add.key}:{lines}\n{' ' * column}")
    return at, at, text


def _in_a_row(item: Iterable[tuple[str, str]]) -> str:
    return f"{{{', '.join(f'{key}: {quoted(value)}' for key, value in item)}}}"


def _below(item: Iterable[tuple[str, str]], column: int) -> str:
    """An item on lines of its own, its dash in that column."""
    margin = "\n" + " " * column
    fields = (f"{key}: {yaml_text(value, column + 4)}" for key, value in item)
    return f"{margin}- " + f"{margin}  ".join(fields)
