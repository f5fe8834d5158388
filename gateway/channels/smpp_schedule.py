"""Messages with a schedule_delivery_time (SMPP v3.4 §5.2.15): kept in the store until they are due.

Taken out and acted on in one transaction, so that each is acted on once, whatever happens. Until
then query_sm finds it SCHEDULED, cancel_sm takes it back and replace_sm changes it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from twisted.logger import Logger

from gateway.channels.desk import Desk, Failed, nothing, sms_dialogue
from gateway.channels.smpp_sms import Submitted
from gateway.channels.smpp_submit import settle
from gateway.domain.numbers import normalise_msisdn, normalise_short_number
from gateway.domain.port import Arrival, Opened
from gateway.turn.outcome import Outcome
from gateway.turn.unit import Busy, Scheduled, Unit
from gateway.wire.smpp.errors import ProtocolError
from gateway.wire.smpp.pdu import SubmitSm
from gateway.wire.smpp.receipt import MessageState
from gateway.wire.smpp.status import Status
from gateway.wire.smpp.times import parse_time

if TYPE_CHECKING:
    from gateway.channels.smpp_link import SmppLink
    from gateway.channels.smpp_peer import SmppPeer

log = Logger()

AHEAD_SECONDS_MAX = 31 * 86_400.0
"""How far ahead a message may be scheduled."""
DUE_MAX = 500
"""Acted on in one tick; the rest follow in the next."""
AGAIN_SECONDS = 1.0
"""Pause after a store that was busy."""


def moment_of(text: str, now: float) -> float:
    """The epoch seconds a schedule_delivery_time names; `now` where that is past or empty.

    Raises ProtocolError (ESME_RINVSCHED) for one too far ahead.
    """
    named = parse_time(text)
    if named is None:
        return now
    at = named.timestamp() if isinstance(named, datetime) else now + named.total_seconds()
    if at > now + AHEAD_SECONDS_MAX:
        raise ProtocolError(Status.ESME_RINVSCHED, "too far ahead")
    return max(at, now)


class Schedule:
    """The messages that wait, of all links."""

    def __init__(self, desk: Desk, links: Mapping[str, SmppLink]) -> None:
        self._desk = desk
        self._links = links
        self._next = -math.inf
        self._reading = False

    def due(self, pdu: SubmitSm) -> float:
        """When to act on it, in epoch seconds; 0 for at once. Raises ProtocolError."""
        now = self._desk.now()
        at = moment_of(pdu.schedule_delivery_time, now)
        return at if at > now else 0.0

    def put(
        self, link: SmppLink, peer: SmppPeer, submitted: Submitted, arrival: Arrival, due: float
    ) -> None:
        """Keep a message and answer it. Raises Busy."""
        pdu, now, limits = submitted.pdu, self._desk.now(), self._desk.world.limits
        row = Scheduled(
            submitted.message_id,
            link.name,
            pdu.source_addr,
            pdu.destination_addr,
            pdu.service_type,
            getattr(arrival.event, "text", ""),
            pdu.data_coding,
            pdu.registered_delivery,
            due,
        )

        def work(unit: Unit) -> str:
            until = now + (arrival.replay_seconds or limits.replay_seconds_max)
            first = unit.claim(arrival.replay_key, row.id, now, until)
            if first is None:
                unit.schedule(row)
            return first or row.id

        def done(result: Any) -> None:
            if isinstance(result, BaseException):
                log.error("a message could not be scheduled", error=repr(result))
                peer.session.respond(pdu, Status.ESME_RSYSERR)
            else:
                self.changed(due)
                peer.session.respond(pdu, message_id=result)
            link.touch(peer)

        self._desk.put(work, done)

    def changed(self, due: float) -> None:
        """Something is due then."""
        self._next = min(self._next, due)

    def tick(self) -> None:
        """Act on what is due; asks the store only when something is."""
        now = self._desk.now()
        if self._reading or now < self._next:
            return
        self._next = math.inf

        def done(result: Any) -> None:
            self._reading = False
            if isinstance(result, BaseException):
                self.changed(now + AGAIN_SECONDS)
                return
            for row in result:
                if row.due > now:
                    self.changed(row.due)
                else:
                    self._act(row, now)
            if len(result) == DUE_MAX:
                self.changed(now)

        self._reading = self._desk.try_put(lambda unit: unit.scheduled_until(now, DUE_MAX), done)
        if not self._reading:
            self.changed(now + AGAIN_SECONDS)

    def _act(self, row: Scheduled, now: float) -> None:
        msisdn = normalise_msisdn(row.source)
        assert msisdn is not None, "it was one when it was submitted"
        number = normalise_short_number(row.destination)
        arrival = Arrival(
            "sms",
            row.link,
            msisdn,
            number,
            sms_dialogue(row.link, msisdn, number),
            Opened(row.text),
            message_id=row.id,
            trace=row.id,
        )

        def done(outcome: Outcome | Failed) -> None:
            if isinstance(outcome, Failed):  # its transaction is undone: it would come up for ever
                self._desk.try_put(lambda unit: unit.unschedule(row.id), nothing)
                self.settle(row, MessageState.UNDELIVERABLE)
            elif not outcome.repeated:
                refused = bool(outcome.refused)
                self.settle(row, MessageState.REJECTED if refused else MessageState.DELIVERED)

        try:
            self._desk.submit(arrival, done, lambda unit: unit.unschedule(row.id))
        except Busy:
            self.changed(now + AGAIN_SECONDS)

    def settle(self, row: Scheduled, state: MessageState) -> None:
        """It is over: remembered for query_sm, and reported where that was asked."""
        link = self._links.get(row.link)
        if link is None:
            return  # the account was taken out of the configuration meanwhile
        pdu = SubmitSm(
            service_type=row.service_type,
            source_addr_ton=1,
            source_addr_npi=1,
            source_addr=row.source,
            dest_addr_npi=1,
            destination_addr=row.destination,
            registered_delivery=row.registered_delivery,
        )
        settle(link, None, (Submitted(pdu, row.id),), state)
