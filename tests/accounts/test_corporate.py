"""A company's request to register, by SMS to 000511 (K09, K10)."""

from __future__ import annotations

from gateway.accounts.answers import Options
from gateway.accounts.book import Registration
from gateway.accounts.memory import MemoryBook
from tests.accounts.fakes import NOW, Desk

ADMINISTRATOR, EMPLOYEE = "79220000011", "79220000012"


def test_an_administrator_is_approved_at_once_and_gets_login_and_password(desk: Desk) -> None:
    assert desk.answer(11, "company.register", "sms").outcome == "ok"
    welcome, password = desk.sent
    assert (welcome.text_id, welcome.secret) == ("sms.corp.ok", False)
    assert welcome.values == {"company": "Ромашка", "login": "CP_9220000011"}
    assert (password.text_id, password.secret) == ("sms.pwd", True)
    approved = Registration(ADMINISTRATOR, "Ромашка", NOW, "approved")
    assert desk.book.registration(ADMINISTRATOR) == approved
    assert desk.book.credential(ADMINISTRATOR, "permanent") is not None


def test_an_employee_waits_for_a_person_to_decide(desk: Desk) -> None:
    assert desk.outcome(12, "company.register") == "ok"
    assert desk.sent == []
    received = Registration(EMPLOYEE, "Ромашка", NOW, "received")
    assert desk.book.registration(EMPLOYEE) == received
    assert desk.book.credential(EMPLOYEE, "permanent") is None


def test_without_the_option_everybody_waits(book: MemoryBook) -> None:
    desk = Desk(book, Options(company_auto_approve=False))
    assert desk.outcome(11, "company.register") == "ok"
    assert desk.sent == []
    registration = book.registration(ADMINISTRATOR)
    assert registration is not None
    assert registration.state == "received"


def test_a_second_request_is_refused_until_the_first_was(desk: Desk) -> None:
    assert desk.outcome(12, "company.register") == "ok"
    assert desk.outcome(12, "company.register") == "company_already"
    desk.book.save_registration(Registration(EMPLOYEE, "Ромашка", NOW, "refused"))
    assert desk.outcome(12, "company.register") == "ok"


def test_a_number_of_no_company_is_told_so(desk: Desk) -> None:
    assert desk.answer(1, "company.register", "sms").outcome == "company_none"
    [message] = desk.sent
    assert (message.text_id, message.values) == ("sms.corp.no", {})
    assert desk.book.registration("79220000001") is None
