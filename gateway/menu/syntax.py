"""Why a text is no YAML, in words an author can use, and at the place where it went wrong.

Rule: the parser tells where it could not go on; what broke it is often lines above. A quote without
another and a key without a colon are looked for there first.
"""

from __future__ import annotations

import re

import yaml

from gateway.menu.marks import Source, Span
from gateway.menu.problems import Problem

_HELP: tuple[tuple[str, str], ...] = (
    ("mapping values", "a text with ': ' in it stands in quotes; else look at the line above"),
    ("cannot start any token", "indent with spaces, not tabs"),
    ("unexpected end of stream", "the quote that opens here is never closed"),
    ("another document", "one file is one document: remove the line '---'"),
    ("expected ',' or", "a bracket is not closed, or a comma is missing"),
    ("expected key", "a text that begins with { or [ stands in quotes"),
    ("expected ':'", "a key needs ': ' after it"),
)
_NO_KEY = re.compile(r"\s*\w[^:]*$")
"""A line that begins with a word and has no key."""


def not_yaml(source: Source, fault: yaml.MarkedYAMLError) -> Problem:
    """The problem that a parser's fault is."""
    words = fault.problem or "not YAML"
    last = fault.problem_mark.line if fault.problem_mark else 0
    return (
        _open_quote(source, last)
        or _no_colon(source, last, words)
        or _where_it_stopped(source, fault, words)
    )


def _open_quote(source: Source, last: int) -> Problem | None:
    """A quote that is not closed breaks the file lines later: where it opened."""
    for number, text in enumerate(source.lines[: last + 1]):
        if text.count('"') % 2 and not text.lstrip().startswith("#"):
            column = text.rindex('"')
            span = Span(number, column, number, column + 1)
            return source.problem_at("M100", span, "not YAML: this quote has no other", "close it")
    return None


def _no_colon(source: Source, last: int, words: str) -> Problem | None:
    """A key without its colon is a text, and the next key then stands where none may."""
    if "mapping values" not in words and "expected ':'" not in words:
        return None
    above = reversed(list(enumerate(source.lines[:last])))
    number, text = next((each for each in above if each[1].strip()[:1] not in ("", "#")), (0, ""))
    if not _NO_KEY.match(text):
        return None
    span = Span(number, len(text) - len(text.lstrip()), number, len(text.rstrip()))
    help_ = "a key needs ': ' after it, a text of several lines quotes around it"
    return source.problem_at("M100", span, "not YAML: there is no ':' in this line", help_)


def _where_it_stopped(source: Source, fault: yaml.MarkedYAMLError, words: str) -> Problem:
    help_ = next((help_ for part, help_ in _HELP if part in words), "")
    opened = "unexpected end" in words or "exceeded" in words
    mark = (fault.context_mark if opened else None) or fault.problem_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    # The end of the file has no line to show: the last line with something on it has. YAML counts
    # lines by more signs than we do (U+2028), so its end may lie far behind ours.
    if line >= len(source.lines):
        line = len(source.lines) - 1
        column = len(source.lines[line])
    while line and not source.lines[line].strip():
        line -= 1
        column = len(source.lines[line])
    span = Span(line, column, line, column + 1)
    return source.problem_at("M100", span, f"not YAML: {words}", help_)
