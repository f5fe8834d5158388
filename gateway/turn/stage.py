"""The stage of a turn: where it stands, and how it shows, sends, waits and ends.

`turn.py` decides what happens; this module carries it out on the unit and collects the
deliveries, which leave only after the commit.
"""

from __future__ import annotations

from gateway.accounts.book import Charge, Subscriber
from gateway.accounts.policy import Proof
from gateway.charging.roaming import zone_of
from gateway.domain.port import Arrival, Delivery, Letter, Page, Screen, Sent, Sms
from gateway.domain.values import Values
from gateway.menu.engine import Cursor, MenuSet
from gateway.render.sms import sms_text
from gateway.render.ussd import ussd_pages
from gateway.turn.outcome import Ended, Outcome
from gateway.turn.question import question_of
from gateway.turn.sending import queue_letter
from gateway.turn.session import Session
from gateway.turn.unit import Unit
from gateway.turn.world import World

RELEASED = {"user": "user_released", "network": "network_released", "link": "link_lost"}
"""Who released a dialogue -> the CDR's word."""


class Stage:
    """The state of one turn while it is being taken."""

    __slots__ = (
        "arrival",
        "asked",
        "cursor",
        "deliveries",
        "ended",
        "menus",
        "messages",
        "notes",
        "now",
        "path",
        "proof",
        "queued",
        "refusal_values",
        "session",
        "subscriber",
        "unit",
        "valid",
        "world",
    )

    cursor: Cursor
    session: Session
    subscriber: Subscriber

    def __init__(self, arrival: Arrival, now: float, unit: Unit, world: World) -> None:
        self.arrival = arrival
        self.now = now
        self.unit = unit
        self.world = world
        self.menus: MenuSet = world.menus.current
        self.deliveries: list[Delivery] = []
        self.messages = 0
        self.queued = 0
        self.asked = 0
        self.ended: list[Ended] = []
        self.notes: tuple[str, ...] = ()
        self.path: tuple[tuple[str, str], ...] = ()
        self.valid = True
        self.proof: Proof | None = None
        """More than the channel proves: the code of a question was given."""
        self.refusal_values: Values = {}

    # --- showing ------------------------------------------------------------------------------

    def show(self, screen: Screen, more: bool) -> None:
        """Render a screen for the channel and hand it on."""
        session = self.session
        session.secret = screen.expect.secret and more
        session.typed = more and screen.expect.kind != "choice"
        if self.arrival.channel == "sms":
            self.ask_by_sms(screen, more)
            return
        limits = self.world.limits
        octets = limits.ussd_octets_max_by_link.get(self.arrival.link, limits.ussd_octets_max)
        pages = ussd_pages(screen, octets, ends=not more)
        several = len(pages) > 1
        session.pages, session.page = (list(pages) if several else []), 0
        self.page(pages[0], more or several)

    def page(self, text: str, more: bool) -> None:
        """One USSD page."""
        arrival, session = self.arrival, self.session
        self.deliveries.append(
            Page(
                arrival.link,
                arrival.dialogue,
                session.msisdn,
                session.address,
                text,
                more,
                session.secret,
            )
        )

    def ask_by_sms(self, screen: Screen, more: bool) -> None:
        """A screen as an SMS; one that asks for a yes says by which words to give it."""
        session = self.session
        question, code = None, ""
        if more:
            question, code = question_of(screen, session.trace, self.world.accounts.core)
        session.question = question
        how = ""
        if question is not None:
            how = self.text("sms.confirm.code" if code else "sms.confirm.yes", {"code": code})
        self.text_by_sms(sms_text(screen, how), secret=bool(code))

    def text_by_sms(self, text: str, secret: bool = False) -> None:
        """An SMS to the sender, from the number written to."""
        arrival = self.arrival
        self._queue(arrival.msisdn, arrival.address, arrival.link, text, secret)

    def say(self, text: str) -> None:
        """A last word where no session exists: a closing page, or an SMS."""
        arrival = self.arrival
        if arrival.channel == "sms":
            self.text_by_sms(text)
        else:
            self.deliveries.append(
                Page(arrival.link, arrival.dialogue, arrival.msisdn, arrival.address, text, False)
            )

    def send(self, message: Sent) -> None:
        """An SMS or letter the account core wants sent, in its receiver's language."""
        if isinstance(message, Letter):
            queue_letter(self.unit, message, self.world, self.now, self._next_id)
            return
        arrival = self.arrival
        text = self.menus.text(message.text_id, message.language, message.values)
        own = message.msisdn == arrival.msisdn
        by_sms = own and arrival.channel == "sms"
        sender = arrival.address if by_sms else self.world.sms_sender
        link = arrival.link if own and arrival.channel != "voice" else ""
        self._queue(message.msisdn, sender, link, text, message.secret)
        self.messages += own

    def _queue(self, msisdn: str, sender: str, link: str, text: str, secret: bool) -> None:
        sms = Sms(self._next_id(), link, msisdn, sender, text, self.now, secret)
        self.unit.queue_sms(sms)
        self.deliveries.append(sms)

    def _next_id(self) -> str:
        trace = self.arrival.trace or self.session.trace
        sequence = self.session.sequence if hasattr(self, "session") else 0
        number, self.queued = self.queued, self.queued + 1
        return f"{trace}-{sequence}-{number}"

    def text(self, text_id: str, values: Values | None = None) -> str:
        """A text of the message catalogue in the subscriber's language."""
        return self.menus.text(text_id, self.subscriber.language, values or {})

    # --- leafing ------------------------------------------------------------------------------

    def turn_page(self, text: str) -> Outcome | None:
        """`9` and `0` leaf through the pages of the screen on show (paging is presentation)."""
        session, keys = self.session, self.menus.settings.keys
        if not session.pages:
            return None
        answer = text.strip()
        if answer == keys.more and session.page + 1 < len(session.pages):
            session.page += 1
        elif answer == keys.back and session.page > 0:
            session.page -= 1
        elif session.closing:
            return self.finish(self.text("err.bye"))
        else:
            return None
        text = session.pages[session.page]
        if session.closing and session.page + 1 == len(session.pages):
            return self.finish(text)
        self.page(text, more=True)
        return self.wait(None)

    def finish(self, text: str) -> Outcome:
        """The last page of a last screen that needed several."""
        self.page(text, more=False)
        self.end(self.session, self.session.closing)
        return self.close(self.session.trace)

    # --- waiting and ending -------------------------------------------------------------------

    def wait(self, charge: Charge | None) -> Outcome:
        """Store the session until its deadline."""
        session = self.session
        session.cursor = self.cursor.to_json()
        session.deadline = deadline = self.deadline()
        self.unit.save_session(self.arrival.dialogue, session.to_json(), deadline)
        return Outcome(
            trace=session.trace,
            deliveries=tuple(self.deliveries),
            deadline=deadline,
            ended=tuple(self.ended),
            charge=charge,
            message_id=self.arrival.message_id,
            state=self.cursor.state,
            notes=self.notes,
            path=self.path,
        )

    def deadline(self) -> float:
        """Until when an answer is waited for."""
        session, settings = self.session, self.menus.settings
        if session.question and session.question.wrong:
            return session.deadline  # a wrong code makes the question live no longer
        if session.channel == "sms":
            return self.now + self.world.limits.sms_idle_seconds_max
        return min(
            self.now + settings.idle_seconds_max,
            session.opened_at + settings.dialogue_seconds_max,
        )

    def close(self, trace: str, charge: Charge | None = None, refused: str = "") -> Outcome:
        """Nothing is waited for any more."""
        return Outcome(
            trace=trace,
            deliveries=tuple(self.deliveries),
            ended=tuple(self.ended),
            charge=charge,
            message_id=self.arrival.message_id,
            refused=refused,
            notes=self.notes,
            path=self.path,
        )

    def ignore(self) -> Outcome:
        """Neither answer, act nor charge; only count."""
        self.over("ignored")
        return self.close(self.arrival.trace)

    def over(self, result: str) -> None:
        """What arrived is over at once, and there was no session of it."""
        at, arrival = self.now, self.arrival
        parties = (arrival.channel, arrival.link, arrival.msisdn, arrival.address)
        self.ended.append(Ended(arrival.trace, *parties, at, at, 1, result))

    def end(self, session: Session, result: str, seconds: float = 0.0) -> None:
        """Drop the stored session and remember how the dialogue ended; `seconds` of a call."""
        self.unit.drop_session(self.arrival.dialogue)
        parties = (session.channel, session.link, session.msisdn, session.address)
        lasted = (session.opened_at, self.now, session.sequence + 1)
        self.ended.append(
            Ended(session.trace, *parties, *lasted, result, session.menu, session.rules, seconds)
        )

    def find(self, msisdn: str) -> Subscriber | None:
        """The subscriber, in the network that the channel tells, or else where the core has him:
        rated there, and shown so by the menu."""
        subscriber, plmn = self.unit.book.subscriber(msisdn), self.arrival.plmn
        if subscriber is None or plmn in ("", subscriber.plmn):
            return subscriber
        zone = zone_of(plmn, "", self.world.accounts.core.terms)
        return subscriber._replace(plmn=plmn, region="", zone=zone)

    def reload(self) -> None:
        """Read the subscriber again after something of it was changed."""
        subscriber = self.find(self.subscriber.msisdn)
        assert subscriber is not None, "a subscriber vanished inside a turn"
        self.subscriber = subscriber

    def load(self) -> Session | None:
        """The dialogue's stored session, if it has one."""
        body = self.unit.load_session(self.arrival.dialogue)
        return None if body is None else Session.from_json(body)

    def alive(self, session: Session) -> bool:
        """Resume a session that is still waited for. Its timer may come later than its deadline."""
        return session.deadline > self.now and self.resume(session)

    def resume(self, session: Session) -> bool:
        """Put the session's menu and cursor in place; False where its menus are forgotten."""
        menus = self.world.menus.find(session.menu)
        if menus is None:
            return False
        self.cursor = Cursor.from_json(session.cursor)
        self.menus = menus
        self.session = session
        session.sequence += 1
        return True

    def replace(self, earlier: Session | None) -> None:
        """End the dialogue whose place a new one takes, if there is one."""
        if earlier is not None:
            self.end(earlier, "replaced" if earlier.deadline > self.now else "timed_out")
