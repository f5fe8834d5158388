"""What a hand does with the phone, carried out: over SMPP, over the API, in a call.

Rule: a verb becomes an `Action`, the action is noted in the phone's state, then it leaves; what a
gateway refuses is a notice, never an exception. Every change is told, so that it can be drawn.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import tzinfo
from typing import Any

from gateway.domain.money import kopecks
from gateway.phone import flows, handset, mistakes, picture, timeline
from gateway.phone.air import Air
from gateway.phone.async_api import AsyncApi, moment
from gateway.phone.calls import Calls
from gateway.phone.handset import Phone
from gateway.phone.line import Mistyped, NoConnection, Refused, Shown
from gateway.phone.mistakes import Mistake
from gateway.phone.radio import Down, Heard, Paged, Texted
from gateway.phone.typed import Typed, meant, refusal
from gateway.phone.verbs import VERBS
from gateway.phone.words import spoken
from gateway.replay.handset import MASK, Action, Received
from gateway.replay.visible import one_line
from gateway.wire.smpp.ussd import Step, code_of

PHONES_MAX = 100
LANGUAGES = ("ru", "en", "ru-Latn")


class Control:
    """One hand, and the phones it has held."""

    def __init__(self, api: AsyncApi, calls: Calls, msisdn: str, changed: Callable[[], None]):
        self.api = api
        self.calls = calls
        self._changed = changed
        self.air: Air | None = None
        """The bind; None while there is none."""
        self.phones: dict[str, Phone] = {msisdn: Phone(msisdn)}
        self.msisdn = msisdn
        self.typed = Typed()
        self.now: float | None = None
        """The gateway's clock; None where it does not tell."""
        self.notice = ""
        self.problems: list[Mistake] = []
        """Of files that were saved, in the order of their lines."""

    @property
    def zone(self) -> tzinfo:
        """That of the gateway's clock."""
        return self.api.zone

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
        """A typed line: a word that stands for a key, or an action."""
        self.typed = self.typed.entered(line.strip())
        try:
            doing = spoken(self, line) or self.do(meant(self.phone, line))
        except Mistyped as fault:
            self.say(str(fault))
            return
        await doing

    async def do(self, action: Action) -> None:
        """Carry out an action; what cannot be done now, or the gateway refuses, is said."""
        self.notice = refusal(self.phone, action)
        if self.notice:
            self._changed()
            return
        phone = self.phone = handset.acted(self.phone, action)
        try:
            await VERBS[action.verb](self, action)
        except (NoConnection, Refused) as fault:
            self.phone = handset.failed(self.phones[phone.msisdn], action)
            self.say(str(fault))

    async def press(self, key: str) -> None:
        """A key in the call under way."""
        await self.do(Action("press", key))

    async def time_out(self) -> None:
        """The page on show is not answered in time: the gateway's clock is moved."""
        await self.do(Action("timeout"))

    async def release(self) -> None:
        """Hang up: a call, else a dialogue."""
        await self.do(Action("hang_up"))

    async def drop(self) -> None:
        """The network loses the handset: a call falls silent; of a dialogue SMPP tells the gateway
        no more than that it is over."""
        in_call = self.phone.in_call
        await self.do(Action("drop"))
        if not self.notice:
            self.say("dropped" if in_call else "dropped; by SMPP that is told as a hang-up is")

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
        await self.do(Action("language", LANGUAGES[(at + 1) % len(LANGUAGES)]))
        if not self.notice:
            self.say(f"language {self.phone.profile['language']}, from the next page on")

    def save(self, name: str = "") -> None:
        """What was done here since the last file becomes a flow file."""
        phone = self.phone
        if len(phone.done) <= phone.kept:
            self.say("nothing was done yet that could be saved")
            return
        try:
            path, steps = flows.save(phone, name)
        except OSError as fault:
            self.say(f"{fault.filename}: {fault.strerror}")
            return
        self.phone = handset.saved(phone)
        self.say(f"saved {steps} steps; gateway replay {path}")

    async def put_down(self) -> None:
        """Hang up what the one in hand has open, and unbind."""
        phone, air = self.phone, self.air
        if phone.in_call:
            await self.calls.hang_up()
        if air is None:
            return
        if phone.in_dialogue:
            await air.ussd(Step.ABORT, phone.msisdn, code_of(phone.dialled), "")
        air.close()

    async def guarded(self, doing: Awaitable[Any]) -> None:
        """Do something; whatever goes wrong is said, for a phone never dies of a key."""
        try:
            await doing
        except Exception as bug:
            self.say(f"a bug of the phone: {bug!r}")

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
        if phone is None:  # a page of a dialogue that another of the account opened
            return
        if isinstance(heard, Paged):
            self.phone = handset.paged(phone, Shown(heard.text, heard.more))
        else:
            self.phone = handset.texted(phone, Received(heard.sender, heard.text))

    async def happened(self, event: Mapping[str, Any]) -> None:
        """Something was told by `/v1/events`."""
        if event["kind"] == "menus":
            self.problems = mistakes.in_order(event.get("problems", ()))
            self.say(picture.menus_notice(event, self._stays(event)))
        elif event["kind"] == "turn" and event.get("msisdn") in self.phones:
            self._turned(self.phones[event["msisdn"]], event)
            if event["msisdn"] == self.msisdn:
                await self.look()

    def miss_events(self, why: str) -> None:
        """Nothing is told by `/v1/events`."""
        line = one_line(f"no timeline: {why}")
        if self.phone.timeline[-1:] != (line,):
            self.phone = handset.told(self.phone, (line,))

    def _turned(self, phone: Phone, event: Mapping[str, Any]) -> None:
        phone = handset.told(phone, timeline.turn_lines(event, self.api.zone))
        charge, deadline = event.get("charge"), event.get("deadline")
        if charge:
            phone = handset.charged(phone, kopecks(charge["amount"]), charge["explanation"])
        if event.get("channel") == "ussd":
            until = moment(deadline) if deadline else phone.deadline
            phone = replace(phone, deadline=until, menus=event.get("menus", ""))
        if event.get("answer") == MASK:
            phone = handset.hushed(phone)
        self.phone = _of_call(phone, event) if event.get("channel") == "voice" else phone

    def _stays(self, event: Mapping[str, Any]) -> bool:
        """The dialogue in hand is held on other menus than those that were saved."""
        return self.phone.waits and self.phone.menus != event.get("version")

    async def look(self) -> None:
        """Read the subscriber and the clock; a gateway that does not tell is none to worry about
        here, its bind says so."""
        msisdn = self.msisdn
        try:
            found, self.now = await self.api.subscriber(msisdn), await self.api.now()
        except NoConnection:
            return
        except Refused as fault:
            self.say(str(fault))
            return
        self.phone = replace(self.phones[msisdn], profile=found)

    def knows(self, profile: Mapping[str, Any]) -> None:
        """A subscriber, as the API tells."""
        self.phone = replace(self.phones[profile["msisdn"]], profile=profile)

    async def tick(self) -> None:
        """A second of the phone has passed: the gateway's clock is read while it matters."""
        if self.phone.waits:
            try:
                self.now = await self.api.now()
            except (NoConnection, Refused):
                self.now = None
        self._changed()


def _of_call(phone: Phone, event: Mapping[str, Any]) -> Phone:
    """A turn of the call in hand; one of another call of the number's changes nothing."""
    dialogue = event.get("dialogue", "")
    if event.get("event") == "opened":
        phone = handset.begun(phone, dialogue)
    if phone.call is None or phone.call.dialogue != dialogue:
        return phone
    if event.get("event") == "timed_out" and phone.in_call:
        phone = handset.acted(phone, Action("timeout"))
    if event.get("cut"):
        phone = handset.barged_in(phone, event["cut"])
    return handset.said(phone, timeline.prompts_of(event))
