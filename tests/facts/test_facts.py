"""Facts of the seed documents -> what proves that the house carries them.

Each line: ids of facts (domain/facts.md), and the module and test that prove them, or `later` where
they belong to a channel or a function that is still to come.
"""

from __future__ import annotations

import importlib
from types import ModuleType

import pytest

TABLE = """
C01                 | channels: 105 is the main menu at once
C02                 | channels: no password is asked on the way to a change
C03                 | menus: every command has a path from ussd
C04                 | channels: operations settings and removal from the keypad
C05                 | channels: the portal names what the operator names
C06 A03             | channels: every active number has the menu from wherever it is
C07                 | channels: the list of commands names codes that work
C08                 | channels: what is still to come says so
C09 C10 C12 K04     | channels: a password is dialled and comes by sms
C11                 | channels: the link is of the handset
C13 C14 C15 C16 K01 | channels: 00 is a password on every service number
C17                 | channels: a company number registers with any text
C18                 | channels: detailed information by sms
C19 C20             | channels: sms works at home and in roaming without set up
C21 C31 K19         | channels: every service number answers and costs nothing at home
C22 C25 C29 K02     | channels: the voice menu is the menu
C24                 | channels: what a voice channel collects comes with the screen
C23 C26 C32         | later: the voice menu, its sections and its greeting
C27 T04 T05 T06     | charging: 0505 is free at home and not connected away
C28 T07             | charging: the federal number costs a roaming minute
C30                 | later: video access, a sister channel

A01                 | passwords: the login is ten digits
A02                 | passwords: the first password is the registration
A04 A05             | later: setting a password by keypad in a call; *105*01# and *105*00# do both
A06 K06             | passwords: no password is ever in an answer that could be spoken
A07 A11 K05         | passwords: beside ones own a one time code is issued
A08                 | passwords: an issued password stays until it is changed
A09 A10 A12 K07     | passwords: it is replaced by one that is remembered
A13 A14 A15 K03 K15 | passwords: five wrong ones lock and the sixth entry is refused though right
A16                 | passwords: a new password opens the lock and kills the old
A17 A28 A29         | later: hints of the login form, the app's login
A18                 | passwords: the sms says to keep it secret
A19 A20             | passwords: a login is told where the subscriber wants it
A21                 | passwords: the history tells when and by what
A22 A23 A24         | later: login of itself over the operator's own bearer
A25                 | passwords: the password is under settings and the faq knows both names
A26                 | passwords: a late password is asked for again
A27 H01 H02 H03     | account: support is a group of the main menu
H09 H10 H11         | account: support is a group of the main menu
K16                 | passwords: six to ten digits

L01 K08             | account: the level is of the way in and the number
L01                 | account: by sms the same number has less
L02                 | account: view sees the account and changes nothing
L02                 | account: what only views is read only
L03                 | account: a second number changes itself and not the account
L04                 | account: the owner changes the account

F01 F02 F03         | account: balance and points are shown together
F10                 | account: a promised payment
F11                 | account: money goes to a third party after a code
F16                 | account: spending of the current period
F19                 | account: package balances by short codes
F20                 | account: more is added from the balance screen
S05                 | account: forwarding is a number and a yes
H06 H08             | account: a question reaches an operator
H07                 | account: frequent questions stand by theme
H04 H05             | later: chat and social networks, sister channels

T01 T02             | charging: ussd costs nothing anywhere
T03 K25             | charging: service sms is free at home and costs the zones price away
T13 K25             | charging: support numbers
K20                 | rating: a zone that counts as home is charged as home
"""

WANTED = (
    ("C", range(1, 33)),
    ("A", range(1, 30)),
    ("L", range(1, 5)),
    ("F", (1, 2, 3, 10, 11, 16, 19, 20)),
    ("S", (5,)),
    ("H", range(1, 12)),
    ("T", (*range(1, 8), 13)),
    ("K", (*range(1, 9), 15, 16, 19, 20, 25)),
)
"""The facts that this issue touches."""


ELSEWHERE = {"menus": "turn", "rating": "charging"}
"""Modules of other folders."""
OF_THE_GUIDE = {
    "account: a barring is shown whole",
    "charging: the prices are told",
    "charging: with no money an sms is refused before it acts",
    "passwords: whoever found a lost sim gets no password",
}
"""Statements that stand in no seed."""


def rows() -> list[tuple[list[str], str]]:
    lines = [line.split("|") for line in TABLE.splitlines() if line]
    return [(ids.split(), proof.strip()) for ids, proof in lines]


PROOFS = [(ids, proof) for ids, proof in rows() if not proof.startswith("later:")]


def module_of(name: str) -> ModuleType:
    return importlib.import_module(f"tests.{ELSEWHERE.get(name, 'facts')}.test_{name}")


@pytest.mark.parametrize("row", PROOFS, ids=lambda row: " ".join(row[0]))
def test_the_proof_exists(row: tuple[list[str], str]) -> None:
    module, _, statement = row[1].partition(": ")
    assert callable(getattr(module_of(module), f"test_{statement.replace(' ', '_')}"))


def test_every_fact_has_its_line() -> None:
    told = {id for ids, _ in rows() for id in ids}
    assert told == {f"{letter}{n:02d}" for letter, numbers in WANTED for n in numbers}


def test_every_statement_proves_a_fact() -> None:
    here = {
        f"{group}: {name.removeprefix('test_').replace('_', ' ')}"
        for group in ("account", "channels", "charging", "passwords")
        for name in vars(module_of(group))
        if name.startswith("test_")
    }
    assert here - {proof for _, proof in PROOFS} == OF_THE_GUIDE
