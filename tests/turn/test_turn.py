"""Random walks of arrivals over the menus of the house. Invariant, whatever comes in whatever
order: the turn never raises; run again from the same unit it gives the same outcome and leaves the
same unit; a page fits its 160 octets and there is at most one; the dialogue waits exactly where a
session is stored; that session survives JSON and holds no secret; questions to the core are
counted; no account is spent below nothing, and no kopeck appears or vanishes.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.accounts.answers import Accounts, Context
from gateway.accounts.book import PACKAGES, Book, Subscriber
from gateway.accounts.demo import load_demo
from gateway.accounts.ledger import move
from gateway.accounts.request import Reply
from gateway.channels.desk import sms_dialogue
from gateway.domain.port import Arrival, Event, Opened, Page, Query, Released, Replied, TimedOut
from gateway.menu.engine import MenuSet
from gateway.store.book import SqlBook
from gateway.turn.outcome import Outcome
from gateway.turn.session import Session
from gateway.turn.turn import take_turn
from tests.accounts.fakes import CANARY, NOW, FakeHasher, FakeRandomness
from tests.flows.stores import SqliteStore
from tests.render.lengths import lengths
from tests.turn.house import content, world
from tests.turn.memory_unit import MemoryUnit

PAGE_OCTETS_MAX = 160
OWN_PASSWORD = "592731"
SECRET_CHARACTERS_MIN = 4
ENGLISH = "79220000002"
NUMBERS = [f"792200000{number:02d}" for number in (1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 99)]
CODES = """
    *105# *105# *105*01# *100# *106# *558# *512# *990# *115# *999# *#002# *33*0000# ##002#
    *110*105000000300# *133*100*9220000002# *133*50*9220000001# **21*9220000002#
    *03*330*0000*1234*1234#
