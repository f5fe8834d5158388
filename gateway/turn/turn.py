"""One turn: an arrival goes in once, deliveries come out once.

Load the session, let the menu step, ask the accounts what the menu asks (the only loop, with a
limit), render, store. A turn reads the clock it is given and touches only its `Unit`, so it can
be run again from the same arrival and gives the same result: that is how group commit isolates a
failing neighbour.
"""

from __future__ import annotations

from gateway.accounts.book import Charge, Subscriber
from gateway.accounts.companies.limits import LIMIT_RULE
from gateway.accounts.usage import Use, charge_use, rate_use
from gateway.domain.numbers import service_code
from gateway.domain.port import (
    Arrival,
    Opened,
    Prompt,
    Release,
    Replied,
    TimedOut,
)
from gateway.turn.call import Call
from gateway.turn.dialogue import Dialogue
from gateway.turn.outcome import Outcome
from gateway.turn.question import WRONG_CODES_MAX
from gateway.turn.session import Session
from gateway.turn.short_codes import Route
from gateway.turn.stage import RELEASED
from gateway.turn.told import code_told, command_told
from gateway.turn.unit import Unit
from gateway.turn.world import World


def take_turn(arrival: Arrival, now: float, unit: Unit, world: World) -> Outcome:
    """Take one turn inside the open transaction of `unit`. `now` is in epoch seconds.

    Raises only for a bug; then the transaction undoes it, and only it.
    """
    kind = Call if arrival.channel == "voice" else _Turn
    return kind(arrival, now, unit, world).take()


