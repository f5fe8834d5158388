"""The demo subscribers are those of the contract, and their money sums to what was put in."""

from __future__ import annotations

import pytest

from gateway.accounts.book import OPENING
from gateway.accounts.demo import DEMO_VOUCHERS, load_demo
from gateway.accounts.memory import MemoryBook
from gateway.accounts.vouchers import voucher_digest
from tests.accounts.fakes import NOW, Desk, FakeHasher

TABLE = """
     1  HOME      25002   ru       25000   1001  owner  private
     2  HOME      25002   en      100000   1002  owner  private
     3  HOME      25002   ru-Latn      0   1003  owner  private
     4  EUROPE    26201   ru       30000   1004  owner  private
     5  WORLD     310260  en        1000   1005  owner  private
     6  RU_OTHER  25001   ru       10000   1006  owner  private
     7  HOME      25002   ru       25000   1001  -      private
     8  HOME      25002   ru        5000   1008  owner  private
     9  HOME      25002   ru        5000   1009  owner  private
    10  RU_NET    25002   ru       10000   1010  owner  private
    11  HOME      25002   ru     5000000   1011  owner  administrator
    12  HOME      25002   ru     5000000   1011  -      employee
    13  RU_NET    25002   ru     5000000   1011  -      employee
    21  HOME      25002   ru     4000000   1021  owner  administrator
"""


@pytest.mark.parametrize("line", TABLE.strip().splitlines())
def test_each_number(desk: Desk, line: str) -> None:
    number, *wanted = line.split()
    found = desk.subscriber(int(number))
    assert [
        found.zone, found.plmn, found.language, str(found.balance), str(found.account),
        "owner" if found.owner else "-", found.role,
    ] == wanted  # fmt: skip
    assert (len(found.imsi), found.imsi[:5]) == (15, "25002")


def test_states(desk: Desk) -> None:
    assert desk.subscriber(1).points == 500
    assert [n for n in range(1, 14) if desk.subscriber(n).sim != "active"] == [8]
    assert desk.book.failures("79220000009") == 5
    left = {p.kind: p.left for p in desk.book.packages("79220000002")}
    assert left == {"minutes": 700, "megabytes": 30_720}
    assert desk.book.company_numbers("Ромашка") == ("79220000011", "79220000012", "79220000013")
    assert desk.book.company_numbers("Лютик") == ("79220000021",)
    assert desk.book.company_numbers("") == ()


def test_the_vouchers(desk: Desk) -> None:
    for code, amount in DEMO_VOUCHERS.items():
        voucher = desk.book.voucher(voucher_digest(desk.hasher, code))
        assert voucher is not None
        assert (voucher.amount, code not in repr(voucher)) == (amount, True)


def test_all_money_came_from_opening(desk: Desk) -> None:
    issued = sum(
        leg.amount
        for transfer in desk.book.journal.values()
        for leg in transfer.legs
        if leg.account == OPENING and leg.unit == "RUB"
    )
    assert -issued == sum(account.balance for account in desk.book.accounts.values())


def test_numbers_for_load(book: MemoryBook) -> None:
    load_demo(book, FakeHasher(), NOW, subscribers_extra=3)
    assert book.subscriber("79230000003") is None
    last = book.subscriber("79230000002")
    assert last is not None
    assert (last.balance, last.account, last.owner, last.zone) == (10_000, 10_002, True, "HOME")


def test_only_an_empty_book_is_filled(desk: Desk) -> None:
    with pytest.raises(AssertionError, match="empty book"):
        load_demo(desk.book, desk.hasher, NOW)
