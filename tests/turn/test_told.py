"""What a turn tells of itself: the answer, why each way was open, commands, effects; no secret."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.accounts.book import Book
from gateway.domain.port import Arrival, Channel, Event, Opened, Replied, TimedOut
from gateway.turn.changes import CHANGES
from gateway.turn.outcome import Outcome
from gateway.turn.told import HIDDEN, Told, answer_told, code_told, command_told
from gateway.turn.turn import take_turn
from tests.accounts.fakes import NOW
from tests.turn.house import demo_book, world
from tests.turn.memory_unit import MemoryUnit
from tests.turn.phones import Phones

WHO = "79220000002"


class Handset:
    """Turns on one book that somebody watches."""

    def __init__(self, channel: Channel = "ussd", address: str = "105") -> None:
        self.world = replace(world(), watched=lambda: True)
        self.unit = MemoryUnit(demo_book())
        self.to = (channel, "harness", WHO, address, f"harness|{WHO}|")
        self.turns = 0

    def turn(self, event: Event) -> tuple[Arrival, Outcome]:
        self.turns += 1
        arrival = Arrival(*self.to, event, f"m{self.turns}", trace=f"t{self.turns}")
        return arrival, take_turn(arrival, NOW + self.turns, self.unit, self.world)

    def take(self, event: Event) -> Told:
        told = self.turn(event)[1].told
        assert told is not None
        return told

    def dial(self, code: str, *answers: str) -> Told:
        told = self.take(Opened(code))
        for answer in answers:
            told = self.take(Replied(answer))
        return told


def test_nothing_is_gathered_while_nobody_listens() -> None:
    arrival = Arrival("ussd", "harness", WHO, "105", "d", Opened("*105#"), trace="t1")
    assert take_turn(arrival, NOW, MemoryUnit(demo_book()), world()).told is None


def test_a_route_tells_the_guard_that_held_and_that_none_did() -> None:
    handset = Handset()
    arrival = Arrival(*handset.to, Opened("*105#"), trace="t1")
    outcome = take_turn(arrival, NOW, handset.unit, handset.world)
    assert outcome.told is not None
    ways = zip(outcome.path, outcome.told.guards, strict=True)
    told = [(trigger, state, guard) for (_, trigger, state), guard in ways]
    assert told[0] == ("", "main", "")
    assert told[-1] == ("else", "main_private", "no case holds")


def test_a_command_is_told_with_its_arguments_result_and_values() -> None:
    told = Handset().dial("*105*1*1#")
    [row] = told.commands
    assert (row["command"], row["result"], row["arguments"]) == ("account.balance", "ok", {})
    assert row["values"]["balance"] == "1000.00"  # type: ignore[index]
    assert told.effects == [], "to look changes nothing"


def test_what_a_command_changed_is_an_effect() -> None:
    told = Handset().dial("*105*7*4#", "2")
    assert [row["command"] for row in told.commands] == ["language.set"]
    assert told.commands[0]["arguments"] == {"language": "en"}
    assert {
        "effect": "subscriber",
        "msisdn": WHO,
        "changes": {"language": "en"},
    } in told.effects


def test_money_that_moved_and_the_sms_that_tells_of_it_are_effects() -> None:
    told = Handset().dial("*105*1*6#", "9220000001", "100", "1", "700001")
    kinds = [row["effect"] for row in told.effects]
    assert "sms" in kinds
    moved = [row for row in told.effects if row["effect"] == "transfer"]
    assert [(row["kind"], row["amount"]) for row in moved] == [
        ("transfer", "100.00"),
        ("transfer_fee", "6.00"),
    ]
    assert told.answer == HIDDEN, "the code of the transfer"


def test_a_refusal_is_told_with_what_it_says() -> None:
    told = Handset().dial("*105*1*6#", "9220000001", "4000")
    [row] = told.commands
    assert (row["result"], row["values"]) == ("insufficient_balance", {"short": "3240.00"})
    assert told.effects == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("*105#", "*105#"),
        ("*105*1*2#", "*105*1*2#"),
        ("*33*9173#", f"*33*{HIDDEN}#"),
        ("**03*330*0000*6284*6284#", f"**03*330*{HIDDEN}*{HIDDEN}*{HIDDEN}#"),
        ("my password", HIDDEN),
        ("\N{ARABIC-INDIC DIGIT ONE}234", HIDDEN),
        ("", HIDDEN),
    ],
)
def test_of_a_code_no_long_field_is_told(text: str, told: str) -> None:
    assert code_told(text) == told


@pytest.mark.parametrize(
    ("text", "typed", "secret", "told"),
    [
        ("1", False, False, "1"),
        (" 00 ", False, False, "00"),
        ("100", True, False, "100"),
        ("9220000001", True, False, "9220000001"),
        ("9173", False, False, HIDDEN),  # a password, typed one screen too soon
        ("9173", True, True, HIDDEN),
        ("1", False, True, HIDDEN),
    ],
)
def test_an_answer_is_told_where_it_can_be_no_secret(
    text: str, typed: bool, secret: bool, told: str
) -> None:
    assert answer_told(text, typed, secret) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("00", "00"),
        ("ПАРОЛЬ", "ПАРОЛЬ"),
        ("pass 9173", f"pass {HIDDEN}"),
        ("9173 1", f"{HIDDEN} {HIDDEN}"),
    ],
)
def test_of_a_command_by_sms_its_first_word_is_told(text: str, told: str) -> None:
    assert command_told(text) == told


def test_sms_and_calls_tell_what_came() -> None:
    assert Handset("sms", "000110").take(Opened("00")).answer == "00"
    assert Handset("sms", "000110").take(Opened("what is this")).answer == HIDDEN
    phones = Phones()
    phones.world = replace(phones.world, watched=lambda: True)
    called, pressed = phones.call("c1", WHO, "0505").told, phones.press("c1", "1").told
    assert called is not None
    assert pressed is not None
    assert (called.answer, pressed.answer) == ("0505", "1")
    waiting = Handset()
    waiting.take(Opened("*105#"))
    waiting.turns += 600
    assert waiting.take(TimedOut()).answer == ""


def test_the_table_of_changes_names_operations_of_the_book() -> None:
    assert [name for name in CHANGES if not hasattr(Book, name)] == []
