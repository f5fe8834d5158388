"""A handset on the network: what it does leaves as PDUs, SIP and RTP, what comes is waited for.

Rule: it waits for what its step will look at and no longer; where a subscriber is, what he was
charged and the clock go by the HTTP API.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from gateway.channels.smpp_sms import sms_pdus
from gateway.domain.numbers import normalise_short_number
from gateway.domain.port import Sms
from gateway.replay.api import Api
from gateway.replay.caller import Caller
from gateway.replay.handset import Action, Lost, NotPlayed, Received, Seen, Verb, Wants
from gateway.replay.network import Network
from gateway.replay.telephone import VERBS as BY_TELEPHONE
from gateway.replay.telephone import Telephone
from gateway.replay.waiting import Waiting
from gateway.wire.smpp.coding import encode_text
from gateway.wire.smpp.states import Role
from gateway.wire.smpp.ussd import Direction, Operation, Step, build, code_of

QUIET_SECONDS = 0.3
"""How long a handset listens where nothing more may come."""
TIMEOUT_SECONDS = 181.0
"""How far a clock is moved so that no dialogue waits any longer (dialogue_seconds_max)."""
GSM7, UCS2 = 0x0F, 0x48
_BY_USSD: frozenset[Verb] = frozenset(("dial", "answer"))


class LiveHandset:
    """One subscriber behind the binds of a network. A `Handset`."""

    def __init__(
        self, msisdn: str, network: Network, api: Api | None, caller: Caller | None = None
    ) -> None:
        """Without `api` nothing is known of charges, balances and the clock; without `caller` it
        cannot call."""
        self.msisdn = msisdn
        self._network = network
        self._api = api
        self._code = ""
        self._may_wait = False
        self._seen = Seen()
        self._waiting = Waiting(network.clock)
        self._telephone = Telephone(msisdn, caller, self._waiting)
        self._may_hear = caller is None or caller.api is not None

    async def act(self, action: Action, wants: Wants) -> Seen:
        api, msisdn = self._api, self.msisdn
        if api is None and (wants.charges or wants.balance):
            raise NotPlayed("charges and balances need the HTTP API and its token")
        in_call = self._telephone.is_busy and action.verb not in _BY_USSD
        by_telephone = in_call or action.verb in BY_TELEPHONE
        if by_telephone and wants.words and not self._may_hear:
            raise NotPlayed("what a call says needs the HTTP API and its token")
        charges = await api.charges(msisdn) if api and wants.charges else []
        balance = await api.balance(msisdn) if api and wants.balance else 0
        sms, self._seen = self._seen.sms, Seen()
        self._seen = Seen(sms=sms)  # what came since the action before belongs to this one
        await _ACTS[action.verb](self, action, wants)
        paged = by_telephone or not wants.text
        await self._waiting.until(lambda: self._has_come(paged, wants.sms), wants.within_seconds)
        if wants.quiet:
            await self._waiting.sleep(QUIET_SECONDS)
        said = await self._telephone.ended()
        seen, self._seen = self._seen, Seen()
        if said:
            words = " ".join(phrase for one in said for phrase in one.phrases)
            prompts = tuple(prompt for one in said for prompt in one.prompts)
            last = said[-1]
            seen = replace(
                seen, text=words, more=last.waits, asks_secret=last.secret, prompts=prompts
            )
        after = await api.charges(msisdn) if api and wants.charges else []
        change = await api.balance(msisdn) - balance if api and wants.balance else None
        return replace(
            seen,
            charges=tuple(after[len(charges) :]),
            balance_change=change,
            answer_seconds=self._telephone.answer_seconds() if by_telephone else None,
        )

    def _has_come(self, paged: bool, sms: int) -> bool:
        return len(self._seen.sms) >= sms and (paged or self._seen.text is not None)

    # --- what comes ---------------------------------------------------------------------------

    def page(self, text: str, more: bool) -> None:
        """A USSD page."""
        self._seen = Seen(text, more, self._seen.sms)
        self._may_wait = more
        self._waiting.look()

    def sms(self, received: Received) -> None:
        """A whole SMS."""
        seen = self._seen
        self._seen = Seen(seen.text, seen.more, (*seen.sms, received))
        self._waiting.look()

    def lost(self, fault: Lost) -> None:
        """No bind is left."""
        self._waiting.lost(fault)

    async def put_down(self) -> None:
        await self._telephone.hang_up(Wants())

    # --- actions ------------------------------------------------------------------------------

    async def _dial(self, action: Action, _wants: Wants) -> None:
        self._telephone.forget()
        self._code = code_of(action.text)
        await self._say(Step.BEGIN, action.text)

    async def _answer(self, action: Action, _wants: Wants) -> None:
        await self._say(Step.CONTINUE, action.text)

    async def _hang_up(self, _action: Action, wants: Wants) -> None:
        if self._telephone.was_used:
            await self._telephone.hang_up(wants)
        else:
            self._may_wait = False
            await self._say(Step.ABORT, "")

    async def _drop(self, action: Action, wants: Wants) -> None:
        if self._telephone.is_busy:
            await self._telephone.drop()
        else:
            await self._hang_up(action, wants)

    async def _say(self, step: Step, text: str) -> None:
        coding, octets = encode_text(text, gsm7=GSM7, ucs2=UCS2)
        operation = Operation(step, self.msisdn, self._code, octets, coding)
        try:
            pdu = build(operation, Direction.MO, Role.ESME)
        except ValueError as fault:
            raise NotPlayed(str(fault)) from None
        await self._network.send(pdu)

    async def _write(self, action: Action, _wants: Wants) -> None:
        self._may_wait = True  # nobody tells whether an SMS began a dialogue that waits
        number, now = normalise_short_number(action.to), self._network.clock.seconds()
        for pdu in sms_pdus(Sms(f"{now}", "", number, self.msisdn, action.text, now), Role.ESME):
            pdu.source_addr_ton, pdu.dest_addr_ton = 1, 0
            await self._network.send(pdu)

    async def _wait(self, action: Action, _wants: Wants) -> None:
        await self._waiting.sleep(action.seconds)

    async def _time_out(self, _action: Action, _wants: Wants) -> None:
        if self._telephone.is_busy:
            await self._telephone.silence()
        elif not self._may_wait:
            raise NotPlayed("nothing waits for an answer")
        else:
            self._may_wait = False
            await self._core("a time-out").advance(TIMEOUT_SECONDS)

    async def _advance(self, action: Action, _wants: Wants) -> None:
        if self._telephone.is_busy:
            raise NotPlayed("the clock of a call cannot be moved: write wait")
        await self._core("the clock").advance(action.seconds)

    async def _move(self, action: Action, _wants: Wants) -> None:
        await self._core("a move").locate(self.msisdn, action.text, action.to)

    async def _speak(self, action: Action, _wants: Wants) -> None:
        await self._core("a language").speak(self.msisdn, action.text)

    async def _call(self, action: Action, wants: Wants) -> None:
        await self._telephone.call(action, wants)

    async def _press(self, action: Action, wants: Wants) -> None:
        await self._telephone.press(action, wants)

    def _core(self, what: str) -> Api:
        if self._api is None:
            raise NotPlayed(f"{what} needs the HTTP API and its token")
        return self._api


_ACTS: dict[Verb, Callable[[LiveHandset, Action, Wants], Any]] = {
    "dial": LiveHandset._dial,
    "answer": LiveHandset._answer,
    "sms": LiveHandset._write,
    "hang_up": LiveHandset._hang_up,
    "drop": LiveHandset._drop,
    "timeout": LiveHandset._time_out,
    "wait": LiveHandset._wait,
    "advance": LiveHandset._advance,
    "move": LiveHandset._move,
    "language": LiveHandset._speak,
    "call": LiveHandset._call,
    "press": LiveHandset._press,
}
