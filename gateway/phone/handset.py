"""The state of a phone in hand, as a value: what is on show, what was written, done and typed.

Rule: everything that happens (a key line, a page, an SMS, an event of the gateway) is a function
from one `Phone` to the next; nothing here draws, waits or sends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from gateway.phone.line import Shown, dialled
from gateway.replay.handset import Action, Received, Seen
from gateway.replay.recording import Done

TEXTS_MAX = 200
STEPS_MAX = 1_000
EVENTS_MAX = 300
TYPED_MAX = 50
KEYS = "123456789*0#"
"""The keypad, row by row."""


@dataclass(frozen=True, slots=True)
class Text:
    """One SMS of a thread; `own` was written here."""

    number: str
    text: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A call under way, or the last one."""

    number: str
    state: str
    """`calling`, `talking`, `over`, or why there is none."""
    began: float = 0.0
    """When it was answered, on the clock of the phone; 0: it is not yet."""
    ended: float = 0.0
    said: tuple[tuple[str, str], ...] = ()
    """Id and text of the prompts played, oldest first."""
    keys: str = ""
    """Keys pressed."""

    @property
    def up(self) -> bool:
        """Keys go into it."""
        return self.state in ("calling", "talking")


@dataclass(frozen=True, slots=True)
class Meter:
    """What the phone was charged since the subscriber took it."""

    amount: int = 0
    uses: int = 0
    last: str = ""
    """The last charge with its rule and explanation."""


@dataclass(frozen=True, slots=True)
class Phone:
    """One subscriber's phone."""

    msisdn: str
    profile: Mapping[str, Any] = field(default_factory=dict)
    """The subscriber as the API tells; empty where it does not."""
    shown: Shown | None = None
    step: int = 0
    """Pages of this dialogue."""
    deadline: float | None = None
    """When the page on show is waited for no longer, on the gateway's clock."""
    dialled: str = ""
    """The last code, for a redial."""
    texts: tuple[Text, ...] = ()
    unread: int = 0
    call: Call | None = None
    meter: Meter = Meter()
    done: tuple[Done, ...] = ()
    """What was done here, to be saved as a flow."""

    @property
    def waits(self) -> bool:
        """A dialogue waits for an answer."""
        return self.shown is not None and self.shown.more


class Mistyped(Exception):
    """A line that means nothing; `str()` says what to type."""


def meant(phone: Phone, line: str) -> Action:
    """What a typed line does: `sms NUMBER TEXT`, `call NUMBER`, an answer to the page that waits,
    or a code to dial, whose signs may be left out. Raises Mistyped."""
    line = line.strip()
    word, _, rest = line.partition(" ")
    if word == "sms":
        number, _, text = rest.strip().partition(" ")
        if not number or not text.strip():
            raise Mistyped("an SMS is: sms NUMBER TEXT, as sms 000110 00")
        return Action("sms", text.strip(), number)
    if word == "call":
        if not rest.strip():
            raise Mistyped("a call is: call NUMBER, as call 0505")
        return Action("call", rest.strip())
    if not line:
        raise Mistyped("type a code as *105#, an answer, sms NUMBER TEXT, or call NUMBER")
    if phone.waits and not (line[0] in "*#" and line.endswith("#")):
        return Action("answer", line)
    return Action("dial", dialled(line))


# --- what was done here ---------------------------------------------------------------------------


def acted(phone: Phone, action: Action) -> Phone:
    """An action is on its way; what comes belongs to it until the next one."""
    done = (*phone.done, Done(action, Seen()))[-STEPS_MAX:]
    phone = replace(phone, done=done)
    if action.verb == "dial":
        return replace(phone, dialled=action.text, step=0, shown=None, deadline=None)
    if action.verb in ("hang_up", "drop"):
        return replace(phone, shown=None, deadline=None)
    if action.verb == "sms":
        return _with_text(phone, Text(action.to, action.text, own=True))
    return phone


def failed(phone: Phone, action: Action) -> Phone:
    """It was refused: nothing of it is to be saved."""
    done = tuple(each for each in phone.done if each.action is not action)
    return replace(phone, done=done)


def _saw(phone: Phone, **changes: Any) -> Phone:
    if not phone.done:
        return phone
    last = phone.done[-1]
    seen = replace(last.seen, **changes)
    return replace(phone, done=(*phone.done[:-1], replace(last, seen=seen)))


# --- what comes -----------------------------------------------------------------------------------


def paged(phone: Phone, shown: Shown) -> Phone:
    """A USSD page."""
    phone = _saw(phone, text=shown.text, more=shown.more)
    deadline = phone.deadline if shown.more else None
    return replace(phone, shown=shown, step=phone.step + 1, deadline=deadline)


def texted(phone: Phone, received: Received) -> Phone:
    """An SMS."""
    if phone.done:
        phone = _saw(phone, sms=(*phone.done[-1].seen.sms, received))
    phone = _with_text(phone, Text(received.sender, received.text))
    return replace(phone, unread=phone.unread + 1)


def _with_text(phone: Phone, text: Text) -> Phone:
    return replace(phone, texts=(*phone.texts, text)[-TEXTS_MAX:])


def charged(phone: Phone, amount: int, words: str) -> Phone:
    """A row of what the subscriber was charged, kopecks."""
    meter = phone.meter
    return replace(phone, meter=Meter(meter.amount + amount, meter.uses + 1, words))


# --- calls ----------------------------------------------------------------------------------------


def calling(phone: Phone, number: str, state: str) -> Phone:
    """A call is made, or cannot be: then `state` says why."""
    return replace(phone, call=Call(number, state))


def talking(phone: Phone, now: float) -> Phone:
    """It was answered."""
    return _in_call(phone, state="talking", began=now)


def said(phone: Phone, prompts: tuple[tuple[str, str], ...]) -> Phone:
    """Prompts it plays: id and text."""
    call = phone.call
    if call is None or not prompts:
        return phone
    if phone.done:
        ids = tuple(prompt_id for prompt_id, _ in prompts)
        phone = _saw(phone, prompts=(*phone.done[-1].seen.prompts, *ids))
    return _in_call(phone, said=(*call.said, *prompts)[-TEXTS_MAX:])


def pressed(phone: Phone, key: str) -> Phone:
    """A key in the call."""
    if phone.call is None or not phone.call.up:
        return phone
    return _in_call(phone, keys=phone.call.keys + key)


def hung_up(phone: Phone, why: str, now: float) -> Phone:
    """It is over."""
    return _in_call(phone, state=why, ended=now)


def _in_call(phone: Phone, **changes: Any) -> Phone:
    return replace(phone, call=replace(phone.call, **changes)) if phone.call else phone


# --- earlier inputs -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Typed:
    """Lines typed earlier; `at` counts back from the end, 0 is the line being written."""

    lines: tuple[str, ...] = ()
    at: int = 0

    def entered(self, line: str) -> Typed:
        """One more line; the same one twice in a row is kept once."""
        if not line or self.lines[-1:] == (line,):
            return Typed(self.lines)
        return Typed((*self.lines, line)[-TYPED_MAX:])

    def moved(self, back: int) -> Typed:
        """Further back, or (negative) forward."""
        return replace(self, at=max(0, min(len(self.lines), self.at + back)))

    @property
    def line(self) -> str:
        """The line it stands at."""
        return self.lines[-self.at] if self.at else ""
