"""Levels, blocking and the registry: what may be asked, by whom, on which channel."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.accounts.answers import EFFECTS
from gateway.accounts.policy import Proof
from gateway.domain.catalogue import COMMANDS
from gateway.domain.port import Channel
from tests.accounts.fakes import Desk


def test_one_effect_for_each_row_of_the_catalogue() -> None:
    assert set(EFFECTS) == set(COMMANDS)


OWNER, SECOND, BLOCKED, EMPLOYEE, ADMINISTRATOR = 1, 7, 8, 12, 11


@pytest.mark.parametrize(
    ("channel", "proof", "number", "level"),
    [
        ("ussd", None, OWNER, "account"),
        ("ussd", None, SECOND, "subscriber"),
        ("ussd", None, EMPLOYEE, "subscriber"),
        ("ussd", None, ADMINISTRATOR, "account"),
        ("ussd", None, BLOCKED, "view"),
        ("sms", None, OWNER, "account"),  # in reach: what changes anything takes a code
        ("sms", None, SECOND, "subscriber"),
        ("sms", None, BLOCKED, "view"),
        ("voice", None, OWNER, "subscriber"),
        ("voice", "password", OWNER, "account"),
        ("voice", "password", SECOND, "subscriber"),
        ("voice", "password", BLOCKED, "view"),
    ],
)
def test_level(desk: Desk, channel: Channel, proof: Proof | None, number: int, level: str) -> None:
    assert desk.accounts.facts(desk.subscriber(number), channel, proof).level == level


@pytest.mark.parametrize(
    ("number", "flags"),
    [
        (1, {"owner", "roaming_on"}),
        (4, {"owner", "roaming", "roaming_on"}),
        (7, {"roaming_on"}),
        (8, {"owner", "blocked", "roaming_on"}),
        (10, {"owner", "roaming", "roaming_on"}),
        (11, {"owner", "corporate", "corporate_admin", "roaming_on"}),
        (12, {"corporate", "roaming_on"}),
    ],
)
def test_flags(desk: Desk, number: int, flags: set[str]) -> None:
    assert desk.accounts.facts(desk.subscriber(number), "ussd").flags == flags


def test_facts_tell_language_zone_and_balance(desk: Desk) -> None:
    facts = desk.accounts.facts(desk.subscriber(5), "sms")
    assert (facts.language, facts.channel) == ("en", "sms")
    assert (facts.zone, facts.balance) == ("WORLD", 1000)


@pytest.mark.parametrize(
    ("number", "channel", "command", "outcome"),
    [
        (OWNER, "ussd", "promised.quote", "ok"),
        (SECOND, "ussd", "promised.quote", "level_too_low"),
        (OWNER, "sms", "promised.quote", "ok"),
        (OWNER, "sms", "promised.take", "level_too_low"),
        (SECOND, "sms", "promised.quote", "level_too_low"),
        (OWNER, "voice", "promised.quote", "level_too_low"),
        (BLOCKED, "ussd", "promised.quote", "number_blocked"),
    ],
)
def test_an_account_command(
    desk: Desk, number: int, channel: Channel, command: str, outcome: str
) -> None:
    assert desk.answer(number, command, channel, amount=5000).outcome == outcome


@pytest.mark.parametrize(
    ("number", "channel", "proof", "outcome"),
    [
        (OWNER, "sms", "sms_code", "ok"),
        (OWNER, "sms", None, "level_too_low"),
        (SECOND, "sms", "sms_code", "level_too_low"),
        (OWNER, "ussd", None, "level_too_low"),  # there the code is one that was sent
        (OWNER, "voice", "password", "level_too_low"),
        (BLOCKED, "sms", "sms_code", "number_blocked"),
    ],
)
def test_a_transfer_at_once_takes_the_code_of_its_question(
    desk: Desk, number: int, channel: Channel, proof: Proof | None, outcome: str
) -> None:
    arguments: dict[str, Any] = {"recipient": "79220000002", "amount": 1000}
    answered = desk.answer(number, "transfer.make", channel, proof, **arguments)
    assert answered.outcome == outcome


_ARGUMENTS: dict[str, dict[str, Any]] = {
    "account.spending": {"period": "day"},
    "account.topup_voucher": {"code": "1", "recipient": ""},
    "account.topup_card": {"amount": 10_000, "recipient": ""},
    "topup.quote": {"amount": 10_000, "recipient": ""},
    "bonus.rewards": {"kind": "sms"},
    "language.set": {"language": "en"},
    "packages.quote": {"kind": "sms"},
    "question.ask": {"text": "?"},
    "roaming.prices": {"zone": "CIS"},
    "service.mine": {"kind": "all"},
    "service.offers": {"kind": "option"},
    "service.state": {"code": "801"},
    "service.removal": {"code": "801"},
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_blocked_number_may_do_what_is_marked_and_nothing_else(desk: Desk, command: str) -> None:
    outcome = desk.answer(BLOCKED, command, **_ARGUMENTS.get(command, {})).outcome
    assert (outcome != "number_blocked") == COMMANDS[command].when_blocked
    assert outcome != "level_too_low"


def test_a_blocked_number_sees_tops_up_and_reaches_support() -> None:
    """The guide's table of levels: VIEW, top-up, unblock, support."""
    views = {name for name, command in COMMANDS.items() if command.level in ("none", "view")}
    allowed = {name for name, command in COMMANDS.items() if command.when_blocked}
    # registering a company sends a login and a password to whoever holds the handset
    assert allowed == views - {"company.register"} | {
        "sim.unblock",
        "account.topup_voucher",
        "account.topup_card",
        "topup.quote",
    }


@pytest.mark.parametrize("command", [name for name in COMMANDS if name.startswith("password.")])
def test_whoever_found_the_handset_gets_no_password(desk: Desk, command: str) -> None:
    for channel in ("ussd", "sms", "voice"):
        assert desk.answer(BLOCKED, command, channel).outcome == "number_blocked"
        assert desk.sent == []


@pytest.mark.parametrize("sim", ["lost", "suspended"])
def test_every_blocked_sim_is_blocked(desk: Desk, sim: str) -> None:
    desk.book.update_subscriber("79220000001", {"sim": sim})
    assert desk.outcome(1, "packages.buy", kind="sms") == "number_blocked"


def test_an_unknown_command_is_a_bug(desk: Desk) -> None:
    with pytest.raises(KeyError):
        desk.answer(1, "account.close")
