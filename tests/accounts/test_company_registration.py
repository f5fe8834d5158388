"""A company's request to register, by SMS to 000511 (C17, K09, K10), and who may be one (K18)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.accounts.answers import Context, Options
from gateway.accounts.book import Registration
from gateway.accounts.books.companies import Company
from gateway.accounts.companies.registration import decide, unmet
from gateway.accounts.memory import MemoryBook
from gateway.charging.tariff import default_terms
from tests.accounts.fakes import NOW, Desk

ADMINISTRATOR, EMPLOYEE, BUTTERCUP = "79220000011", "79220000012", "79220000021"
TERMS = default_terms().company


def register(desk: Desk, number: int, email: str = "") -> str:
    return desk.answer(number, "company.register", "sms", email=email).outcome


def decided(desk: Desk, msisdn: str, decision: str, login: str = "") -> tuple[str, list[str]]:
    context = Context(NOW, "test:decide", "sms")
    outcome, sent = decide(desk.book, desk.accounts.core, msisdn, decision, login, context)
    return outcome, [message.text_id for message in sent]


def state(desk: Desk, msisdn: str) -> str:
    registration = desk.book.registration(msisdn)
    return registration.state if registration else ""


def test_an_administrator_is_approved_at_once_and_gets_login_and_password(desk: Desk) -> None:
    assert register(desk, 11) == "ok"
    welcome, password = desk.sent
    assert (welcome.text_id, welcome.secret) == ("sms.corp.ok", False)
    assert welcome.values == {"company": "Ромашка", "login": "CP_9220000011"}
    assert (password.text_id, password.secret) == ("sms.pwd", True)
    approved = Registration(ADMINISTRATOR, "Ромашка", NOW, "approved")
    assert desk.book.registration(ADMINISTRATOR) == approved
    assert desk.book.credential(ADMINISTRATOR, "permanent") is not None


@pytest.mark.parametrize("number", [12, 21])
def test_an_employee_and_a_company_without_a_contract_wait(desk: Desk, number: int) -> None:
    assert register(desk, number) == "ok"
    assert desk.sent == []
    msisdn = f"79220000{number:03d}"
    assert state(desk, msisdn) == "received"
    assert desk.book.credential(msisdn, "permanent") is None


def test_without_the_option_everybody_waits(book: MemoryBook) -> None:
    desk = Desk(book, Options(company_auto_approve=False))
    assert register(desk, 11) == "ok"
    assert (desk.sent, state(desk, ADMINISTRATOR)) == ([], "received")


def test_a_second_request_is_refused_until_the_first_was(desk: Desk) -> None:
    assert register(desk, 12) == "ok"
    assert register(desk, 12) == "company_already"
    assert decided(desk, EMPLOYEE, "refuse") == ("ok", ["sms.corp.refused"])
    assert register(desk, 12) == "ok"


def test_a_number_of_no_company_is_told_so(desk: Desk) -> None:
    assert register(desk, 1) == "company_none"
    [message] = desk.sent
    assert (message.text_id, message.values) == ("sms.corp.no", {})
    assert desk.book.registration("79220000001") is None


def test_a_wrong_address_is_refused_and_a_right_one_is_kept(desk: Desk) -> None:
    assert register(desk, 11, "nobody@") == "email_wrong"
    assert desk.book.registration(ADMINISTRATOR) is None
    assert register(desk, 11, "Office@Firma.RU") == "ok"
    assert desk.subscriber(11).email == "Office@firma.ru"


def test_the_operator_looks_and_decides(desk: Desk) -> None:
    assert decided(desk, BUTTERCUP, "approve") == ("registration_unknown", [])
    register(desk, 21)
    assert decided(desk, BUTTERCUP, "review") == ("ok", [])
    assert state(desk, BUTTERCUP) == "review"
    assert decided(desk, BUTTERCUP, "approve", "Buttercup") == ("ok", ["sms.corp.ok", "sms.pwd"])
    assert state(desk, BUTTERCUP) == "approved"
    assert desk.book.approved_login("buttercup") == BUTTERCUP
    company = desk.book.company("Лютик")
    assert company is not None
    assert company.contract_active
    assert decided(desk, BUTTERCUP, "refuse") == ("registration_decided", [])


def test_a_login_is_approved_once(desk: Desk) -> None:
    for number, wanted in ((21, "ok"), (12, "login_taken")):
        register(desk, number)
        assert decided(desk, f"79220000{number:03d}", "approve", "office")[0] == wanted
    assert state(desk, EMPLOYEE) == "received"


@pytest.mark.parametrize(
    ("kind", "branches", "documents", "deposit", "lacking"),
    [
        ("legal", ("ural", "volga"), "all", 3_000_000, ()),
        ("legal", ("ural",), "all", 3_000_000, ("branches",)),
        ("legal", ("ural", "ural"), "all", 3_000_000, ("branches",)),
        ("legal", ("ural", "volga"), "all", 2_999_999, ("deposit",)),
        ("legal", (), "", 0, ("branches", "deposit", "documents")),
        ("sole_trader", (), "all", 0, ()),
        ("sole_trader", (), "", 0, ("documents",)),
        ("private_practice", (), "all", 0, ()),
    ],
)
def test_what_a_contract_asks(
    kind: str,
    branches: tuple[str, ...],
    documents: str,
    deposit: int,
    lacking: tuple[str, ...],
) -> None:
    brought = TERMS.documents[kind] if documents else ()
    company = Company("x", kind, 1, branches=branches, documents=brought)  # type: ignore[arg-type]
    assert unmet(company, deposit, TERMS) == lacking


def test_a_company_that_lacks_something_is_not_approved(desk: Desk) -> None:
    company = desk.book.company("Лютик")
    assert company is not None
    desk.book.save_company(replace(company, documents=()))
    register(desk, 21)
    assert decided(desk, BUTTERCUP, "approve") == ("conditions_unmet", [])
    assert state(desk, BUTTERCUP) == "received"
