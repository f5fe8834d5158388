"""A conversation held line by line, and kept as the steps of a flow.

Rule: it is held on the very handsets that flows are replayed on, in process and over the network,
so what was recorded replays. What is typed at a question for a secret is kept as a secret.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gateway.domain.port import LANGUAGES
from gateway.phone.first_day import made_as_now
from gateway.phone.handset import Call, Phone
from gateway.phone.line import Mistyped, Shown
from gateway.phone.typed import meant, refusal
from gateway.replay.handset import MASK, Action, Handset, Lost, NotPlayed, Seen, Verb, Wants
from gateway.replay.model import SECONDS_MAX
from gateway.replay.recording import Done
from gateway.replay.script import ZONES
from gateway.replay.visible import visible
from gateway.service.replaying import Target, api_of, calling, handsets

if TYPE_CHECKING:
    from gateway.service.config import Config
    from gateway.service.rehearsal import Rehearsal

Show = Callable[[str], None]
Read = Callable[[bool], Awaitable[str]]
"""The next line, empty at their end; True: an answer or keys are waited for."""
SMS_SECONDS_MAX = 3.0
PAGE_SECONDS_MAX = 10.0

WORDS: Mapping[str, Verb] = {"late": "timeout", "drop": "drop", "end": "hang_up"}
"""Words of the input line, as those of the phone in line mode."""
_SAYING: tuple[Verb, ...] = ("dial", "answer", "call", "press", "timeout")
_CALLED = re.compile(r"[0+][0-9]{2,19}")
"""A number, which is no code: it is called."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was done, and what was not."""

    steps: tuple[Done, ...]
    refused: tuple[str, ...] = ()
    """Lines that could not be done."""
    unknown: tuple[str, ...] = ()
    """Codes that the gateway did not know."""
    lost: str = ""
    """How the gateway went away in the middle."""


class Recorder:
    """One handset in hand."""

    def __init__(self, handset: Handset, show: Show, may_hear: bool = True) -> None:
        """`may_hear`: what a call says can be known."""
        self.done: list[Done] = []
        self.refused: list[str] = []
        """Lines that could not be done."""
        self._handset = handset
        self._show = show
        self._may_hear = may_hear
        self._phone = Phone(handset.msisdn)
        self._asked = self._secret = False

    @property
    def waits(self) -> bool:
        """An answer or keys are waited for."""
        return self._phone.waits or self._phone.in_call

    async def record(self, read: Read) -> None:
        """Until the lines end. Raises Lost."""
        while line := await read(self.waits):
            await self.take(line)
        if self._phone.waits:
            await self._handset.act(Action("hang_up"), Wants(text=False))
        await self._handset.put_down()

    async def take(self, line: str) -> None:
        """Do what a line says, or tell why not. Raises Lost."""
        try:
            action = _meant(self._phone, line)
            silence = action.verb == "timeout" and self._phone.in_call
            if not silence and (why := refusal(self._phone, action)):
                raise Mistyped(why)
            self._secret = self._asked and action.verb in ("answer", "press")
            seen = await self._handset.act(action, self._wants(action.verb))
        except (Mistyped, NotPlayed) as fault:
            self.refused.append(line)
            self._show(str(fault))
            return
        self.done.append(Done(replace(action, secret=self._secret), seen))
        self._phone = _after(self._phone, action, seen)
        if seen.text is not None:
            self._asked = seen.asks_secret
        for told in _told(seen):
            self._show(told)

    def was_secret(self) -> None:
        """The gateway told that what is being said is a secret."""
        self._secret = True

    def _wants(self, verb: Verb) -> Wants:
        says = verb in _SAYING
        return Wants(
            text=says,
            words=says and self._may_hear,
            sms=int(verb == "sms"),
            quiet=True,
            within_seconds=PAGE_SECONDS_MAX if says else SMS_SECONDS_MAX,
        )


def _meant(phone: Phone, line: str) -> Action:
    """The action of a line. Raises Mistyped."""
    word, _, rest = line.strip().partition(" ")
    rest = rest.strip()
    if word == "zone":
        if rest.upper() not in ZONES:
            raise Mistyped(f"a zone is one of {', '.join(ZONES)}")
        return Action("move", *ZONES[rest.upper()])
    if word == "lang":
        if rest not in LANGUAGES:
            raise Mistyped(f"a language is one of {', '.join(LANGUAGES)}")
        return Action("language", rest)
    if word == "pass":
        if not rest.isdecimal() or not 0 < int(rest) <= SECONDS_MAX:
            raise Mistyped("time passes in seconds, as pass 3600")
        return Action("advance", seconds=float(rest))
    if _CALLED.fullmatch(line.strip()) and not (phone.waits or phone.in_call):
        return Action("call", line.strip())
    return Action(WORDS[word]) if word in WORDS and not rest else meant(phone, line)


