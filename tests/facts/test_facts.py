"""Facts of the seed documents -> what proves that the house carries them.

Each line: ids of facts (`facts.tsv`), and the module and test that prove them; or `elsewhere` where
they belong to a sister channel, or `open` where nothing proves them yet, each with the reason.
"""

from __future__ import annotations

import importlib
from types import ModuleType

import pytest

from tests.facts.report import facts

TABLE = """
C01                 | channels: 105 is the main menu at once
C02                 | channels: no password is asked on the way to a change
C03                 | commands: a command is reached carried out and tested
C04                 | channels: operations settings and removal from the keypad
C05                 | channels: the portal names what the operator names
C06 A03             | channels: every active number has the menu from wherever it is
C07                 | channels: the list of commands names codes that work
C08                 | services: the menu shows what the tariff allows
C09 C10 C12 K04     | channels: a password is dialled and comes by sms
C11                 | channels: the link is of the handset
C13 C14 C15 C16 K01 | channels: 00 is a password on every service number
C17                 | channels: a company number registers with any text
C18                 | channels: detailed information by sms
C18                 | sms: a service is switched on and off by its code
C18                 | sms: the tariff is changed by a message
C18                 | sms: what costs money is asked with a code
C19 C20             | channels: sms works at home and in roaming without set up
C21 C31 K19         | channels: every service number answers and costs nothing at home
C21                 | sms: each number understands its part of the grammar
C31                 | sms: help is a word on every number
K01                 | sms: 00 is understood whatever a number is for
L01 K08             | sms: the owner manages the account with a code and nobody else
C22 C28 C29 K02     | voice: every spelling of the number is the voice menu
C25                 | voice: each function of the guide stands under its keys
C24                 | channels: what a voice channel collects comes with the screen
C24 K24             | voice: keys and words choose the same
C23                 | voice: tariff plans and services hold the password
C26 C32             | voice: the service guide greets whoever calls
C27 T04 T05 T06     | charging: 0505 is free at home and not connected away
C28 T07             | charging: the federal number costs a roaming minute
T07                 | voice: two minutes ten from europe are three minutes
C30                 | elsewhere: video access, a sister channel

A01                 | passwords: the login is ten digits
A02                 | passwords: the first password is the registration
A04 A05             | voice: a password of ones own is keyed in and no old one is asked
A06 K06             | passwords: no password is ever in an answer that could be spoken
A06 K06             | voice: a random password comes by sms and is never said
A07 A11 K05         | passwords: beside ones own a one time code is issued
A08                 | passwords: an issued password stays until it is changed
A09 A10 A12 K07     | passwords: it is replaced by one that is remembered
K07                 | voice: the policy may want the current password in a call
K07                 | voice: a menu cannot go round the current password
A13 A14 A15 K03 K15 | passwords: five wrong ones lock and the sixth entry is refused though right
A16                 | passwords: a new password opens the lock and kills the old
A17                 | http_access: a refused form says what may help
A28 A29             | logins: the app logs in by a code and is remembered
A18                 | passwords: the sms says to keep it secret
A19 A20             | passwords: a login is told where the subscriber wants it
A21                 | passwords: the history tells when and by what
A22 A23 A24         | logins: a bearer logs in at its level
A25 K22             | passwords: the password is under settings and the faq knows both names
A26                 | passwords: a late password is asked for again
A27 H01 H02 H03     | account: support is a group of the main menu
H09 H10 H11         | account: support is a group of the main menu
K16                 | passwords: six to ten digits
A30 K15             | access: a captcha after two wrong passwords
A31 A32 A33         | logins: a forgotten password comes for the secret word
A34 K16             | access: what may be chosen on the web
A35                 | access: an address stands when its link is followed
A36 A40             | access: the code of an invoice makes the address a login
A37 K10             | access: whom a login names
A38                 | access: a company logs in with a permanent password alone
A39                 | access: a companys form asks the region
A41                 | elsewhere: told by phone and in offices; the API gives it to an operator

L01 K08             | account: the level is of the way in and the number
L01                 | account: by sms the same number has less
L02                 | account: view sees the account and changes nothing
L02                 | account: what only views is read only
L03                 | account: a second number changes itself and not the account
L04                 | account: the owner changes the account

F01 F02 F03         | account: balance and points are shown together
F10                 | account: a promised payment
F11                 | account: money goes to a third party after a code
F04 F13             | money: the account is topped up from a linked card
F05                 | money: another subscriber is topped up
F06                 | money: one section tops up oneself and another beside the promised payment
F07                 | money: autopay comes once a month a week or in twenty days
F08                 | money: autopay fills a balance that is below fifty roubles
K23                 | money: autopay has a free threshold and limits of its sum
F09                 | money: autopay needs a card and no channel of texts takes its digits
F12                 | money: others are asked for money
F17                 | money: points come for top ups and for use
F17                 | money: points come for devices too
F18                 | money: points buy five kinds of rewards
K26                 | money: the first group is the account
K28                 | money: a company has no points unless the operator gives it some
F16                 | account: spending of the current period
F19                 | account: package balances by short codes
F20                 | account: more is added from the balance screen
F21                 | services: packages are filled extended and end
F22                 | services: paid subscriptions are seen and stopped
F23                 | services: internet traffic is bought and paid services are stopped
S01                 | services: the seven functions are in the menu
S02                 | services: what is on is listed with its price and switched off there
S03                 | services: a tariff is changed in three keys and is there at midnight
S04                 | services: a sim is blocked and every channel answers so
S04                 | services: a suspended sim is unblocked by its own menu
S05                 | account: forwarding is a number and a yes
S06 S07             | services: a new card has the old number within the hour
K27                 | services: services are connected and removed by their codes
H06 H08             | account: a question reaches an operator
H07                 | account: frequent questions stand by theme
H04 H05             | elsewhere: chat and social networks, sister channels

T01 T02 T10         | charging: ussd costs nothing anywhere
T03 K25             | charging: service sms is free at home and costs the zones price away
T13 K17 K25         | charging: support numbers
K20                 | rating: a zone that counts as home is charged as home

X01 X02 X03 X04 X05 X06 | elsewhere: web and app, VK: sister channels
X07 X08 X09 X10 X11 X12 | elsewhere: video, fax, mail and web: sister channels
A42 A43 K09         | companies: without the operator there is no password
C17 B11 K09         | companies: a message of the group opens a request
K09                 | companies: an active contract is approved at once
A37 K10             | companies: one administrator has three logins
A44                 | companies: no company reaches a number of another
A44                 | company_isolation: a number of another is not known
B01 B39 B40 K11     | companies: the company has a section of its own and all that others have
B02 B20 B29 B31 B37 | companies: the account and each number are seen
B03 B05 B06 K18     | companies: a legal entity has two regions and thirty thousand
B04                 | companies: groups in several branches make a federal client
B07 B08             | elsewhere: forms by fax, in an office, by e-mail; the operator's desk signs up
B09 B10             | companies: each kind of client brings its documents
B12 B13 B14 B15     | companies: a number of the stock gets an employee
B16                 | companies: each number has packages of its own
B17 B18 K12         | companies: tariffs of many numbers are one order with a result for each
B19                 | companies: a limit stops what the company pays
B21                 | companies: services of a number are seen added and removed
B22                 | companies: every number is forwarded by one order
B23                 | companies: calls are forwarded inside the company only
B24 B25 B26 B28     | companies: reports come by mail in three formats
B27                 | companies: numbers bear labels
B30                 | companies: cards are ordered without anybodys approval
B38 K13             | companies: a lost number is replaced by plastic or by another number
B32                 | companies: a company pays on credit
B33                 | companies: calls inside the network cost less
B34                 | companies: a larger company pays less for its plans
B35 B36             | companies: a corporate number pays half in the eight regions
F14                 | statements: a statement tells what was charged
F15                 | statements: a statement is in the menu for a day a week and a month
B24                 | statements: a report is mailed 20 to 30 minutes after its order
B25                 | statements: a report is a file of three formats
K21                 | statements: whose fax it is no document says so an operator takes the order
T08 T09 K14         | elsewhere: traffic of the app and the web passes none of these channels
T11 T12             | elsewhere: VK and video access, sister channels
"""