class _Turn(Dialogue):
    """Decides what happens; the dialogue and the stage carry it out."""

    __slots__ = ()

    def take(self) -> Outcome:
        event = self.arrival.event
        if type(event) is Replied:
            return self._continue(event)
        if type(event) is Opened:
            return self._message(event) if self.arrival.channel == "sms" else self._open(event)
        if type(event) is TimedOut:
            return self._time_out()
        return self._released()

    # --- beginnings ---------------------------------------------------------------------------

    def _open(self, event: Opened) -> Outcome:
        """A dialled string: a new dialogue, which replaces one that was still open."""
        if self.told is not None:
            self.told.answer = code_told(event.text)
        self.replace(self.load())
        subscriber = self.find(self.arrival.msisdn)
        if subscriber is None:
            return self._refuse_unknown("err.unknown_number")
        self.subscriber = subscriber
        route = self.world.codes.route_ussd(event.text, subscriber.region)
        self.begin(route, service_code(self.arrival.address) or route.code)
        charge, refused = self._charge(route, f"ussd:{self.arrival.trace}:0")
        if refused:
            return self._refuse(charge, refused)
        return self._outcome(self._enter(route), charge)

    def _message(self, event: Opened) -> Outcome:
        """A mobile-originated SMS: once only, charged before it acts."""
        arrival = self.arrival
        if not self.world.codes.may_write(arrival.msisdn):
            return self.ignore()
        if arrival.replay_key:
            until = self.now + (arrival.replay_seconds or self.world.limits.replay_seconds_max)
            first = self.unit.claim(arrival.replay_key, arrival.message_id, self.now, until)
            if first is not None:
                return Outcome(trace=arrival.trace, message_id=first, repeated=True)
        subscriber = self.find(arrival.msisdn)
        if subscriber is None:
            return self._refuse_unknown("err.unknown_number")
        self.subscriber = subscriber
        route = self.world.codes.route_sms(arrival.address, event.text)
        earlier = self.load()
        # an SMS to a number whose last text asked something is the answer to it
        answers = earlier is not None and not earlier.loses_to(route) and self.alive(earlier)
        self._tell_message(event.text, route, earlier if answers else None)
        if not answers:
            self.replace(earlier)
            self.begin(route, service_code(self.arrival.address) or route.code)
        charge, refused = self._charge(route, f"sms:{arrival.message_id}:0")
        if refused:
            return self._refuse(charge, refused)
        if answers:
            return self._answer(event.text, charge)
        return self._outcome(self._enter(route), charge)

    def _tell_message(self, text: str, route: Route, earlier: Session | None) -> None:
        """Of a command its first word; of an answer, to the `earlier` text, what is no secret."""
        if self.told is not None and earlier is None and route.claim in ("code", "word"):
            self.told.answer = command_told(text)
        else:
            question = earlier and earlier.question
            self.tell_answer(text, earlier, secret=bool(question and question.digest))

    def _answer(self, text: str, charge: Charge) -> Outcome:
        """An SMS that answers the last one: where that asked for a yes, with the word, the word
        and its code, or a no; anything else is for the menu."""
        question, reply = self.session.question, self.world.codes.reply(text)
        if question is None or (reply is None and not question.takes(text)):
            return self._outcome(self.step(Replied(text)), charge)
        if reply is not None and not reply.yes:
            return self._close_question("sms.confirm.no", "declined", charge)
        code = reply.code if reply is not None else text.strip()
        if not question.accepts(code, self.session.trace, self.world.accounts.core):
            if question.wrong >= WRONG_CODES_MAX:
                return self._close_question("sms.confirm.dropped", "code_wrong", charge)
            self.say(self.text("sms.confirm.wrong"))
            return self.wait(charge)
        self.proof = "sms_code" if question.digest else None
        return self._outcome(self.step(Replied(question.key)), charge)

    def _close_question(self, text_id: str, result: str, charge: Charge) -> Outcome:
        self.say(self.text(text_id))
        self.end(self.session, result)
        return self.close(self.session.trace, charge)

    def _enter(self, route: Route) -> Prompt | Release:
        """Step into the route's state, then feed the keys of a direct path while each is a choice
        (R01: `*105*1*2#` is menu 1, item 2)."""
        output = self.step(self.arrival.event)
        for key in route.keys:
            if not isinstance(output, Prompt):
                break
            before = self.cursor
            further = self.step(Replied(key), direct=True)
            if not self.valid:
                self.cursor = before
                break
            output = further
        return output

    def _charge(self, route: Route, key: str) -> tuple[Charge, str]:
        """Rate and charge one use before it acts: the row, and the text that refuses it or
        empty. USSD is rated once a dialogue, SMS once a message."""
        arrival, subscriber = self.arrival, self.subscriber
        core = self.world.accounts.core
        rating = rate_use(self.world.rater, core.terms, subscriber, route.charge)
        use = Use(
            self.now,
            key,
            arrival.channel,
            self.session.address,
            self.session.trace,
            subscriber.plmn,
            core.utc_offset_seconds,
        )
        charge = charge_use(self.book, subscriber, rating, use)
        if not charge.refused:
            if charge.amount:
                self.reload()
            return charge, ""
        if charge.rule == LIMIT_RULE:
            return charge, "err.limit"
        if rating.amount:
            self.refusal_values = {"short": rating.amount - subscriber.available}
            return charge, "err.funds"
        return charge, rating.hint or "err.not_reachable"

    # --- continuations ------------------------------------------------------------------------

    def _continue(self, event: Replied) -> Outcome:
        session = self.load()
        self.tell_answer(event.text, session)
        subscriber = self.find(self.arrival.msisdn)
        if session is None or subscriber is None or not self.alive(session):
            if session is not None:
                self.end(session, "timed_out")
            return self._refuse_unknown("err.timeout", subscriber)
        self.subscriber = subscriber
        turned = self.turn_page(event.text)
        if turned is not None:
            return turned
        return self._outcome(self.step(event), None)

    def _time_out(self) -> Outcome:
        session = self.load()
        if session is None:
            return Outcome(trace=self.arrival.trace)
        if session.deadline > self.now:  # it was answered while its time ran out
            return Outcome(trace=session.trace, deadline=session.deadline)
        if session.channel == "sms":
            self.end(session, "timed_out")
            return self.close(session.trace)
        subscriber = self.find(session.msisdn)
        if subscriber is None or not self.resume(session):
            self.session = session
            session.closing = "timed_out"
            return self.finish(self.menus.text("err.timeout", "ru", {}))
        self.subscriber = subscriber
        if session.closing:
            return self.finish(self.text("err.bye"))
        return self._outcome(self.step(TimedOut()), None)

    def _released(self) -> Outcome:
        session = self.load()
        if session is None:
            return Outcome(trace=self.arrival.trace)
        self.end(session, RELEASED[getattr(self.arrival.event, "reason", "user")])
        return self.close(session.trace)

    # --- endings ------------------------------------------------------------------------------

    def _outcome(self, output: Prompt | Release, charge: Charge | None) -> Outcome:
        if isinstance(output, Prompt):
            screen = output.screen
            if screen.choices or screen.back is not None or screen.expect.kind != "choice":
                self.show(screen, more=True)
                return self.wait(charge)
            # nothing can be answered to it: it is the last word
            output = Release(screen, "refused" if self.notes else "completed")
        # an SMS that already answered (a password) needs no second one saying that it was sent
        answered = self.arrival.channel == "sms" and self.messages > 0
        if output.screen is not None and not answered:
            self.show(output.screen, more=False)
            if self.session.pages:
                self.session.closing = output.result
                return self.wait(charge)
        elif self.arrival.channel == "ussd":
            self.page(self.text("err.bye"), more=False)
        self.end(self.session, output.result)
        return self.close(self.session.trace, charge)

    def _refuse(self, charge: Charge | None, text_id: str) -> Outcome:
        """Say why, and end, without asking the menu."""
        self.say(self.text(text_id, self.refusal_values))
        self.end(self.session, "refused")
        return self.close(self.session.trace, charge, refused=text_id)

    def _refuse_unknown(self, text_id: str, subscriber: Subscriber | None = None) -> Outcome:
        """No subscriber or no session to speak of: one clear text, and nothing is charged."""
        language = subscriber.language if subscriber else "ru"
        self.say(self.menus.text(text_id, language, {}))
        return self.close(self.arrival.trace, refused=text_id)
