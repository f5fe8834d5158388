"""(g) A tariff change of 10,000 numbers in the background, and what it costs dialogues."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from scripts.benchmarks.dialogues import Crowd, percentile
from scripts.benchmarks.gateways import FIRST_MSISDN, api, gateway
from scripts.benchmarks.load import Connection
from scripts.benchmarks.processes import Server
from scripts.benchmarks.report import Figure, ratio

NUMBERS = 10_000
DIALOGUES = 50
IDLE_SECONDS, SLICE_SECONDS, SLICES_MAX = 3.0, 0.25, 400
RATE_TARGET = 2_000
SLOWER_TARGET = 2.0
ADMINISTRATOR = "79220000011"
EVERY_NUMBER, FIRST_PLAN, YES = "1", "1", "1"


def measure(runs: int) -> list[Figure]:
    """Numbers a second while 50 handsets talk, and their p99 to that without the order."""
    rates, idle, busy = [], [], []
    with gateway(DIALOGUES + NUMBERS) as server:
        _make_company(server)
        crowd = Crowd(Connection(server.ports["smpp"]), DIALOGUES)
        crowd.walk(1.0)
        for _ in range(runs):
            crowd.walk(IDLE_SECONDS)
            idle.append(percentile(crowd.latencies, 0.99) * 1000)
            _forget_changes(server)
            _order(server)
            latencies: list[float] = []
            for _ in range(SLICES_MAX):
                crowd.walk(SLICE_SECONDS)
                seconds = _seconds_taken(server)
                latencies += crowd.latencies
                if seconds:
                    break
            else:
                raise SystemExit("the order was never done")
            rates.append(NUMBERS / seconds)
            busy.append(percentile(latencies, 0.99) * 1000)
    note = f"{DIALOGUES} dialogues beside"
    quiet = Figure("g", "p99 without an order", "ms", tuple(idle), note)
    loud = Figure("g", "p99 while it is carried out", "ms", tuple(busy), note)
    slower = ratio("g", "p99: with to without", loud, quiet, SLOWER_TARGET)
    return [
        Figure("g", "tariff orders", "numbers/s", tuple(rates), note, RATE_TARGET),
        quiet,
        loud,
        Figure("g", slower.name, "x", slower.values, target=SLOWER_TARGET, less=True),
    ]


def _make_company(server: Server) -> None:
    """Give the demo company the numbers for load that no handset speaks for."""
    with closing(sqlite3.connect(server.database)) as database, database:
        database.execute(
            "UPDATE subscriber SET company = 'Ромашка', role = 'employee', account = 1011,"
            " owner = 0, tariff = 'business_l' WHERE msisdn >= ?",
            (str(FIRST_MSISDN + DIALOGUES),),
        )


def _forget_changes(server: Server) -> None:
    """Changes that wait for midnight would be refused a second time."""
    with closing(sqlite3.connect(server.database)) as database, database:
        database.execute("DELETE FROM job WHERE kind = 'tariff.change'")


def _order(server: Server) -> None:
    """As the administrator does, by USSD."""
    dialogue, text = "", "*105*5*5#"
    for answer in (text, EVERY_NUMBER, FIRST_PLAN, YES):
        body = {"msisdn": ADMINISTRATOR, "text": answer, "dialogue": dialogue}
        page = api(server, "POST", "/v1/ussd", {k: v for k, v in body.items() if v})
        dialogue = page["dialogue"]
    if page["more"]:
        raise SystemExit(f"no order was made: {page['text']!r}")


def _seconds_taken(server: Server) -> float:
    """Of the last order, by the service's clock; 0 while it is under way."""
    with closing(sqlite3.connect(server.database)) as database:
        state, began, ended = database.execute(
            "SELECT state, at, changed_at FROM service_order WHERE kind = 'company.tariffs'"
            " ORDER BY id DESC LIMIT 1"
        ).fetchone()
    return float(ended - began) if state == "done" else 0.0
