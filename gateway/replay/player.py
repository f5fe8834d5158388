"""Plays one flow on one handset, up to the first step that brings something else than expected.

Rule: all that is otherwise in that step is told; what would come after it means nothing, so it is
not played. A gateway that goes away ends the play, and what was played is told. The player is a
coroutine over a `Handset`: in process it never waits, over the network many of them wait side by
side.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from gateway.domain.money import roubles
from gateway.domain.numbers import local_digits
from gateway.replay.handset import Action, Charged, Handset, Lost, NotPlayed, Received, Seen
from gateway.replay.patterns import fill, fill_known, match
from gateway.replay.recording import Done
from gateway.replay.script import Check, Flow, Step
from gateway.replay.secrecy import Secrets

_PAGE_MORE = re.compile(r"(?:^|.*[\n ])9 \S+", re.DOTALL)
"""A page that ends with the label of the key that leafs on (settings.keys of the menus)."""
_MORE, _BACK = "9", "0"
PAGES_MAX = 100

ABSENT = "nothing"
"""Shown for what did not come."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that was not as expected."""

    step: int
    """From 1."""
    check: Check
    expected: str
    """With the values of its names; its matchers stand as they are."""
    got: str
    came: bool = True
    """False: there was nothing to look at."""
    seen: Seen = field(default=Seen(), repr=False, compare=False)
    """All that came, secrets too: for `--accept`, never to be shown."""
    values: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    """Those of all names, secrets too."""


@dataclass(frozen=True, slots=True)
class Played:
    """One flow by one subscriber: what was done and seen, and what differed or went wrong in the
    last step that was done; its secrets are hidden."""

    flow: Flow
    msisdn: str
    done: tuple[Done, ...]
    differences: tuple[Difference, ...] = ()
    """All of one step."""
    error: str = ""
    """Why it could not be played on: why the last of `done` was refused."""
    lost: bool = False
    """The gateway went away."""
    steps: int = 0
    """How many were done; `done` may be left out of plays that passed as another did."""
    seconds: float = 0.0
    """How long it took, where somebody measured it."""

    @property
    def passed(self) -> bool:
        """Every check of every step held."""
        return not self.differences and not self.error

    @property
    def difference(self) -> Difference | None:
        """The first one."""
        return self.differences[0] if self.differences else None


async def play(flow: Flow, handset: Handset, parameters: Mapping[str, str]) -> Played:
    """Play the flow as the handset's subscriber; `parameters` overrule the flow's."""
    own = {"msisdn": handset.msisdn, "own_number": local_digits(handset.msisdn)}
    values = {**flow.parameters, **parameters, **own}
    done: list[Done] = []
    secrets = Secrets((step.action for step in flow.steps), own.values())
    differences: list[Difference] = []
    fault: NotPlayed | Lost | None = None
    for number, step in enumerate(flow.steps, 1):
        action = secrets.said(step.action, _filled(step.action, values), values)
        try:
            seen = await handset.act(action, step.wants)
            secrets.seen(seen)
            done.append(Done(action, seen))
            differences = await _differences(number, step, seen, handset, values, secrets)
        except (NotPlayed, Lost) as met:
            fault = met
        if differences or fault is not None:
            break
    if fault is not None and len(done) < number:
        done.append(Done(action, Seen()))
    fault = await _put_down(handset) or fault
    told = tuple(_hidden(each, secrets) for each in differences)
    why, lost = secrets.hidden(str(fault or "")), isinstance(fault, Lost)
    steps = secrets.steps(done)
    return Played(flow, handset.msisdn, steps, told, why, lost, steps=len(done))


async def _put_down(handset: Handset) -> Lost | None:
    try:
        await handset.put_down()
    except Lost as fault:
        return fault
    return None


def _hidden(difference: Difference, secrets: Secrets) -> Difference:
    expected, got = secrets.hidden(difference.expected), secrets.hidden(difference.got)
    return replace(difference, expected=expected, got=got)


def _filled(action: Action, values: Mapping[str, str]) -> Action:
    if "<" not in action.text and "<" not in action.to:
        return action
    return replace(action, text=fill(action.text, values), to=fill(action.to, values))


