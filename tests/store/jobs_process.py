"""A process to be run twice, and killed: carries out what is due and prints the keys it has done.

`python -m tests.store.jobs_process URL`: each job debits one account; it ends when nothing is due.
"""

from __future__ import annotations

import sys
from itertools import count
from threading import Event

from gateway.accounts import answers
from gateway.accounts.book import REVENUE, Leg, Transfer
from gateway.accounts.dated import Dated
from gateway.domain.port import Message, Sent
from gateway.store.engine import open_database
from gateway.store.unit import SqlUnit
from gateway.store.unit_of_work import Handed, Writer
from gateway.turn.dated import do_due
from tests.store.turns import ACCOUNT, MSISDN
from tests.turn.house import world

NOW = 1_000.0
JOBS_MAX = 8


def debit(dated: Dated) -> tuple[Sent, ...]:
    """Five kopecks, under the job's own key."""
    legs = (Leg(ACCOUNT, -5), Leg(REVENUE, 5))
    assert dated.book.transfer(Transfer(dated.key("x"), "fee", dated.now, legs)) == "ok"
    return (Message(MSISDN, "err.bye"),)


def main(url: str, name: str) -> None:
    """Round after round until one finds nothing."""
    answers.DATED = {"debit": debit}  # type: ignore[assignment]
    house, numbers, over = world(), count(), Event()

    def deliver(handed: Handed) -> None:
        for done, result in handed:
            done(result)

    def work(unit: SqlUnit) -> tuple[str, ...]:
        done = do_due(NOW, unit, house, lambda: f"{name}-{next(numbers)}", JOBS_MAX)
        assert all(one.error is None for one in done), done
        return tuple(one.job.key for one in done)

    def next_round(result: object) -> None:
        assert isinstance(result, tuple), result
        sys.stdout.write("".join(f"{key}\n" for key in result))
        sys.stdout.flush()
        if result:
            writer.submit(work, next_round)
        else:
            over.set()

    ticks = count()
    writer = Writer(open_database(url), deliver, lambda: float(next(ticks)))
    writer.start()
    writer.submit(work, next_round)
    over.wait()
    writer.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
