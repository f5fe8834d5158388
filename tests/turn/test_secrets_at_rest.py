"""A secret goes from the handset straight to the core: nothing that is stored between two turns,
charged, told of a dialogue's end, shown in a timeline or queued ever holds it.

Each walk is played with the real menus; the canary is looked for after every turn, in every
session body, charge, end of a dialogue, note and SMS, and in the whole Book.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from gateway.domain.port import Arrival, Opened, Replied, Sms
from gateway.turn.turn import take_turn
from tests.accounts.fakes import NOW
from tests.turn.house import demo_book, world
from tests.turn.memory_unit import MemoryUnit

MSISDN = "79220000002"
OWN, PIN, NEW_PIN = "8642097531", "9173", "6284"

# name | dialled | answers; the walk may end anywhere
WALKS = f"""
own password set               | *105*01#                      | {OWN} {OWN}
own password, left at again    | *105*7*1*3#                   | {OWN}
own password, given otherwise  | *105*01#                      | {OWN} 592731 {OWN} {OWN}
own password, a slip between   | *105*01#                      | 12 {OWN} 12 {OWN}
own password, back and again   | *105*7*1*3#                   | {OWN} 0
own password, too simple       | *105*01#                      | 111111 {OWN} {OWN}
own password, home             | *105*01#                      | {OWN} 00 1 1
barring PIN, wrong             | *105*3*6*1#                   | {PIN}
barring PIN, wrong twice       | *105*3*6*1#                   | {PIN} {PIN} 0000
barring PIN in the code        | *33*{PIN}#                    | {PIN}
barring PIN in a question      | *#33*{PIN}#                   |
barring PIN asked for          | #330#                         | {PIN} {PIN}
barring password changed       | **03*330*0000*{NEW_PIN}*{NEW_PIN}# |
barring password, a wrong old  | *03**{PIN}*{NEW_PIN}*{NEW_PIN}#   | {PIN}
barring password, by entries   | *105*3*6*8#                   | {PIN} 0000 {NEW_PIN} {NEW_PIN}
barring password, left at new  | *105*3*6*8#                   | 0000 {NEW_PIN}
barring password, given unlike | *105*3*6*8#                   | 0000 {NEW_PIN} {PIN}
barring password, unlike       | **03**0000*{NEW_PIN}*6285#        |
"""
CANARIES = (OWN, PIN, NEW_PIN)


class Recording(MemoryUnit):
    """Remembers every session body and every SMS it was given."""

    def __init__(self) -> None:
        super().__init__(demo_book())
        self.stored: list[str] = []

    def save_session(self, dialogue: str, body: str, deadline: float) -> None:
        super().save_session(dialogue, body, deadline)
        self.stored.append(body)


class Walk:
    """One dialogue; `told` is all that a turn left behind, whoever keeps it."""

    def __init__(self) -> None:
        self.world = replace(world(), watched=lambda: True)
        self.unit = Recording()
        self.told: list[str] = []
        self.sent: list[Sms] = []
        self.turns = 0

    def say(self, event: Opened | Replied) -> None:
        self.turns += 1
        # a peer may send the string dialled as its destination too
        address = event.text if type(event) is Opened else ""
        arrival = Arrival("ussd", "harness", MSISDN, address, "d", event, trace="t1")
        outcome = take_turn(arrival, NOW + self.turns, self.unit, self.world)
        self.sent += [each for each in outcome.deliveries if isinstance(each, Sms)]
        pages = [each for each in outcome.deliveries if not isinstance(each, Sms)]
        self.told += [repr((pages, outcome.charge, outcome.ended, outcome.state, outcome.notes))]
        self.told += [repr(outcome.told)]
        self.told += [*self.unit.stored, repr(self.unit.book.snapshot())]

    def play(self, dialled: str, answers: str) -> None:
        self.say(Opened(dialled))
        for answer in answers.split():
            if not self.unit.sessions:
                break
            self.say(Replied(answer))


def walks() -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in WALKS.strip().splitlines()]


@pytest.mark.parametrize("row", walks(), ids=lambda row: row[0])
def test_nothing_kept_holds_the_secret(row: list[str]) -> None:
    _, dialled, answers = row
    walk = Walk()
    walk.play(dialled, answers)
    everything = "\n".join([*walk.told, *(sms.text for sms in walk.sent)])
    assert [canary for canary in CANARIES if canary in everything] == []


def test_the_walks_do_what_they_say() -> None:
    """A canary that never reached the core would prove nothing."""
    walk = Walk()
    walk.play("*105*01#", f"{OWN} {OWN}")
    kept = walk.unit.book.credential(MSISDN, "permanent")
    assert kept is not None
    assert walk.world.accounts.core.hasher.verify(kept.digest, OWN, MSISDN)
    walk = Walk()
    walk.play(f"**03*330*0000*{NEW_PIN}*{NEW_PIN}#", "")
    walk.play(f"*33*{NEW_PIN}#", "")
    assert walk.unit.book.barring(MSISDN) == {"outgoing"}


def test_a_transfer_code_is_in_its_sms_and_nowhere_else() -> None:
    walk = Walk()
    walk.play("*105*1*6#", "9220000001 100 1 123456 700001")
    sender = walk.unit.book.subscriber(MSISDN)
    assert sender is not None
    assert sender.balance == 100_000 - 10_000 - 600
    [sms] = [each for each in walk.sent if each.msisdn == MSISDN]
    assert ("700001" in sms.text, sms.secret) == (True, True)
    everything = "\n".join(walk.told)
    assert [code for code in ("700001", "123456") if code in everything] == []


def test_an_issued_password_is_in_its_sms_and_nowhere_else() -> None:
    for code in ("*105*00#", "*105*7*1*2#", "*105*7*1*4#"):
        walk = Walk()
        walk.play(code, "")
        [sms] = walk.sent
        [password] = re.findall(r"\b[0-9]{6}\b", sms.text)
        assert sms.secret
        assert password not in "\n".join(walk.told)
