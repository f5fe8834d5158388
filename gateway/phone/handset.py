"""The state of a phone in hand, as a value: what is on show, what was written, done and typed.

Rule: everything that happens (a key line, a page, an SMS, an event of the gateway) is a function
from one `Phone` to the next; nothing here draws, waits or sends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from gateway.phone.line import Shown
from gateway.replay.handset import Action, Received, Seen
from gateway.replay.recording import Done

TEXTS_MAX = 200
STEPS_MAX = 1_000
EVENTS_MAX = 300
KEYS = "123456789*0#"
"""The keypad, row by row."""


@dataclass(frozen=True, slots=True)
class Text:
    """One SMS of a thread; `own` was written here."""

    number: str
    text: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Played:
    """A prompt of a call."""

    id: str
    text: str
    cut: bool = False
    """A key came before its end (barge-in)."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """Keys of a call, between two prompts."""

    keys: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call under way, or the last one."""

    number: str
    state: str
    """`calling`, `talking`, `over`, or why there is none."""
    dialogue: str = ""
    """Its id at the gateway; empty until it is told to have opened."""
    began: float = 0.0
    """When it was answered, on the clock of the phone; 0: it is not yet."""
    ended: float = 0.0
    heard: tuple[Played | Pressed, ...] = ()
    """Prompts and keys in their order."""

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
    menus: str = ""
    """The version of the menus this dialogue is held on."""
    dialled: str = ""
    """The last code, for a redial."""
    texts: tuple[Text, ...] = ()
    unread: int = 0
    call: Call | None = None
    meter: Meter = Meter()
    timeline: tuple[str, ...] = ()
    """What the gateway told of its turns, in lines."""
    told: int = 0
    """How many lines that ever were."""
    done: tuple[Done, ...] = ()
    """What was done here, to be saved as a flow."""
    kept: int = 0
    """So many of the first of them are in a file already: an open dialogue began with them."""
    before: Mapping[str, Any] = field(default_factory=dict)
    """The profile when the first of them was done."""
    opened: Mapping[str, Any] = field(default_factory=dict)
    """The profile when the last dialogue or call was begun."""

    @property
    def waits(self) -> bool:
        """A dialogue waits for an answer."""
        return self.shown is not None and self.shown.more

    @property
    def in_dialogue(self) -> bool:
        """A dialogue waits, or its next page is waited for."""
        for each in reversed(self.done):
            if each.action.verb in _ENDING:
                break
            if each.action.verb in ("dial", "answer") and each.seen.text is None:
                return True
        return self.waits

    @property
    def in_call(self) -> bool:
        """Keys go into a call."""
        return self.call is not None and self.call.up


# --- what was done here ---------------------------------------------------------------------------


def acted(phone: Phone, action: Action) -> Phone:
    """An action is on its way; what comes belongs to it until the next one."""
    if not phone.done:
        phone = replace(phone, before=phone.profile)
    done = (*phone.done, Done(action, Seen()))[-STEPS_MAX:]
    phone = replace(phone, done=done)
    if action.verb in _OPENING and not (phone.in_call or (phone.waits and action.verb == "call")):
        phone = replace(phone, opened=phone.profile)
    if action.verb == "dial":
        return replace(phone, dialled=action.text, step=0, shown=None, deadline=None)
    if action.verb in _ENDING and not phone.in_call:
        return replace(phone, shown=None, deadline=None)
    if action.verb == "sms":
        return _with_text(phone, Text(action.to, action.text, own=True))
    return phone


_OPENING = ("dial", "call")
_ENDING = ("hang_up", "drop")
_SAYING = ("dial", "answer", "press", "sms")


def failed(phone: Phone, action: Action) -> Phone:
    """It was refused: nothing of it is to be saved."""
    done = tuple(each for each in phone.done if each.action is not action)
    return replace(phone, done=done)


def hushed(phone: Phone) -> Phone:
    """What was said last is secret: it is saved as such."""
    for at in reversed(range(len(phone.done))):
        each = phone.done[at]
        if each.action.verb in _SAYING:
            hidden = replace(each, action=replace(each.action, secret=True))
            return replace(phone, done=(*phone.done[:at], hidden, *phone.done[at + 1 :]))
    return phone


