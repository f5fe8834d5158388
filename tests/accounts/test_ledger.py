"""The ledger's table over the book in dictionaries, and what makes a transfer a bug."""

from __future__ import annotations

import pytest

from gateway.accounts.book import BookAdmin, Leg, Transfer
from gateway.accounts.memory import MemoryBook
from tests.accounts.ledger_table import CASES, run


@pytest.mark.parametrize("case", CASES)
def test_ledger(case: str, book: BookAdmin) -> None:
    run(CASES[case], book)


def test_the_runner_can_fail(book: BookAdmin) -> None:
    with pytest.raises(AssertionError, match="answered ok"):
        run("account A1 1.00\ntransfer T1 A1 REVENUE 1.00 -> exists", book)


@pytest.mark.parametrize(
    "legs",
    [
        (Leg(1001, -500), Leg(1002, 499)),
        (Leg(1001, -500), Leg(1002, 500, "PTS")),
        (Leg(1001, 1),),
    ],
)
def test_legs_that_do_not_sum_to_zero_are_a_bug(book: BookAdmin, legs: tuple[Leg, ...]) -> None:
    run("account A1 100.00\naccount A2 0.00", book)
    with pytest.raises(AssertionError, match="sum to zero"):
        book.transfer(Transfer("T1", "test", 0.0, legs))


def test_a_snapshot_undoes_whatever_came_after(book: MemoryBook) -> None:
    run("account A1 100.00", book)
    before = book.snapshot()
    run("transfer T1 A1 REVENUE 5.00 -> ok\nreserve H1 A1 5.00 until 9 -> ok", book)
    book.count_failure("79220001001", 0.0)
    book.set_forwarding("79220001001", "all", "79220001002")
    book.restore(before)
    run("A1 has 100.00 held 0.00 -> ok\ntransfer T1 A1 REVENUE 5.00 -> ok", book)
    assert book.failures("79220001001") == 0
    assert not book.forwarding("79220001001")
