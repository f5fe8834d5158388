"""The office of a company: the one door through which a command reaches a number of it (A44).

Whoever asks must be an administrator, and his company is his own subscriber's: no argument names
one. A number that an argument names is looked up inside that company, here and nowhere else, so a
command can be given no number of another company. Every corporate effect is made by one of the
three wrappers below (a test walks the catalogue and tries).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from gateway.accounts.book import Book, Subscriber
from gateway.accounts.books.companies import Company, Member
from gateway.accounts.request import Effect, Reply, Request, refuse
from gateway.domain.numbers import normalise_msisdn


@dataclass(frozen=True, slots=True)
class Office:
    """An administrator's request, and his company."""

    request: Request
    company: Company

    @property
    def book(self) -> Book:
        """The book of the request."""
        return self.request.book

    def member(self, argument: str = "member") -> Member | None:
        """The number of an argument; None where it is no number of this company."""
        msisdn = normalise_msisdn(self.request.text(argument))
        return self.book.member(self.company.name, msisdn) if msisdn else None

    def subscriber(self, member: Member) -> Subscriber:
        """The row of one of its numbers."""
        found = self.book.subscriber(member.msisdn)
        assert found is not None, "a member is a subscriber"
        return found


Corporate = Callable[[Office], Reply]
Personal = Callable[[Office, Member], Reply]


def of_company(effect: Corporate) -> Effect:
    """An effect on the whole company. Refusal: `company_not_administrator`."""

    def run(request: Request) -> Reply:
        subscriber = request.subscriber
        company = request.book.company(subscriber.company) if subscriber.company else None
        if company is None or subscriber.role != "administrator":
            return refuse("company_not_administrator")
        return effect(Office(request, company))

    return run


def of_member(effect: Personal) -> Effect:
    """An effect on the number that `member` names. Refusal beside: `member_unknown`."""

    def run(office: Office) -> Reply:
        member = office.member()
        return refuse("member_unknown") if member is None else effect(office, member)

    return of_company(run)


def as_member(effect: Effect) -> Effect:
    """What a subscriber does for himself, done for the number that `member` names (K11). The
    company decides, so it pays, whatever the employee's limit; the answer is for who asks, in his
    language."""

    def run(office: Office, member: Member) -> Reply:
        asker = office.request.subscriber
        subscriber = office.subscriber(member)._replace(role=asker.role, language=asker.language)
        return effect(replace(office.request, subscriber=subscriber))

    return of_member(run)
