"""(c) SMS exchanges with a durable charge each, to raw inserts of the rows that they left.

Subscribers in another region ask 000100 for their balance and pay their zone's price for it. What
the database holds more afterwards is then inserted into an empty copy of it through the same
driver, as many messages to a commit as were under way at once.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from scripts.benchmarks.dialogues import addressee
from scripts.benchmarks.gateways import FIRST_MSISDN, api, gateway
from scripts.benchmarks.load import (
    DELIVER_SM,
    DELIVER_SM_RESP,
    SUBMIT_SM,
    Connection,
    pdu,
    submit_body,
)
from scripts.benchmarks.processes import ROOT
from scripts.benchmarks.report import Figure, ratio

SUBSCRIBERS = 1_000
ROUNDS = 3
RUNS_MAX = 6
"""100.00 pays 20 messages of 4.90, the warm-up's among them."""
UNDER_WAY = 50
RATIO_TARGET = 0.5
ROAMING = {"plmn": "25002", "region": "volga"}
ESM_CLASS_UDHI = 0x40
Rows = dict[str, list[tuple[object, ...]]]


def measure(runs: int) -> list[Figure]:
    """Exchanges a second: submit_sm, its charge and answer stored, response, deliver_sm."""
    runs = min(runs, RUNS_MAX)
    with gateway(SUBSCRIBERS) as server:
        for number in numbers():
            api(server, "PUT", f"/v1/subscribers/{number}/location", ROAMING)
        connection = Connection(server.ports["smpp"])
        exchange(connection, 1)
        before = sizes(server.database)
        rates = [exchange(connection, ROUNDS) for _ in range(runs)]
        connection.close()
        rows = added(server.database, before)
        statements = schema(server.database)
        check_charged(api(server, "GET", f"/v1/subscribers/{FIRST_MSISDN}/charges"))
    messages = runs * ROUNDS * SUBSCRIBERS
    raw = [inserts(statements, rows, messages) for _ in range(runs)]
    each = sum(map(len, rows.values())) / messages
    note = f"{UNDER_WAY} under way"
    ours = Figure("c", "SMS exchanges, charged", "per s", tuple(rates), note)
    other = Figure(
        "c", f"raw inserts, {each:.1f} rows each", "per s", tuple(raw), "one commit a batch"
    )
    return [ours, other, ratio("c", "exchanges to raw inserts", ours, other, RATIO_TARGET)]


def numbers() -> list[str]:
    """The subscribers of this measure."""
    return [str(FIRST_MSISDN + n) for n in range(SUBSCRIBERS)]


def check_charged(charges: list[dict[str, str]]) -> None:
    """A free exchange would measure something else."""
    if not charges or charges[0]["amount"] == "0.00":
        raise SystemExit(f"the exchanges were not charged: {charges[:1]}")


def exchange(connection: Connection, rounds: int) -> float:
    """Each subscriber asks `rounds` times; exchanges a second."""
    waiting = [submit_body(number, "000100", b"1") for _ in range(rounds) for number in numbers()]
    count = len(waiting)
    answered = under_way = 0
    began = perf_counter()
    while answered < count:
        out = []
        while waiting and under_way < UNDER_WAY:
            under_way += 1
            out.append(pdu(SUBMIT_SM, connection.next_sequence(), waiting.pop()))
        connection.send(b"".join(out))
        out = []
        for command, status, number, body in connection.receive():
            if command == DELIVER_SM:
                check_single(body)
                answered += 1
                under_way -= 1
                out.append(pdu(DELIVER_SM_RESP, number, b"\0"))
            elif status:
                raise SystemExit(f"submit_sm was refused: {status:#x}")
        connection.send(b"".join(out))
    return count / (perf_counter() - began)


def check_single(body: bytes) -> None:
    """An answer in parts would be counted more than once."""
    to = body.index(addressee(body))
    if body[body.index(0, to) + 1] & ESM_CLASS_UDHI:
        raise SystemExit("the answer came in parts")


def sizes(path: Path) -> dict[str, int]:
    """Rows by table."""
    with reading(path) as database:
        return {
            table: database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
            for table in tables(database)
        }


def added(path: Path, before: dict[str, int]) -> Rows:
    """As many rows of each table as it has more than before."""
    after = sizes(path)
    with reading(path) as database:
        return {
            table: database.execute(
                f'SELECT * FROM "{table}" LIMIT ? OFFSET ?', (size - before[table], before[table])
            ).fetchall()
            for table, size in after.items()
            if size > before[table]
        }


def schema(path: Path) -> list[str]:
    """The statements that made its tables and indexes."""
    with reading(path) as database:
        found = database.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type = 'table' DESC"
        )
        return [statement for (statement,) in found if "sqlite_" not in statement]


def tables(database: sqlite3.Connection) -> Iterator[str]:
    """Names of its tables."""
    found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return (name for (name,) in found if not name.startswith("sqlite_"))


def reading(path: Path) -> sqlite3.Connection:
    """The gateway's database, beside the gateway."""
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


def inserts(statements: list[str], rows: Rows, messages: int) -> float:
    """The same rows into an empty database: messages a second."""
    batches = messages // UNDER_WAY
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "var") as folder:
        database = sqlite3.connect(f"{folder}/raw.db", isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        for statement in statements:
            database.execute(statement)
        prepared = [
            (f'INSERT INTO "{table}" VALUES ({",".join("?" * len(found[0]))})', found)
            for table, found in rows.items()
        ]
        began = perf_counter()
        for batch in range(batches):
            database.execute("BEGIN IMMEDIATE")
            for statement, found in prepared:
                size = len(found)
                database.executemany(
                    statement, found[size * batch // batches : size * (batch + 1) // batches]
                )
            database.execute("COMMIT")
        seconds = perf_counter() - began
        database.close()
    return messages / seconds
