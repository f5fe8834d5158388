"""Plays a flow through the real desk, menus and account core, and writes what was seen.

The handset and the network are a link that keeps what it is given; the clock stands still until
a step moves it. Between any two steps the dialogue is only its stored JSON.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from gateway.accounts.access.login import LoginForm, LoginResult, login_begin, login_finish
from gateway.accounts.cards import kept, last_four
from gateway.channels.desk import Desk, Failed, sms_dialogue
from gateway.channels.ids import Ids
from gateway.charging.roaming import place_of
from gateway.charging.tariff import default_terms
from gateway.domain.money import roubles
from gateway.domain.numbers import normalise_short_number
from gateway.domain.port import Arrival, Event, Opened, Page, Released, Replied, Sms
from gateway.turn.dated import do_due
from gateway.turn.outcome import Outcome
from gateway.turn.session import Session
from tests.accounts.fakes import NOW, FakeHasher
from tests.flows.calls import Telephone
from tests.flows.script import Flow, Step
from tests.flows.stores import Store, Work
from tests.render.lengths import lengths
from tests.turn.house import world

LINK = "harness"
PAGE_OCTETS_MAX = 160
CHARGES_MAX = 1_000
JOBS_MAX = 1_000


class Player:
    """One flow on one store; `lines` is the transcript."""

    def __init__(self, store: Store, epoch: int = 1) -> None:
        self.hasher = FakeHasher()
        self.store = store
        self.world = world(self.hasher)
        self.now = NOW
        self.lines: list[str] = []
        self.msisdn = ""
        self._queue: deque[tuple[Work, Callable[[Any], None]]] = deque()
        self._taken: deque[tuple[Sms, Callable[[str], None]]] = deque()
        self._rows: dict[str, int] = {}
        self._last_sms: Arrival | None = None
        self._references = 0
        self._waits: dict[str, float] = {}
        self.desk = Desk(self.world, self, lambda: self.now, lambda: 0.0, Ids(epoch))
        self.desk.links[LINK] = self
        self.telephone = self.desk.calls[LINK] = Telephone(self, LINK)
        self.desk.observers.append(self._observe)

    def play(self, flow: Flow) -> list[str]:
        """The transcript of the whole flow, and what it changed of balances."""
        self.act_as(flow.msisdn)
        for step in flow.steps:
            self.take(step)
        self._balances()
        return self.lines

    def take(self, step: Step) -> None:
        """One step, and all that comes of it."""
        _STEPS[step.kind](self, step)
        self.settle()

    # --- steps --------------------------------------------------------------------------------

    def act_as(self, msisdn: str) -> None:
        """Who acts from here on."""
        self.msisdn = str(msisdn)
        if self.msisdn not in self._rows:
            self._rows[self.msisdn] = self.read(
                lambda unit: len(unit.book.charges(self.msisdn, CHARGES_MAX))
            )

    def _dial(self, step: Step) -> None:
        self.say(f"dials {step.value}")
        self._ussd(Opened(step.value), self.desk.ids.next())

    def _answer(self, step: Step) -> None:
        self.say(f"answers {step.value}")
        self._ussd(Replied(step.value))

    def _release(self, step: Step) -> None:
        self.say(f"is released by the {step.value}")
        self._ussd(Released(step.value))

    def _ussd(self, event: Event, trace: str = "") -> None:
        dialogue = f"{LINK}|{self.msisdn}|"
        self.submit_arrival(Arrival("ussd", LINK, self.msisdn, "", dialogue, event, trace=trace))

    def _sms(self, step: Step) -> None:
        number, text = normalise_short_number(step.value["to"]), step.value["text"]
        self.say(f"writes to {step.value['to']}: {text}")
        self._references += 1
        self._write(
            Arrival(
                "sms",
                LINK,
                self.msisdn,
                number,
                sms_dialogue(LINK, self.msisdn, number),
                Opened(text),
                replay_key=f"r|{LINK}|{self.msisdn}|{number}|{self._references}",
            )
        )

    def _again(self, step: Step) -> None:
        assert self._last_sms is not None, "an SMS comes before its repetition"
        self.say("the same PDU comes again")
        self._write(self._last_sms)

    def _write(self, arrival: Arrival) -> None:
        self._last_sms = arrival
        id = self.desk.ids.next()
        fields = {name: getattr(arrival, name) for name in arrival.__slots__}
        self.submit_arrival(Arrival(**{**fields, "message_id": id, "trace": id}))

    def _timeout(self, step: Step) -> None:
        seconds = min(self._waits.values()) - self.now
        self.say(f"answers nothing for {seconds:g} seconds")
        self.now += seconds
        self.desk.tick()

    def _advance(self, step: Step) -> None:
        self.lines.append(f"({step.value} seconds pass)")
        self.now += step.value
        self.desk.tick()
        self.settle()
        next_id = self.desk.ids.several()
        while found := self.read(
            lambda unit: do_due(self.now, unit, self.world, next_id, JOBS_MAX)
        ):
            for done in found:
                assert done.error is None, done
                for sms in done.deliveries:
                    self.desk.deliver(sms)
        self._charges()

    def _locate(self, step: Step) -> None:
        plmn, region = str(step.value["plmn"]), step.value.get("region", "")
        home, zone = place_of(plmn, region, default_terms())
        changes = {"plmn": plmn, "region": home, "zone": zone}
        self.read(lambda unit: unit.book.update_subscriber(self.msisdn, changes))
        self.say(f"is now in {plmn}{f' {region}' if region else ''}: {zone}")

    def _card(self, step: Step) -> None:
        token = kept(self.world.accounts.core.cards, str(step.value))
        self.read(lambda unit: unit.book.update_subscriber(self.msisdn, {"card": token}))
        self.say(f"links the card *{last_four(token)} on the site")

    def _login(self, step: Step) -> None:
        msisdn, password = self.msisdn, str(step.value)
        core = self.world.accounts.core
        begun = self.read(lambda unit: login_begin(unit.book, LoginForm(msisdn), self.now, core))
        if isinstance(begun, LoginResult):
            self.say(f"logs in with {password}: {begun.outcome}")
            return
        matched = next(
            (c for c in begun.candidates if self.hasher.verify(c.digest, password, msisdn)), None
        )
        result = self.read(
            lambda unit: login_finish(unit.book, begun, matched, self.now, core, "web")
        )
        self.say(f"logs in with {password}: {result.outcome} {result.level}".rstrip())
        for message in result.messages:
            text = self.world.menus.current.text(message.text_id, message.language, message.values)
            self._show_sms(Sms("", LINK, message.msisdn, "000105", text, self.now))

    # --- the desk's store and link --------------------------------------------------------------

    def submit(self, work: Work, done: Callable[[Any], None]) -> None:
        """Queued, as the store's writer would."""
        self._queue.append((work, done))

    def show(self, page: Page) -> bool:
        """A page on the handset."""
        octets = lengths(page.text).octets
        assert octets <= PAGE_OCTETS_MAX, f"a page of {octets} octets: {page.text!r}"
        self.lines += [f"  | {line}" for line in page.text.split("\n")]
        return True

    def send(self, sms: Sms, done: Callable[[str], None]) -> bool:
        """An SMS on the handset; the network's resp comes a moment later."""
        self._show_sms(sms)
        self._taken.append((sms, done))
        return True

    def flush(self) -> None:
        """Nothing is gathered."""

    is_up = True

    def serves(self, msisdn: str) -> bool:
        """It is the whole network."""
        return True

    # --- within -------------------------------------------------------------------------------

    def say(self, what: str) -> None:
        """What the acting number does."""
        self.lines.append(f"{self.msisdn} {what}")

    def _show_sms(self, sms: Sms) -> None:
        to = "sms" if sms.msisdn == self.msisdn else f"sms to {sms.msisdn}"
        self.lines.append(f"  > {to} from {sms.sender}: {sms.text}".replace("\n", "\n      "))

    def submit_arrival(self, arrival: Arrival) -> None:
        """One arrival nobody waits for."""
        self.desk.submit(arrival, lambda _: None)

    def settle(self) -> None:
        """Commit what is queued and answer what was sent, until nothing is left to do."""
        while self._queue or self._taken:
            while self._queue:
                work, done = self._queue.popleft()
                self.desk.batch([(done, self.store.run(work))])
            while self._taken:
                self._taken.popleft()[1]("ok")
        assert not self.read(lambda unit: unit.pending()), "an SMS was taken and still waits"

    def _observe(self, arrival: Arrival, outcome: Outcome | Failed, _seconds: float) -> None:
        if isinstance(outcome, Failed):
            self.lines.append(f"  ! {outcome.error!r}")
            return
        self._charges()
        if outcome.repeated:
            self.lines.append("  : known, not acted on")
        self.lines += [f"  : {ended.result}" for ended in outcome.ended]
        if outcome.deadline is not None:
            self._waits[arrival.dialogue] = outcome.deadline
        elif not outcome.repeated:
            self._waits.pop(arrival.dialogue, None)
        body = self.read(lambda unit: unit.load_session(arrival.dialogue))
        assert (body is not None) == (arrival.dialogue in self._waits)
        if body is not None:
            session = Session.from_json(body)
            assert session is not None
            assert session.to_json() == body

    def _charges(self) -> None:
        """What was charged since last time, oldest first."""
        for msisdn, known in self._rows.items():
            rows = self.read(lambda unit, of=msisdn: unit.book.charges(of, CHARGES_MAX))
            self._rows[msisdn] = len(rows)
            for row in reversed(rows[: len(rows) - known]):
                word = "refused" if row.refused else "charge"
                self.lines.append(f"  $ {word} {row.rule} {roubles(row.amount)}")

    def _balances(self) -> None:
        """What the flow left on accounts that it changed."""

        def changed(unit: Any) -> list[str]:
            found = []
            for msisdn, before in START.items():
                after = unit.book.subscriber(msisdn).balance
                if after != before:
                    found.append(f"= {msisdn} {roubles(before)} -> {roubles(after)}")
            return found

        self.lines += self.read(changed)

    def read(self, work: Work) -> Any:
        """What work on the store gives."""
        result = self.store.run(work)
        if isinstance(result, Exception):
            raise result
        return result


START = {
    "79220000001": 25_000,
    "79220000002": 100_000,
    "79220000003": 0,
    "79220000004": 30_000,
    "79220000005": 1_000,
    "79220000006": 10_000,
    "79220000008": 5_000,
    "79220000009": 5_000,
    "79220000010": 10_000,
    "79220000011": 5_000_000,
    "79220000021": 4_000_000,
}
"""The contract's balances of the accounts' owners, kopecks."""

_STEPS: dict[str, Callable[[Player, Step], None]] = {
    "as": lambda player, step: player.act_as(step.value),
    "dial": Player._dial,
    "answer": Player._answer,
    "release": Player._release,
    "sms": Player._sms,
    "again": Player._again,
    "timeout": Player._timeout,
    "advance": Player._advance,
    "locate": Player._locate,
    "card": Player._card,
    "login": Player._login,
    "call": lambda player, step: player.telephone.call(step.value),
    "press": lambda player, step: player.telephone.press(str(step.value)),
    "say": lambda player, step: player.telephone.speak(step.value),
    "silence": lambda player, step: player.telephone.silence(),
    "talk": lambda player, step: player.telephone.talk(int(step.value)),
    "hang_up": lambda player, step: player.telephone.hang_up(),
}
