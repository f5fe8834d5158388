"""Opening: one clear line for every URL that cannot work, and the settings durability needs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gateway.store.engine import Database, open_database
from gateway.store.errors import CannotOpen


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://root:hunter2@localhost/db", "unknown scheme 'mysql'; use sqlite:///FILE or"),
        ("postgresql+asyncpg://localhost/db", r"unknown scheme .postgresql\+asyncpg."),
        ("gateway.db", "cannot be read; use sqlite:///FILE or postgresql://"),
        ("", "cannot be read"),
        ("postgresql://user:hunter2@localhost:port/db", "cannot be read"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:////nowhere/at/all/gateway.db", "the directory /nowhere/at/all does not exist"),
        ("postgresql://user:hunter2@127.0.0.1:1/db", "connection failed|refused"),
    ],
)
def test_a_wrong_url_is_told_in_one_line(url: str, says: str) -> None:
    with pytest.raises(CannotOpen, match=says) as told:
        open_database(url)
    assert "\n" not in str(told.value)
    assert "hunter2" not in str(told.value)


def test_a_directory_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match="is a directory, not a file"):
        open_database(f"sqlite:///{tmp_path}")


def test_another_file_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("These are notes and no database at all. " * 50)
    with pytest.raises(CannotOpen, match="file is not a database"):
        open_database(f"sqlite:///{file}")
    assert file.read_text().startswith("These are notes")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_that_may_not_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with pytest.raises(CannotOpen, match="unable to open database file"):
        open_database(f"sqlite:///{tmp_path / 'gateway.db'}")


def test_sqlite_is_durable_and_waits(sqlite: Database) -> None:
    connection = sqlite.connect()
    pragmas = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    }
    connection.close()
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
    }


@pytest.mark.postgres
def test_postgres_waits_no_longer_than_its_limits(postgres: Database) -> None:
    connection = postgres.connect()
    shown = {
        name: connection.execute(f"SHOW {name}").fetchone()[0]
        for name in ("lock_timeout", "statement_timeout", "transaction_isolation")
    }
    connection.close()
    assert shown == {
        "lock_timeout": "5s",
        "statement_timeout": "10s",
        "transaction_isolation": "read committed",
    }


@pytest.mark.postgres
def test_plain_schemes_of_postgres_are_taken(postgres_url: str) -> None:
    for scheme in ("postgres://", "postgresql://"):
        open_database(postgres_url.replace("postgresql+psycopg://", scheme)).close()
