"""A Writer as a test uses it: submit and wait, see the batches, fill an account, debit it."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from gateway.accounts.book import OPENING, REVENUE, Leg, Subscriber, Transfer
from gateway.store.engine import Database
from gateway.store.unit import SqlUnit
from gateway.store.unit_of_work import Writer

T = TypeVar("T")
ANSWER_SECONDS_MAX = 20
ACCOUNT = 1001
MSISDN = "79220000001"


class Turns:
    """`deliveries` keeps one list of results for each batch; `batches` what was observed."""

    def __init__(self, database: Database, **limits: int) -> None:
        ticks = itertools.count()
        self.deliveries: list[list[Any]] = []
        self.batches: list[tuple[int, float, float]] = []
        self.writer = Writer(
            database,
            self._deliver,
            lambda: float(next(ticks)),
            lambda *seen: self.batches.append(seen),
            **limits,
        )

    def _deliver(self, handed: list[tuple[Callable[[Any], None], Any]]) -> None:
        self.deliveries.append([result for _, result in handed])
        for done, result in handed:
            done(result)

    def submit(self, work: Callable[[SqlUnit], Any]) -> Answer:
        answer = Answer()
        self.writer.submit(work, answer.put)
        return answer

    def run(self, work: Callable[[SqlUnit], T]) -> T:
        """The result of one turn; raises what it raised."""
        answer: T = self.submit(work).get()
        return answer


def saying(value: T) -> Callable[[SqlUnit], T]:
    """A turn that only answers."""

    def work(_: SqlUnit) -> T:
        return value

    return work


class Answer:
    """What will be handed over for one turn."""

    def __init__(self) -> None:
        self._come = threading.Event()
        self._result: Any = None

    def put(self, result: Any) -> None:
        self._result = result
        self._come.set()

    def wait(self) -> Any:
        """The result or the exception."""
        assert self._come.wait(ANSWER_SECONDS_MAX), "no answer came"
        return self._result

    def get(self) -> Any:
        """The result; raises where it is an exception."""
        result = self.wait()
        if isinstance(result, BaseException):
            raise result
        return result


def opened(balance: int, account: int = ACCOUNT, msisdn: str = MSISDN) -> Callable[[SqlUnit], str]:
    """A turn that makes an account with a number and money."""

    def work(unit: SqlUnit) -> str:
        unit.book.add_account(account, 0, 0.0)
        unit.book.add_subscriber(
            Subscriber(
                msisdn, "", account, True, "ru", "", "active", "HOME", "25028", "ural", "simple"
            )
        )
        legs = (Leg(OPENING, -balance), Leg(account, balance))
        return unit.book.transfer(Transfer(f"open:{account}", "opening", 0.0, legs))

    return work


def debit(key: str, amount: int = 5, account: int = ACCOUNT) -> Callable[[SqlUnit], str]:
    """A turn that takes money once for a key."""

    def work(unit: SqlUnit) -> str:
        legs = (Leg(account, -amount), Leg(REVENUE, amount))
        return unit.book.transfer(Transfer(key, "sms", 1.0, legs))

    return work


def balance(msisdn: str = MSISDN) -> Callable[[SqlUnit], int]:
    """A turn that reads it."""

    def work(unit: SqlUnit) -> int:
        found = unit.book.subscriber(msisdn)
        assert found is not None
        return found.balance

    return work
