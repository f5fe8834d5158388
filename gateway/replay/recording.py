"""What was done and seen at a handset, written down as a flow that replays green.

Rule: what changes from day to day and from number to number is proposed as a hole: money, dates,
times, the subscriber's own number, and codes the gateway gave, which are kept where they are
answered later. Everything else is expected as it was. A secret that was typed stands once, among
the parameters, so that the flow replays at once; whoever shares the file takes it out and gives it
by `--csv`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
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
    names = _Names(recording)
    steps = [line for at, done in enumerate(recording.steps) for line in _step(done, names, at)]
    parameters = (f"{name}: {quoted(value)}" for value, name in names.secrets.items())
    lines += [
        "flows:",
        f"  - name: {quoted(recording.name)}",
        f"    as: {quoted(recording.msisdn)}",
        *([f"    parameters: {{{', '.join(parameters)}}}"] if names.secrets else []),
        f"    steps:{'' if steps else ' []'}",
        *steps,
    ]
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
            secret = last.action.secret or done.action.secret
            action = replace(done.action, text=keys, secret=secret)
            last = Done(action, replace(done.seen, sms=sms))
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


def codes_in(text: str) -> list[str]:
    """What may be a code or password in the text of an SMS."""
    return _CODE.findall(text)


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


class _Names:
    """Names of what is not written as it was: codes that came by SMS and are answered later, and
    secrets that were typed."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self.codes: dict[str, str] = {}
        self.secrets: dict[str, str] = {}
        """Value -> name."""

    def proposed(self, text: str) -> str:
        """A text that came, as the pattern that expects it."""
        return _named(propose(text, self._recording.msisdn), self.secrets)

    def of_sms(self, sms: Received, number: int) -> str:
        """The same of an SMS that came with step `number`."""
        return _CODE.sub(lambda found: self._hole(found[0], number), self.proposed(sms.text))

    def _hole(self, code: str, number: int) -> str:
        if code in self.codes:
            return f"<{self.codes[code]}>"
        if not any(code in _said(done.action) for done in self._recording.steps[number + 1 :]):
            return "<digits>"
        self.codes[code] = _numbered("code", self.codes)
        return f"<{self.codes[code]}:digits>"

    def given(self, action: Action) -> str:
        """What is said, with the names of the codes in it; a secret is but its name."""
        text = _named(literal(action.text), self.codes)
        if not action.secret or text != literal(action.text):
            return text
        if action.text not in self.secrets:
            self.secrets[action.text] = _numbered("secret", self.secrets)
        return f"<{self.secrets[action.text]}>"


def _numbered(name: str, taken: Mapping[str, str]) -> str:
    return f"{name}{len(taken) + 1 if taken else ''}"


def _named(text: str, names: Mapping[str, str]) -> str:
    """The text with the names of the values in it; one so short that it stands in any text by
    chance is left."""
    for value, name in names.items():
        if len(value) >= CODE_DIGITS[0]:
            text = re.sub(f"(?<![\\w<]){re.escape(value)}(?![\\w>])", f"<{name}>", text)
    return text


def _said(action: Action) -> list[str]:
    return re.findall(r"[0-9]+", action.text)


def _step(done: Done, names: _Names, number: int) -> Iterator[str]:
    yield f"      - {_action(done.action, names)}"
    if done.action.secret:
        yield "        secret: true"
    seen = done.seen
    text = None if seen.text is None else names.proposed(seen.text)
    sms = [(one.sender, names.of_sms(one, number)) for one in seen.sms]
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


def _action(action: Action, names: _Names) -> str:
    verb = action.verb
    if verb == "sms":
        return f"sms: {{to: {quoted(action.to)}, text: {quoted(names.given(action))}}}"
    if verb == "move":
        region = f", region: {quoted(action.to)}" if action.to else ""
        return f"move: {{plmn: {quoted(action.text)}{region}}}"
    if verb in ("wait", "advance"):
        return f"{verb}: {action.seconds:g}"
    if verb in ("timeout", "drop", "hang_up"):
        return f"{verb}: true"
    return f"{verb}: {quoted(names.given(action))}"
