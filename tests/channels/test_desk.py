"""The desk and its deadlines with nothing behind them: turns that fail, queues that are full."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.channels import desk as desks
from gateway.channels.context import LOG_CONTEXT
from gateway.channels.deadlines import Deadlines
from gateway.channels.desk import Desk, Failed
from gateway.channels.ids import Ids, base36
from gateway.domain.port import Arrival, Opened, Page, Released, Replied, Sms, TimedOut
from gateway.turn.outcome import Outcome
from gateway.turn.unit import Busy

KEY = "net|79220000001|"
OPENED = Arrival("ussd", "net", "79220000001", "105", KEY, Opened("*105#"), trace="T1")
REPLIED = Arrival("ussd", "net", "79220000001", "105", KEY, Replied("1"))
MENU = Page("net", KEY, "79220000001", "105", "menu", True)


@dataclass
class Store:
    """Runs turns when told to, in batches, as the writer does."""

    refuses: Exception | None = None
    queued: list[tuple[Callable[[Any], Any], Callable[[Any], None]]] = field(default_factory=list)

    def submit(self, work: Callable[[Any], Any], done: Callable[[Any], None]) -> None:
        """Queue a turn."""
        if self.refuses is not None:
            raise self.refuses
        self.queued.append((work, done))

    def run(self, desk: Desk) -> None:
        """Run what is queued and hand over the batch."""
        queued, self.queued = self.queued, []
        results = []
        for work, done in queued:
            try:
                results.append((done, work(None)))
            except Exception as error:
                results.append((done, error))
        desk.batch(results)


@dataclass
class Line:
    """A link that writes down what it is given."""

    shown: list[Page] = field(default_factory=list)
    flushes: int = 0
    is_up: bool = True

    def serves(self, msisdn: str) -> bool:
        """Any number."""
        return True

    def show(self, page: Page) -> bool:
        """Shown if up."""
        self.shown.append(page)
        return self.is_up

    def send(self, sms: Sms, done: Callable[[str], None]) -> bool:
        """Never now."""
        return False

    def flush(self) -> None:
        """Counted."""
        self.flushes += 1


class Menus:
    """The text of every id is the id."""

    @property
    def current(self) -> Any:
        """Itself."""
        return self

    def text(self, text_id: str, language: str, values: Any) -> str:
        """The id."""
        return text_id


@dataclass
class World:
    """As much of it as the desk looks at."""

    menus: Menus = field(default_factory=Menus)


class House:
    """A desk, its store, one link; `turn` is what a turn does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, dialogues_max: int = 10) -> None:
        self.store, self.line, self.now = Store(), Line(), 1000.0
        world: Any = World()
        self.desk = Desk(world, self.store, lambda: self.now, lambda: 0.0, Ids(1), dialogues_max)
        self.desk.links["net"] = self.line
        self.turn: Callable[[Arrival], Outcome] = lambda arrival: Outcome("T1")
        self.taken: list[Arrival] = []
        self.heard: list[Any] = []
        monkeypatch.setattr(desks, "take_turn", self._take)

    def _take(self, arrival: Arrival, *_: Any) -> Outcome:
        self.taken.append(arrival)
        return self.turn(arrival)

    def put(self, arrival: Arrival) -> None:
        """Submit and run."""
        self.desk.submit(arrival, self.heard.append)
        self.store.run(self.desk)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    """A desk with room for ten dialogues."""
    return House(monkeypatch)


def waiting(arrival: Arrival) -> Outcome:
    """A turn that shows the menu and waits a minute."""
    return Outcome("T1", deliveries=(MENU,), deadline=1060.0)


def broken(arrival: Arrival) -> Outcome:
    """A bug."""
    raise ZeroDivisionError


def test_a_batch_is_told_then_delivered_then_written_once(house):
    house.turn = waiting
    for _ in range(3):
        house.desk.submit(OPENED, house.heard.append)
    assert (house.desk.in_flight, house.line.shown) == (3, [])
    house.store.run(house.desk)
    assert (house.desk.in_flight, house.line.shown, house.line.flushes) == (0, [MENU] * 3, 1)
    assert [type(outcome) for outcome in house.heard] == [Outcome] * 3


def test_a_turn_that_fails_is_apologised_for_and_its_dialogue_ends(house):
    house.turn = waiting
    house.put(OPENED)
    house.turn = broken
    house.put(REPLIED)
    assert isinstance(house.heard[-1], Failed)
    page = house.line.shown[-1]
    assert (page.text, page.more) == ("err.service", False)
    assert len(house.desk.deadlines) == 0
    house.turn = lambda arrival: Outcome("T1")
    house.store.run(house.desk)
    assert house.taken[-1].event == Released("link")


