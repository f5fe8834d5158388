"""A subscriber's view of the house, for statements about it: what was shown, sent and charged."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count

from gateway.accounts.access.login import LoginForm, LoginResult, login_begin, login_finish
from gateway.accounts.book import Charge
from gateway.accounts.demo import load_demo
from gateway.accounts.memory import MemoryBook
from gateway.channels.desk import sms_dialogue
from gateway.charging.rating import Rating
from gateway.domain.port import Arrival, Channel, Event, Opened, Page, Replied, Sms
from gateway.turn.dated import do_due
from gateway.turn.outcome import Outcome
from gateway.turn.turn import take_turn
from tests.accounts.fakes import NOW, FakeHasher
from tests.turn.house import world
from tests.turn.memory_unit import MemoryUnit


@dataclass
class Heard:
    """What came of a dialogue or a message."""

    pages: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    """SMS, in the order they were sent."""
    charges: list[Charge] = field(default_factory=list)
    waits: bool = False

    @property
    def page(self) -> str:
        """The last page shown."""
        return self.pages[-1]

    @property
    def password(self) -> str:
        """The six digits of the last SMS."""
        return re.findall(r"\b[0-9]{6}\b", self.texts[-1])[0]


class Talk:
    """Dials and writes as the demo subscribers (`7` is …007), on one Book."""

    def __init__(self) -> None:
        self.hasher = FakeHasher()
        self.world = world(self.hasher)
        self.book = MemoryBook()
        self.unit = MemoryUnit(self.book)
        self.now = NOW
        self.turns = 0
        load_demo(self.book, self.hasher, NOW)

    def dial(self, who: int, code: str, *answers: str) -> Heard:
        """A USSD dialogue, hung up after the last answer."""
        heard, key = Heard(), f"harness|{number(who)}|"
        self._turn(who, "", key, Opened(code), heard)
        for answer in answers:
            self._turn(who, "", key, Replied(answer), heard)
        self.unit.drop_session(key)
        return heard

    def write(self, who: int, to: str, *texts: str) -> Heard:
        """An SMS to a short number, and answers to what comes back; `#` is the code of it."""
        heard = Heard()
        key = sms_dialogue("harness", number(who), to)
        for text in texts:
            code = re.findall(r"\b[0-9]{4}$", heard.texts[-1])[0] if "#" in text else ""
            self._turn(who, to, key, Opened(text.replace("#", code)), heard)
        self.unit.drop_session(key)
        return heard

    def log_in(self, who: int, password: str) -> LoginResult:
        """Both halves of a login to the cabinet, from the web."""
        core = self.world.accounts.core
        attempt = login_begin(self.book, LoginForm(number(who)), self.now, core)
        if isinstance(attempt, LoginResult):
            return attempt
        verify = self.hasher.verify
        right = (c for c in attempt.candidates if verify(c.digest, password, c.msisdn))
        return login_finish(self.book, attempt, next(right, None), self.now, core, "web")

    def call(self, to: str, zone: str) -> Rating:
        """What a started minute to a voice number would cost, or why it is not connected."""
        route = self.world.codes.route_voice(to)
        assert route is not None, f"{to} is no number of ours"
        return self.world.rater.rate(route.charge, zone)

    def wait(self, seconds: float) -> None:
        """Let time pass, and what is due by then happen."""
        self.now += seconds
        ids = (f"w{self.now:.0f}-{number}" for number in count())
        while done := do_due(self.now, self.unit, self.world, lambda: next(ids), 100):
            assert all(each.error is None for each in done)

    def balance(self, who: int) -> int:
        """Kopecks on the number's account."""
        found = self.book.subscriber(number(who))
        assert found is not None
        return found.balance

    def _turn(self, who: int, address: str, key: str, event: Event, heard: Heard) -> None:
        self.turns += 1
        id = f"m{self.turns}"
        channel: Channel = "sms" if address else "ussd"
        arrival = Arrival(channel, "harness", number(who), address, key, event, id, trace=id)
        outcome: Outcome = take_turn(arrival, self.now, self.unit, self.world)
        heard.waits = outcome.deadline is not None
        heard.charges += [outcome.charge] if outcome.charge else []
        for delivery in outcome.deliveries:
            if isinstance(delivery, Page):
                heard.pages.append(delivery.text)
            elif isinstance(delivery, Sms):
                heard.texts.append(delivery.text)


def number(who: int) -> str:
    """The MSISDN of a demo subscriber."""
    return f"7922000{who:04d}"
