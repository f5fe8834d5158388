"""The demo subscribers are those of the contract, and their money sums to what was put in."""

from __future__ import annotations

import pytest

from gateway.accounts.book import OPENING
from gateway.accounts.demo import DEMO_VOUCHERS, add_load_subscribers, load_demo
from gateway.accounts.memory import MemoryBook
from gateway.accounts.vouchers import voucher_digest
from gateway.charging.tariff import default_terms
from tests.accounts.fakes import NOW, Desk, FakeHasher

# The contract's table, line by line: number, zone, PLMN, region, language, kopecks of the account,
# account, role, company, tariff, SIM.
TABLE = """
 1 HOME     25002  ural  ru        25000 1001 owner private       -       simple     active
 2 HOME     25002  ural  en       100000 1002 owner private       -       talk_m     active
 3 HOME     25002  ural  ru-Latn       0 1003 owner private       -       simple     active
 4 EUROPE   26201  -     ru        30000 1004 owner private       -       simple     active
 5 WORLD    310260 -     en         1000 1005 owner private       -       simple     active
 6 RU_OTHER 25001  -     ru        10000 1006 owner private       -       simple     active
 7 HOME     25002  ural  ru        25000 1001 -     private       -       simple     active
 8 HOME     25002  ural  ru         5000 1008 owner private       -       simple     lost
 9 HOME     25002  ural  ru         5000 1009 owner private       -       simple     active
10 RU_NET   25002  volga ru        10000 1010 owner private       -       world      active
11 HOME     25002  ural  ru      5000000 1011 owner administrator Ромашка business_l active
12 HOME     25002  ural  ru      5000000 1011 -     employee      Ромашка business_l active
13 RU_NET   25002  volga ru      5000000 1011 -     employee      Ромашка business_l active
14 HOME     25002  ural  ru      5000000 1011 -     employee      Ромашка business_l active
21 HOME     25002  ural  ru      4000000 1021 owner administrator Лютик   business_l active
22 HOME     25002  ural  ru      4000000 1021 -     employee      Лютик   business_l active
"""


@pytest.mark.parametrize("line", TABLE.strip().splitlines(), ids=lambda line: line.split()[0])
def test_each_number(desk: Desk, line: str) -> None:
    number, *wanted = line.split()
    found = desk.subscriber(int(number))
    assert [
        found.zone, found.plmn, found.region or "-", found.language, str(found.balance),
        str(found.account), "owner" if found.owner else "-", found.role, found.company or "-",
        found.tariff, found.sim,
    ] == wanted  # fmt: skip
    assert (len(found.imsi), found.imsi[:5]) == (15, "25002")


def test_no_other_number(desk: Desk) -> None:
    assert sorted(desk.book.numbers) == [
        f"79220000{int(line.split()[0]):03d}" for line in TABLE.strip().splitlines()
    ]


def test_tariffs_are_those_of_the_contract(desk: Desk) -> None:
    names = {number: desk.answer(number, "account.balance").values["tariff"] for number in (1, 2)}
    assert names == {1: "Просто", 2: "Talk M"}
    plan = default_terms().plans["talk_m"]
    assert (plan.ru, plan.minutes, plan.megabytes) == ("Общение M", 700, 30 * 1024)


def test_states(desk: Desk) -> None:
    assert desk.subscriber(1).points == 500
    assert [n for n in range(1, 14) if desk.subscriber(n).points] == [1, 7], "of one account"
    assert desk.book.failed == {"79220000009": 5}
    assert desk.book.credential("79220000009", "permanent") is not None
    left = {p.kind: p.left for p in desk.book.packages("79220000002")}
    assert left == {"minutes": 700, "megabytes": 30_720}
    assert desk.book.count_members("Ромашка") == 4
    assert [each.msisdn for each in desk.book.members("Ромашка", "", 9, held="free")] == [
        "79220000014"
    ]
    assert desk.book.count_members("Лютик") == 2


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


def test_numbers_for_load_are_added_to_those_there_are() -> None:
    book = MemoryBook()
    load_demo(book, FakeHasher(), NOW, subscribers_extra=3)
    book.update_subscriber("79230000001", {"language": "en"})
    assert add_load_subscribers(book, NOW, 2) == 0
    assert add_load_subscribers(book, NOW, 5) == 2
    kept, added = (book.subscriber(f"7923000000{digit}") for digit in (1, 4))
    assert (kept and kept.language, added and added.language) == ("en", "ru")
    assert book.subscriber("79230000005") is None


def test_a_number_for_load_that_was_signed_up_before_leaves_no_hole() -> None:
    book = MemoryBook()
    load_demo(book, FakeHasher(), NOW)
    book.add_account(9_009, 0, NOW)
    anna = book.subscriber("79220000001")
    assert anna is not None
    book.add_subscriber(anna._replace(msisdn="79230000002", account=9_009))
    assert add_load_subscribers(book, NOW, 4) == 3
    accounts = [book.subscriber(f"7923000000{digit}") for digit in range(4)]
    assert [each and each.account for each in accounts] == [10_000, 10_001, 9_009, 10_003]