@pytest.mark.parametrize("event", [Released("user"), Opened("00")])
def test_a_failure_nobody_looks_at_is_not_apologised_for(house, event):
    house.turn = broken
    channel = "sms" if type(event) is Opened else "ussd"
    house.put(Arrival(channel, "net", "79220000001", "000110", KEY, event))
    assert house.line.shown == []


def test_a_store_that_takes_nothing_is_busy(house):
    house.store.refuses = Busy("full")
    with pytest.raises(Busy):
        house.desk.submit(OPENED, house.heard.append)
    assert house.desk.in_flight == 0
    assert not house.desk.try_put(lambda unit: None, house.heard.append)


def test_a_full_house_takes_answers_but_no_more_dialogues(monkeypatch):
    house = House(monkeypatch, dialogues_max=1)
    house.turn = waiting
    house.put(OPENED)
    with pytest.raises(Busy):
        house.desk.submit(OPENED, house.heard.append)
    house.put(REPLIED)


def test_what_waits_too_long_is_timed_out_once(house):
    house.turn = waiting
    house.put(OPENED)
    house.now = 1061.0
    house.desk.tick()
    house.desk.tick()
    (arrival,) = [arrival for arrival in _run(house) if type(arrival.event) is TimedOut]
    assert (arrival.dialogue, arrival.msisdn) == (KEY, "79220000001")


def test_an_answer_in_time_is_not_timed_out_while_its_turn_waits(house):
    house.turn = waiting
    house.put(OPENED)
    house.now = 1059.0
    house.desk.submit(REPLIED, house.heard.append)
    house.now = 1061.0
    house.desk.tick()
    assert [type(arrival.event) for arrival in _run(house)][1:] == [Replied]


def test_a_time_out_that_finds_the_queue_full_comes_later(house):
    house.turn = waiting
    house.put(OPENED)
    house.now, house.store.refuses = 1061.0, Busy("x")
    house.desk.tick()
    house.now, house.store.refuses = 1063.0, None
    house.desk.tick()
    assert type(_run(house)[-1].event) is TimedOut


def test_a_repeated_message_leaves_the_conversation_waiting(house):
    house.turn = waiting
    house.put(OPENED)
    house.turn = lambda arrival: Outcome("T1", repeated=True)
    house.put(OPENED)
    assert len(house.desk.deadlines) == 1


def test_a_callback_that_fails_keeps_nobody_else_from_being_told(house):
    house.turn = waiting
    house.desk.submit(OPENED, broken)
    house.desk.submit(OPENED, house.heard.append)
    house.store.run(house.desk)
    assert len(house.heard) == 1


def test_the_lines_of_a_turn_carry_its_dialogue_and_those_after_it_do_not(house):
    seen = []
    house.turn = waiting
    house.desk.observers.append(lambda *_: seen.append(dict(LOG_CONTEXT.get())))
    house.put(OPENED)
    assert seen == [{"dialogue": "T1", "channel": "ussd", "msisdn": "79220000001"}]
    assert LOG_CONTEXT.get() == {}


def _run(house: House) -> list[Arrival]:
    house.store.run(house.desk)
    return house.taken


# --- deadlines and ids -------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(st.sampled_from(["set", "drop", "due"]), st.integers(0, 2), st.integers(1, 9)),
    max_size=40,
)


@given(STEPS)
def test_deadlines_are_as_a_plain_dictionary_of_them(steps):
    """Whatever is set, moved and dropped: what is due is what such a dictionary says."""
    deadlines, plain, now = Deadlines(), {}, 0.0
    for action, name, seconds in steps:
        key = str(name)
        if action == "set":
            deadlines.set(key, now + seconds)
            plain[key] = now + seconds
        elif action == "drop":
            deadlines.drop(key)
            plain.pop(key, None)
        else:
            now += seconds
            due = {key for key, at in plain.items() if at <= now}
            found = set(deadlines.due(now, 100))
            assert found == due
            for key in found:
                del plain[key]
        assert len(deadlines) == len(plain)


def test_ids_are_unique_over_runs_and_fit_a_message_id_of_smpp_3_3():
    made = [Ids(epoch).next() for epoch in (1, 2, 36**3 - 1)]
    assert made == ["00100000", "00200000", "ZZZ00000"]
    ids = Ids(7)
    assert len({ids.next() for _ in range(2000)}) == 2000
    assert base36(36**5 - 1, 5) == "ZZZZZ"
