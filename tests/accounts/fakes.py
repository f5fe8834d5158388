"""A desk to ask the account core at, with the demo subscribers, a fake hasher and fixed codes."""

from __future__ import annotations

from typing import Any

from gateway.accounts.answers import Accounts, Context, Options
from gateway.accounts.book import Book, Subscriber
from gateway.accounts.demo import load_demo
from gateway.accounts.memory import MemoryBook
from gateway.accounts.policy import Proof
from gateway.domain.catalogue import ALWAYS_REFUSALS, COMMANDS
from gateway.domain.port import Answered, Channel, Query, Sent
from gateway.domain.values import Value

NOW = 1_795_600_000.0
"""2026-11-25 09:46:40 UTC, 14:46:40 in Yekaterinburg."""

CANARY = "482913"


class FakeHasher:
    """Digests that can be read in a failing test, and passwords that count up."""

    def __init__(self) -> None:
        self.minted = 0
        self.slow_calls = 0

    def mint(self, msisdn: str) -> tuple[str, str]:
        self.minted += 1
        plain = f"{int(CANARY) + self.minted - 1:06d}"
        return plain, f"minted:{plain[::-1]}"

    def digest(self, secret: str, msisdn: str) -> str:
        self.slow_calls += 1
        return f"slow:{secret[::-1]}:{msisdn}"

    def verify(self, digest: str, secret: str, msisdn: str) -> bool:
        self.slow_calls += 1
        return digest in (f"minted:{secret[::-1]}", f"slow:{secret[::-1]}:{msisdn}")

    def quick(self, text: str) -> str:
        return f"quick:{text[::-1]}"


class FakeRandomness:
    """Codes 700001, 700002, …"""

    def __init__(self) -> None:
        self.drawn = 0

    def digits(self, count: int) -> str:
        self.drawn += 1
        return str(7 * 10 ** (count - 1) + self.drawn)


class Desk:
    """Asks the core as a turn does, and holds every answer against the catalogue."""

    def __init__(self, book: MemoryBook, options: Options | None = None) -> None:
        self.book = book
        self.hasher = FakeHasher()
        load_demo(book, self.hasher, NOW)
        self.hasher.minted = 0
        self.accounts = Accounts(self.hasher, FakeRandomness(), options=options or Options())
        self.now = NOW
        self.sent: list[Sent] = []
        self._sequence = 0

    def subscriber(self, number: int) -> Subscriber:
        found = self.book.subscriber(f"79220000{number:03d}")
        assert found is not None
        return found

    def answer(
        self,
        number: int,
        command: str,
        /,
        channel: Channel = "ussd",
        proof: Proof | None = None,
        key: str = "",
        **arguments: Value,
    ) -> Answered:
        """The answer to a command of …`number`; its SMS are in `sent`."""
        self._sequence += 1
        context = Context(self.now, key or f"test:{self._sequence}", channel, "d-1", "*105#")
        subscriber = self.subscriber(number)
        book: Book = self.book
        answered, messages = self.accounts.answer(
            Query(command, arguments), subscriber, book, context, proof
        )
        self.sent = list(messages)
        _as_the_catalogue_says(command, answered)
        return answered

    def outcome(self, number: int, command: str, /, **arguments: Any) -> str:
        return self.answer(number, command, **arguments).outcome

    def balance(self, number: int) -> int:
        return self.subscriber(number).balance

    def run_due(self, now: float, most: int = 1_000) -> list[Sent]:
        """Carry out every job that is due by `now`, soonest first; what they want sent."""
        self.now = now
        sent: list[Sent] = []
        for _ in range(most):
            due = [job for job in self.book.due_jobs(now, 1) if job.due <= now]
            if not due:
                return sent
            job = self.book.take_job(due[0].key, now)
            assert job is not None
            sent += self.accounts.run(job, self.book, now)
        raise AssertionError(f"more than {most} jobs were due")


def _as_the_catalogue_says(command: str, answered: Answered) -> None:
    row = COMMANDS[command]
    if answered.outcome == "ok":
        assert set(answered.values) == set(row.values), f"{command} answers {answered.values}"
        for name, kind in row.values.items():
            _of_type(kind, answered.values[name], f"{command}.{name}")
    else:
        assert answered.outcome in (*row.refusals, *ALWAYS_REFUSALS), answered.outcome


def _of_type(kind: str | tuple[str, ...], value: Value, where: str) -> None:
    if isinstance(kind, tuple):
        assert value in kind, f"{where} is {value!r}"
    elif kind == "flag":
        assert isinstance(value, bool), f"{where} is {value!r}"
    elif kind in ("money", "count", "moment"):
        assert type(value) is int, f"{where} is {value!r}"
    elif kind == "rows":
        assert isinstance(value, tuple), f"{where} is {value!r}"
    else:
        assert isinstance(value, str), f"{where} is {value!r}"
