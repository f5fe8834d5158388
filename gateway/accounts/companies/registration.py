"""A company's request to register: received -> review -> approved or refused (C17, K09).

An administrator whose company has an active contract is approved at once where the option says
so; anyone else waits for the operator to decide. On approval the login and a password go by SMS.
Approving activates the contract, so what a contract asks must be met first (K18).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gateway.accounts.book import Book, Registration
from gateway.accounts.books.companies import Company
from gateway.accounts.credentials import issue
from gateway.accounts.records import RegistrationState
from gateway.accounts.request import Context, Core, Effect, Reply, Request, done, refuse
from gateway.charging.terms_companies import CompanyTerms
from gateway.domain.emails import normalise_email
from gateway.domain.numbers import local_digits
from gateway.domain.port import Sent

_DECIDED: Mapping[str, RegistrationState] = {
    "review": "review",
    "approve": "approved",
    "refuse": "refused",
}


def _register(request: Request) -> Reply:
    """Any text to 000511, or the word and an e-mail address."""
    subscriber, book = request.subscriber, request.book
    company = book.company(subscriber.company) if subscriber.company else None
    if company is None:
        return refuse("company_none", request.message("sms.corp.no"))
    standing = book.registration(subscriber.msisdn)
    if standing is not None and standing.state != "refused":
        return refuse("company_already")
    email = ""
    if given := request.text("email"):
        email = normalise_email(given) or ""
        if not email:
            return refuse("email_wrong")
    received = Registration(subscriber.msisdn, company.name, request.now, email=email)
    book.save_registration(received)
    known = company.contract_active and subscriber.role == "administrator"
    if not (known and request.core.options.company_auto_approve):
        return done()
    return done(*_approve(request, received))


def unmet(company: Company, deposit: int, terms: CompanyTerms) -> tuple[str, ...]:
    """What a company still lacks for a contract: `branches`, `deposit` (kopecks on its account),
    both asked of legal entities only (B05, B06, K18), and `documents` (B09, B10)."""
    legal = company.kind == "legal"
    lacking = {
        "branches": legal and len(set(company.branches)) < terms.branches_min,
        "deposit": legal and deposit < terms.deposit_min,
        "documents": not set(terms.documents[company.kind]) <= set(company.documents),
    }
    return tuple(name for name, lacks in lacking.items() if lacks)


def decide(
    book: Book, core: Core, msisdn: str, decision: str, login: str, context: Context
) -> tuple[str, tuple[Sent, ...]]:
    """The operator's decision on a number's request; `login` is the one he approves, beside
    `CP_` and ten digits (K10). `ok` or a refusal, and what is sent.

    Refusals: `registration_unknown`, `registration_decided`, `conditions_unmet`, `login_taken`.
    """
    standing, subscriber = book.registration(msisdn), book.subscriber(msisdn)
    if standing is None or subscriber is None:
        return "registration_unknown", ()
    if standing.state in ("approved", "refused"):
        return "registration_decided", ()
    company = book.company(standing.company)
    assert company is not None, "a request is of a company that is kept"
    request = Request({}, subscriber, book, context, core)
    if decision != "approve":
        decided = replace(standing, state=_DECIDED[decision])
        book.save_registration(decided)
        sent = (request.message("sms.corp.refused"),) if decision == "refuse" else ()
        return "ok", sent
    if login and book.approved_login(login.lower()) is not None:
        return "login_taken", ()
    if not company.contract_active:
        if unmet(company, subscriber.balance, core.terms.company):
            return "conditions_unmet", ()
        book.save_company(replace(company, contract_active=True))
    return "ok", _approve(request, replace(standing, login=login.lower()))


def _approve(request: Request, standing: Registration) -> tuple[Sent, ...]:
    book, msisdn = request.book, standing.msisdn
    book.save_registration(replace(standing, state="approved"))
    if standing.email:
        book.update_subscriber(msisdn, {"email": standing.email})
    login = standing.login or f"CP_{local_digits(msisdn)}"
    welcome = request.message("sms.corp.ok", company=standing.company, login=login)
    return welcome, issue(request, "permanent", "sms.pwd")


EFFECTS: Mapping[str, Effect] = {"company.register": _register}
