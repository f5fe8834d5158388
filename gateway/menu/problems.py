"""A problem is a value that points: file, line, column, code, and words that say what to do.

Every reader of a file (menus, short codes, flows, configuration) collects problems and goes on;
nothing stops at the first. Rule: the message says what is wrong, the help says what to write.
Codes: M1xx shape, M2xx references, M3xx texts, M4xx reachability, M5xx money and time;
P1xx recordings of calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

LINE_CHARACTERS_MAX = 200
"""Of a line of the file; a longer one is shown around the mistake."""
NAMES_LISTED_MAX = 12
"""How many known names a help lists when none is close."""

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake and where it is; `line` and `column` count from 1."""

    path: str
    line: int
    column: int
    code: str
    message: str
    help: str = ""
    severity: Severity = "error"
    width: int = 1
    """How many characters the carets underline."""
    source_line: str = ""
    """The line of the file as it stands, empty where there is none."""


def closest(name: str, known: Iterable[str]) -> str:
    """The known name that was most likely meant, or an empty word."""
    return next(iter(get_close_matches(name, sorted(set(known)), n=1)), "")


def suggest(name: str, known: Iterable[str], what: str) -> str:
    """`did you mean 'x'?`, or the list of known names: `states are: a, b`."""
    names = sorted(set(known))
    close = closest(name, names)
    if close:
        return f"did you mean '{close}'?"
    if not names:
        return f"there are no {what}"
    listed = ", ".join(names[:NAMES_LISTED_MAX])
    return f"{what} are: {listed}" + (", …" if len(names) > NAMES_LISTED_MAX else "")


def render(problems: Sequence[Problem]) -> str:
    """The problems in caret form, in the order of their files and lines:

    balance.yaml:12:57: M201 there is no state 'bundels'
       |
    12 |   "1": {text: …, go: bundels}
       |                      ^^^^^^^ did you mean 'bundles'?
    """
    ordered = sorted(problems, key=lambda each: (each.path, each.line, each.column, each.code))
    return "\n".join(_render(each) for each in ordered)


def failed(problems: Iterable[Problem]) -> bool:
    """Whether any of them is an error (a warning alone lets a file be served)."""
    return any(each.severity == "error" for each in problems)


def _render(problem: Problem) -> str:
    kind = "warning: " if problem.severity == "warning" else ""
    head = f"{problem.path}:{problem.line}:{problem.column}: {problem.code} {kind}{problem.message}"
    head = _printable(head) + "\n"
    if not problem.source_line:
        return head + (f"   = {problem.help}\n" if problem.help else "")
    number = str(problem.line)
    gutter = " " * len(number)
    start = max(0, problem.column - 1 - LINE_CHARACTERS_MAX // 2)
    seen = problem.source_line[start : start + LINE_CHARACTERS_MAX]
    # A tab before the carets keeps its width, so that they stand under what they mean.
    blank = "".join("\t" if each == "\t" else " " for each in seen[: problem.column - 1 - start])
    carets = "^" * min(problem.width, max(1, len(seen) - len(blank)))
    return (
        f"{head}{gutter} |\n{number} | {_printable(seen)}\n"
        f"{gutter} | {blank}{carets} {problem.help}".rstrip()
        + "\n"
    )


def _printable(text: str) -> str:
    """The text with a sign of the same width for what would move a terminal's cursor."""
    return "".join(each if each.isprintable() or each == "\t" else "\ufffd" for each in text)
