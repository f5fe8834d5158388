"""A process to be killed: debits one account key by key, and prints a key once it is acknowledged.

`python -m tests.store.debits URL FIRST`: keys `sms:FIRST`, `sms:FIRST+1`, …, AT_ONCE at a time.
Each turn also queues an SMS whose id is the key, acknowledges the one before and saves a session.
"""

from __future__ import annotations

import itertools
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from gateway.domain.port import Sms
from gateway.store.engine import open_database
from gateway.store.unit import SqlUnit
from gateway.store.unit_of_work import Writer
from tests.store.turns import MSISDN, debit

AT_ONCE = 32


def turn(number: int) -> Callable[[SqlUnit], int]:
    key = f"sms:{number}"

    def work(unit: SqlUnit) -> int:
        if debit(key)(unit) == "ok":
            unit.queue_sms(Sms(key, "harness", MSISDN, "000110", "ok", 1.0))
            unit.acknowledge(f"sms:{number - 1}", 1.0)
            unit.save_session("d", key, 1.0)
        return number

    return work


def main(url: str, first: int) -> None:
    numbers = itertools.count(first)

    def deliver(handed: list[tuple[Callable[[Any], None], Any]]) -> None:
        sys.stdout.write("".join(f"{number}\n" for _, number in handed))
        sys.stdout.flush()
        for done, number in handed:
            done(number)

    writer = Writer(open_database(url), deliver, time.monotonic)

    def submit_next(_: Any) -> None:
        writer.submit(turn(next(numbers)), submit_next)

    for _ in range(AT_ONCE):
        submit_next(None)
    writer.start()
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
