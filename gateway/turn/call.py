"""A turn of a call: the same menus, heard; and the minutes it is paid by.

The price is pinned when the call begins; the first minute is reserved before it is answered, each
further one before it begins, and what was used is taken at its end (`accounts/calls.py`). The
session lives until the channel has told that the call is over, whoever ended it. A caller who hides
his number, or is nobody we know, gets no menu but the operator. (Service guide 3.2, 3.6, 3.7)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from gateway.accounts.access.prove import PROVE, prove_finish
from gateway.accounts.book import Charge
from gateway.accounts.calls import (
    MINUTE_SECONDS,
    begin_call,
    connect_call,
    end_call,
    extend_call,
)
from gateway.accounts.companies.limits import LIMIT_RULE
from gateway.accounts.policy import Proof
from gateway.accounts.usage import SHORTAGE_RULE, Use, rate_use
from gateway.charging.rating import Rating
from gateway.domain.calls import Refused
from gateway.domain.port import (
    Message,
    Opened,
    Query,
    QuotaSpent,
    Released,
    Replied,
    TimedOut,
    Verified,
)
from gateway.render.ivr import speak
from gateway.turn.outcome import Outcome
from gateway.turn.session import Session
from gateway.turn.speaking import Speaking
from gateway.turn.stage import RELEASED
from gateway.turn.unit import Unit

WARNING = "voice.entry.roam"
STRANGER = "voice.stranger"
SPENT = "voice.spent"
"""Texts of the catalogue: the price of a minute, an unknown caller, no money for the next one."""
_REASONS = {SHORTAGE_RULE: "err.funds", LIMIT_RULE: "err.limit"}
"""Rule of a refusal for want of money -> the text sent by SMS."""


def connected(unit: Unit, trace: str, now: float) -> int:
    """The call was answered: its first minute runs. The seconds it may last; `now`: epoch seconds.
    Only of a call paid by the minute (`Announcement.quota_seconds`)."""
    return connect_call(unit.book, _key(trace), now)


def extend(unit: Unit, trace: str, heard_seconds: int, now: float) -> int:
    """Reserve its next minute. The seconds it may last in all; as before where the money does not
    cover one more, 0 where it was settled meanwhile: then `QuotaSpent` follows once they are
    over."""
    return extend_call(unit.book, _key(trace), heard_seconds, now)


def _key(trace: str) -> str:
    """Under which a call is charged."""
    return f"voice:{trace}:0"


class Call(Speaking):
    """Decides what a call hears; speaking and the stage carry it out."""

    __slots__ = ()

    def take(self) -> Outcome:
        """The turn of its arrival."""
        event = self.arrival.event
        if type(event) is Opened:
            return self._open(event)
        session = self.load()
        if session is None:  # refused, or over
            return Outcome(trace=self.arrival.trace)
        if type(event) is Released:
            return self._released(session, event)
        return self._continue(session)

    # --- the beginning ------------------------------------------------------------------------

    def _open(self, event: Opened) -> Outcome:
        """An INVITE: rate it, reserve its first minute, and say how it begins."""
        arrival = self.arrival
        if self.told is not None:
            self.told.answer = event.text
        route = self.world.codes.route_voice(event.text)
        if route is None:
            self.over("refused")
            return self._refuse("number_unknown")
        self.begin(route, route.code)
        subscriber = self.find(arrival.msisdn)
        if subscriber is None:
            return self._stranger()
        self.subscriber = subscriber
        core, book = self.world.accounts.core, self.book
        rating = rate_use(self.world.rater, core.terms, subscriber, route.charge)
        use = Use(
            self.now,
            _key(arrival.trace),
            "voice",
            route.code,
            arrival.trace,
            subscriber.plmn,
            core.utc_offset_seconds,
        )
        charge = begin_call(book, subscriber, rating, use)
        if charge is not None and charge.refused:
            return self._unpaid(rating, charge)
        if charge is not None:
            return self.hear(self.run(event), charge)
        self.reload()
        warning = self.said(WARNING, price=rating.price)
        return self.hear(self.run(event), None, early=warning, quota_seconds=MINUTE_SECONDS)

    def _unpaid(self, rating: Rating, charge: Charge) -> Outcome:
        """It is not answered: from there it cannot be, or there is no money for a minute."""
        subscriber = self.subscriber
        text_id = _REASONS.get(charge.rule, rating.hint)
        if text_id:
            short = max(0, rating.price - subscriber.available)
            self.send(Message(subscriber.msisdn, text_id, {"short": short}, subscriber.language))
        self.end(self.session, "refused")
        reason = "funds" if charge.rule in _REASONS else "not_reachable"
        return self._refuse(reason, charge)

    def _refuse(self, reason: str, charge: Charge | None = None) -> Outcome:
        arrival = self.arrival
        self.deliveries.append(
            Refused(arrival.link, arrival.dialogue, arrival.msisdn, cast(Any, reason))
        )
        return self.close(arrival.trace, charge, refused=reason)

    def _stranger(self) -> Outcome:
        """No number of a subscriber of ours: no menu and no charge, but the operator."""
        phrases = speak(self.menus.speech(STRANGER, "ru", {}), "ru", 0)
        self.announce("ru", phrases, None, transfer=True)
        return self.closing("stranger", None)

    # --- what follows -------------------------------------------------------------------------

    def _continue(self, session: Session) -> Outcome:
        subscriber = self.find(session.msisdn)
        event = self.arrival.event
        if type(event) is Replied:
            self.tell_answer(event.text, session)
        if session.closing:
            return self._closed(session)
        if subscriber is None or not self.resume(session):
            self.session = session
            session.sequence += 1
            return self.hang_up("menus_gone")
        self.subscriber = subscriber
        self.proof = cast(Proof, session.proof) if session.proof else None
        return _EVENTS[type(event)](self, event)

    def _closed(self, session: Session) -> Outcome:
        """Whatever comes while the last words are said; and the channel that never told the end
        of the call is not waited for."""
        if session.deadline > self.now:
            return Outcome(trace=session.trace, deadline=session.deadline)
        return self._released(session, Released("link"))

    def _replied(self, event: Replied) -> Outcome:
        return self._pending() or self.hear(self.run(event))

    def _time_out(self, event: TimedOut) -> Outcome:
        """Nothing was pressed in time; at the deadline the whole call has lasted too long."""
        if self.session.deadline <= self.now:
            self.cursor.state = self.voice.bye
            return self.hear(self.run(Opened("")), result="timed_out")
        return self._pending() or self.hear(self.run(event))

    def _pending(self) -> Outcome | None:
        """A password is being compared: nothing else counts until that is done."""
        if self.menus.waits(self.cursor):
            return None
        return Outcome(trace=self.session.trace, deadline=self.session.deadline)

    def _quota_spent(self, event: QuotaSpent) -> Outcome:
        self.announce(self.subscriber.language, (*self.said(SPENT), *self.said("voice.bye")), None)
        return self.closing("funds_spent", None)

    def _verified(self, event: Verified) -> Outcome:
        answered, messages = prove_finish(
            self.book,
            self.session.msisdn,
            event.digest,
            event.attempts_left,
            self.now,
            self.world.accounts.core,
        )
        for message in messages:
            self.send(message)
        if answered.outcome == "ok":
            self.session.proof = self.proof = "password"
        if self.told is not None:
            self.told.asked(Query(PROVE), answered, len(self.path))
        return self.hear(self.run(answered))

    def _released(self, session: Session, event: Released) -> Outcome:
        """It is over: take what was used."""
        short = self.world.accounts.core.terms.calls.short_seconds
        charge = end_call(self.book, _key(session.trace), event.seconds, self.now, short)
        self.end(session, session.closing or RELEASED[event.reason], event.seconds or 0.0)
        return self.close(session.trace, charge)


_EVENTS: Mapping[type, Callable[[Call, Any], Outcome]] = {
    Replied: Call._replied,
    TimedOut: Call._time_out,
    QuotaSpent: Call._quota_spent,
    Verified: Call._verified,
}
