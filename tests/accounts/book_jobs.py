"""What any Book must do with jobs and orders: cases beside those of `book_cases`."""

from __future__ import annotations

from dataclasses import replace

from gateway.accounts.book import BookAdmin
from gateway.accounts.books.jobs import Job, Order
from tests.accounts.book_cases import case

AUTOPAY = Job("autopay:1001", "autopay", "79220001001", 10.0, {"amount": 50, "on": True, "a": "ё"})
REPORT = Job("report:7", "report", "79220001001", 20.0)
ORDER = Order(0, "report", "79220001001", "79220001001", "ordered", 1.0, 1.0, {"format": "pdf"})


def _scheduled(book: BookAdmin, *jobs: Job) -> None:
    for job in jobs:
        book.schedule(job)


@case
def a_job_is_taken_once_and_only_when_it_is_due(book: BookAdmin) -> None:
    _scheduled(book, AUTOPAY)
    assert book.job(AUTOPAY.key) == AUTOPAY
    assert book.take_job(AUTOPAY.key, 9.9) is None
    assert book.take_job(AUTOPAY.key, 10.0) == AUTOPAY
    assert book.take_job(AUTOPAY.key, 10.0) is None
    assert book.job(AUTOPAY.key) is None


@case
def a_job_scheduled_again_takes_the_place_of_the_first(book: BookAdmin) -> None:
    later = replace(AUTOPAY, due=15.0, payload={})
    _scheduled(book, AUTOPAY, later)
    assert book.due_jobs(99.0, 9) == (later,)
    assert book.take_job(AUTOPAY.key, 10.0) is None
    assert book.cancel_job(AUTOPAY.key)
    assert not book.cancel_job(AUTOPAY.key)


@case
def due_jobs_come_soonest_first(book: BookAdmin) -> None:
    twin = replace(AUTOPAY, key="autopay:1000")
    _scheduled(book, REPORT, AUTOPAY, twin)
    assert book.due_jobs(10.0, 9) == (twin, AUTOPAY)
    assert book.due_jobs(20.0, 9) == (twin, AUTOPAY, REPORT)
    assert book.due_jobs(20.0, 1) == (twin,)
    assert book.due_jobs(9.9, 9) == ()
    assert book.jobs_of(AUTOPAY.subject, "autopay") == (twin, AUTOPAY)
    assert book.jobs_of("79220001002", "autopay") == ()


@case
def a_job_that_failed_waits_and_keeps_its_moment(book: BookAdmin) -> None:
    _scheduled(book, AUTOPAY)
    book.put_off_job(AUTOPAY.key, 70.0)
    assert (book.due_jobs(69.9, 9), book.take_job(AUTOPAY.key, 69.9)) == ((), None)
    again = replace(AUTOPAY, attempts=1)
    assert book.due_jobs(70.0, 9) == (again,)
    assert book.take_job(AUTOPAY.key, 70.0) == again
    _scheduled(book, AUTOPAY)
    assert book.due_jobs(10.0, 9) == (AUTOPAY,), "scheduled anew, it waits for nothing"


@case
def a_job_given_up_is_never_due(book: BookAdmin) -> None:
    _scheduled(book, AUTOPAY)
    book.give_up_job(AUTOPAY.key, "KeyError('x')")
    assert book.due_jobs(1e9, 9) == ()
    assert book.job(AUTOPAY.key) is None
    assert not book.cancel_job(AUTOPAY.key)
    assert book.take_job(AUTOPAY.key, 1e9) is None
    _scheduled(book, AUTOPAY)
    assert book.due_jobs(10.0, 9) == (AUTOPAY,)


@case
def orders_are_numbered_and_stand_newest_first(book: BookAdmin) -> None:
    first = book.add_order(ORDER)
    second = book.add_order(replace(ORDER, kind="statement", at=2.0))
    other = book.add_order(replace(ORDER, subject="79220001002"))
    assert len({first, second, other}) == 3
    assert book.order(first) == replace(ORDER, id=first)
    assert book.order(other + 1) is None
    kinds = ("report", "statement")
    assert [order.id for order in book.orders(ORDER.subject, kinds, 9)] == [second, first]
    assert [order.id for order in book.orders(ORDER.subject, kinds, 1)] == [second]
    assert [order.id for order in book.orders(ORDER.subject, ("report",), 9)] == [first]


@case
def an_order_is_moved_on(book: BookAdmin) -> None:
    id = book.add_order(ORDER)
    book.update_order(id, "sent", 5.0, {"format": "word"})
    moved = replace(ORDER, id=id, state="sent", changed_at=5.0, payload={"format": "word"})
    assert book.order(id) == moved
