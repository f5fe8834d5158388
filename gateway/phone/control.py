"""What a hand does with the phone, carried out: over SMPP, over the API, in a call.

Rule: a verb becomes an `Action`, the action is noted in the phone's state, then it leaves; what a
gateway refuses is a notice, never an exception. Every change is told, so that it can be drawn.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from gateway.domain.money import kopecks
from gateway.phone import flows, handset, picture
from gateway.phone.air import Air
from gateway.phone.async_api import AsyncApi, moment
from gateway.phone.calls import Calls
from gateway.phone.handset import EVENTS_MAX, Mistyped, Phone, Typed, meant
from gateway.phone.line import NoConnection, Refused, Shown
from gateway.phone.link import code_of
from gateway.phone.radio import Down, Heard, Paged, Texted
from gateway.replay.handset import Action, Received, Verb
from gateway.replay.recording import entries
from gateway.replay.visible import one_line
from gateway.wire.smpp.ussd import Step

PHONES_MAX = 100
LANGUAGES = ("ru", "en", "ru-Latn")
LATE_SECONDS = 1.0
"""How far past its deadline a page is left when it times out."""
_STILL = "the clock is the system's: serve with --clock movable to pass time"


class Control:
    """One hand, and the phones it has held."""

    def __init__(self, api: AsyncApi, calls: Calls, msisdn: str, changed: Callable[[], None]):
        self._api = api
        self._calls = calls
        self._changed = changed
        self.air: Air | None = None
        """The bind; None while there is none."""
        self.phones: dict[str, Phone] = {msisdn: Phone(msisdn)}
        self.msisdn = msisdn
        self.typed = Typed()
        self.now: float | None = None
        """The gateway's clock; None where it does not tell."""
        self.notice = ""
        self.timeline: deque[str] = deque(maxlen=EVENTS_MAX)
        self.problems: list[str] = []
        """Of files that were saved with mistakes."""

    @property
    def phone(self) -> Phone:
        """The one in hand."""
        return self.phones[self.msisdn]

    @phone.setter
    def phone(self, phone: Phone) -> None:
        self.phones[phone.msisdn] = phone
        self._changed()

    def say(self, notice: str) -> None:
        """One line for the person."""
        self.notice = one_line(notice)
        self._changed()

    # --- what a hand does ---------------------------------------------------------------------

    async def enter(self, line: str) -> None:
        """A typed line."""
        self.typed = self.typed.entered(line.strip())
        try:
            action = meant(self.phone, line)
        except Mistyped as fault:
            self.say(str(fault))
            return
        await self.do(action)

    async def do(self, action: Action) -> None:
        """Carry out an action; what the gateway refuses is said."""
        self.notice = ""
        phone = self.phone = handset.acted(self.phone, action)
        try:
            await _VERBS[action.verb](self, action)
        except (NoConnection, Refused) as fault:
            self.phone = handset.failed(self.phones[phone.msisdn], action)
            self.say(str(fault))

    async def press(self, key: str) -> None:
        """A key in the call under way."""
        await self.do(Action("press", key))

    async def time_out(self) -> None:
        """The page on show is not answered in time: the gateway's clock is moved."""
        left = (self.phone.deadline or 0) - (self.now or 0)
        await self.do(Action("timeout", seconds=max(0.0, left) + LATE_SECONDS))

    async def release(self) -> None:
        """Hang up: a call, else a dialogue."""
        await self.do(Action("hang_up"))

    async def redial(self) -> None:
        """The last code once more."""
        if self.phone.dialled:
            await self.do(Action("dial", self.phone.dialled))

    async def take(self, msisdn: str) -> None:
        """Another subscriber's phone; a dialogue of the first one stays open."""
        if msisdn not in self.phones and len(self.phones) >= PHONES_MAX:
            self.say(f"{PHONES_MAX} phones are in hand")
            return
        self.msisdn = msisdn
        self.phone = self.phones.get(msisdn) or Phone(msisdn)
        self.notice = ""
        await self.look()

    async def move(self, plmn: str, region: str) -> None:
        """To another network."""
        await self.do(Action("move", plmn, region))

    def read(self) -> None:
        """The SMS were seen."""
        self.phone = replace(self.phone, unread=0)

    async def turn_language(self) -> None:
        """The next language."""
        at = LANGUAGES.index(str(self.phone.profile.get("language", LANGUAGES[-1])))
        language = LANGUAGES[(at + 1) % len(LANGUAGES)]
        changed = await self._try(self._api.change(self.msisdn, language=language))
        if changed is not None:
            self._knows(changed)
            self.say(f"language {language}, from the next page on")

    def save(self, folder: Path | None = None) -> None:
        """What was just done here becomes a flow file."""
        if not self.phone.done:
            self.say("nothing was done yet that could be saved")
            return
        try:
            path = flows.save(self.phone, folder)
        except OSError as fault:
            self.say(f"{fault.filename}: {fault.strerror}")
            return
        steps = sum(1 for _ in entries(self.phone.done))
        self.say(f"saved {steps} steps; gateway replay {path}")

    async def _try(self, doing: Awaitable[Any]) -> Any:
        try:
            return await doing
        except (NoConnection, Refused) as fault:
            self.say(str(fault))
        return None

    # --- verbs --------------------------------------------------------------------------------

    async def _ussd(self, step: Step, text: str) -> None:
        if self.air is None:
            raise NoConnection("not bound to the gateway")
        await self.air.ussd(step, self.msisdn, code_of(self.phone.dialled), text)

    async def _dial(self, action: Action) -> None:
        await self._ussd(Step.BEGIN, action.text)

    async def _answer(self, action: Action) -> None:
        await self._ussd(Step.CONTINUE, action.text)

    async def _end(self, _action: Action) -> None:
        call = self.phone.call
        if call is not None and call.up:
            await self._calls.hang_up()
        else:
            await self._ussd(Step.ABORT, "")

    async def _write(self, action: Action) -> None:
        if self.air is None:
            raise NoConnection("not bound to the gateway")
        await self.air.text(self.msisdn, action.to, action.text)

    async def _time_out(self, action: Action) -> None:
        try:
            self.now = await self._api.advance(action.seconds)
        except Refused:
            raise Refused(_STILL) from None

    async def _move(self, action: Action) -> None:
        self._knows(await self._api.locate(self.msisdn, action.text, action.to))

    async def _call(self, action: Action) -> None:
        msisdn = self.msisdn

        def told(state: str, words: str) -> None:
            phone, now = self.phones[msisdn], time.monotonic()
            if state == "talking":
                phone = handset.talking(phone, now)
            elif state == "over":
                phone = handset.hung_up(phone, words or state, now)
            self.phone = phone

        self.phone = handset.calling(self.phone, action.text, "calling")
        try:
            await self._calls.call(msisdn, action.text, told)
        except (NoConnection, Refused) as fault:
            told("over", str(fault))
            raise

    async def _press(self, action: Action) -> None:
        await self._calls.press(action.text)
        self.phone = handset.pressed(self.phone, action.text)

    # --- what comes ---------------------------------------------------------------------------

    def heard(self, heard: Heard) -> None:
        """Something came by the bind."""
        if isinstance(heard, Down):
            self.air = None
            self.say(f"{heard.reason}; trying again")
            return
        if not isinstance(heard, Paged | Texted):
            return
        phone = self.phones.get(heard.msisdn)
        if phone is None:  # the bind is the network's: SMS of others pass by it
            return
        if isinstance(heard, Paged):
            self.phone = handset.paged(phone, Shown(heard.text, heard.more))
        else:
            self.phone = handset.texted(phone, Received(heard.sender, heard.text))

    async def happened(self, event: Mapping[str, Any]) -> None:
        """Something was told by `/v1/events`."""
        if event["kind"] == "menus":
            self.problems = picture.problem_lines(event)
            self.say(picture.menus_notice(event, self.phone.waits))
        elif event["kind"] == "turn" and event.get("msisdn") in self.phones:
            self._turned(self.phones[event["msisdn"]], event)
            if event["msisdn"] == self.msisdn:
                await self.look()

    def miss_events(self, why: str) -> None:
        """Nothing is told by `/v1/events`."""
        self.timeline.append(one_line(f"no timeline: {why}"))
        self._changed()

    def _turned(self, phone: Phone, event: Mapping[str, Any]) -> None:
        if phone.msisdn == self.msisdn:
            self.timeline.extend(picture.turn_lines(event))
        charge, deadline = event.get("charge"), event.get("deadline")
        if charge:
            phone = handset.charged(phone, kopecks(charge["amount"]), charge["explanation"])
        if deadline and event.get("channel") == "ussd":
            phone = replace(phone, deadline=moment(deadline))
        if event.get("channel") == "voice" and event.get("event") == "timed_out":
            phone = handset.acted(phone, Action("timeout"))
        self.phone = handset.said(phone, picture.prompts_of(event))

    async def look(self) -> None:
        """Read the subscriber and the clock; a gateway that does not tell is none to worry about
        here, its bind says so."""
        msisdn = self.msisdn
        try:
            found, self.now = await self._api.subscriber(msisdn), await self._api.now()
        except NoConnection:
            return
        except Refused as fault:
            self.say(str(fault))
            return
        self.phone = replace(self.phones[msisdn], profile=found)

    def _knows(self, profile: Mapping[str, Any]) -> None:
        self.phone = replace(self.phone, profile=profile)

    async def tick(self) -> None:
        """A second of the phone has passed: the gateway's clock is read while it matters."""
        if self.phone.waits:
            try:
                self.now = await self._api.now()
            except (NoConnection, Refused):
                self.now = None
        self._changed()


_VERBS: Mapping[Verb, Callable[[Control, Action], Awaitable[None]]] = {
    "dial": Control._dial,
    "answer": Control._answer,
    "sms": Control._write,
    "call": Control._call,
    "press": Control._press,
    "hang_up": Control._end,
    "drop": Control._end,
    "timeout": Control._time_out,
    "move": Control._move,
}
