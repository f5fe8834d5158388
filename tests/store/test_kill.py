"""kill -9 amid debits: what was acknowledged is there, nothing is there twice, the books are right.

The client keeps its own ledger of acknowledged keys and, after each kill, sends again from the
first key it has no answer for, as a peer would.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import func, select

from gateway.store.connection import UnitConnection
from gateway.store.engine import Database, open_database
from gateway.store.schema.core import account, entry, outbox, txn
from gateway.store.verify import verify
from tests.store.turns import ACCOUNT, opened

ROOT = Path(__file__).parents[2]
MONEY = 10**12
KILLS = 4


def one_life(url: str, first: int, seconds: float) -> list[int]:
    """Run the debits, kill them `seconds` after the first answer; the numbers answered."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.store.debits", url, str(first)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    begun = process.stdout.readline()
    time.sleep(seconds)  # real time: a kill has no other
    process.kill()
    rest = process.stdout.read()
    process.wait()
    lines = (begun + rest).split("\n")[:-1]  # a line without its end may be cut
    return [int(line) for line in lines]


def test_kill_9_loses_and_doubles_nothing(database: Database) -> None:
    connection = UnitConnection(database)
    opened(MONEY)(connection.begin())
    connection.commit()
    connection.drop()
    url = database.engine.url.render_as_string(hide_password=False)
    chance = random.Random(105)
    acknowledged: set[int] = set()
    for _ in range(KILLS):
        first = next(n for n in range(len(acknowledged) + 1) if n not in acknowledged)
        acknowledged.update(one_life(url, first, chance.uniform(0.02, 0.25)))
    database = open_database(url)
    # one moment: PostgreSQL may still be committing what a dead client sent last
    with database.reading() as look:
        keys = set(look.execute(select(txn.c.key)).scalars()) - {f"open:{ACCOUNT}"}
        legs = look.execute(select(func.count()).select_from(entry)).scalar_one()
        waiting = set(look.execute(select(outbox.c.id).where(outbox.c.state == "queued")).scalars())
        sent = set(look.execute(select(outbox.c.id)).scalars())
        left = look.execute(select(account.c.balance)).scalar_one()
    answered = {f"sms:{number}" for number in acknowledged}
    assert len(answered) > 100, "the test did something"
    assert answered <= keys, "acknowledged and lost"
    assert legs == 2 * (len(keys) + 1), "half-written or doubled"
    assert sent == keys, "an SMS without its debit, or a debit without its SMS"
    assert waiting <= {f"sms:{max(int(key[4:]) for key in keys)}"}, "acknowledged, and waits again"
    assert left == MONEY - 5 * len(keys)
    assert verify(database) == []
    database.close()
