"""`explain` and `verify` beside the service: they look, change nothing, and make no file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from gateway.accounts.book import REVENUE, Charge, Leg, Transfer
from gateway.accounts.demo import load_demo
from gateway.service.secrets import Argon2Hasher
from gateway.store.connection import UnitConnection
from gateway.store.engine import open_database
from tests.service.test_command_line import gateway

START = 1_764_064_800.0
ANNA = "79220000001"


def _charge(amount: int, refused: bool = False, at: float = START) -> Charge:
    why = "no money" if refused else f"CH04: SMS from EUROPE: {amount}"
    return Charge(
        at, ANNA, 1001, "sms", "000110", "EUROPE", 1, amount, amount, "CH04", why, "D1",
        "sms", refused, "sms:1" if amount else "",
    )  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    database = open_database(f"sqlite:///{tmp_path / 'gateway.db'}")
    connection = UnitConnection(database)
    unit = connection.unit()
    load_demo(unit.book, Argon2Hasher(b"pepper", memory_kibibytes=64), START)
    anna = unit.book.subscriber(ANNA)
    assert anna is not None
    legs = (Leg(anna.account, -1900), Leg(REVENUE, 1900))
    assert unit.book.transfer(Transfer("sms:1", "charge", START, legs)) == "ok"
    for charge in (_charge(1900), _charge(0, refused=True, at=START + 60)):
        unit.book.record_charge(charge)
    connection.drop()
    database.close()
    return tmp_path


def test_explain_shows_the_newest_last_with_the_reason(data: Path) -> None:
    answer = gateway("explain", "8 922 000-00-01", "--data", str(data))
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout == (
        "2025-11-25 15:00:00  sms 000110  EUROPE  CH04  19.00\n"
        "    CH04: SMS from EUROPE: 1900\n"
        "2025-11-25 15:01:00  sms 000110  EUROPE  CH04  0.00  refused\n"
        "    no money\n"
    )
    last = gateway("explain", ANNA, "--data", str(data), "--last", "1", "--utc-offset", "+00:00")
    assert last.stdout.startswith("2025-11-25 10:01:00")


def test_explain_of_a_quiet_number_and_of_nobody(data: Path) -> None:
    quiet = gateway("explain", "79220000002", "--data", str(data))
    assert (quiet.returncode, quiet.stdout) == (0, "nothing was charged or refused yet\n")
    nobody = gateway("explain", "79220000099", "--data", str(data))
    assert (nobody.returncode, nobody.stderr) == (
        1, "gateway: there is no subscriber 79220000099\n",
    )  # fmt: skip


def test_verify_is_content_until_a_balance_is_not_its_journals(data: Path) -> None:
    good = gateway("verify", "--data", str(data))
    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout == "every balance is its journal's\n"
    with sqlite3.connect(data / "gateway.db") as tampering:
        tampering.execute("UPDATE account SET balance = balance + 1 WHERE id > 999")
    bad = gateway("verify", "--data", str(data))
    assert bad.returncode == 1
    assert "balance_is_the_journals: account " in bad.stdout


@pytest.mark.parametrize("words", [["verify"], ["explain", ANNA]])
def test_what_is_no_database_of_ours_is_said_in_a_line(tmp_path: Path, words: list[str]) -> None:
    file = tmp_path / "gateway.db"
    for content in (b"not a database" * 100, b""):
        file.write_bytes(content)
        answer = gateway(*words, "--data", str(tmp_path))
        assert answer.returncode == 1
        assert answer.stderr.startswith("gateway: database")
        assert answer.stderr.count("\n") == 1