def _after(phone: Phone, action: Action, seen: Seen) -> Phone:
    """The phone with what came: whether a page or a call waits."""
    if action.verb in ("hang_up", "drop"):
        return Phone(phone.msisdn)
    if action.verb == "call" or (phone.in_call and action.verb in ("press", "timeout")):
        state = "talking" if seen.more else "over"
        return replace(phone, shown=None, call=Call(action.text, state))
    return phone if seen.text is None else replace(phone, shown=Shown(seen.text, seen.more))


def _told(seen: Seen) -> Iterator[str]:
    if seen.text is not None:
        yield visible(seen.text)
    for sms in seen.sms:
        yield visible(f"> sms from {sms.sender}: {sms.text}")


# --- in process -----------------------------------------------------------------------------------


def record_here(config: Config, msisdn: str, read: Callable[[bool], str], show: Show) -> Recorded:
    """On the demo data as new. Raises Fault for menus that cannot be served."""
    from gateway.service.rehearsal import at_once

    async def line(waits: bool) -> str:
        return read(waits)

    with _rehearsal(config, msisdn) as rehearsal:
        recorder = Recorder(rehearsal.handset(msisdn), show)
        at_once(recorder.record(line))
        recorded = Recorded(tuple(recorder.done), tuple(recorder.refused))
        return _compared(rehearsal, msisdn, recorded)


def compared(config: Config, msisdn: str, recorded: Recorded) -> Recorded:
    """With what was seen again another day. Raises Fault for menus that cannot be served."""
    with _rehearsal(config, msisdn) as rehearsal:
        return _compared(rehearsal, msisdn, recorded)


def _compared(rehearsal: Rehearsal, msisdn: str, recorded: Recorded) -> Recorded:
    from gateway.service.another_day import done_again, unknown_codes

    unknown = unknown_codes(rehearsal, recorded.steps)
    again = done_again(rehearsal, msisdn, recorded.steps)
    return replace(recorded, steps=tuple(again), unknown=tuple(unknown))


def _rehearsal(config: Config, msisdn: str) -> Rehearsal:
    """With the number, or one that stands in for it."""
    # a page is on show before the account core is imported
    from gateway.service.rehearsal import Rehearsal
    from gateway.service.rehearsing import numbers_needed

    return Rehearsal(config, numbers_needed([msisdn]) or 1)


# --- over the network -----------------------------------------------------------------------------


async def record_there(
    target: Target, msisdn: str, read: Callable[[bool], str], show: Show, reactor: Any
) -> Recorded:
    """On a gateway that runs. What its number is otherwise than on the first day of the demo data
    is what the flow begins with. Raises Lost where nothing was done yet."""
    from twisted.internet.defer import Deferred

    from gateway.replay.api import TURNS

    api = api_of(target, reactor)
    caller = calling(target, api, reactor)

    def line(waits: bool) -> Deferred[str]:
        found: Deferred[str] = Deferred()

        def work() -> None:
            reactor.callFromThread(found.callback, read(waits))

        # a thread that ends with the process: nothing waits for a line that nobody types
        threading.Thread(target=work, daemon=True).start()
        return found

    def told(turn: Mapping[str, Any]) -> None:
        if turn["msisdn"] == msisdn and turn["answer"] == MASK:
            recorder.was_secret()

    async with handsets(target, 1, caller, api, reactor) as handset_of:
        if caller is not None:
            try:
                await caller.open()
            except Lost as fault:
                show(f"nothing can be called: {fault}")
        recorder = Recorder(handset_of(msisdn), show, may_hear=api is not None)
        before: tuple[Done, ...] = ()
        if api is not None:
            await api.follow(told, lambda _lost: None, TURNS)
            profile = await api.subscriber(msisdn)
            before = tuple(Done(action, Seen()) for action in made_as_now(msisdn, profile))
        lost = ""
        try:
            await recorder.record(line)
        except Lost as fault:
            if not recorder.done:
                raise
            lost = str(fault)
        return Recorded((*before, *recorder.done), tuple(recorder.refused), lost=lost)
