"""No command of a company reaches a number of another (A44): every row of the catalogue is tried.

An administrator of «Ромашка» names numbers of «Лютик» and of nobody, in each argument that could
hold a number, with every other argument right. The answer is a refusal, and nothing has changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from gateway.accounts.companies.effects import EFFECTS
from gateway.domain.catalogue import COMMANDS
from gateway.domain.catalogue.command import Type
from gateway.domain.values import Value
from tests.accounts.fakes import Desk

MEMBER, FREE = "79220000012", "79220000014"
FOREIGN = ("79220000021", "79220000022", "79220000001", "79229999999", "", "x")
CORPORATE = sorted(name for name in COMMANDS if name.startswith(("company.", "group.")))
NUMBERS = {"member", "other", "target", "number"}
"""Arguments that name a number."""
MAY_BE_EMPTY = {"target", "number"}
"""An empty one erases, or turns on what is set already."""
REFUSED = {"member_unknown", "forwarding_number_wrong"}
RIGHT: Mapping[str, Value] = {
    "member": MEMBER,
    "other": FREE,
    "target": FREE,
    "number": FREE,
    "after": "",
    "limit": 100,
    "label": "",
    "name": "Кто",
    "position": "x",
    "count": "1",
    "code": "2011",
    "email": "a@b.ru",
}


def right(name: str, kind: Type) -> Value:
    """A value that the argument may hold."""
    if isinstance(kind, tuple):
        return {"action": "register", "kind": kind[0]}.get(name, kind[0])
    return RIGHT[name]


def attempts() -> Iterator[tuple[str, str, str]]:
    """Command, the argument that names a number, and a number that is not of the company."""
    for command in CORPORATE:
        for argument in COMMANDS[command].arguments:
            if argument in NUMBERS:
                yield from (
                    (command, argument, foreign)
                    for foreign in FOREIGN
                    if foreign or argument not in MAY_BE_EMPTY
                )


def state(desk: Desk) -> object:
    """All that the book holds; the windows of attempts count refused ones too."""
    return {name: value for name, value in desk.book.snapshot().items() if name != "windows"}


@pytest.mark.parametrize(("command", "argument", "foreign"), list(attempts()))
def test_a_number_of_another_is_not_known(
    desk: Desk, command: str, argument: str, foreign: str
) -> None:
    arguments = {name: right(name, kind) for name, kind in COMMANDS[command].arguments.items()}
    before = state(desk)
    answer = desk.answer(11, command, **{**arguments, argument: foreign})
    assert answer.outcome in REFUSED
    assert answer.values == {}
    assert state(desk) == before


@pytest.mark.parametrize("command", [name for name in CORPORATE if name != "company.register"])
@pytest.mark.parametrize("number", [1, 12, 22])
def test_nobody_but_an_administrator_is_let_in(desk: Desk, command: str, number: int) -> None:
    arguments = {name: right(name, kind) for name, kind in COMMANDS[command].arguments.items()}
    before = state(desk)
    outcome = desk.answer(number, command, **arguments).outcome
    assert outcome in ("company_not_administrator", "level_too_low")
    assert state(desk) == before


def test_lists_hold_the_companys_own_numbers_only(desk: Desk) -> None:
    for command in ("company.numbers", "company.employees", "company.stock_numbers"):
        for number, company in ((11, "Ромашка"), (21, "Лютик")):
            rows = desk.answer(number, command, after="").values["numbers"]
            assert isinstance(rows, tuple)
            assert all(desk.book.member(company, str(row["member"])) for row in rows)


def test_every_effect_of_companies_was_tried() -> None:
    assert set(CORPORATE) == set(EFFECTS)
    tried = {command for command, _, _ in attempts()}
    naming = {name for name in CORPORATE if "msisdn" in COMMANDS[name].arguments.values()}
    assert naming <= tried
