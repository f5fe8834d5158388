"""What was done and seen at a handset, written down as a flow that replays green.

Rule: what changes from day to day and from number to number is proposed as a hole: money, dates,
times, the subscriber's own number, and codes the gateway gave, which are kept where they are
answered later. Everything else is expected as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from gateway.domain.numbers import local_digits
from gateway.replay.handset import Action, Received, Seen
from gateway.replay.patterns import MATCHERS, literal
from gateway.replay.yaml_text import quoted, yaml_text

PROPOSED = ("money", "datetime", "date", "time")
CODE_DIGITS = (4, 12)
"""How long a number in an SMS is, to be taken for a code or password."""

_WORD = r"(?<![\w.,<])(?:{})(?![\w<])"
_VOLATILE = re.compile("|".join(f"(?P<{name}>{_WORD.format(MATCHERS[name])})" for name in PROPOSED))
_CODE = re.compile(r"(?<![\w*.,+])[0-9]{{{},{}}}(?![\w#*])".format(*CODE_DIGITS))


@dataclass(frozen=True, slots=True)
class Done:
    """One action and what it brought."""

    action: Action
    seen: Seen


@dataclass(frozen=True, slots=True)
class Recording:
    """One subscriber's conversation, in its order."""

    name: str
    msisdn: str
    steps: tuple[Done, ...]


def write_flow(recording: Recording, schema: str = "") -> str:
    """The text of a `*.flow.yaml` with one flow; `schema` is the address of its JSON Schema, for
    editors. It is valid whatever was shown, and replays green on the same data."""
    recording = replace(recording, steps=tuple(entries(recording.steps)))
    lines = [f"# yaml-language-server: $schema={schema}"] if schema else []
    lines += [
        "flows:",
        f"  - name: {quoted(recording.name)}",
        f"    as: {quoted(recording.msisdn)}",
        "    steps:",
    ]
    codes = _Codes(recording)
    for number, done in enumerate(recording.steps):
        lines += _step(done, codes, number)
    if not recording.steps:
        lines[-1] += " []"
    return "\n".join(lines) + "\n"


def entries(steps: Iterable[Done]) -> Iterator[Done]:
    """The steps, keys pressed while nothing was said joined: they are one entry."""
    last: Done | None = None
    for done in steps:
        if last is None:
            last = done
        elif last.action.verb == done.action.verb == "press" and not last.seen.prompts:
            keys = last.action.text + done.action.text
            sms = (*last.seen.sms, *done.seen.sms)
            last = Done(replace(done.action, text=keys), replace(done.seen, sms=sms))
        else:
            yield last
            last = done
    if last is not None:
        yield last


def propose(text: str, msisdn: str) -> str:
    """A text as the pattern that expects it: itself, with holes for what is volatile."""
    own = re.compile(f"(?<![0-9])(?:(?P<msisdn>{msisdn})|(?P<own_number>{local_digits(msisdn)}))")
    return "".join(
        part if hole else _holes(part, _VOLATILE) for part, hole in _split(literal(text), own)
    )


def propose_codes(text: str) -> str:
    """A proposed text of an SMS, with holes for what may be a code or password."""
    return _CODE.sub("<digits>", text)


def _holes(text: str, pattern: re.Pattern[str]) -> str:
    return "".join(part for part, _ in _split(text, pattern))


def _split(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, bool]]:
    """The text in parts: as it is, or (True) the hole that stands for it."""
    end = 0
    for found in pattern.finditer(text):
        yield text[end : found.start()], False
        yield f"<{found.lastgroup}>", True
        end = found.end()
    yield text[end:], False


class _Codes:
    """Codes that came by SMS: each is a hole, and has a name where it is answered later."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self.msisdn = recording.msisdn
        self.names: dict[str, str] = {}

    def proposed(self, sms: Received, number: int) -> str:
        """The text of an SMS that came with step `number`."""
        text = propose(sms.text, self._recording.msisdn)
        return _CODE.sub(lambda found: self._hole(found[0], number), text)

    def _hole(self, code: str, number: int) -> str:
        if code in self.names:
            return f"<{self.names[code]}>"
        if not any(code in _said(done.action) for done in self._recording.steps[number + 1 :]):
            return "<digits>"
        self.names[code] = f"code{len(self.names) + 1 if self.names else ''}"
        return f"<{self.names[code]}:digits>"

    def given(self, text: str) -> str:
        """An input, with the names of the codes in it."""
        text = literal(text)
        for code, name in self.names.items():
            text = re.sub(f"(?<![0-9]){code}(?![0-9])", f"<{name}>", text)
        return text


def _said(action: Action) -> list[str]:
    return re.findall(r"[0-9]+", action.text)


def _step(done: Done, codes: _Codes, number: int) -> Iterator[str]:
    yield f"      - {_action(done.action, codes)}"
    seen = done.seen
    text = None if seen.text is None else propose(seen.text, codes.msisdn)
    sms = [(one.sender, codes.proposed(one, number)) for one in seen.sms]
    if text is not None and not sms and not seen.prompts:
        yield f"        expect: {yaml_text(text, 10)}"
    elif text is not None or sms or seen.prompts:
        yield "        expect:"
        yield from _expected(text, sms, seen.prompts)


def _expected(
    text: str | None, sms: Iterable[tuple[str, str]], prompts: tuple[str, ...]
) -> Iterator[str]:
    if text is not None:
        yield f"          text: {yaml_text(text, 12)}"
    if prompts:
        yield f"          prompts: [{', '.join(map(quoted, prompts))}]"
    listed = list(sms)
    if listed:
        yield "          sms:"
    for sender, body in listed:
        yield f"            - from: {quoted(sender)}"
        yield f"              text: {yaml_text(body, 16)}"


def _action(action: Action, codes: _Codes) -> str:
    verb = action.verb
    if verb == "sms":
        return f"sms: {{to: {quoted(action.to)}, text: {quoted(codes.given(action.text))}}}"
    if verb == "move":
        region = f", region: {quoted(action.to)}" if action.to else ""
        return f"move: {{plmn: {quoted(action.text)}{region}}}"
    if verb in ("wait", "advance"):
        return f"{verb}: {action.seconds:g}"
    if verb in ("timeout", "drop", "hang_up"):
        return f"{verb}: true"
    return f"{verb}: {quoted(codes.given(action.text))}"
