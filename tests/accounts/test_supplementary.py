"""Call forwarding and call barring (TS 22.082, TS 22.088), and what each forbids the other."""

from __future__ import annotations

import pytest

from gateway.accounts.services.barring import barring_digest
from gateway.domain.port import Answered
from tests.accounts.fakes import Desk

TO = "79221234567"
ME = "79220000001"


def forward(desk: Desk, action: str, kind: str, number: str = "", who: int = 1) -> Answered:
    return desk.answer(who, "forwarding.apply", action=action, kind=kind, number=number)


def bar(desk: Desk, action: str, kind: str, password: str = "0000") -> Answered:
    return desk.answer(1, "barring.apply", action=action, kind=kind, password=password)


def shown(desk: Desk) -> dict[str, object]:
    values = desk.answer(1, "forwarding.show").values
    return {kind: number for kind, number in values.items() if number}


@pytest.mark.parametrize(
    ("kind", "kinds"),
    [
        ("all", {"all"}),
        ("busy", {"busy"}),
        ("no_reply", {"no_reply"}),
        ("not_reachable", {"not_reachable"}),
        ("conditional", {"busy", "no_reply", "not_reachable"}),
        ("every", {"all", "busy", "no_reply", "not_reachable"}),
    ],
)
def test_each_group_is_set_and_erased(desk: Desk, kind: str, kinds: set[str]) -> None:
    assert forward(desk, "register", kind, TO).values == {"kind": kind, "on": True, "number": TO}
    assert shown(desk) == dict.fromkeys(kinds, TO)
    assert forward(desk, "interrogate", kind).values == {"kind": kind, "on": True, "number": TO}
    erased = {"kind": kind, "on": False, "number": ""}
    assert forward(desk, "erase", kind).values == erased
    assert shown(desk) == {}
    assert forward(desk, "interrogate", kind).values == erased


def test_erasing_one_kind_leaves_the_others(desk: Desk) -> None:
    forward(desk, "register", "conditional", TO)
    forward(desk, "deactivate", "busy")
    assert shown(desk) == {"no_reply": TO, "not_reachable": TO}
    assert forward(desk, "interrogate", "conditional").values["on"] is True


@pytest.mark.parametrize(
    ("number", "outcome"),
    [
        ("89221234567", "ok"),
        ("+7 922 123-45-67", "ok"),
        ("", "forwarding_number_missing"),
        ("+14155550123", "forwarding_number_wrong"),
        ("0500", "forwarding_number_wrong"),
        ("79220000001", "forwarding_number_wrong"),
    ],
)
def test_the_number_is_another_russian_one(desk: Desk, number: str, outcome: str) -> None:
    for action in ("register", "activate"):
        assert forward(desk, action, "all", number).outcome == outcome
        forward(desk, "erase", "every")


def test_activating_without_a_number_needs_one_that_stands(desk: Desk) -> None:
    assert forward(desk, "activate", "busy").outcome == "forwarding_number_missing"
    forward(desk, "register", "busy", TO)
    assert forward(desk, "activate", "busy").values["number"] == TO


@pytest.mark.parametrize(
    ("who", "number", "outcome"),
    [
        (12, "79220000013", "ok"),
        (12, "79220000011", "ok"),
        (12, "79220000021", "forwarding_number_wrong"),
        (12, "79220000001", "forwarding_number_wrong"),
        (1, "79220000021", "ok"),
    ],
)
def test_a_companys_calls_stay_in_the_company(
    desk: Desk, who: int, number: str, outcome: str
) -> None:
    assert desk.outcome(who, "forwarding.quote", number=number) == outcome
    assert forward(desk, "register", "all", number, who).outcome == outcome


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("outgoing", "forwarding_barred"),
        ("incoming", "forwarding_barred"),
        ("every", "forwarding_barred"),
        ("international", "ok"),
    ],
)
def test_no_forwarding_while_barred(desk: Desk, kind: str, outcome: str) -> None:
    assert bar(desk, "activate", kind).outcome == "ok"
    assert desk.outcome(1, "forwarding.quote", number=TO) == outcome
    assert forward(desk, "register", "all", TO).outcome == outcome
    assert bar(desk, "deactivate", "every").outcome == "ok"
    assert forward(desk, "register", "all", TO).outcome == "ok"


@pytest.mark.parametrize(
    "kind",
    ["outgoing", "international", "international_except_home", "incoming", "incoming_roaming"],
)
def test_barring_is_switched(desk: Desk, kind: str) -> None:
    assert bar(desk, "activate", kind).values == {"kind": kind, "on": True}
    assert bar(desk, "interrogate", kind, "").values == {"kind": kind, "on": True}
    assert desk.book.barring("79220000001") == {kind}
    assert bar(desk, "deactivate", "every").values == {"kind": "every", "on": False}
    assert desk.book.barring("79220000001") == frozenset()


@pytest.mark.parametrize(
    ("turned_on", "active"),
    [
        ("outgoing international", {"international"}),
        ("international international_except_home", {"international_except_home"}),
        ("incoming incoming_roaming", {"incoming_roaming"}),
        ("international incoming", {"international", "incoming"}),
        ("international every_outgoing", {"outgoing"}),
        ("incoming_roaming every_incoming", {"incoming"}),
        ("every", {"outgoing", "incoming"}),
    ],
)
def test_one_program_a_direction(desk: Desk, turned_on: str, active: set[str]) -> None:
    for kind in turned_on.split():
        assert bar(desk, "activate", kind).values == {"kind": kind, "on": True}
    assert desk.book.barring(ME) == active


