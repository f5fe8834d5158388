"""(g) A tariff change of 10,000 numbers in the background, and what it costs dialogues: the order,
and the midnight on which all of them change."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
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
    """Numbers a second while 50 handsets talk, and their p99 to that without: while the order is
    taken, and while all that it ordered is due at one midnight."""
    idle: list[float] = []
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name, *_ in _PHASES}
    with gateway(DIALOGUES + NUMBERS) as server:
        _make_company(server)
        crowd = Crowd(Connection(server.ports["smpp"]), DIALOGUES)
        crowd.walk(1.0)
        for _ in range(runs):
            crowd.walk(IDLE_SECONDS)
            idle.append(_p99(crowd.latencies))
            _forget_changes(server)
            for name, _, begin, is_done in _PHASES:
                begin(server)
                taken[name].append(_beside(crowd, server, is_done))
    note = f"{DIALOGUES} dialogues beside"
    quiet = Figure("g", "p99 without an order", "ms", tuple(idle), note)
    figures = [quiet]
    for name, rate, *_ in _PHASES:
        rates, p99s = zip(*taken[name], strict=True)
        loud = Figure("g", f"p99 beside {name}", "ms", p99s, note)
        slower = ratio("g", f"p99: beside {name} to without", loud, quiet, SLOWER_TARGET)
        figures += [
            Figure("g", name, "numbers/s", rates, note, rate),
            loud,
            Figure("g", slower.name, "x", slower.values, target=SLOWER_TARGET, less=True),
        ]
    return figures


def _p99(latencies: list[float]) -> float:
    return percentile(latencies, 0.99) * 1000


def _beside(crowd: Crowd, server: Server, is_done: Callable[[Server], bool]) -> tuple[float, float]:
    """Numbers a second until it is done, and the p99 of the dialogues meanwhile, milliseconds."""
    latencies: list[float] = []
    began = time.monotonic()
    for _ in range(SLICES_MAX):
        crowd.walk(SLICE_SECONDS)
        latencies += crowd.latencies
        if is_done(server):
            return NUMBERS / (time.monotonic() - began), _p99(latencies)
    raise SystemExit("it was never done")


def _make_company(server: Server) -> None:
    """Give the demo company the numbers for load that no handset speaks for."""
    with closing(sqlite3.connect(server.database)) as database, database:
        database.execute(
            "UPDATE subscriber SET company = 'Ромашка', role = 'employee', account = 1011,"
            " owner = 0, tariff = 'business_l' WHERE msisdn >= ?",
            (str(FIRST_MSISDN + DIALOGUES),),
        )
        database.execute("UPDATE account SET credit = 1000000000000 WHERE id = 1011")


def _forget_changes(server: Server) -> None:
    """Of an earlier run: who has the plan already is refused it."""
    with closing(sqlite3.connect(server.database)) as database, database:
        database.execute("UPDATE subscriber SET tariff = 'business_l' WHERE company = 'Ромашка'")
        database.execute("DELETE FROM job WHERE kind = 'tariff.fee'")


def _order(server: Server) -> None:
    """As the administrator does, by USSD."""
    dialogue, text = "", "*105*5*5#"
    for answer in (text, EVERY_NUMBER, FIRST_PLAN, YES):
        body = {"msisdn": ADMINISTRATOR, "text": answer, "dialogue": dialogue}
        page = api(server, "POST", "/v1/ussd", {k: v for k, v in body.items() if v})
        dialogue = page["dialogue"]
    if page["more"]:
        raise SystemExit(f"no order was made: {page['text']!r}")


def _is_ordered(server: Server) -> bool:
    """Whether the last order is done."""
    return _found(server, "SELECT state = 'done' FROM service_order ORDER BY id DESC LIMIT 1")


def _strike_midnight(server: Server) -> None:
    """All changes are due now."""
    with closing(sqlite3.connect(server.database)) as database, database:
        now = time.time()
        database.execute(
            "UPDATE job SET due = ?, not_before = ? WHERE kind = 'tariff.change'", (now, now)
        )


def _is_changed(server: Server) -> bool:
    """Whether none waits."""
    return _found(server, "SELECT count(*) = 0 FROM job WHERE kind = 'tariff.change'")


def _found(server: Server, query: str) -> bool:
    with closing(sqlite3.connect(server.database)) as database:
        return bool(database.execute(query).fetchone()[0])


_Phase = tuple[str, float | None, Callable[[Server], None], Callable[[Server], bool]]
_PHASES: tuple[_Phase, ...] = (
    ("tariff orders", RATE_TARGET, _order, _is_ordered),
    ("changes at midnight", None, _strike_midnight, _is_changed),
)
"""What is done for every number: its name, the rate wanted, how it begins, whether it is done."""
