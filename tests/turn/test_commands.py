"""The catalogue, walked: every command is reached by USSD (C03) and by SMS, acts, and is tested.

What one of the channels cannot reach stands here with its reason; a reason that no longer holds
fails as well.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from gateway.accounts.answers import EFFECTS, Accounts
from gateway.accounts.request import Reply
from gateway.domain.catalogue import COMMANDS
from gateway.domain.port import Query
from gateway.turn.reach import Ways, ways_to_commands
from tests.flows.play import Player
from tests.flows.script import read_flows
from tests.flows.stores import MemoryStore
from tests.flows.test_flows import FILES
from tests.turn.house import ROOT, content

WAYS = ways_to_commands(content().menus, content().codes)

NOT_BY_USSD = {
    "access.prove": "the cabinet's password raises the level of a call only (service guide 3.2)",
    "company.register": "an SMS from a number of the group is the application (C17, K09)",
    "card.link": "card digits are keyed in a call or given on the site: networks log USSD (F09)",
    "transfer.make": "there the code is one that was sent: transfer.send_code, transfer.confirm",
}
NOT_BY_SMS = {
    "access.prove": "a password never travels in an SMS (K04)",
    "card.link": "card digits never travel in an SMS (F09)",
    "transfer.send_code": "the question brings its code: transfer.make",
    "transfer.confirm": "the question brings its code: transfer.make",
    "secret.set": "only the owner may, and a secret word never waits for the code of a question",
    "barring.password": "three secrets at once, which only a code carries (3GPP TS 22.030 §6.5.4)",
}


def named_in_tests() -> set[str]:
    """The commands that any test of the house but this one names."""
    files = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    return {word for path in files for word in _NAME.findall(path.read_text("utf-8"))}


_NAME = re.compile(r'"([a-z]+\.[a-z_]+)"')
NAMED = named_in_tests()


@pytest.fixture(scope="module")
def told() -> set[str]:
    """The commands that the flows carry out."""
    found: set[str] = set()
    answer = Accounts.answer

    def recorded(self: Accounts, query: Query, *rest: Any) -> Reply:
        found.add(query.command)
        return answer(self, query, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Accounts, "answer", recorded)
        for path in FILES:
            for flow in read_flows(path):
                Player(MemoryStore()).play(flow)
    return found


def wants_code(name: str) -> bool:
    """Whether SMS has the level for it only with the code of a question."""
    return COMMANDS[name].level == "account" and not COMMANDS[name].read_only


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_reached_carried_out_and_tested(name: str, told: set[str]) -> None:
    ways = WAYS.get(name, Ways())
    assert bool(ways.ussd) != (name in NOT_BY_USSD), f"by USSD: {ways.ussd or 'no way'}"
    opened = bool(ways.sms) and ("<code>" in ways.sms or not wants_code(name))
    assert opened != (name in NOT_BY_SMS), f"by SMS: {ways.sms or 'no way'}"
    assert name in EFFECTS
    assert name in NAMED or name in told, "no test names it, and no flow asks it"


def test_nothing_is_carried_out_that_is_not_in_the_catalogue() -> None:
    assert set(EFFECTS) == set(COMMANDS)


@pytest.mark.parametrize(
    ("name", "ussd", "sms"),
    [
        ("account.balance", "*100#", "БАЛАНС|Б|BALANCE|B"),
        ("account.last_charges", "*512#", "РАСХОД|SPEND 5"),
        ("promised.take", "*106*1*1#", "ОП|PROMISE {amount:amount} YES <code>"),
        ("question.ask", "*105*8*2# <question>", "МЕНЮ|MENU 8 2 <question>"),
        ("roaming.switch", "*105*6*2*1#", "РОУМИНГ|ROAM ВКЛ|ON"),
    ],
)
def test_the_shortest_way(name: str, ussd: str, sms: str) -> None:
    assert WAYS[name] == Ways(ussd, sms)
