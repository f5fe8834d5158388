"""What any book must do for the money services: cases for memory, SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace

from gateway.accounts.book import BookAdmin, Package, Promise
from gateway.accounts.books.money import Autopay, Lot
from tests.accounts.book_cases import ONE, TWO, case, charge_row, fill

WEEKLY = Autopay(1001, "period", ONE, 50_000, "week", 0, 5.0)
BELOW = Autopay(1001, "threshold", ONE, 30_000, "", 5_000, 6.0)


@case
def an_account_has_one_owner(book: BookAdmin) -> None:
    fill(book)
    assert (book.owner(1001), book.owner(1002)) == (ONE, "")


@case
def the_numbers_of_an_account_are_restricted_where_they_are_active(book: BookAdmin) -> None:
    fill(book)
    book.update_subscriber(TWO, {"sim": "lost"})
    assert book.restrict(1001, "active", "debt") == 1
    sims = [found.sim for number in (ONE, TWO) if (found := book.subscriber(number))]
    assert sims == ["debt", "lost"]
    assert book.restrict(1001, "debt", "active") == 1
    assert book.restrict(1001, "debt", "active") == 0


@case
def a_promise_is_paid_back_in_parts(book: BookAdmin) -> None:
    book.open_promise(Promise(1001, 5_000, 1_000, 1.0, 9.0, "k1"))
    book.pay_promise(1001, 2_000)
    book.pay_promise(1001, 500)
    promise = book.promise(1001)
    assert promise is not None
    assert (promise.paid, promise.left) == (2_500, 3_500)


@case
def what_was_spent_is_the_account_s_in_that_time(book: BookAdmin) -> None:
    fill(book)
    for at, amount, number in ((1.0, 10, ONE), (2.0, 20, TWO), (3.0, 40, ONE)):
        book.record_charge(charge_row(at, amount, "sms", number))
    assert book.spent(1001, 1.0, 3.0) == 30
    assert book.spent(1001, 2.0, 9.0) == 60
    assert book.spent(1002, 0.0, 9.0) == 0


@case
def an_account_has_one_autopay_of_a_kind(book: BookAdmin) -> None:
    assert book.autopay(1001, "period") is None
    book.save_autopay(WEEKLY)
    book.save_autopay(BELOW)
    assert (book.autopay(1001, "period"), book.autopay(1001, "threshold")) == (WEEKLY, BELOW)
    book.save_autopay(replace(WEEKLY, amount=70_000))
    assert book.autopay(1001, "period") == replace(WEEKLY, amount=70_000)
    assert book.drop_autopay(1001, "period")
    assert not book.drop_autopay(1001, "period")
    assert book.autopay(1001, "threshold") == BELOW


@case
def lots_of_points_come_soonest_first(book: BookAdmin) -> None:
    for until, points in ((30.0, 5), (10.0, 7), (30.0, 2)):
        book.add_lot(1001, Lot(until, points))
    book.add_lot(1002, Lot(20.0, 1))
    assert book.lots(1001) == (Lot(10.0, 7), Lot(30.0, 7))
    book.take_lot(1001, Lot(10.0, 7))
    book.take_lot(1001, Lot(30.0, 3))
    assert book.lots(1001) == (Lot(30.0, 4),)
    assert book.lots(1002) == (Lot(20.0, 1),)


@case
def units_are_taken_from_a_package_that_runs(book: BookAdmin) -> None:
    assert book.take_units(ONE, "roaming", 2, 1.0) == 0
    book.add_package(Package(ONE, "roaming", 5, 5, 9.0))
    book.add_package(Package(ONE, "sms", 7, 7, 9.0))
    assert book.take_units(ONE, "roaming", 2, 1.0) == 2
    assert book.take_units(ONE, "roaming", 9, 9.0) == 0
    assert book.take_units(ONE, "roaming", 9, 8.0) == 3
    assert book.take_units(ONE, "roaming", 9, 8.0) == 0
    left = {row.kind: row.left for row in book.packages(ONE)}
    assert left == {"roaming": 0, "sms": 7}


@case
def a_discount_waits_for_a_fee(book: BookAdmin) -> None:
    assert (book.discount(1001), book.take_discount(1001, 500)) == (0, 0)
    book.add_discount(1001, 1_000)
    book.add_discount(1001, 500)
    assert book.take_discount(1001, 1_200) == 1_200
    assert book.discount(1001) == 300
    assert book.take_discount(1001, 1_200) == 300
    assert (book.discount(1001), book.take_discount(1001, 1_200)) == (0, 0)
