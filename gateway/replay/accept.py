"""What was seen, written into the flow file as what is expected; nothing else of it changes.

Rule: only the text at its marks is replaced, so comments and layout stay. A line that still fits
keeps its holes; a new line gets those a recording would propose. Where plays saw different texts
at one place, or the new text would break the file, the place is left alone and told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from gateway.menu.marks import Source, Where
from gateway.menu.source import load
from gateway.replay.groups import Result
from gateway.replay.patterns import fits, holes, literal
from gateway.replay.player import ABSENT
from gateway.replay.recording import propose, propose_codes
from gateway.replay.script import load_flows
from gateway.replay.yaml_text import quoted, yaml_text

_KEY = re.compile(r"( *(?:- +)*)[a-z_]+: *")
"""What stands before a value that may be a block: its key, alone on the line."""
_HEADER = re.compile(r"[|>][0-9+-]*(\s+#.*)")
"""The first line of a block that has a comment."""


class _Edit(NamedTuple):
    path: str
    where: Where
    line: int
    texts: frozenset[str]
    """What it would become; several: the plays do not agree."""


def accept(results: Iterable[Result]) -> tuple[int, list[str]]:
    """Rewrite the expected texts that differ: how many were, and why others were not."""
    written, told = 0, []
    for edit in _edits(results):
        place = f"{edit.path}:{edit.line}"
        if len(edit.texts) > 1:
            told.append(f"{place}: {len(edit.texts)} different texts were seen; none is taken")
        elif not _write(edit):
            told.append(f"{place}: the text seen cannot stand there; change it by hand")
        else:
            written += 1
    return written, told


def _edits(results: Iterable[Result]) -> list[_Edit]:
    """Those of a file from its end, so that none moves the place of another."""
    found: dict[tuple[str, Where], _Edit] = {}
    for result in results:
        for group in result.groups:
            different = group.difference
            if different is None or different.check.how != "equal" or different.got == ABSENT:
                continue
            check, path = different.check, result.flow.path
            text = merged(different.expected, different.got, group.played[0].msisdn)
            if check.what.startswith("sms"):
                text = propose_codes(text) if "<" in different.expected else text
            known = found.get((path, check.where))
            texts = (known.texts if known else frozenset()) | {text}
            found[path, check.where] = _Edit(path, check.where, check.line, texts)
    return sorted(found.values(), key=lambda edit: (edit.path, -edit.line))


def merged(expected: str, got: str, msisdn: str) -> str:
    """The pattern that expects `got`, with as much of the old one as fits it."""
    old = expected.split("\n")
    lines: list[str] = []
    propose_holes = any(True for _ in holes(expected))
    for line in got.split("\n"):
        kept = next((each for each in old if fits(each, line)), None)
        if kept is not None:
            old = old[old.index(kept) + 1 :]
        new = propose(line, msisdn) if propose_holes else literal(line)
        lines.append(new if kept is None else kept)
    return "\n".join(lines)


def _write(edit: _Edit) -> bool:
    """Whether the file, with the new text in it, still says everything else that it said."""
    [text] = edit.texts
    file = Path(edit.path)
    source = load(file)
    before = file.read_bytes()
    start, end = _span(source, edit.where)
    changed = source.text[:start] + _value(source, edit.where, text) + source.text[end:]
    file.write_text(changed, encoding="utf-8", newline="")
    again = load(file)
    flows, _ = load_flows(file)
    if flows and again.at(edit.where) == text and _rest(again, edit) == _rest(source, edit):
        return True
    file.write_bytes(before)
    return False


def _rest(source: Source, edit: _Edit) -> list[object]:
    """Every other scalar of the file."""
    scalars = (where for where in source.marks if where != edit.where)
    return [
        (where, value)
        for where in scalars
        if not isinstance(value := source.at(where), dict | list)
    ]


def _value(source: Source, where: Where, text: str) -> str:
    spot = source.marks[where].value
    before = source.lines[spot.line][: spot.column]
    key = _KEY.fullmatch(before)
    if key is None:
        return quoted(text)
    first, feed, rest = yaml_text(text, len(key[1]) + 2).partition("\n")
    comment = _HEADER.fullmatch(source.lines[spot.line][spot.column :].rstrip("\r"))
    new = first + (comment[1] if comment else "") + feed + rest
    return new.replace("\n", "\r\n") if "\r\n" in source.text else new


def _span(source: Source, where: Where) -> tuple[int, int]:
    """Offsets of the value in the text; a block ends with its last line that is not empty."""
    spot = source.marks[where].value
    starts = list(_starts(source.lines))
    start = starts[spot.line] + spot.column
    if source.text[start : start + 1] not in ("|", ">"):
        return start, starts[spot.end_line] + spot.end_column
    # a block's mark ends where the next token begins
    last = spot.line
    for number in range(spot.line + 1, min(spot.end_line + 1, len(source.lines))):
        line = source.lines[number]
        ends = number == spot.end_line and spot.end_column == 0
        if line.strip() and not ends:
            last = number
    return start, starts[last] + len(source.lines[last].rstrip("\r"))


def _starts(lines: list[str]) -> Iterator[int]:
    at = 0
    for line in lines:
        yield at
        at += len(line) + 1
