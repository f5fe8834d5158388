"""The stage of a turn: where it stands, and how it shows, sends, waits and ends.

`turn.py` decides what happens; this module carries it out on the unit and collects the
deliveries, which leave only after the commit.
"""

from __future__ import annotations

from gateway.accounts.book import Charge
from gateway.domain.port import Letter, Page, Screen, Sent, Sms
from gateway.domain.values import Values
from gateway.render.sms import sms_text
from gateway.render.ussd import ussd_pages
from gateway.turn.ground import Ground
from gateway.turn.outcome import Outcome
from gateway.turn.question import question_of
from gateway.turn.sending import queue_letter

RELEASED = {"user": "user_released", "network": "network_released", "link": "link_lost"}
"""Who released a dialogue -> the CDR's word."""


class Stage(Ground):
    """Carries out what a turn decides."""

    __slots__ = ()

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
            if self.told is not None:
                self.told.changed("letter", text=message.text_id, secret=message.secret)
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
        if self.told is not None:
            self.told.changed("sms", to=msisdn, secret=secret)
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
        return self._sum_up(session.trace, charge, deadline=deadline, state=self.cursor.state)

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
        return self._sum_up(trace, charge, refused=refused)

    def _sum_up(
        self,
        trace: str,
        charge: Charge | None,
        deadline: float | None = None,
        state: str = "",
        refused: str = "",
    ) -> Outcome:
        if self.told is not None:
            self.told.guards = tuple(map(self.menus.guard, self.path))
            self.told.menus = self.menus.version
        return Outcome(
            trace=trace,
            deliveries=tuple(self.deliveries),
            deadline=deadline,
            ended=tuple(self.ended),
            charge=charge,
            message_id=self.arrival.message_id,
            plmn=self.plmn,
            refused=refused,
            state=state,
            notes=self.notes,
            path=self.path,
            told=self.told,
        )

    def ignore(self) -> Outcome:
        """Neither answer, act nor charge; only count."""
        self.over("ignored")
        return self.close(self.arrival.trace)
