"""A yes by SMS: what each answer to a question does, what is said, and what has moved."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest

from gateway.domain.port import Arrival, Opened, Sms
from gateway.turn.outcome import Outcome
from gateway.turn.turn import take_turn
from tests.accounts.fakes import NOW
from tests.turn.house import demo_book, world
from tests.turn.memory_unit import MemoryUnit

SENDER, RECIPIENT = "79220000002", "79220000001"
MENU_PATH = ("MENU", "1", "6", RECIPIENT[1:], "100")
"""To the question of a transfer of 100 roubles."""
SENT, KEPT = 89_400, 100_000
"""The sender's kopecks after the transfer and its fee, and before."""


class Writer:
    """One subscriber who writes to 000105, on one clock."""

    def __init__(self, msisdn: str = SENDER) -> None:
        self.msisdn = msisdn
        self.unit = MemoryUnit(demo_book())
        self.world = world()
        self.now = NOW
        self.written = 0
        self.texts: list[Sms] = []

    def write(self, text: str) -> Outcome:
        self.written += 1
        id = f"m{self.written}"
        key = f"harness|{self.msisdn}|000105"
        arrival = Arrival("sms", "harness", self.msisdn, "000105", key, Opened(text), id, trace=id)
        outcome = take_turn(arrival, self.now, self.unit, self.world)
        self.texts += [each for each in outcome.deliveries if isinstance(each, Sms)]
        return outcome

    def ask(self) -> str:
        """Come to the question; its code."""
        for text in MENU_PATH:
            self.write(text)
        [code] = re.findall(r"YES ([0-9]{4})$", self.last)
        return str(code)

    @property
    def last(self) -> str:
        return self.texts[-1].text

    @property
    def balance(self) -> int:
        found = self.unit.book.subscriber(self.msisdn)
        assert found is not None
        return found.balance


@pytest.fixture
def writer() -> Writer:
    return Writer()


def test_a_question_says_how_to_answer_it_and_shows_no_key(writer: Writer) -> None:
    code = writer.ask()
    assert writer.last == f"Send RUB 100 to 9220000001? Fee RUB 6\nReply: YES {code}"
    assert writer.texts[-1].secret
    assert writer.balance == KEPT


class Answer(NamedTuple):
    """What is written (`#` is the code), whether money moves, and how the SMS back begins."""

    written: str
    moves: bool
    says: str


@pytest.mark.parametrize(
    "answer",
    [
        Answer("YES #", True, "RUB 100 sent to 9220000001"),
        Answer("yes  #", True, "RUB 100 sent"),
        Answer("ДА #", True, "RUB 100 sent"),
        Answer("да #", True, "RUB 100 sent"),
        Answer("#", True, "RUB 100 sent"),
        Answer("YES", False, "Wrong code."),
        Answer("YES 0000", False, "Wrong code."),
        Answer("0000", False, "Wrong code."),
        Answer("1", False, "Wrong code."),
        Answer("NO", False, "All right"),
        Answer("нет", False, "All right"),
        Answer("perhaps", False, "No such item"),
        Answer("0", False, "Amount in roubles"),
    ],
    ids=lambda answer: answer.written,
)
def test_what_an_answer_does(writer: Writer, answer: Answer) -> None:
    code = writer.ask()
    writer.write(answer.written.replace("#", code))
    assert writer.last.startswith(answer.says)
    assert writer.balance == (SENT if answer.moves else KEPT)


def test_a_code_is_good_once(writer: Writer) -> None:
    code = writer.ask()
    writer.write(f"YES {code}")
    writer.write(f"YES {code}")
    assert writer.balance == SENT


def test_the_third_wrong_code_drops_the_question(writer: Writer) -> None:
    code = writer.ask()
    said = []
    for _ in range(3):
        writer.write("YES 0000")
        said.append(writer.last)
    assert said[0] == said[1] == "Wrong code. Reply: YES and the code of the last SMS"
    assert said[2].startswith("Wrong code for the third time")
    writer.write(f"YES {code}")
    assert writer.balance == KEPT


@pytest.mark.parametrize(("seconds", "left"), [(599, SENT), (600, KEPT)])
def test_a_code_lives_ten_minutes(writer: Writer, seconds: int, left: int) -> None:
    code = writer.ask()
    writer.now += seconds
    writer.write(f"YES {code}")
    assert writer.balance == left


def test_a_wrong_code_does_not_make_the_question_live_longer(writer: Writer) -> None:
    code = writer.ask()
    writer.now += 500
    writer.write("YES 0000")
    writer.now += 100
    writer.write(f"YES {code}")
    assert writer.balance == KEPT


def test_an_answer_that_is_none_asks_anew_and_the_first_code_is_dead(writer: Writer) -> None:
    first = writer.ask()
    writer.write("perhaps")
    [second] = re.findall(r"YES ([0-9]{4})$", writer.last)
    writer.write(f"YES {first}")
    assert writer.balance == KEPT
    writer.write(f"YES {second}")
    assert writer.balance == SENT


def test_no_code_is_stored(writer: Writer) -> None:
    code = writer.ask()
    [(body, _)] = writer.unit.sessions.values()
    assert f'"{code}"' not in body


def test_a_second_number_of_the_account_is_never_asked() -> None:
    writer = Writer("79220000007")
    for text in ("МЕНЮ", "1", "6"):
        writer.write(text)
    assert writer.last.startswith("Нужен доступ")


def test_a_question_that_moves_no_money_takes_the_word_alone(writer: Writer) -> None:
    for text in ("MENU", "6", "2"):
        writer.write(text)
    assert writer.last == "Roaming is on. Switch it off?\nReply: YES"
    writer.write("YES")
    assert writer.last == "Done. Roaming is off"


@pytest.mark.parametrize("sender", ["000105", "0505", "79221110505", "BANK", "+79261110500", ""])
def test_a_service_that_writes_is_never_answered(sender: str) -> None:
    writer = Writer(sender)
    outcome = writer.write("БАЛАНС")
    assert (outcome.deliveries, outcome.charge) == ((), None)
    assert [each.result for each in outcome.ended] == ["ignored"]


def test_a_number_that_answers_while_digits_are_typed_is_no_code(writer: Writer) -> None:
    """5041 and 503 are commands where a choice is waited for, and an amount where one is asked."""
    for text in ("MENU", "1", "6", RECIPIENT[1:], "503"):
        writer.write(text)
    assert writer.last.startswith("Send RUB 503 to")
    writer.write("5041")
    assert writer.last.startswith("Wrong code")
    writer.write("B")
    assert writer.last.startswith("Balance")


def test_what_no_option_asks_a_code_for_is_closed_to_sms(writer: Writer) -> None:
    for text in ("MENU", "7", "7", "Murzik"):
        writer.write(text)
    assert writer.last.startswith("Account management access is needed")
    assert "Murzik" not in str(writer.unit.sessions)
