"""The input line: what a line means, whether that can be done now, and the lines typed earlier.

Rule: a line becomes an `Action`, or is told what to type instead; nothing is done here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from gateway.phone.handset import KEYS, Phone
from gateway.phone.line import Mistyped, dialled
from gateway.replay.handset import Action, Verb

TYPED_MAX = 50
_UNTYPED = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_ANSWER = re.compile(r"[0-9]{1,2}")


def meant(phone: Phone, line: str) -> Action:
    """What a typed line does: an action by its word, keys of a call under way, an answer to the
    page that waits, or a code to dial, whose signs may be left out. Raises Mistyped."""
    line = line.strip()
    word, _, rest = line.partition(" ")
    if _UNTYPED.search(line):
        raise Mistyped("no handset types such characters")
    if word in _SYNTAX:
        verb, pattern, what = _SYNTAX[word]
        found = pattern.fullmatch(rest.strip())
        if found is None:
            raise Mistyped(what)
        return Action(verb, found["text"], found.groupdict().get("to", ""))
    if not line:
        if phone.in_call:
            raise Mistyped("keys go into the call, each as it is pressed; F10 hangs up")
        raise Mistyped("type a code as *105#, an answer, sms NUMBER TEXT, or call NUMBER")
    if phone.in_call and set(line) <= set(KEYS):
        return Action("press", line)
    if phone.waits and not (line[0] in "*#" and line.endswith("#")):
        return Action("answer", line)
    if _ANSWER.fullmatch(line):
        raise Mistyped(f"no page waits for an answer; the code is *{line}#")
    return Action("dial", dialled(line))


_SYNTAX: Mapping[str, tuple[Verb, re.Pattern[str], str]] = {
    "sms": (
        "sms",
        re.compile(r"(?P<to>\+?[0-9]{1,20}) +(?P<text>.+)"),
        "an SMS is: sms NUMBER TEXT, as sms 000110 00",
    ),
    "call": (
        "call",
        re.compile(r"(?P<text>\+?[0-9*#]{1,20})"),
        "a call is: call NUMBER, as call 0505",
    ),
    "press": (
        "press",
        re.compile(r"(?P<text>[0-9*#]{1,50})"),
        "keys are 0-9, * and #, as press 1",
    ),
    "answer": (
        "answer",
        re.compile(r"(?P<text>.+)"),
        "an answer is: answer TEXT, as answer 1",
    ),
}
"""Words a line begins with: what it does, how its rest is written, and what that is."""


def refusal(phone: Phone, action: Action) -> str:
    """Why an action cannot be done now; empty where it can."""
    reasons = (why for verb, is_so, why in _NOT_NOW if verb == action.verb and is_so(phone))
    return next(reasons, "")


def _is_idle(phone: Phone) -> bool:
    return not (phone.in_call or phone.in_dialogue)


_NOT_NOW: tuple[tuple[Verb, Callable[[Phone], bool], str], ...] = (
    ("answer", lambda phone: not phone.waits, "no page waits for an answer"),
    ("call", lambda phone: phone.in_call, "a call is under way"),
    ("press", lambda phone: not phone.in_call, "no call takes keys"),
    ("timeout", lambda phone: phone.in_call, "in a call press nothing, and hear what is said then"),
    ("timeout", lambda phone: not phone.waits, "no page waits for an answer"),
    ("hang_up", _is_idle, "nothing to hang up"),
    ("drop", _is_idle, "nothing to drop"),
)
"""Verb, when it cannot be done, and what is said then."""


@dataclass(frozen=True, slots=True)
class Typed:
    """Lines typed earlier; `at` counts back from the end, 0 is the line being written."""

    lines: tuple[str, ...] = ()
    at: int = 0
    draft: str = ""
    """The line being written, while an earlier one is looked at."""

    def entered(self, line: str) -> Typed:
        """One more line; the same one twice in a row is kept once."""
        if not line or self.lines[-1:] == (line,):
            return Typed(self.lines)
        return Typed((*self.lines, line)[-TYPED_MAX:])

    def moved(self, back: int, line: str = "") -> Typed:
        """Further back, or (negative) forward, from where `line` stands."""
        at = max(0, min(len(self.lines), self.at + back))
        return replace(self, at=at, draft=self.draft if self.at else line)

    @property
    def line(self) -> str:
        """The line it stands at."""
        return self.lines[-self.at] if self.at else self.draft