ELSEWHERE = {
    "access": "accounts",
    "commands": "turn",
    "company_isolation": "accounts",
    "http_access": "channels",
    "logins": "channels",
    "menus": "turn",
    "rating": "charging",
}
"""Modules of other folders."""
OF_THE_GUIDE = {
    "account: a barring is shown whole",
    "charging: the prices are told",
    "charging: with no money an sms is refused before it acts",
    "passwords: whoever found a lost sim gets no password",
    "services: forwarding in roaming warns of the second price",
}
"""Statements that stand in no seed."""


def rows() -> list[tuple[list[str], str]]:
    lines = [line.split("|") for line in TABLE.splitlines() if line]
    return [(ids.split(), proof.strip()) for ids, proof in lines]


PROOFS = [(ids, proof) for ids, proof in rows() if not proof.startswith(("elsewhere:", "open:"))]


def module_of(name: str) -> ModuleType:
    return importlib.import_module(f"tests.{ELSEWHERE.get(name, 'facts')}.test_{name}")


@pytest.mark.parametrize("row", PROOFS, ids=lambda row: " ".join(row[0]))
def test_the_proof_exists(row: tuple[list[str], str]) -> None:
    module, _, statement = row[1].partition(": ")
    assert callable(getattr(module_of(module), f"test_{statement.replace(' ', '_')}"))


def test_every_fact_has_its_line() -> None:
    told = {id for ids, _ in rows() for id in ids}
    assert told == {fact.id for fact in facts()}


def test_every_statement_proves_a_fact() -> None:
    here = {
        f"{group}: {name.removeprefix('test_').replace('_', ' ')}"
        for group in (
            "account",
            "channels",
            "charging",
            "money",
            "passwords",
            "services",
            "sms",
            "statements",
            "voice",
        )
        for name in vars(module_of(group))
        if name.startswith("test_")
    }
    assert here - {proof for _, proof in PROOFS} == OF_THE_GUIDE