"""
DIALLED = st.one_of(
    st.sampled_from(CODES.split()),
    st.lists(st.sampled_from("12345678"), max_size=5).map(
        lambda keys: "*".join(["*105", *keys, ""])
    ),
    st.text(alphabet="*#0123456789 ", max_size=12),
)
ANSWERS = st.one_of(
    st.sampled_from([*"0123456789", "1", "1", "00", "9220000002", "100", OWN_PASSWORD, "0000"]),
    st.sampled_from(["105000000100", "700001", "700002", "482913"]),
    st.text(max_size=6),
)
EVENTS: st.SearchStrategy[Event] = st.one_of(
    ANSWERS.map(Replied),
    ANSWERS.map(Replied),
    ANSWERS.map(Replied),
    DIALLED.map(Opened),
    st.builds(TimedOut),
    st.builds(Released, st.sampled_from(["user", "network", "link"])),
)
TEXTS = st.one_of(
    st.sampled_from(["МЕНЮ", "menu", "00", "41", "01", "B", "", "105000000100"]), ANSWERS
)
SHORT_NUMBERS = ["000105", "000110", "000100", "000511", "1100", "000777"]


class Counted(Accounts):
    """The account core, the keys of its questions kept; `fails_at` numbers one to break."""

    def __init__(self, accounts: Accounts) -> None:
        self.__dict__.update(vars(accounts))
        self.keys: list[str] = []
        self.fails_at = -1

    def answer(
        self, query: Query, subscriber: Subscriber, book: Book, context: Context, *rest: Any
    ) -> Reply:
        if len(self.keys) == self.fails_at:
            raise RuntimeError("a bug")
        self.keys.append(context.key)
        return super().answer(query, subscriber, book, context, *rest)


class Table:
    """A unit with the demo data, and a world over it; every turn is taken twice."""

    def __init__(self) -> None:
        self.hasher, self.randomness = FakeHasher(), FakeRandomness()
        made = world(self.hasher, self.randomness)
        self.accounts = Counted(made.accounts)
        self.world = replace(made, accounts=self.accounts)
        self.unit = MemoryUnit()
        load_demo(self.unit.book, self.hasher, NOW)
        self.hasher.minted = 0
        self.now = NOW
        self.turns = 0

    @staticmethod
    def arrival(msisdn: str, event: Event, trace: str = "") -> Arrival:
        return Arrival("ussd", "harness", msisdn, "", f"harness|{msisdn}|", event, trace=trace)

    def ussd(self, msisdn: str, event: Event) -> Outcome:
        trace = f"t{self.turns}" if isinstance(event, Opened) else ""
        return self.take(self.arrival(msisdn, event, trace))

    def sms(self, msisdn: str, number: str, text: str, replay_key: str = "") -> Outcome:
        id, key = f"m{self.turns}", sms_dialogue("harness", msisdn, number)
        return self.take(
            Arrival("sms", "harness", msisdn, number, key, Opened(text), id, replay_key, trace=id)
        )

    def take(self, arrival: Arrival) -> Outcome:
        """The outcome, held against the invariant."""
        self.turns += 1
        before, waited = self.unit.snapshot(), self._session(arrival)
        drawn = self.hasher.minted, self.randomness.drawn
        first = self._once(arrival)
        after = self.unit.snapshot()
        self.unit.restore(before)
        self.hasher.minted, self.randomness.drawn = drawn
        assert self._once(arrival) == first
        assert self.unit.snapshot() == after
        self._pages(first)
        session = self._session(arrival)
        if not first.repeated:
            assert (session is not None) == (first.deadline is not None)
        if session is not None:
            self._no_secret(arrival.event, waited, session)
        self._money()
        return first

    def _once(self, arrival: Arrival) -> Outcome:
        self.accounts.keys.clear()
        outcome = take_turn(arrival, self.now, self.unit, self.world)
        asked = self.accounts.keys
        assert len(set(asked)) == len(asked) <= self.world.limits.queries_max
        return outcome

    def _session(self, arrival: Arrival) -> Session | None:
        body = self.unit.load_session(arrival.dialogue)
        if body is None:
            return None
        session = Session.from_json(body)
        assert session is not None
        assert session.to_json() == body
        return session

    @staticmethod
    def _pages(outcome: Outcome) -> None:
        pages = [one for one in outcome.deliveries if isinstance(one, Page)]
        assert len(pages) <= 1
        for page in pages:
            assert lengths(page.text).octets <= PAGE_OCTETS_MAX, page.text
            assert page.text.strip()
            assert page.more == (outcome.deadline is not None)

    def _no_secret(self, event: Event, waited: Session | None, session: Session) -> None:
        """Neither what was issued and typed, nor what was typed where a secret was asked for."""
        kept = {str(value) for value in session.cursor.get("v", {}).values()}
        if waited is not None and waited.secret and isinstance(event, Replied):
            assert event.text not in kept or len(event.text) < SECRET_CHARACTERS_MIN
        passwords = {f"{int(CANARY) + number}" for number in range(self.hasher.minted)}
        assert not passwords & kept - {getattr(event, "text", "")}

    def _money(self) -> None:
        book = self.unit.book
        sums = dict.fromkeys(book.accounts, 0)
        for transfer in book.journal.values():
            assert sum(leg.amount for leg in transfer.legs if leg.unit == "RUB") == 0
            for leg in transfer.legs:
                if leg.unit == "RUB" and leg.account in sums:
                    sums[leg.account] += leg.amount
        for number, account in book.accounts.items():
            assert account.balance == sums[number]
            assert account.available >= 0


@settings(deadline=None)
@given(
    st.sampled_from(NUMBERS), DIALLED, st.lists(st.tuples(EVENTS, st.integers(0, 90)), max_size=14)
)
def test_ussd_walks(msisdn: str, dialled: str, events: list[tuple[Event, int]]) -> None:
    table = Table()
    table.ussd(msisdn, Opened(dialled))
    for event, seconds in events:
        table.now += seconds
        table.ussd(msisdn, event)


@settings(deadline=None)
@given(
    st.sampled_from(NUMBERS),
    st.lists(
        st.tuples(st.sampled_from(SHORT_NUMBERS), TEXTS, st.sampled_from(["", "k1", "k2"])),
        min_size=1,
        max_size=12,
    ),
)
def test_sms_walks(msisdn: str, written: list[tuple[str, str, str]]) -> None:
    table = Table()
    for number, text, replay_key in written:
        table.now += 7
        table.sms(msisdn, number, text, replay_key)


@pytest.mark.parametrize("msisdn", ["79220000001", "79220000002", "79220000003", "79220000011"])
def test_every_item_of_two_levels_leads_home_again(msisdn: str) -> None:
    table = Table()
    for first, second in product("12345678", repeat=2):
        outcome = table.ussd(msisdn, Opened(f"*105*{first}*{second}#"))
        answers = 0
        while outcome.deadline is not None:
            outcome = table.ussd(msisdn, Replied("0"))
            answers += 1
            assert answers < 8, f"*105*{first}*{second}# does not lead out"


# --- turns that fail, and turns that come out of order --------------------------------------------


def confirming() -> Table:
    """A transfer that waits for its code."""
    table = Table()
    table.ussd(ENGLISH, Opened("*133*100*9220000001#"))
    table.ussd(ENGLISH, Replied("1"))
    return table


def test_a_failing_turn_may_be_taken_again() -> None:
    table, twin = confirming(), confirming()
    arrival = table.arrival(ENGLISH, Replied("700001"))
    before = table.unit.snapshot()
    table.accounts.fails_at = len(table.accounts.keys)
    failed = table.unit.attempt(lambda: take_turn(arrival, table.now, table.unit, table.world))
    assert isinstance(failed, RuntimeError)
    assert table.unit.snapshot() == before
    table.accounts.fails_at = -1
    assert table.take(arrival) == twin.take(arrival)
    assert table.unit.snapshot() == twin.unit.snapshot()


def test_a_turn_that_fails_after_its_money_moved_moves_none(
    sqlite_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, made = SqliteStore(sqlite_demo, tmp_path / "gateway.db"), world()

    def taken(event: Event) -> Any:
        arrival = Table.arrival(ENGLISH, event, "t1")
        return store.run(lambda unit: take_turn(arrival, NOW, unit, made))

    def left(unit: Any) -> tuple[Any, ...]:
        book = unit.book
        waits = unit.load_session(f"harness|{ENGLISH}|")
        return book.subscriber(ENGLISH).balance, book.packages(ENGLISH), waits, unit.pending()

    taken(Opened("*105*4*1#"))
    before = store.run(left)
    with monkeypatch.context() as broken:
        broken.setattr(SqlBook, "record_charge", _broken)
        assert isinstance(taken(Replied("1")), RuntimeError)
    assert store.run(left) == before
    assert taken(Replied("1")).deadline is None
    assert store.run(left)[0] == before[0] - 4_500
    store.close()


def _broken(_book: Any, _charge: Any) -> None:
    raise RuntimeError("a bug")


def test_an_answer_at_the_deadline_is_too_late() -> None:
    table = Table()
    table.now = table.ussd(ENGLISH, Opened("*105#")).deadline or 0
    late = table.ussd(ENGLISH, Replied("1"))
    assert (_text(late), late.refused) == ("Session timed out. Dial *105# again", "err.timeout")
    assert [ended.result for ended in late.ended] == ["timed_out"]


def test_a_timer_that_fires_after_the_answer_waits_on() -> None:
    table = Table()
    table.ussd(ENGLISH, Opened("*105#"))
    table.now += 59
    answered = table.ussd(ENGLISH, Replied("1"))
    table.now += 1
    fired = table.ussd(ENGLISH, TimedOut())
    assert (fired.deadline, fired.deliveries, fired.ended) == (answered.deadline, (), ())


@pytest.mark.parametrize("event", [Replied("1"), TimedOut()], ids=["answered", "timed_out"])
def test_a_dialogue_whose_menus_are_forgotten_is_over(event: Event) -> None:
    table = Table()
    deadline = table.ussd(ENGLISH, Opened("*105#")).deadline or 0
    key = f"harness|{ENGLISH}|"
    body = table.unit.sessions[key][0]
    table.unit.sessions[key] = (body.replace(content().menus.version, "forgotten"), deadline)
    table.now = deadline if isinstance(event, TimedOut) else table.now
    over = table.ussd(ENGLISH, event)
    assert [page.more for page in over.deliveries if isinstance(page, Page)] == [False]
    assert [ended.result for ended in over.ended] == ["timed_out"]


def test_an_end_tells_the_versions_that_its_dialogue_began_with() -> None:
    table = Table()
    house = content()
    table.ussd(ENGLISH, Opened("*105#"))
    later = MenuSet(replace(house.menus.compiled, version="later"))
    table.world = replace(
        table.world,
        menus=table.world.menus.followed_by(later),
        codes=replace(house.codes, version="dearer"),
    )
    [held] = table.ussd(ENGLISH, Replied("0")).ended
    assert (held.menus, held.rules) == (house.menus.version, house.codes.version)
    [begun] = table.ussd(ENGLISH, Opened("*100#")).ended
    assert (begun.menus, begun.rules) == ("later", "dearer")


def test_a_repeated_sms_leaves_its_conversation_as_it_was() -> None:
    table = Table()
    asked = table.sms(ENGLISH, "000105", "menu", "k1")
    before = table.unit.snapshot()
    again = table.sms(ENGLISH, "000105", "menu", "k1")
    assert (again.repeated, again.message_id, again.deliveries) == (True, asked.message_id, ())
    assert table.unit.snapshot() == before


def test_a_conversation_by_sms_is_one_dialogue() -> None:
    table = Table()
    asked = table.sms("79220000004", "000105", "МЕНЮ")
    answered = table.sms("79220000004", "000105", "1")
    assert answered.trace == asked.trace
    assert answered.charge is not None
    assert (answered.charge.dialogue, answered.charge.amount) == (asked.trace, 1_900)


def test_without_money_a_conversation_ends_before_the_answer_acts() -> None:
    table = Table()
    spent = move("spent", "pack", NOW, 1004, PACKAGES, 30_000 - 3_700)
    assert table.unit.book.transfer(spent) == "ok"
    table.sms("79220000004", "000105", "МЕНЮ")
    refused = table.sms("79220000004", "000105", "1")
    assert refused.refused == "err.funds"
    assert table.unit.sessions == {}


def _text(outcome: Outcome) -> str:
    return next(one.text for one in outcome.deliveries if isinstance(one, Page))
