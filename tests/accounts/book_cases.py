"""What any `BookAdmin` must do besides money: cases that run over memory, SQLite and PostgreSQL.

Each takes an empty book. Money has a table of its own: `ledger_table.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gateway.accounts.book import (
    BookAdmin,
    Category,
    Charge,
    Credential,
    Login,
    Package,
    PendingCode,
    Promise,
    Registration,
    Spending,
    Subscriber,
    Voucher,
)

ONE, TWO = "79220001001", "79220001002"
CASES: dict[str, Callable[[BookAdmin], None]] = {}


def case(run: Callable[[BookAdmin], None]) -> Callable[[BookAdmin], None]:
    """Register a case under its name."""
    CASES[run.__name__] = run
    return run


def fill(book: BookAdmin) -> Subscriber:
    """Two numbers of one company on one account; the first of them."""
    book.add_account(1001, 3_000, 0.0)
    first = Subscriber(
        ONE, "250029220001001", 1001, True, "ru", "ios", "active", "HOME", "25002", "ural",
        "simple", company="Ромашка", role="administrator", activated_at=5.0,
    )  # fmt: skip
    book.add_subscriber(first)
    book.add_subscriber(first._replace(msisdn=TWO, owner=False, role="employee"))
    return first._replace(credit=3_000)


@case
def a_subscriber_is_read_as_it_was_written(book: BookAdmin) -> None:
    assert book.is_empty()
    first = fill(book)
    assert not book.is_empty()
    assert book.subscriber(ONE) == first
    assert book.subscriber("79229999999") is None


@case
def a_subscriber_is_changed_and_only_it(book: BookAdmin) -> None:
    first = fill(book)
    assert book.update_subscriber(ONE, {"language": "en", "login_alert": True, "zone": "CIS"})
    assert not book.update_subscriber("79229999999", {"language": "en"})
    assert book.subscriber(ONE) == first._replace(language="en", login_alert=True, zone="CIS")
    second = book.subscriber(TWO)
    assert second is not None
    assert (second.language, second.login_alert, second.zone) == ("ru", False, "HOME")


@case
def subscribers_are_read_by_number_a_part_at_a_time(book: BookAdmin) -> None:
    first = fill(book)
    second = book.subscriber(TWO)
    assert second is not None
    assert book.subscribers("", 9) == (first, second)
    assert book.subscribers("", 1) == (first,)
    assert book.subscribers(ONE, 9) == (second,)
    assert book.subscribers(TWO, 9) == ()


def charge_row(at: float, amount: int, category: Category, msisdn: str = ONE) -> Charge:
    return Charge(
        at, msisdn, 1001, "sms", "000110", "CIS", 1, amount, amount, "CH04", "why", "d-1", category
    )


@case
def charges_come_newest_first_and_sum_by_category(book: BookAdmin) -> None:
    fill(book)
    rows = [
        charge_row(1.0, 10, "sms"),
        charge_row(2.0, 0, "ussd"),
        charge_row(3.0, 20, "calls"),
        charge_row(4.0, 40, "sms"),
    ]
    for row in (*rows, charge_row(5.0, 80, "sms", TWO)):
        book.record_charge(row)
    assert book.charges(ONE, 9) == tuple(reversed(rows))
    assert book.charges(ONE, 2) == (rows[3], rows[2])
    assert book.charges(ONE, 9, only_paid=True) == (rows[3], rows[2], rows[0])
    assert book.spending(ONE, 0.0) == Spending(70, {"sms": 50, "calls": 20})
    assert book.spending(ONE, 3.0) == Spending(60, {"sms": 40, "calls": 20})
    assert book.spending(ONE, 4.5) == Spending()


@case
def one_credential_of_each_kind(book: BookAdmin) -> None:
    fill(book)
    old = Credential(ONE, "permanent", "d1", 1.0)
    new = Credential(ONE, "permanent", "d2", 2.0, own=True)
    once = Credential(ONE, "one_time", "d3", 3.0, 603.0)
    for credential in (old, new, once):
        book.save_credential(credential)
    assert book.credential(ONE, "permanent") == new
    assert book.credential(ONE, "one_time") == once
    assert book.credential(TWO, "permanent") is None
    book.drop_credential(ONE, "one_time")
    book.drop_credential(ONE, "one_time")
    assert book.credential(ONE, "one_time") is None
    assert book.credential(ONE, "permanent") == new


@case
def failures_are_counted_and_cleared(book: BookAdmin) -> None:
    fill(book)
    assert [book.count_failure(ONE, float(at)) for at in range(3)] == [1, 2, 3]
    assert (book.failures(ONE), book.failures(TWO)) == (3, 0)
    book.clear_failures(ONE)
    assert book.failures(ONE) == 0
    assert book.count_failure(ONE, 9.0) == 1


@case
def logins_come_newest_first(book: BookAdmin) -> None:
    fill(book)
    rows = [Login(ONE, float(at), "web") for at in range(3)]
    for row in rows:
        book.add_login(row)
    assert book.logins(ONE, 2) == (rows[2], rows[1])
    assert book.logins(TWO, 2) == ()


@case
def a_window_of_attempts_begins_with_its_first(book: BookAdmin) -> None:
    fill(book)
    assert book.attempts("p", ONE, 0.0, 60) == 0
    assert [book.count_attempt("p", ONE, at, 60) for at in (0.0, 30.0, 59.9)] == [1, 2, 3]
    assert book.attempts("p", ONE, 59.9, 60) == 3
    assert book.attempts("p", ONE, 60.0, 60) == 0
    assert book.attempts("q", ONE, 59.9, 60) == 0
    assert book.attempts("p", TWO, 59.9, 60) == 0
    assert book.count_attempt("p", ONE, 60.0, 60) == 1
    assert book.attempts("p", ONE, 119.9, 60) == 1
    book.clear_attempts("p", ONE)
    assert book.attempts("p", ONE, 60.0, 60) == 0


@case
def a_code_is_replaced_and_dropped(book: BookAdmin) -> None:
    fill(book)
    code = PendingCode(ONE, "transfer", "d1", {"recipient": TWO, "amount": 1_000}, 600.0)
    book.save_code(code)
    assert book.code(ONE, "transfer") == code
    assert book.code(ONE, "other") is None
    book.save_code(replace(code, digest="d2"))
    assert book.code(ONE, "transfer") == replace(code, digest="d2")
    book.drop_code(ONE, "transfer")
    assert book.code(ONE, "transfer") is None


@case
def a_voucher_is_used_once(book: BookAdmin) -> None:
    fill(book)
    book.add_voucher(Voucher("v1", 5_000))
    assert book.voucher("v1") == Voucher("v1", 5_000)
    assert book.use_voucher("v1", ONE, 7.0)
    assert not book.use_voucher("v1", TWO, 8.0)
    assert not book.use_voucher("v2", ONE, 7.0)
    assert book.voucher("v1") == Voucher("v1", 5_000, ONE, 7.0)
    assert book.voucher("v2") is None


@case
def one_promise_is_open_at_a_time(book: BookAdmin) -> None:
    fill(book)
    promise = Promise(1001, 5_000, 1_000, 1.0, 9.0, "k1")
    assert book.promise(1001) is None
    assert book.open_promise(promise)
    assert not book.open_promise(replace(promise, key="k2"))
    assert book.promise(1001) == promise
    book.close_promise(1001)
    assert book.promise(1001) is None
    assert book.open_promise(replace(promise, key="k3"))


@case
def packages_grow(book: BookAdmin) -> None:
    fill(book)
    assert book.packages(ONE) == ()
    book.add_package(Package(ONE, "minutes", 30, 30, 100.0))
    book.add_package(Package(ONE, "sms", 100, 100, 50.0))
    book.add_package(Package(ONE, "minutes", 30, 30, 90.0))
    assert {package.kind: package for package in book.packages(ONE)} == {
        "minutes": Package(ONE, "minutes", 60, 60, 100.0),
        "sms": Package(ONE, "sms", 100, 100, 50.0),
    }


@case
def forwarding_is_set_replaced_and_erased(book: BookAdmin) -> None:
    fill(book)
    book.set_forwarding(ONE, "busy", "79221234567")
    book.set_forwarding(ONE, "all", "79221234567")
    book.set_forwarding(ONE, "all", "79221234568")
    assert book.forwarding(ONE) == {"busy": "79221234567", "all": "79221234568"}
    book.set_forwarding(ONE, "busy", "")
    book.set_forwarding(ONE, "busy", "")
    assert book.forwarding(ONE) == {"all": "79221234568"}
    assert book.forwarding(TWO) == {}


@case
def barring_is_switched(book: BookAdmin) -> None:
    fill(book)
    for kind in ("incoming", "incoming", "outgoing"):
        book.set_barring(ONE, kind, True)
    assert book.barring(ONE) == {"incoming", "outgoing"}
    book.set_barring(ONE, "incoming", False)
    book.set_barring(ONE, "incoming", False)
    assert book.barring(ONE) == {"outgoing"}
    assert book.barring(TWO) == frozenset()
    assert book.barring_password(ONE) == ""
    book.set_barring_password(ONE, "d1")
    book.set_barring_password(ONE, "d2")
    assert (book.barring_password(ONE), book.barring_password(TWO)) == ("d2", "")


@case
def a_registration_changes_its_state(book: BookAdmin) -> None:
    fill(book)
    received = Registration(ONE, "Ромашка", 1.0)
    assert book.registration(ONE) is None
    book.save_registration(received)
    assert book.registration(ONE) == received
    book.save_registration(replace(received, state="approved"))
    assert book.registration(ONE) == replace(received, state="approved")


@case
def a_question_is_taken(book: BookAdmin) -> None:
    fill(book)
    book.add_question(ONE, "Где мой пароль?", 1.0)
    book.add_question(ONE, "Где мой пароль?", 1.0)
