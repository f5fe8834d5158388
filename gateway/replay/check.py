"""What the shape of a flow file cannot say: one action a step, holes that can be filled.

Codes: F1xx a flow and its steps, F2xx names, F3xx patterns, F4xx what is charged and said. Never
raises: problems are values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from gateway.menu.marks import Source, Where
from gateway.menu.problems import Problem, suggest
from gateway.menu.validate import validate
from gateway.replay import model
from gateway.replay.patterns import BUILT_IN, MATCHERS, Hole, holes

SAYING = ("dial", "answer", "sms", "press")
"""Actions that may say a secret."""


def check_flows(source: Source, shape: model.FlowFile) -> list[Problem]:
    """The mistakes of a whole file whose shape is right."""
    return list(_Checker(source).file(shape))


def check_parts(source: Source) -> list[Problem]:
    """The mistakes of those flows and steps whose shape is right, in a file whose shape is not."""
    return list(_Checker(source).parts())


class _AnyName(set[str]):
    """Names of a flow that cannot be read: what was kept is not known, so nothing is unknown."""

    def __contains__(self, _name: object) -> bool:
        return True


class _Checker:
    def __init__(self, source: Source) -> None:
        self.source = source

    def file(self, shape: model.FlowFile) -> Iterator[Problem]:
        names: dict[str, int] = {}
        for at, flow in enumerate(shape.flows):
            where = ("flows", at)
            if flow.name in names:
                message = f"two flows are called '{flow.name}'"
                yield self.source.problem("F101", (*where, "name"), message, "name one otherwise")
            names[flow.name] = at
            yield from self.flow(flow, where)

    def parts(self) -> Iterator[Problem]:
        for at, data in enumerate(_list_in(self.source.data, "flows")):
            where: Where = ("flows", at)
            flow, _ = validate(self.source, model.Flow, where)
            if flow is not None:
                yield from self.flow(flow, where)
                continue
            for number, _ in enumerate(_list_in(data, "steps")):
                place = (*where, "steps", number)
                step, _ = validate(self.source, model.Step, place)
                if step is not None:
                    yield from self.step(step, place, _AnyName())

    def flow(self, flow: model.Flow, where: Where) -> Iterator[Problem]:
        known = {*BUILT_IN, *flow.parameters}
        for name in flow.parameters:
            if name in (*MATCHERS, *BUILT_IN):
                message = f"'{name}' is a name that flows have already"
                yield self.source.problem(
                    "F202", (*where, "parameters", name), message, "name it otherwise", at="key"
                )
        for at, step in enumerate(flow.steps):
            yield from self.step(step, (*where, "steps", at), known)
        yield from self.order(flow, (*where, "steps"))

    def order(self, flow: model.Flow, where: Where) -> Iterator[Problem]:
        """What is answered was asked, and keys are pressed in a call."""
        dialled = in_call = False
        for at, step in enumerate(flow.steps):
            dialled = dialled or step.dial is not None
            if step.answer is not None and not dialled:
                message = "nothing was dialled that could be answered"
                yield self.early((*where, at, "answer"), message, "dial before it")
            if step.press is not None and not in_call:
                yield self.early((*where, at, "press"), "no call is under way", "call before it")
            ends = step.hang_up or step.drop
            in_call = step.call is not None or (in_call and not ends)

    def early(self, where: Where, message: str, help_: str) -> Problem:
        return self.source.problem("F105", where, message, help_, at="key", severity="warning")

    def step(self, step: model.Step, where: Where, known: set[str]) -> Iterator[Problem]:
        given = [name for name in model.VERBS if getattr(step, name) is not None]
        if len(given) != 1:
            message = "a step is one action" if given else "a step without an action"
            help_ = f"make {len(given)} steps of it" if given else f"one of: {_listed()}"
            yield self.source.problem("F102", where, message, help_, at="key")
            return
        verb = given[0]
        value = getattr(step, verb)
        if step.secret and verb not in SAYING:
            message = f"nothing is said by '{verb}' that could be a secret"
            yield self.source.problem("F104", (*where, "secret"), message, "remove it", at="key")
        if isinstance(value, model.Move) and (value.zone is None) == (value.plmn is None):
            yield self.source.problem(
                "F103", (*where, "move"), "a move is to a plmn or to a zone", "write one of them"
            )
        for place, text in _inputs(verb, value):
            yield from self.input(text, (*where, *place), known)
        for place, text, name in _texts(step.expect, ("expect",)):
            check = self.regex if name == "regex" else self.pattern
            yield from check(text, (*where, *place), known)

    def input(self, text: str, where: Where, known: set[str]) -> Iterator[Problem]:
        """What is sent: its holes are values only."""
        for hole in holes(text):
            if hole.matcher:
                message = f"<{hole.matcher}> matches what comes; what is sent must be known"
                yield self.at(hole, text, where, "F203", message, "'<<' is the sign itself")
            elif hole.name not in known:
                yield self.unknown(hole, text, where, known)

    def pattern(self, text: str, where: Where, known: set[str]) -> Iterator[Problem]:
        """What is expected; names it keeps are known from here on."""
        kept: set[str] = set()
        for hole in holes(text):
            if hole.matcher and hole.matcher not in MATCHERS:
                help_ = suggest(hole.matcher, MATCHERS, "matchers")
                message = f"there is no matcher '{hole.matcher}'"
                yield self.at(hole, text, where, "F301", message, help_)
            elif hole.keeps and hole.name in (kept | {*MATCHERS, *BUILT_IN}):
                message = f"'{hole.name}' cannot be kept under that name here"
                yield self.at(hole, text, where, "F202", message, "name it otherwise")
            elif hole.keeps:
                kept.add(hole.name)
            elif hole.name and hole.name not in known:
                yield self.unknown(hole, text, where, {*known, *MATCHERS})
        known |= kept

    def regex(self, text: str, where: Where, known: set[str]) -> Iterator[Problem]:
        try:
            re.compile(text)
        except re.error as fault:
            yield self.source.problem("F302", where, f"no regular expression: {fault}", "")

    def unknown(self, hole: Hole, text: str, where: Where, known: set[str]) -> Problem:
        message = f"nothing was kept under '{hole.name}'"
        return self.at(hole, text, where, "F201", message, suggest(hole.name, known, "names"))

    def at(
        self, hole: Hole, text: str, where: Where, code: str, message: str, help_: str
    ) -> Problem:
        """A problem that points at a hole of the text at `where`."""
        span = self.source.part(where, hole.written, text[: hole.at].count(hole.written))
        if span is None:
            return self.source.problem(code, where, message, help_)
        return self.source.problem_at(code, span, message, help_)


def _list_in(data: object, key: str) -> list[Any]:
    found = data.get(key) if isinstance(data, dict) else None
    return found if isinstance(found, list) else []


def _listed() -> str:
    return ", ".join(model.VERBS)


def _inputs(verb: str, value: Any) -> Iterator[tuple[Where, str]]:
    if isinstance(value, model.Write):
        yield (verb, "to"), value.to
        yield (verb, "text"), value.text
    elif isinstance(value, str):
        yield (verb,), value


def _texts(value: Any, where: Where) -> Iterator[tuple[Where, str, str]]:
    """Every pattern of an expectation, in the order in which they are matched: place, text, key."""
    if isinstance(value, str):
        yield where, value, str(where[-1])
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _texts(item, (*where, at))
    elif isinstance(value, model.Shape):
        for name in type(value).model_fields:
            if name != "prompts":
                yield from _texts(getattr(value, name), (*where, name.rstrip("_")))