@pytest.mark.parametrize(
    ("kind", "left"),
    [("every_outgoing", {"incoming"}), ("every_incoming", {"international"}), ("every", set())],
)
def test_a_group_is_switched_off_as_a_whole(desk: Desk, kind: str, left: set[str]) -> None:
    for each in ("international", "incoming"):
        bar(desk, "activate", each)
    assert bar(desk, "interrogate", kind, "").values == {"kind": kind, "on": True}
    assert bar(desk, "deactivate", kind).values == {"kind": kind, "on": False}
    assert desk.book.barring(ME) == left


def test_all_programs_at_once(desk: Desk) -> None:
    bar(desk, "activate", "international")
    values = desk.answer(1, "barring.show").values
    assert values == {
        "outgoing": False,
        "international": True,
        "international_except_home": False,
        "incoming": False,
        "incoming_roaming": False,
    }


def test_no_barring_while_forwarded(desk: Desk) -> None:
    forward(desk, "register", "busy", TO)
    assert bar(desk, "activate", "outgoing").outcome == "barring_forwarding_on"
    assert bar(desk, "deactivate", "outgoing").outcome == "ok"


def test_three_wrong_passwords_lock_barring(desk: Desk) -> None:
    assert bar(desk, "activate", "outgoing", "1111").outcome == "barring_password_wrong"
    assert bar(desk, "activate", "outgoing", "1111").outcome == "barring_password_wrong"
    assert bar(desk, "activate", "outgoing", "1111").outcome == "barring_locked"
    assert bar(desk, "activate", "outgoing", "0000").outcome == "barring_locked"
    desk.now += 10 * 365 * 86_400
    assert bar(desk, "activate", "outgoing", "0000").outcome == "barring_locked"
    assert bar(desk, "interrogate", "outgoing").values["on"] is False


def test_a_right_password_forgets_the_wrong_ones(desk: Desk) -> None:
    for _ in range(3):
        assert bar(desk, "activate", "outgoing", "1111").outcome == "barring_password_wrong"
        assert bar(desk, "activate", "outgoing").outcome == "ok"


def test_a_barring_password_of_ones_own(desk: Desk) -> None:
    assert renew(desk, "0000", "1234") == "ok"
    assert desk.book.barring_password(ME) == barring_digest(desk.hasher, ME, "1234")
    assert bar(desk, "activate", "incoming", "0000").outcome == "barring_password_wrong"
    assert bar(desk, "activate", "incoming", "1234").outcome == "ok"


def renew(desk: Desk, old: str, new: str, again: str | None = None) -> str:
    again = new if again is None else again
    return desk.outcome(1, "barring.password", old=old, new=new, again=again)


@pytest.mark.parametrize(
    ("new", "again"),
    [("1234", "1235"), ("123", "123"), ("12345", "12345"), ("", ""), ("12a4", "12a4")],
)
def test_the_new_barring_password_is_four_digits_twice_alike(
    desk: Desk, new: str, again: str
) -> None:
    assert renew(desk, "0000", new, again) == "barring_password_unfit"
    assert desk.book.barring_password(ME) == ""


def entered(desk: Desk, *entries: str, wait: float = 0) -> list[str]:
    """What becomes of the entries of a change, one after the other."""
    commands = ("barring.prove", "barring.propose", "barring.renew")
    outcomes = []
    for command, entry in zip(commands, entries, strict=False):
        outcomes.append(desk.outcome(1, command, password=entry))
        desk.now += wait
    return outcomes


@pytest.mark.parametrize(
    ("entries", "outcomes"),
    [
        (("0000", "1234", "1234"), ["ok", "ok", "ok"]),
        (("0000", "1234", "1235"), ["ok", "ok", "barring_password_unfit"]),
        (("0000", "12345"), ["ok", "barring_password_unfit"]),
        (
            ("1111", "1234", "1234"),
            ["barring_password_wrong", "barring_change_expired", "barring_change_expired"],
        ),
    ],
)
def test_a_barring_password_is_changed_entry_by_entry(
    desk: Desk, entries: tuple[str, ...], outcomes: list[str]
) -> None:
    assert entered(desk, *entries) == outcomes
    changed = outcomes == ["ok"] * 3
    kept = barring_digest(desk.hasher, ME, "1234") if changed else ""
    assert desk.book.barring_password(ME) == kept
    if len(entries) == 3:  # it is closed: another one begins with the old password
        assert desk.outcome(1, "barring.propose", password="4321") == "barring_change_expired"


def test_a_change_of_the_barring_password_lives_for_minutes(desk: Desk) -> None:
    assert entered(desk, "0000", "1234", "1234", wait=600) == [
        "ok",
        *["barring_change_expired"] * 2,
    ]
    assert entered(desk, "0000", "1234", "1234", wait=599) == ["ok", "ok", "ok"]


def test_the_old_barring_password_is_guessed_three_times(desk: Desk) -> None:
    outcomes = [renew(desk, old, "1234") for old in ("1111", "2222", "3333", "0000")]
    assert outcomes == [*["barring_password_wrong"] * 2, *["barring_locked"] * 2]
    assert bar(desk, "activate", "incoming").outcome == "barring_locked"


@pytest.mark.parametrize(("number", "out"), [(1, 180), (4, 5_900), (5, 7_900)])
def test_a_forwarded_minute_and_the_one_on_top_of_it_in_roaming(
    desk: Desk, number: int, out: int
) -> None:
    quoted = desk.answer(number, "forwarding.quote", number=TO).values
    assert quoted == {"number": TO, "price": 350, "out": out}
