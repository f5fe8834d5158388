"""What the operator does for companies: signs them up, gives them numbers, opens accounts.

Each function answers `ok` or the exact name of a refusal, which has changed nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gateway.accounts.book import BookAdmin
from gateway.accounts.books.companies import Company
from gateway.accounts.companies.registration import unmet
from gateway.accounts.companies.sims import stocked
from gateway.accounts.sign_up import at_home
from gateway.charging.tariff import Terms
from gateway.charging.terms_companies import CompanyTerms
from gateway.domain.numbers import local_digits

OK = "ok"


def add_company(book: BookAdmin, company: Company, administrator: str) -> str:
    """Sign up a company whose administrator is the owner of a private account; the account becomes
    the company's. Refusals: `company_exists`, `subscriber_unknown`, `number_taken`."""
    subscriber = book.subscriber(administrator)
    if subscriber is None:
        return "subscriber_unknown"
    if book.company(company.name) is not None:
        return "company_exists"
    if subscriber.company or not subscriber.owner:
        return "number_taken"
    book.save_company(replace(company, account=subscriber.account))
    changes = {"company": company.name, "role": "administrator"}
    book.update_subscriber(administrator, changes)  # type: ignore[arg-type]
    return OK


def change_company(
    book: BookAdmin,
    company: Company,
    changes: Mapping[str, Any],
    credit: int | None,
    terms: CompanyTerms,
) -> str:
    """Change what is known of a company, and how far its account may go below zero (CH20); a
    contract becomes active where its conditions are met (K18).

    Refusals: `conditions_unmet`, `credit_below_debt`."""
    changed = replace(company, **changes)
    if changed.contract_active and not company.contract_active:
        balance, _ = book.balance_of(company.account)
        if unmet(changed, balance, terms):
            return "conditions_unmet"
    if credit is not None and not book.set_credit(company.account, credit):
        return "credit_below_debt"
    book.save_company(changed)
    return OK


def add_number(
    book: BookAdmin,
    company: Company,
    msisdn: str,
    terms: Terms,
    tariff: str,
    now: float,
    branch: str = "",
) -> str:
    """Give a company a new number; it is in its stock, and of the oldest order of SIM cards that
    waits. With its first number in a branch the company has a group there (B04).

    Refusals: `number_taken`, `tariff_unknown`."""
    if book.subscriber(msisdn) is not None:
        return "number_taken"
    plan = terms.plans.get(tariff)
    if plan is None or not plan.corporate:
        return "tariff_unknown"
    subscriber = at_home(msisdn, company.account, tariff, terms, now)
    book.add_subscriber(subscriber._replace(owner=False, company=company.name, role="employee"))
    if branch:
        book.update_member(msisdn, {"branch": branch})
    if branch and branch not in company.branches:
        book.save_company(replace(company, branches=(*company.branches, branch)))
    stocked(book, company, now)
    return OK


def open_own_account(book: BookAdmin, company: Company, msisdn: str, now: float) -> str:
    """Give an employee an account of his own, which pays above his limit (R42). Its number is his
    ten digits. Refusals: `member_unknown`, `member_free`, `account_exists`."""
    member = book.member(company.name, msisdn)
    if member is None:
        return "member_unknown"
    if not member.name:
        return "member_free"
    account = int(local_digits(msisdn))
    if member.own_account or book.set_credit(account, 0):
        return "account_exists"
    book.add_account(account, 0, now)
    book.update_member(msisdn, {"own_account": account})
    return OK
