"""What was done and seen at a handset, written down as a flow that replays green.

Rule: what changes from day to day and with what a subscriber has is proposed as a hole: dates,
times, the subscriber's own number, money, and codes the gateway gave, which are kept where they
are answered later. Where the same was seen again another day, only what came out otherwise is a
hole; what was typed never is. A secret that was typed stands once, among the parameters, so that
the flow replays at once; whoever shares the file takes it out and gives it by `--csv`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest

from gateway.domain.numbers import local_digits, normalise_msisdn
from gateway.replay.handset import Action, Seen
from gateway.replay.patterns import literal
from gateway.replay.volatile import CODE_DIGITS, DATED, OWN, Token, spoken, tokens
from gateway.replay.yaml_text import quoted, yaml_text

TYPED_DIGITS_MIN = 2
"""A number shorter than this that was typed is a key; it stands in any text by chance."""
_CODE = re.compile(r"(?<![\w*.,+])[0-9]{{{},{}}}(?![\w#*])".format(*CODE_DIGITS))
_HOLES = (*OWN, *DATED)
"""Kinds of values that are holes wherever they stand."""


@dataclass(frozen=True, slots=True)
class Done:
    """One action and what it brought."""

    action: Action
    seen: Seen
    again: Seen | None = None
    """What it brought the same subscriber another day, with more money; None where nobody
    tried."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One subscriber's conversation, in its order."""

    name: str
    msisdn: str
    steps: tuple[Done, ...]
    points: frozenset[str] = frozenset()
    """Those that the subscriber is known to have had: numbers that change, as money does."""


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
            last = replace(done, action=action, seen=replace(done.seen, sms=sms))
        else:
            yield last
            last = done
    if last is not None:
        yield last


def propose(text: str, msisdn: str) -> str:
    """A text as the pattern that expects it, by the kinds of its values: itself, with holes for
    money, dates and the own number."""
    holes = (*_HOLES, "money")
    return "".join(
        f"<{token.kind}>" if token.kind in holes else token.text for token in tokens(text, msisdn)
    )


def propose_codes(text: str) -> str:
    """A proposed text of an SMS, with holes for what may be a code or password."""
    return _CODE.sub("<digits>", text)


def codes_in(text: str) -> list[str]:
    """What may be a code or password in the text of an SMS."""
    return _CODE.findall(text)


class _Names:
    """Names of what is not written as it was: codes that came and are answered later, and secrets
    that were typed."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self.codes: dict[str, str] = {}
        self.secrets: dict[str, str] = {}
        """Value -> name."""
        self._typed: list[frozenset[str]] = []
        """By step: the numbers typed until then."""
        typed: frozenset[str] = frozenset()
        for done in recording.steps:
            typed |= frozenset(_forms(_said(done.action)))
            self._typed.append(typed)

    def proposed(self, text: str, again: str | None, step: int, *, gives_codes: bool) -> str:
        """A text that came with a step, as the pattern that expects it; `gives_codes`: a number in
        it may be a code, where nothing tells."""
        found = tokens(text, self._recording.msisdn, again)
        shown = "".join(self._shown(token, step, gives_codes) for token in found)
        return _named(shown, self.secrets)

    def _shown(self, token: Token, step: int, gives_codes: bool) -> str:
        if token.kind in _HOLES:
            return f"<{token.kind}>"
        if token.text in self.codes:
            return f"<{self.codes[token.text]}>"
        if token.again is None:  # of money the roubles count, which come first
            may_change = self._is_had(token) or (gives_codes and token.is_code)
            changes = may_change and not self._typed[step].intersection(_numbers(token.text)[:1])
        else:
            changes = token.again != token.text
        if not changes:
            return token.text
        return self._code(token.text, step) if token.is_code else f"<{token.kind}>"

    def _is_had(self, token: Token) -> bool:
        """By its kind a value is what a subscriber has; a digit alone is a key of the menu."""
        points = self._recording.points
        return token.kind == "money" or (len(token.text) > 1 and token.text in points)

    def _code(self, code: str, step: int) -> str:
        if not any(code in _said(done.action) for done in self._recording.steps[step + 1 :]):
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


def _numbers(text: str) -> list[str]:
    return re.findall(r"[0-9]+", text)


def _said(action: Action) -> list[str]:
    return _numbers(action.text)


def _forms(numbers: Iterable[str]) -> Iterator[str]:
    """Numbers as they may be shown: an MSISDN in full and as ten digits."""
    for number in numbers:
        if len(number) >= TYPED_DIGITS_MIN:
            yield number
        if msisdn := normalise_msisdn(number):
            yield from (msisdn, local_digits(msisdn))


def _step(done: Done, names: _Names, number: int) -> Iterator[str]:
    yield f"      - {_action(done.action, names)}"
    if done.action.secret:
        yield "        secret: true"
    text = _text(done, names, number)
    prompts = done.seen.prompts
    if done.again is not None and done.again.prompts != prompts:
        prompts = ()  # they say values
    sms = list(_sms(done, names, number))
    if text is not None and not sms and not prompts:
        yield f"        expect: {yaml_text(text, 10)}"
    elif text is not None or sms or prompts:
        yield "        expect:"
        yield from _expected(text, sms, prompts)


def _text(done: Done, names: _Names, number: int) -> str | None:
    text, again = done.seen.text, done.again.text if done.again is not None else None
    if text is None:
        return None
    if done.seen.prompts and again is not None and (said := spoken(text, again)) is not None:
        return said
    return names.proposed(text, again, number, gives_codes=False)


def _sms(done: Done, names: _Names, number: int) -> Iterator[tuple[str, str]]:
    others = done.again.sms if done.again is not None else ()
    for one, other in zip_longest(done.seen.sms, others[: len(done.seen.sms)]):
        again = None if other is None else other.text
        yield one.sender, names.proposed(one.text, again, number, gives_codes=True)


def _expected(
    text: str | None, sms: list[tuple[str, str]], prompts: tuple[str, ...]
) -> Iterator[str]:
    if text is not None:
        yield f"          text: {yaml_text(text, 12)}"
    if prompts:
        yield f"          prompts: [{', '.join(map(quoted, prompts))}]"
    if sms:
        yield "          sms:"
    for sender, body in sms:
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