async def _differences(
    number: int,
    step: Step,
    seen: Seen,
    handset: Handset,
    values: dict[str, str],
    secrets: Secrets,
) -> list[Difference]:
    """All that is otherwise; of what did not come nothing more is looked at."""
    found: list[Difference] = []
    absent: set[str] = set()
    for check in step.checks:
        item = " ".join(check.what.split()[:2])
        if item in absent:
            continue
        if check.what == "pages":
            got: str | None = str(await _pages(seen, handset, step))
        else:
            got = look(check, seen, step)
        try:
            kept = None if got is None else _HOW[check.how](check.expected, got, values)
        except KeyError:
            continue  # it has a name that is kept where something differs
        if kept is not None:
            values.update(kept)
            continue
        if got is None:
            absent.add(item)
        shown, came = (ABSENT, False) if got is None else (got, True)
        expected = check.expected
        if check.how in _FILLED:
            expected = fill_known(expected, secrets.open(values))
        found.append(Difference(number, check, expected, shown, came, seen, dict(values)))
    return found


async def _pages(seen: Seen, handset: Handset, step: Step) -> int:
    """How many pages the screen has, counted as a subscriber would: forward, and back again."""
    if seen.text is None:
        return 0
    count, page = 1, seen
    while page.more and page.text and _PAGE_MORE.fullmatch(page.text) and count < PAGES_MAX:
        page = await handset.act(Action("answer", _MORE), step.wants)
        count += 1
    for _ in range(count - 1 if page.more else 0):
        await handset.act(Action("answer", _BACK), step.wants)
    return count


# --- what is looked at ---------------------------------------------------------------------------


def look(check: Check, seen: Seen, step: Step) -> str | None:
    """What the check looks at; None where it did not come."""
    what, *rest = check.what.split()
    if not rest:
        return _WHOLE[what](seen, step)
    items: tuple[object, ...] = getattr(seen, _LISTS[what])
    number = int(rest[0])
    if number > len(items):
        return None
    return _FIELDS[what, rest[1]](items[number - 1]) if rest[1:] else check.expected


def _changed(seen: Seen, _step: Step) -> str | None:
    return None if seen.balance_change is None else roubles(seen.balance_change)


def extra(seen: Seen, step: Step) -> tuple[list[Received], list[Charged], str | None]:
    """What came beyond what is written, a page last; a free use is nothing."""
    written = {check.what for check in step.checks}
    sms = [one for at, one in enumerate(seen.sms, 1) if f"sms {at}" not in written]
    charges = [
        one
        for at, one in enumerate(seen.charges, 1)
        if one.amount and f"charge {at}" not in written
    ]
    return sms, charges, None if step.wants.text else seen.text


def _more(seen: Seen, step: Step) -> str:
    sms, charges, page = extra(seen, step)
    told = [f"sms from {one.sender}: {one.text}" for one in sms]
    told += [f"charge {one.rule} {roubles(one.amount)}" for one in charges]
    if page is not None:
        told.append(f"page: {page}")
    return "\n".join(told) or "nothing more"


_WHOLE: Mapping[str, Callable[[Seen, Step], str | None]] = {
    "text": lambda seen, _step: seen.text,
    "ended": lambda seen, _step: str(seen.text is not None and not seen.more).lower(),
    "prompts": lambda seen, _step: " ".join(seen.prompts),
    "balance": _changed,
    "nothing_more": _more,
}
_LISTS = {"sms": "sms", "charge": "charges"}
_FIELDS: Mapping[tuple[str, str], Callable[..., str]] = {
    ("sms", "from"): lambda sms: sms.sender,
    ("sms", "text"): lambda sms: sms.text,
    ("charge", "rule"): lambda charge: charge.rule,
    ("charge", "amount"): lambda charge: roubles(charge.amount),
    ("charge", "explanation"): lambda charge: charge.explanation,
}


# --- how it must be ------------------------------------------------------------------------------

Values = Mapping[str, str]


def _regex(expected: str, got: str, _values: Values) -> dict[str, str] | None:
    found = re.search(expected, got, re.MULTILINE)
    return None if found is None else {}


_HOW: Mapping[str, Callable[[str, str, Values], dict[str, str] | None]] = {
    "equal": match,
    "contains": lambda expected, got, values: match(expected, got, values, part=True),
    "regex": _regex,
    "is": lambda expected, got, _values: {} if expected == got else None,
}
_FILLED = ("equal", "contains")
"""Those with names in them."""
