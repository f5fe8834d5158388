"""A YAML file -> data with marks, and problems where YAML would not mean what was written.

Rules: scalars resolve as YAML 1.2 readers expect (`on`, `012`, `+7922…` are texts); what another
reader would take for something else must be quoted; anchors, tags and second documents are not
part of our files. Reading never stops at a mistake that can be stepped over.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from gateway.menu.marks import Source, Span, Spot, Where
from gateway.menu.problems import Problem, Severity, failed, render, suggest
from gateway.menu.syntax import not_yaml
from gateway.menu.validate import validate

__all__ = [
    "MISREAD",
    "Problem",
    "Severity",
    "Source",
    "Where",
    "failed",
    "load",
    "loads",
    "render",
    "suggest",
    "validate",
]

MISREAD = "M105"
"""A text without quotes that YAML takes for something else: the rest of the file can be read."""
FILE_OCTETS_MAX = 1 << 20
SOURCES_REMEMBERED_MAX = 128
"""Files as they were read: when one is saved, the rest of the set need not be read again."""
REPAIRS_MAX = 100
"""Unquoted `*100#` stepped over in one file before reading gives up."""
DEPTH_MAX = 40

_TAG = "tag:yaml.org,2002:"
_TRUE = ("true", "True", "TRUE")
_CORE: tuple[tuple[str, str, str, Callable[[str], Any]], ...] = (
    ("bool", "true|True|TRUE|false|False|FALSE", "tTfF", lambda text: text in _TRUE),
    ("null", "~|null|Null|NULL|", "~nN", lambda text: None),
    ("int", "0|-?[1-9][0-9]{0,17}", "-0123456789", int),
    ("float", r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17}", "-0123456789", float),
    ("str", "", "", str),
)
_READ = {_TAG + name: read for name, _, _, read in _CORE}
_STR = _TAG + "str"
_NUMBERS = tuple(_TAG + name for name in ("int", "float", "timestamp"))
_SIGNS = "*&@`%"
"""Signs that YAML keeps for itself at the start of a value."""
_WORD_END = re.compile(r"[\s,\[\]{}]|$")
_COMMENTED = re.compile(r"[:,\[]\s+(#[0-9*#])")
"""`code: #100#`: a comment to YAML."""
_QUOTE = "put it in quotes"


class _Loader(yaml.CSafeLoader):
    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012 (PyYAML's own shape)


for _name, _pattern, _first, _read in _CORE[:-1]:
    _letters = [*_first, ""] if _name == "null" else list(_first)
    _Loader.add_implicit_resolver(_TAG + _name, re.compile(f"^(?:{_pattern})$"), _letters)


def load(path: Path, name: str | None = None) -> Source:
    """Read a file; `name` stands in its problems (the path where None). Never raises: a file that
    cannot be read is a Source with no data and a problem."""
    shown = name or str(path)
    try:
        raw = path.read_bytes()
        if len(raw) > FILE_OCTETS_MAX:
            return _unreadable(shown, f"the file has more than {FILE_OCTETS_MAX} octets")
        return loads(raw.decode("utf-8-sig"), shown)
    except OSError as fault:
        return _unreadable(shown, f"cannot be read: {fault.strerror}")
    except UnicodeDecodeError as fault:
        return _unreadable(shown, f"is not UTF-8 (octet {fault.start})", "save it as UTF-8")


@lru_cache(SOURCES_REMEMBERED_MAX)
def loads(text: str, name: str = "<text>") -> Source:
    """The same for a text at hand. Not to be changed: a file that was saved as it stood, beside one
    that was edited, is the Source it was."""
    source = Source(name, text)
    node = _compose(source)
    if node is not None:
        source.data = _Walk(source).data(node, (), 0, None)
    return source


def _unreadable(name: str, message: str, help: str = "") -> Source:
    source = Source(name, "")
    source.problems.append(source.problem("M100", (), message, help))
    return source


def _compose(source: Source) -> yaml.Node | None:
    """The node tree. An unquoted `*100#` is reported, masked by a harmless sign of the same
    width (marks stay true), and read again."""
    text = source.text
    for _ in range(REPAIRS_MAX):
        loader = _Loader(text)
        try:
            return loader.get_single_node()
        except yaml.MarkedYAMLError as fault:
            masked = _mask(source, text, fault)
            if masked is None:
                source.problems.append(not_yaml(source, fault))
                return None
            text = masked
        except yaml.reader.ReaderError as fault:
            # its position counts octets
            at = text.index(chr(fault.character))
            line = text.count("\n", 0, at)
            column = at - text.rfind("\n", 0, at) - 1
            source.problems.append(
                source.problem_at(
                    "M100",
                    Span(line, column, line, column + 1),
                    f"the character U+{fault.character:04X} is not allowed",
                    "remove it",
                )
            )
            return None
        finally:
            loader.dispose()
    return None


def _mask(source: Source, text: str, fault: yaml.MarkedYAMLError) -> str | None:
    """`text` with the word that broke it made harmless and reported; None where none is found."""
    for mark in (fault.context_mark, fault.problem_mark):
        if mark is None or mark.line >= len(source.lines):
            continue
        if source.lines[mark.line][mark.column : mark.column + 1] in tuple(_SIGNS):
            return _quote_it(
                source, text, mark.line, mark.column, "YAML keeps that sign for itself"
            )
    first = fault.context_mark.line if fault.context_mark else 0
    last = fault.problem_mark.line if fault.problem_mark else 0
    for number, line in enumerate(text.split("\n")[first : last + 1], first):
        found = _COMMENTED.search(line)
        if found:
            return _quote_it(source, text, number, found.start(1), "YAML reads a comment there")
    return None


def _quote_it(source: Source, text: str, number: int, column: int, why: str) -> str:
    end = _WORD_END.search(source.lines[number], column)
    assert end is not None, "the pattern matches the end of the line"
    word = source.lines[number][column : end.start()]
    span = Span(number, column, number, end.start())
    message = f"{word} without quotes is not a text: {why}"
    source.problems.append(source.problem_at(MISREAD, span, message, f'{_QUOTE}: "{word}"'))
    lines = text.split("\n")
    lines[number] = f"{lines[number][:column]}_{lines[number][column + 1 :]}"
    return "\n".join(lines)


class _Walk:
    """One pass over the nodes: plain data, marks, and what must be quoted."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.seen: set[int] = set()

    def data(self, node: yaml.Node, where: Where, depth: int, key: Span | None) -> Any:
        span = _span(node)
        self.source.marks[where] = Spot(key or span, span)
        if id(node) in self.seen:
            self.report(
                "M106", span, "anchors (&) and aliases (*) are not used here", "write it out"
            )
            return None
        self.seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node, span, where)
        if depth == DEPTH_MAX:
            self.report("M106", span, f"nested more than {DEPTH_MAX} deep", "flatten it")
            return None
        if isinstance(node, yaml.SequenceNode):
            return [
                self.data(item, (*where, index), depth + 1, None)
                for index, item in enumerate(node.value)
            ]
        return self.mapping(node, where, depth)

    def mapping(self, node: yaml.Node, where: Where, depth: int) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            span = _span(key_node)
            if not isinstance(key_node, yaml.ScalarNode) or key_node.value + key_node.style == "":
                self.report("M106", span, "a key must be a word", _QUOTE)
                continue
            key = key_node.value
            if key_node.style == "" and key_node.tag == _STR and _yaml_1_1(key) in _NUMBERS:
                self.trap(key, span)
            if key in data:
                first = self.source.marks[(*where, key)].key.line + 1
                self.report(
                    "M102",
                    span,
                    f"the key '{key}' stands twice (first on line {first})",
                    "remove one",
                )
                continue
            data[key] = self.data(value_node, (*where, key), depth + 1, span)
        return data

    def scalar(self, node: yaml.ScalarNode, span: Span, where: Where) -> Any:
        read = _READ.get(node.tag)
        if read is None:
            self.report("M106", span, f"the tag {node.tag} is not used here", "remove it")
            return None
        if node.style == "":
            line = self.source.lines[span.line] if span.line < len(self.source.lines) else ""
            rest = line[span.column :].strip() if node.value == "" else ""
            if rest[:1] == "#" and rest[1:2].strip():
                column = line.index("#", span.column)
                why = "YAML reads a comment there"
                _quote_it(self.source, self.source.text, span.line, column, why)
                word = self.source.problems[-1]
                at = Span(span.line, column, span.line, column + word.width)
                self.source.marks[where] = Spot(self.source.marks[where].key, at)
            elif node.tag == _STR and _yaml_1_1(node.value) != _STR:
                self.trap(node.value, span)
        return read(node.value)

    def trap(self, text: str, span: Span) -> None:
        self.report(
            MISREAD,
            span,
            f"{text} without quotes is not a text to every reader of YAML",
            f'{_QUOTE}: "{text}"',
        )

    def report(self, code: str, span: Span, message: str, help: str) -> None:
        self.source.problems.append(self.source.problem_at(code, span, message, help))


def _span(node: yaml.Node) -> Span:
    start, end = node.start_mark, node.end_mark
    return Span(start.line, start.column, end.line, end.column)


def _yaml_1_1(text: str) -> str:
    """The tag a YAML 1.1 reader gives a plain scalar (`on` -> bool, `012` -> int)."""
    for tag, pattern in yaml.SafeLoader.yaml_implicit_resolvers.get(text[:1], ()):
        if pattern.match(text):
            return str(tag)
    return _STR
