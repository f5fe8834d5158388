"""What stands behind the HTTP API: the desk for what acts, the reader for what only looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from twisted.internet.defer import Deferred, inlineCallbacks, succeed

from gateway.accounts.answers import Accounts
from gateway.accounts.bonus import earn
from gateway.accounts.cards import kept
from gateway.accounts.sign_up import sign_up
from gateway.channels.core import (
    ChargeView,
    Listener,
    MessageView,
    SubscriberView,
    UssdAnswer,
)
from gateway.channels.desk import Desk, Failed, sms_dialogue
from gateway.channels.http_link import HttpLink
from gateway.channels.refusals import Answer, Refusal
from gateway.charging.roaming import place_of
from gateway.domain.numbers import normalise_msisdn, normalise_short_number
from gateway.domain.port import Arrival, Opened
from gateway.service.api_access import AccessApi
from gateway.service.api_companies import CompaniesApi
from gateway.service.api_work import put
from gateway.service.clock import Clock, ManualClock
from gateway.service.live import LiveEvents
from gateway.service.secrets import Argon2Hasher
from gateway.service.views import UNKNOWN, charge_view, message_view, subscriber_view
from gateway.store.errors import StoreUnavailable
from gateway.store.reader import Reader
from gateway.store.unit import SqlUnit
from gateway.turn.outcome import Outcome
from gateway.turn.unit import Busy

T = TypeVar("T")

MESSAGES_MAX = 1_000
CHARGES_MAX = 1_000


class Api:
    """Implements `channels.core.Core`."""

    def __init__(
        self,
        desk: Desk,
        http_link: HttpLink,
        reader: Reader,
        clock: Clock,
        hasher: Argon2Hasher,
        live: LiveEvents,
        reactor: Any,
        ready: Callable[[], str],
        settle: Callable[[], Any],
    ) -> None:
        self._desk = desk
        self._http = http_link
        self._reader = reader
        self._clock = clock
        self._live = live
        self.ready = ready
        self._settle = settle
        self._accounts: Accounts = desk.world.accounts
        self.companies = CompaniesApi(desk, clock, self._look)
        self.access = AccessApi(desk, clock, hasher, reactor)

    # --- looking ------------------------------------------------------------------------------

    def subscriber(self, msisdn: str) -> Answer[SubscriberView]:
        """A number as it is now."""
        return self._look(lambda unit: subscriber_view(unit, msisdn, self._accounts.core.policy))

    def messages(self, msisdn: str) -> Answer[tuple[MessageView, ...]]:
        """SMS sent to it, oldest first."""

        def read(unit: SqlUnit) -> tuple[MessageView, ...] | Refusal:
            if unit.book.subscriber(msisdn) is None:
                return UNKNOWN
            found = unit.messages(msisdn, MESSAGES_MAX)
            return tuple(message_view(message) for message in found)

        return self._look(read)

    def charges(self, msisdn: str) -> Answer[tuple[ChargeView, ...]]:
        """What it paid, and what it was not charged for, oldest first."""

        def read(unit: SqlUnit) -> tuple[ChargeView, ...] | Refusal:
            if unit.book.subscriber(msisdn) is None:
                return UNKNOWN
            found = unit.book.charges(msisdn, CHARGES_MAX)
            return tuple(charge_view(charge) for charge in reversed(found))

        return self._look(read)

    def _look(self, query: Callable[[SqlUnit], T | Refusal]) -> Deferred[T | Refusal]:
        try:
            return succeed(self._reader.read(query))
        except StoreUnavailable as fault:
            return succeed(Refusal("store_unavailable", detail=str(fault)))

    # --- changing -----------------------------------------------------------------------------

    def add_subscriber(self, msisdn: str, values: Mapping[str, Any]) -> Answer[SubscriberView]:
        """Sign up a private number."""
        core, now = self._accounts.core, self._clock.now()

        def work(unit: SqlUnit) -> SubscriberView | Refusal:
            outcome = sign_up(core, unit.book, msisdn, now=now, **values)
            if outcome != "ok":
                return Refusal(outcome)
            return subscriber_view(unit, msisdn, core.policy)

        return put(self._desk, work)

    def patch(self, msisdn: str, changes: Mapping[str, str | bool]) -> Answer[SubscriberView]:
        """Change what an administrator may change of a number."""
        given = dict(changes)
        if "card" in given:
            given["card"] = kept(self._accounts.core.cards, str(given["card"]))

        def work(unit: SqlUnit) -> SubscriberView | Refusal:
            unit.book.update_subscriber(msisdn, given)  # type: ignore[arg-type]
            return subscriber_view(unit, msisdn, self._accounts.core.policy)

        return put(self._desk, work)

    def locate(self, msisdn: str, plmn: str, region: str) -> Answer[SubscriberView]:
        """Register it in a network; the zone follows."""
        region, zone = place_of(plmn, region, self._accounts.core.terms)

        def work(unit: SqlUnit) -> SubscriberView | Refusal:
            unit.book.update_subscriber(
                msisdn,
                {"plmn": plmn, "region": region, "zone": zone},
            )
            return subscriber_view(unit, msisdn, self._accounts.core.policy)

        return put(self._desk, work)

    def device(self, msisdn: str, amount: int, receipt: str) -> Answer[SubscriberView]:
        """A shop sold it a device: its bonus points, once a receipt (F17)."""
        core, now = self._accounts.core, self._clock.now()

        def work(unit: SqlUnit) -> SubscriberView | Refusal:
            found = unit.book.subscriber(msisdn)
            if found is not None:
                key = f"device:{msisdn}:{receipt}"
                earn(core, unit.book, found, "device", amount, now, key)
            return subscriber_view(unit, msisdn, core.policy)

        return put(self._desk, work)

    def ussd(self, msisdn: str, text: str, dialogue: str) -> Answer[UssdAnswer]:
        """Dial, or answer a dialogue."""
        return self._http.ussd(msisdn, text, dialogue)

    def sms(self, sender: str, to: str, text: str) -> Answer[str]:
        """Take an SMS as if the network had brought it."""
        msisdn = normalise_msisdn(sender)
        if msisdn is None:
            return succeed(Refusal("number_malformed", field="from"))
        number = normalise_short_number(to)
        message_id = self._desk.ids.next()
        arrival = Arrival(
            "sms",
            "",
            msisdn,
            number,
            sms_dialogue("", msisdn, number),
            Opened(text),
            message_id=message_id,
            trace=message_id,
        )
        answer: Deferred[str | Refusal] = Deferred()

        def done(outcome: Outcome | Failed) -> None:
            answer.callback(
                Refusal("store_unavailable") if isinstance(outcome, Failed) else message_id
            )

        try:
            self._desk.submit(arrival, done)
        except Busy:
            return succeed(Refusal("busy"))
        return answer

    # --- time and events ----------------------------------------------------------------------

    def now(self) -> float:
        """The service's clock."""
        return self._clock.now()

    @property
    def utc_offset_seconds(self) -> int:
        """Of the operator's wall clock."""
        return self._accounts.core.utc_offset_seconds

    @inlineCallbacks
    def advance(self, seconds: float) -> Any:
        """Move a manual clock, and do what is then due."""
        if not isinstance(self._clock, ManualClock):
            return Refusal("clock_is_system")
        try:
            now = self._clock.advance(seconds)
        except ValueError as fault:
            return Refusal("advance_out_of_range", detail=str(fault), field="advance_seconds")
        self._desk.tick()
        yield self._settle()
        # the answer comes behind what was due: read before the first of these, done before the last
        yield put(self._desk, lambda _: None)
        answer = yield put(self._desk, lambda _: now)
        return answer

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear what happens from now on."""
        return self._live.subscribe(listener)
