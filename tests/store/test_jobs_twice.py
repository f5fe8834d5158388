"""Jobs by two processes on one database, and by one that is killed: each happens exactly once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sqlalchemy import func, select

from gateway.accounts.books.jobs import Job
from gateway.store.connection import UnitConnection
from gateway.store.engine import Database
from gateway.store.schema.core import account, outbox, txn
from gateway.store.schema.jobs import job
from gateway.store.verify import verify
from tests.store.jobs_process import NOW
from tests.store.turns import ACCOUNT, MSISDN, opened

ROOT = Path(__file__).parents[2]
JOBS = 400
MONEY = 10**6
LIFE_SECONDS_MAX = 60


def scheduled(database: Database) -> str:
    """An account, and a job for each of its debits; the database's URL."""
    connection = UnitConnection(database)
    unit = connection.begin()
    opened(MONEY)(unit)
    for number in range(JOBS):
        unit.book.schedule(Job(f"debit:{number}", "debit", MSISDN, NOW - number % 7))
    connection.commit()
    connection.drop()
    return database.engine.url.render_as_string(hide_password=False)


def begun(url: str, name: str) -> subprocess.Popen[str]:
    """One process at work."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.jobs_process", url, name],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def finished(process: subprocess.Popen[str]) -> list[str]:
    """The keys it says it has done."""
    said, _ = process.communicate(timeout=LIFE_SECONDS_MAX)
    assert process.returncode == 0, said
    return said.split()


def is_right(database: Database) -> None:
    """Every job is gone, its debit and its SMS are there, once."""
    with database.reading() as look:
        left = look.execute(select(func.count()).select_from(job)).scalar_one()
        keys = set(look.execute(select(txn.c.key)).scalars())
        texts = look.execute(select(func.count()).select_from(outbox)).scalar_one()
        balance = look.execute(select(account.c.balance)).scalar_one()
    assert left == 0
    assert len(keys - {f"open:{ACCOUNT}"}) == texts == JOBS
    assert balance == MONEY - 5 * JOBS
    assert verify(database) == []


def test_two_processes_share_the_jobs(database: Database) -> None:
    url = scheduled(database)
    both = [begun(url, "one"), begun(url, "two")]
    done = [finished(process) for process in both]
    assert sorted(done[0] + done[1]) == sorted(f"debit:{number}" for number in range(JOBS))
    is_right(database)


def test_a_process_that_was_killed_has_lost_and_doubled_nothing(database: Database) -> None:
    url = scheduled(database)
    victim = begun(url, "victim")
    assert victim.stdout is not None
    said = [victim.stdout.readline().strip() for _ in range(20)]
    victim.kill()
    said += victim.stdout.read().split()
    victim.wait()
    assert len(said) < JOBS, "it was killed in time"
    rest = finished(begun(url, "heir"))
    assert not set(said[:-1]) & set(rest), "acknowledged, and done again"
    is_right(database)
