"""A handset behind the binds of a network: what it does leaves as PDUs, what comes is waited for.

Rule: it waits for what its step will look at and no longer; where a subscriber is, what he was
charged and the clock go by the HTTP API.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred

from gateway.channels.smpp_sms import sms_pdus
from gateway.domain.numbers import normalise_short_number, service_code
from gateway.domain.port import Sms
from gateway.replay.api import Api
from gateway.replay.handset import Action, Lost, NotPlayed, Received, Seen, Verb, Wants
from gateway.replay.network import Network
from gateway.wire.smpp.coding import encode_text
from gateway.wire.smpp.states import Role
from gateway.wire.smpp.ussd import Direction, Operation, Step, build

QUIET_SECONDS = 0.3
"""How long a handset listens where nothing more may come."""
TIMEOUT_SECONDS = 181.0
"""How far a clock is moved so that no dialogue waits any longer (dialogue_seconds_max)."""
GSM7, UCS2 = 0x0F, 0x48


class LiveHandset:
    """One subscriber behind the binds of a network. A `Handset`."""

    def __init__(self, msisdn: str, network: Network, api: Api | None) -> None:
        self.msisdn = msisdn
        self._network = network
        self._api = api
        self._code = ""
        self._seen = Seen()
        self._wanted: Callable[[Seen], bool] = bool
        self._waiting: Deferred[None] | None = None
        self._gone: Lost | None = None

    async def act(self, action: Action, wants: Wants) -> Seen:
        api, msisdn = self._api, self.msisdn
        if api is None and (wants.charges or wants.balance):
            raise NotPlayed("charges and balances need the HTTP API and its token")
        charges = await api.charges(msisdn) if api and wants.charges else []
        balance = await api.balance(msisdn) if api and wants.balance else 0
        sms, self._seen = self._seen.sms, Seen()
        self._seen = Seen(sms=sms)  # what came since the action before belongs to this one
        await _ACTS[action.verb](self, action)
        await self._until(lambda seen: _enough(seen, wants), wants.within_seconds)
        if wants.quiet:
            await self._until(lambda seen: False, QUIET_SECONDS)
        seen, self._seen = self._seen, Seen()
        after = await api.charges(msisdn) if api and wants.charges else []
        change = await api.balance(msisdn) - balance if api and wants.balance else None
        return Seen(
            seen.text, seen.more, seen.sms, tuple(after[len(charges) :]), balance_change=change
        )

    # --- what comes ---------------------------------------------------------------------------

    def page(self, text: str, more: bool) -> None:
        """A USSD page."""
        self._seen = Seen(text, more, self._seen.sms)
        self._look()

    def sms(self, received: Received) -> None:
        """A whole SMS."""
        seen = self._seen
        self._seen = Seen(seen.text, seen.more, (*seen.sms, received))
        self._look()

    def lost(self, fault: Lost) -> None:
        """No bind is left."""
        self._gone = fault
        if self._waiting is not None and not self._waiting.called:
            self._waiting.errback(fault)

    def _look(self) -> None:
        if self._waiting is not None and not self._waiting.called and self._wanted(self._seen):
            self._waiting.callback(None)

    async def _until(self, wanted: Callable[[Seen], bool], seconds: float) -> None:
        """Wait until what was seen is enough, or the time is over. Raises Lost."""
        if self._gone is not None:
            raise self._gone
        if wanted(self._seen):
            return
        self._wanted, self._waiting = wanted, Deferred()
        waiting = self._waiting
        timer: Any = self._network.clock.callLater(seconds, waiting.callback, None)
        try:
            await waiting
        finally:
            self._waiting = None
            if timer.active():
                timer.cancel()

    # --- actions ------------------------------------------------------------------------------

    async def _dial(self, action: Action) -> None:
        self._code = service_code(action.text).strip("*#")
        await self._say(Step.BEGIN, action.text)

    async def _answer(self, action: Action) -> None:
        await self._say(Step.CONTINUE, action.text)

    async def _end(self, _action: Action) -> None:
        await self._say(Step.ABORT, "")

    async def _say(self, step: Step, text: str) -> None:
        coding, octets = encode_text(text, gsm7=GSM7, ucs2=UCS2)
        operation = Operation(step, self.msisdn, self._code, octets, coding)
        try:
            pdu = build(operation, Direction.MO, Role.ESME)
        except ValueError as fault:
            raise NotPlayed(str(fault)) from None
        await self._network.send(pdu)

    async def _write(self, action: Action) -> None:
        number, now = normalise_short_number(action.to), self._network.clock.seconds()
        for pdu in sms_pdus(Sms(f"{now}", "", number, self.msisdn, action.text, now), Role.ESME):
            pdu.source_addr_ton, pdu.dest_addr_ton = 1, 0
            await self._network.send(pdu)

    async def _wait(self, action: Action) -> None:
        await self._until(lambda seen: False, action.seconds)

    async def _time_out(self, _action: Action) -> None:
        await self._core("a time-out").advance(TIMEOUT_SECONDS)

    async def _advance(self, action: Action) -> None:
        await self._core("the clock").advance(action.seconds)

    async def _move(self, action: Action) -> None:
        await self._core("a move").locate(self.msisdn, action.text, action.to)

    async def _call(self, _action: Action) -> None:
        raise NotPlayed("calls need SIP, and this network speaks SMPP")

    def _core(self, what: str) -> Api:
        if self._api is None:
            raise NotPlayed(f"{what} needs the HTTP API and its token")
        return self._api


def _enough(seen: Seen, wants: Wants) -> bool:
    return len(seen.sms) >= wants.sms and (seen.text is not None or not wants.text)


_ACTS: dict[Verb, Callable[[LiveHandset, Action], Any]] = {
    "dial": LiveHandset._dial,
    "answer": LiveHandset._answer,
    "sms": LiveHandset._write,
    "hang_up": LiveHandset._end,
    "drop": LiveHandset._end,
    "timeout": LiveHandset._time_out,
    "wait": LiveHandset._wait,
    "advance": LiveHandset._advance,
    "move": LiveHandset._move,
    "call": LiveHandset._call,
    "press": LiveHandset._call,
}
