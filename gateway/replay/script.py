"""A flow file read: flows of typed steps, or every mistake at its line.

Rule: what a step expects becomes a list of checks, each of which knows the place of its text in
the file, so that a difference can point there and `--accept` can write there.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from gateway.menu.marks import Source, Where
from gateway.menu.problems import Problem, failed
from gateway.menu.source import MISREAD, load, validate
from gateway.replay import model
from gateway.replay.check import check_flows, check_parts
from gateway.replay.handset import WITHIN_SECONDS, Action, Verb, Wants

SUFFIX = ".flow.yaml"

ZONES: Mapping[str, tuple[str, str]] = {
    "HOME": ("25002", "ural"),
    "RU_NET": ("25002", "volga"),
    "RU_OTHER": ("25001", ""),
    "CIS": ("40101", ""),
    "EUROPE": ("26201", ""),
    "WORLD": ("310260", ""),
}
"""Zone -> a network (MCC and MNC) and region in it, as the demo data have them."""

THERE = "there"
"""Expected of an item of a list that must only come."""

VERBS: tuple[Verb, ...] = get_args(Verb)
How = Literal["equal", "contains", "regex", "is"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: `what` of what was seen, and how it must be."""

    what: str
    """`text`, `sms 1 text`, `charge 2 rule`, `balance`, `pages`, `ended`, `prompts` …"""
    how: How
    expected: str
    where: Where
    """Its place in the file's data."""
    line: int
    """The line of the file it is written on, from 1."""
    is_block: bool = False
    """Its lines are lines of the file (a literal block)."""


@dataclass(frozen=True, slots=True)
class Step:
    """An action and its checks."""

    action: Action
    checks: tuple[Check, ...]
    wants: Wants
    line: int


@dataclass(frozen=True, slots=True)
class Flow:
    """One conversation, ready to be played."""

    name: str
    path: str
    line: int
    msisdn: str
    steps: tuple[Step, ...]
    as_only: bool = False
    """Nobody else plays it."""
    tags: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)


def flow_files(paths: Iterable[Path]) -> list[Path]:
    """The files named, and those in the directories named, each once, in order. What is hidden in
    a directory (`.git`, `.venv`), cannot be read or is gone meanwhile is passed over."""
    found = [
        file
        for path in paths
        for file in (sorted(_below(path)) if path.is_dir() else [path])
        if file.name.endswith(SUFFIX)
    ]
    return list(dict.fromkeys(found))


