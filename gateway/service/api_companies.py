"""Companies behind the HTTP API: what the account core's administration does, as views."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from twisted.internet.defer import Deferred

from gateway.accounts.answers import Accounts, Context
from gateway.accounts.book import Book, BookAdmin, Registration
from gateway.accounts.books.companies import Company, Member
from gateway.accounts.books.jobs import Order
from gateway.accounts.companies import administration, batches, registration
from gateway.accounts.companies.reports import ORDER_KINDS
from gateway.channels.core_companies import (
    CompanyView,
    LineView,
    MemberView,
    OrderLinesView,
    OrderView,
    RegistrationView,
)
from gateway.channels.desk import Desk
from gateway.channels.refusals import Answer, Refusal
from gateway.charging.terms_companies import CompanyTerms
from gateway.service.api_work import Send, act
from gateway.service.clock import Clock
from gateway.store.unit import SqlUnit

T = TypeVar("T")

Look = Callable[[Callable[[SqlUnit], Any]], Deferred[Any]]
"""Answers with what a query reads."""

NUMBERS_MAX = 20_000
ORDERS_MAX = 100
_CHANNEL = "http"


class CompaniesApi:
    """Implements `channels.core_companies.CompaniesCore`."""

    def __init__(self, desk: Desk, clock: Clock, look: Look) -> None:
        self._desk = desk
        self._clock = clock
        self._look = look
        accounts: Accounts = desk.world.accounts
        self._core = accounts.core
        self._terms: CompanyTerms = accounts.core.terms.company

    # --- looking ------------------------------------------------------------------------------

    def companies(self) -> Answer[tuple[CompanyView, ...]]:
        """All of them, by name."""
        return self._look(
            lambda unit: tuple(self._view(unit.book, each) for each in unit.book.companies())
        )

    def company(self, name: str) -> Answer[CompanyView]:
        """One of them."""
        return self._look(lambda unit: _of(unit.book, name, lambda c: self._view(unit.book, c)))

    def members(self, name: str) -> Answer[tuple[MemberView, ...]]:
        """Its numbers."""

        def read(unit: SqlUnit) -> Any:
            return _of(
                unit.book,
                name,
                lambda company: tuple(
                    _member_view(company, each) for each in unit.book.members(name, "", NUMBERS_MAX)
                ),
            )

        return self._look(read)

    def member(self, name: str, msisdn: str) -> Answer[MemberView]:
        """One number, of this company only."""
        return self._look(lambda unit: _of(unit.book, name, lambda c: _found(unit.book, c, msisdn)))

    def orders(self, name: str) -> Answer[tuple[OrderView, ...]]:
        """The newest."""

        def read(unit: SqlUnit) -> Any:
            found = unit.book.orders(name, ORDER_KINDS, ORDERS_MAX)
            return _of(unit.book, name, lambda _: tuple(map(_order_view, found)))

        return self._look(read)

    def order(self, name: str, id: int) -> Answer[OrderLinesView]:
        """One order of this company, with its lines."""
        return self._look(lambda unit: _lines(unit.book, name, id))

    def registrations(self, state: str) -> Answer[tuple[RegistrationView, ...]]:
        """Requests to register."""
        return self._look(
            lambda unit: tuple(map(_registration_view, unit.book.registrations(state)))
        )

    # --- changing -----------------------------------------------------------------------------

    def add(self, values: Mapping[str, Any]) -> Answer[CompanyView]:
        """Sign one up."""
        given = dict(values)
        administrator = given.pop("msisdn")

        def work(unit: SqlUnit, _send: Send) -> Any:
            company = Company(account=0, **given)
            outcome = administration.add_company(unit.book, company, administrator)
            return self._done(unit, outcome, company.name)

        return act(self._desk, self._clock.now, work)

    def change(self, name: str, values: Mapping[str, Any]) -> Answer[CompanyView]:
        """Change one; a contract becomes active only where its conditions are met."""
        given = dict(values)
        credit = given.pop("credit", None)

        def work(unit: SqlUnit, _send: Send) -> Any:
            company = unit.book.company(name)
            if company is None:
                return Refusal("company_unknown")
            outcome = administration.change_company(unit.book, company, given, credit, self._terms)
            return self._done(unit, outcome, name)

        return act(self._desk, self._clock.now, work)

    def add_number(self, name: str, msisdn: str, tariff: str, branch: str) -> Answer[MemberView]:
        """A new number for its stock."""
        terms = self._core.terms
        return self._on_number(
            name,
            msisdn,
            lambda unit, company, now: administration.add_number(
                unit.book, company, msisdn, terms, tariff, now, branch
            ),
        )

    def open_own_account(self, name: str, msisdn: str) -> Answer[MemberView]:
        """An employee's own account."""
        return self._on_number(
            name,
            msisdn,
            lambda unit, company, now: administration.open_own_account(
                unit.book, company, msisdn, now
            ),
        )

    def decide_order(self, name: str, id: int, approved: bool) -> Answer[OrderLinesView]:
        """On an order that waits for the operator."""

        def work(unit: SqlUnit, _send: Send) -> Any:
            outcome = batches.decide(unit.book, name, id, approved, self._clock.now())
            return _lines(unit.book, name, id) if outcome == "ok" else Refusal(outcome)

        return act(self._desk, self._clock.now, work)

    def decide(self, msisdn: str, decision: str, login: str) -> Answer[RegistrationView]:
        """On a request to register; login and password go by SMS."""

        def work(unit: SqlUnit, send: Send) -> Any:
            now = self._clock.now()
            context = Context(now, f"{_CHANNEL}:{self._desk.ids.next()}", "sms")
            outcome, sent = registration.decide(
                unit.book, self._core, msisdn, decision, login, context
            )
            if outcome != "ok":
                return Refusal(outcome)
            send(sent)
            found = unit.book.registration(msisdn)
            assert found is not None, "it was just decided"
            return _registration_view(found)

        return act(self._desk, self._clock.now, work)

    def _on_number(
        self, name: str, msisdn: str, change: Callable[[SqlUnit, Company, float], str]
    ) -> Deferred[Any]:
        def work(unit: SqlUnit, _send: Send) -> Any:
            company = unit.book.company(name)
            if company is None:
                return Refusal("company_unknown")
            outcome = change(unit, company, self._clock.now())
            return _found(unit.book, company, msisdn) if outcome == "ok" else Refusal(outcome)

        return act(self._desk, self._clock.now, work)

    def _done(self, unit: SqlUnit, outcome: str, name: str) -> CompanyView | Refusal:
        if outcome != "ok":
            return Refusal(outcome)
        return _of(unit.book, name, lambda company: self._view(unit.book, company))

    def _view(self, book: BookAdmin, company: Company) -> CompanyView:
        balance, credit = book.balance_of(company.account)
        numbers = book.count_members(company.name)
        return CompanyView(
            company.name,
            company.kind,
            company.account,
            balance,
            credit,
            company.inn,
            company.branches,
            company.documents,
            company.contract_active,
            company.federal,
            company.month_limit,
            numbers,
            book.count_members(company.name, held="free"),
            company.keeper,
            self._terms.discount(numbers),
            registration.unmet(company, balance, self._terms),
        )