def saved(phone: Phone) -> Phone:
    """What was done is in a file; of a dialogue or call that goes on, its beginning is kept, so
    that the next file can be played too."""
    is_open = {"dial": phone.in_dialogue, "call": phone.in_call}
    begun = {each.action.verb: at for at, each in enumerate(phone.done)}  # the last of each
    open_from = min((begun[verb] for verb in begun if is_open.get(verb)), default=len(phone.done))
    kept = phone.done[open_from:]
    return replace(phone, done=kept, kept=len(kept), before=phone.opened)


def _saw(phone: Phone, at: int | None = -1, **changes: Any) -> Phone:
    """What was done at that place has brought something more."""
    done = list(phone.done)
    if not done or at is None:
        return phone
    done[at] = replace(done[at], seen=replace(done[at].seen, **changes))
    return replace(phone, done=tuple(done))


# --- what comes -----------------------------------------------------------------------------------


def paged(phone: Phone, shown: Shown) -> Phone:
    """A USSD page: of the last dialling, answer or time-out; a second one nobody asked for, so the
    dialogue has timed out by itself."""
    at = max((n for n, each in enumerate(phone.done) if _asks(each)), default=None)
    if at is not None and phone.done[at].seen.text is not None:
        phone, at = acted(phone, Action("timeout")), -1
    phone = _saw(phone, at, text=shown.text, more=shown.more)
    deadline = phone.deadline if shown.more else None
    return replace(phone, shown=shown, step=phone.step + 1, deadline=deadline)


def _asks(done: Done) -> bool:
    """A page follows it; behind silence in a call come prompts."""
    return done.action.verb in ("dial", "answer", "timeout") and not done.seen.prompts


def texted(phone: Phone, received: Received) -> Phone:
    """An SMS."""
    if phone.done:
        phone = _saw(phone, sms=(*phone.done[-1].seen.sms, received))
    phone = _with_text(phone, Text(received.sender, received.text))
    return replace(phone, unread=phone.unread + 1)


def _with_text(phone: Phone, text: Text) -> Phone:
    return replace(phone, texts=(*phone.texts, text)[-TEXTS_MAX:])


def told(phone: Phone, lines: Iterable[str]) -> Phone:
    """Lines of its timeline."""
    timeline = (*phone.timeline, *lines)
    count = phone.told + len(timeline) - len(phone.timeline)
    return replace(phone, timeline=timeline[-EVENTS_MAX:], told=count)


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


def begun(phone: Phone, dialogue: str) -> Phone:
    """A call is told to have opened: it is the one in hand, where that has no id yet."""
    return _in_call(phone, dialogue=phone.call.dialogue or dialogue) if phone.call else phone


def said(phone: Phone, prompts: tuple[tuple[str, str], ...]) -> Phone:
    """Prompts it plays: id and text."""
    call = phone.call
    if call is None or not prompts:
        return phone
    if phone.done:
        ids = tuple(prompt_id for prompt_id, _ in prompts)
        phone = _saw(phone, prompts=(*phone.done[-1].seen.prompts, *ids))
    played = (Played(prompt_id, text) for prompt_id, text in prompts)
    return _in_call(phone, heard=(*call.heard, *played)[-TEXTS_MAX:])


def pressed(phone: Phone, key: str) -> Phone:
    """A key in the call."""
    call = phone.call
    if call is None or not call.up:
        return phone
    match call.heard:
        case (*before, Pressed(keys)):
            return _in_call(phone, heard=(*before, Pressed(keys + key)))
    return _in_call(phone, heard=(*call.heard, Pressed(key))[-TEXTS_MAX:])


def barged_in(phone: Phone, prompt_id: str) -> Phone:
    """A key stopped the latest prompt of that id; what was to follow it was not heard."""
    heard = phone.call.heard if phone.call else ()
    for at in reversed(range(len(heard))):
        played = heard[at]
        if isinstance(played, Played) and played.id == prompt_id:
            keys = (each for each in heard[at + 1 :] if isinstance(each, Pressed))
            return _in_call(phone, heard=(*heard[:at], replace(played, cut=True), *keys))
    return phone


def hung_up(phone: Phone, why: str, now: float) -> Phone:
    """It is over, or was refused; an SMS may follow that tells why."""
    return _in_call(phone, state=why, ended=now)


def _in_call(phone: Phone, **changes: Any) -> Phone:
    return replace(phone, call=replace(phone.call, **changes)) if phone.call else phone
