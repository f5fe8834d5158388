"""What any Book must do for companies: cases beside those of `book_cases`."""

from __future__ import annotations

from dataclasses import replace

from gateway.accounts.book import REVENUE, BookAdmin, Charge, Leg, Registration, Transfer
from gateway.accounts.books.companies import Allowance, Company, Line, Member
from tests.accounts.book_cases import ONE, TWO, case, fill

NAME = "Ромашка"
COMPANY = Company(
    NAME, "legal", 1001, "66", ("ural", "volga"), ("inn", "details"), True, 5_000, TWO
)
FIRST = Member(ONE, 1001, "simple", "active", "administrator")
SECOND = Member(TWO, 1001, "simple", "active", "employee")


@case
def a_company_is_kept_whole(book: BookAdmin) -> None:
    assert (book.company(NAME), book.companies()) == (None, ())
    book.save_company(COMPANY)
    assert (book.company(NAME), book.companies()) == (COMPANY, (COMPANY,))
    bare = Company(NAME, "sole_trader", 1001)
    book.save_company(bare)
    assert book.company(NAME) == bare
    assert (COMPANY.federal, bare.federal) == (True, False)


@case
def a_member_is_found_in_his_own_company_only(book: BookAdmin) -> None:
    fill(book)
    assert book.member(NAME, ONE) == FIRST
    assert book.member("Лютик", ONE) is None
    assert book.member("", ONE) is None
    assert book.member(NAME, "79229999999") is None


@case
def who_holds_a_number_is_changed_and_counted(book: BookAdmin) -> None:
    fill(book)
    book.update_member(TWO, {"name": "Кто", "label": "Склад", "month_limit": 0})
    book.update_member(TWO, {"position": "водитель"})
    held = replace(SECOND, name="Кто", position="водитель", label="Склад", month_limit=0)
    assert book.members(NAME, "", 9) == (FIRST, held)
    assert book.members(NAME, "", 1) == (FIRST,)
    assert book.members(NAME, ONE, 9) == (held,)
    assert book.members(NAME, "", 9, label="Склад") == (held,)
    assert book.members(NAME, "", 9, held="free") == (FIRST,)
    assert book.members(NAME, "", 9, held="held") == (held,)
    counts = [book.count_members(NAME, held=held) for held in ("all", "held", "free")]
    assert counts == [2, 1, 1]
    assert book.count_members(NAME, "Склад") == 1
    assert book.count_members("", "") == 0
    assert book.labels(NAME) == {"Склад": 1}
    assert book.labels("Лютик") == {}


@case
def an_own_limit_stands_before_the_companys(book: BookAdmin) -> None:
    fill(book)
    assert book.allowance(TWO) == Allowance(0, 0), "no company is kept"
    book.save_company(COMPANY)
    assert book.allowance(TWO) == Allowance(5_000, 0)
    book.update_member(TWO, {"month_limit": 700, "own_account": 1002})
    assert book.allowance(TWO) == Allowance(700, 1002)
    book.update_member(TWO, {"month_limit": None})
    assert book.allowance(TWO) == Allowance(5_000, 1002)
    assert book.allowance("79229999999") == Allowance(0, 0)


@case
def a_credit_is_set_unless_more_is_owed(book: BookAdmin) -> None:
    fill(book)
    assert book.set_credit(1001, 5_000)
    assert book.transfer(Transfer("k", "x", 1.0, (Leg(1001, -4_000), Leg(REVENUE, 4_000)))) == "ok"
    assert not book.set_credit(1001, 3_999)
    assert book.set_credit(1001, 4_000)
    assert not book.set_credit(9_999, 0)
    assert book.balance_of(1001) == (-4_000, 4_000)
    first = book.subscriber(ONE)
    assert first is not None
    assert (first.balance, first.credit, first.available) == (-4_000, 4_000, 0)


def _charge(at: float, msisdn: str, account: int, amount: int, category: str) -> Charge:
    return Charge(
        at, msisdn, account, "sms", "000110", "CIS", 1, amount, amount, "CH04", "why", "d",
        category,  # type: ignore[arg-type]
    )  # fmt: skip


@case
def what_a_company_paid_is_summed_by_number_and_kind(book: BookAdmin) -> None:
    fill(book)
    rows = [
        _charge(1.0, ONE, 1001, 10, "sms"),
        _charge(3.0, TWO, 1001, 40, "calls"),
        _charge(2.0, TWO, 1001, 20, "calls"),
        _charge(2.0, TWO, 1001, 0, "ussd"),
        _charge(2.0, TWO, 1002, 80, "calls"),  # his own account
    ]
    for row in rows:
        book.record_charge(row)
    assert book.paid_from(1001, TWO, 0.0) == 60
    assert book.paid_from(1001, TWO, 2.5) == 40
    assert book.paid_from(1001, TWO, 9.0) == 0
    assert book.spending_by_member(NAME, 0.0, 9) == {ONE: {"sms": 10}, TWO: {"calls": 60}}
    assert book.spending_by_member(NAME, 0.0, 1) == {ONE: {"sms": 10}}
    assert book.company_charges(NAME, 0.0, 9) == (rows[0], rows[2], rows[1])
    assert book.company_charges(NAME, 0.0, 1) == (rows[0],)
    assert book.company_charges("Лютик", 0.0, 9) == ()


@case
def the_first_result_of_a_number_stands(book: BookAdmin) -> None:
    book.add_line(1, Line(TWO, "ok"))
    book.add_line(1, Line(ONE, "tariff_same"))
    book.add_line(1, Line(ONE, "ok"))
    book.add_line(2, Line(ONE, "ok"))
    assert book.lines(1, "", 9) == (Line(ONE, "tariff_same"), Line(TWO, "ok"))
    assert book.lines(1, ONE, 9) == (Line(TWO, "ok"),)
    assert book.lines(1, "", 1) == (Line(ONE, "tariff_same"),)


@case
def a_login_names_who_was_approved_under_it(book: BookAdmin) -> None:
    registration = Registration(ONE, NAME, 1.0, "review", "a@b.ru", "romashka")
    book.save_registration(registration)
    assert book.registration(ONE) == registration
    assert book.approved_login("romashka") is None
    book.save_registration(replace(registration, state="approved"))
    assert book.approved_login("romashka") == ONE
    assert book.approved_login("") is None
    assert book.registrations("") == (replace(registration, state="approved"),)
    assert book.registrations("review") == ()