def _of(book: Book, name: str, view: Callable[[Company], T]) -> T | Refusal:
    company = book.company(name)
    return Refusal("company_unknown") if company is None else view(company)


def _found(book: Book, company: Company, msisdn: str) -> MemberView | Refusal:
    member = book.member(company.name, msisdn)
    return Refusal("member_unknown") if member is None else _member_view(company, member)


def _member_view(company: Company, member: Member) -> MemberView:
    own = member.month_limit
    return MemberView(
        member.msisdn,
        member.account,
        member.tariff,
        member.sim,
        member.role,
        member.name,
        member.position,
        member.label,
        member.branch,
        company.month_limit if own is None else own,
        member.own_account,
    )


def _registration_view(row: Registration) -> RegistrationView:
    return RegistrationView(row.msisdn, row.company, row.at, row.state, row.email, row.login)


def _order_view(order: Order) -> OrderView:
    counts = (int(order.payload.get(name, 0)) for name in ("total", "done", "refused"))
    return OrderView(
        order.id,
        order.kind,
        order.subject,
        order.msisdn,
        order.state,
        order.at,
        order.changed_at,
        *counts,
    )


def _lines(book: Book, name: str, id: int) -> OrderLinesView | Refusal:
    order = book.order(id)
    if order is None or order.subject != name:
        return Refusal("order_unknown")
    lines = tuple(LineView(line.msisdn, line.result) for line in book.lines(id, "", NUMBERS_MAX))
    return OrderLinesView(_order_view(order), lines)
