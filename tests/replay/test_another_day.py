"""A recording done again: what it expects holds another day, and prices are prices."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gateway.replay.cast import Subscriber
from gateway.replay.handset import Action, Wants
from gateway.replay.recording import Done, Recording, write_flow
from gateway.service.another_day import done_again, unknown_codes
from gateway.service.rehearsal import Rehearsal, at_once
from tests.replay.house import played, written

WHO, EMPLOYEE, NOT_OF_THE_DEMO = "79220000001", "79220000012", "79991234567"


def dial(code: str, *answers: str) -> list[Action]:
    return [Action("dial", code), *(Action("answer", each) for each in answers)]


def recorded(rehearsal: Rehearsal, msisdn: str, actions: list[Action]) -> list[Done]:
    """What the number saw; a code it was given is answered by the word `code`."""
    handset, done, code = rehearsal.handset(msisdn), list[Done](), ""
    for action in actions:
        if action.text == "code":
            action = Action(action.verb, code, action.to)
        seen = at_once(handset.act(action, Wants()))
        for sms in seen.sms:
            code = "".join(re.findall(r"\b[0-9]{6}\b", sms.text))
        done.append(Done(action, seen))
    return done


@pytest.mark.parametrize(
    ("msisdn", "actions", "holes", "literal"),
    [
        (WHO, dial("*105#", "1", "1"), ["Баланс: <money>", "Бонусы: <number>"], ["Лимит: 0 р."]),
        (WHO, dial("*100#"), ["Баланс: <money>"], []),
        (WHO, dial("*105*156#"), [], ["за 30 р./мес?"]),
        (WHO, dial("*105*20#", "1"), ["<time>"], ["0 р./мес, переход 0 р."]),
        (WHO, dial("*105*753#"), ["/d/<word>"], []),
        (WHO, dial("*133*30*79220000002#", "1", "code"), ["Код <code:digits>", "Баланс <money>"],
         ["перевод 30 р. на 9220000002", "Комиссия 5 р.", "Переведено 30 р."]),
        (WHO, [Action("sms", "00", "000110")], ["Пароль: <digits>"], []),
        (WHO, [Action("call", "0505"), Action("press", "11")], ["На вашем счёте<any>"], []),
        (EMPLOYEE, dial("*100#"), ["<money>"], []),
    ],
)  # fmt: skip
def test_what_a_subscriber_has_is_a_hole_and_prices_stay(
    rehearsal: Rehearsal,
    tmp_path: Path,
    msisdn: str,
    actions: list[Action],
    holes: list[str],
    literal: list[str],
) -> None:
    steps = done_again(rehearsal, msisdn, recorded(rehearsal, msisdn, actions))
    assert all(done.again is not None for done in steps)
    text = write_flow(Recording("a", msisdn, tuple(steps)))
    assert [part for part in (*holes, *literal) if part not in text] == [], text
    assert holes or "<money>" not in text, text
    file = written(tmp_path, text)
    assert played(rehearsal, file)[0].passed
    if msisdn == WHO:
        assert played(rehearsal, file, [Subscriber("79230000005")])[0].passed


def test_a_code_of_that_day_is_answered(rehearsal: Rehearsal) -> None:
    steps = recorded(rehearsal, WHO, dial("*133*30*79220000002#", "1", "code"))
    [*_, asked, paid] = done_again(rehearsal, WHO, steps)
    assert asked.again is not None
    assert asked.again.sms[0].text != asked.seen.sms[0].text
    assert paid.again is not None
    assert paid.again.text == "Переведено 30 р. на 9220000002. Баланс 298,70 р."


def test_a_number_for_load_stands_in_for_one_that_is_not_of_the_demo(rehearsal: Rehearsal) -> None:
    steps = [Done(done.action, done.seen) for done in recorded(rehearsal, WHO, dial("*105*8*4#"))]
    [done] = done_again(rehearsal, NOT_OF_THE_DEMO, steps)
    assert done.again is not None
    assert NOT_OF_THE_DEMO in (done.again.text or "")


def test_what_cannot_be_done_again_ends_it(rehearsal: Rehearsal) -> None:
    [dialled] = recorded(rehearsal, WHO, dial("*100#"))
    steps = [dialled, Done(Action("press", "1"), dialled.seen), dialled]
    again = [done.again is not None for done in done_again(rehearsal, WHO, steps)]
    assert again == [True, False, False]


def test_codes_that_nobody_knows_are_told(rehearsal: Rehearsal) -> None:
    steps = recorded(rehearsal, WHO, [*dial("*100#"), *dial("*105*1#"), *dial("*98765#")])
    assert unknown_codes(rehearsal, steps) == ["*98765#"]