def _below(directory: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(directory):
        folders[:] = [folder for folder in folders if folder[0] != "."]
        yield from (Path(place, file) for file in files)


def load_all(paths: Iterable[Path]) -> tuple[list[Flow], list[Problem]]:
    """The flows of all files named or in directories named, and all their mistakes."""
    read = [load_flows(file) for file in flow_files(paths)]
    return [flow for flows, _ in read for flow in flows], [
        problem for _, problems in read for problem in problems
    ]


def load_flows(file: Path) -> tuple[tuple[Flow, ...], list[Problem]]:
    """The flows of a file, none where a problem is an error; all mistakes at once. Never raises
    for what a file holds."""
    return flows_of(load(file))


def flows_of(source: Source) -> tuple[tuple[Flow, ...], list[Problem]]:
    """The same of a file that was read."""
    if any(each.code != MISREAD for each in source.problems):
        return (), source.problems
    shape, mistakes = validate(source, model.FlowFile)
    # `wait: 1:30`: that it is no number says more than that it wants quotes
    wrong = {(each.line, each.column) for each in mistakes}
    misread = [each for each in source.problems if (each.line, each.column) not in wrong]
    problems = [*misread, *mistakes]
    if shape is None:
        return (), [*problems, *check_parts(source)]
    problems += check_flows(source, shape)
    if failed(problems):
        return (), problems
    made = (_flow(source, flow, ("flows", at)) for at, flow in enumerate(shape.flows))
    return tuple(made), problems


def _flow(source: Source, flow: model.Flow, where: Where) -> Flow:
    steps = tuple(_step(source, step, (*where, "steps", at)) for at, step in enumerate(flow.steps))
    line = _line(source, (*where, "name"))
    tags, parameters = tuple(flow.tags), dict(flow.parameters)
    as_only = bool(flow.as_only)
    return Flow(flow.name, source.path, line, flow.as_, steps, as_only, tags, parameters)


def _line(source: Source, where: Where) -> int:
    while where not in source.marks:
        where = where[:-1]
    # a block begins on the line after its key
    return source.marks[where].value.line + 1 + (_opening(source, where) in ("|", ">"))


def _opening(source: Source, where: Where) -> str:
    """The first sign of a value; empty where there is none."""
    if where not in source.marks:
        return ""
    spot = source.marks[where].value
    return source.lines[spot.line][spot.column : spot.column + 1]


def _step(source: Source, step: model.Step, where: Where) -> Step:
    verb = next(each for each in VERBS if getattr(step, each) is not None)
    action = replace(_action(verb, getattr(step, verb)), secret=bool(step.secret))
    checks = _Checks(source, where, verb)
    expect = step.expect
    if isinstance(expect, str):
        checks.add("sms 1 text" if verb == "sms" else "text", "equal", expect, "expect")
        expect = None
    if expect is not None:
        checks.all(expect)
    found = tuple(checks.found)
    kinds = {check.what.split()[0] for check in found}
    quiet = bool(expect and expect.nothing_more)
    wants = Wants(
        text=verb in ("dial", "answer", "call", "press"),
        words=bool(kinds & {"text", "ended", "prompts"}),
        sms=max((_number(check) for check in found if check.what.startswith("sms")), default=0),
        charges="charge" in kinds or quiet,
        balance="balance" in kinds,
        quiet=quiet,
        within_seconds=(expect.within if expect and expect.within else WITHIN_SECONDS),
    )
    return Step(action, found, wants, _line(source, where))


def _number(check: Check) -> int:
    return int(check.what.split()[1])


def _action(verb: Verb, value: Any) -> Action:
    if isinstance(value, model.Write):
        return Action(verb, value.text, value.to)
    if isinstance(value, model.Move):
        plmn, region = ZONES[value.zone] if value.zone else (value.plmn, value.region)
        return Action(verb, plmn or "", region or "")
    if isinstance(value, float):
        return Action(verb, seconds=value)
    return Action(verb, value if isinstance(value, str) else "")


class _Checks:
    """The checks of one step, in the order in which they are made."""

    def __init__(self, source: Source, where: Where, verb: Verb) -> None:
        self._source = source
        self._where = where
        self.found: list[Check] = []

    def add(self, what: str, how: How, expected: str, *where: str | int) -> None:
        place = (*self._where, *where)
        line, is_block = _line(self._source, place), _opening(self._source, place) == "|"
        self.found.append(Check(what, how, expected, place, line, is_block))

    def text(self, what: str, value: str | model.Contains | None, *where: str | int) -> None:
        """A whole text, its parts, or what a regular expression finds."""
        if isinstance(value, str):
            self.add(what, "equal", value, *where)
        elif value is not None:
            parts = value.contains
            if isinstance(parts, str):
                self.add(what, "contains", parts, *where, "contains")
            for at, part in enumerate(parts if isinstance(parts, list) else ()):
                self.add(what, "contains", part, *where, "contains", at)
            if value.regex is not None:
                self.add(what, "regex", value.regex, *where, "regex")

    def all(self, expect: model.Expect) -> None:
        """Whatever is written, and nothing else."""
        self.text("text", expect.text, "expect", "text")
        for what in ("ended", "pages"):
            value = getattr(expect, what)
            if value is not None:
                self.add(what, "is", str(value).lower(), "expect", what)
        if expect.prompts is not None:
            self.add("prompts", "is", " ".join(expect.prompts), "expect", "prompts")
        self._listed("sms", expect.sms, ("from_", "text"))
        self._listed("charge", expect.charge, ("rule", "amount", "explanation"))
        if expect.balance is not None:
            self.add("balance", "equal", expect.balance.removeprefix("+"), "expect", "balance")
        if expect.nothing_more:
            self.add("nothing_more", "is", "nothing more", "expect", "nothing_more")

    def _listed(self, what: str, value: Any, fields: tuple[str, ...]) -> None:
        """`sms 1 text`, `charge 2 rule` …; an item without fields must only be there."""
        items = value if isinstance(value, list) else [] if value is None else [value]
        for at, item in enumerate(items):
            where = ("expect", what, at) if isinstance(value, list) else ("expect", what)
            self.add(f"{what} {at + 1}", "is", THERE, *where)
            for name in fields:
                key = name.rstrip("_")
                self.text(f"{what} {at + 1} {key}", getattr(item, name), *where, key)
