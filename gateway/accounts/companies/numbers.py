"""Numbers of a company: the account, who holds what, labels, limits, spending (B02, B12-B16, B19).

A number without an employee is in the stock of SIM cards, which one employee keeps (B14).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gateway.accounts.books.companies import Held, Member, MemberChanges
from gateway.accounts.companies.office import Office, of_company, of_member
from gateway.accounts.request import Effect, Reply, done, refuse
from gateway.domain.moments import month_start
from gateway.domain.values import Value

KINDS = ("calls", "sms", "internet", "fees")
"""What spending names; every other category is summed as `other`."""


def _account(office: Office) -> Reply:
    subscriber, count = office.request.subscriber, office.book.count_members(office.company.name)
    return done(
        company=office.company.name,
        account=str(office.company.account),
        balance=subscriber.balance,
        credit=subscriber.credit,
        numbers=count,
        discount=office.request.terms.company.discount(count),
    )


def _list(held: Held) -> Effect:
    """Numbers above `after`, a page of them; `last` is where the next page begins."""

    def run(office: Office) -> Reply:
        page, after = office.request.terms.company.shown_numbers_max, office.request.text("after")
        found = office.book.members(office.company.name, after, page + 1, held=held)
        rows: list[Mapping[str, Value]] = [
            # the number under both names: a menu may hold the one beside the other
            {
                "member": each.msisdn,
                "number": each.msisdn,
                "name": each.name,
                "title": each.label or each.name,
            }
            for each in found[:page]
        ]
        last = found[page - 1].msisdn if len(found) > page else ""
        return done(numbers=tuple(rows), last=last, more=bool(last))

    return of_company(run)


def _number(office: Office, member: Member) -> Reply:
    return done(
        member=member.msisdn,
        name=member.name,
        position=member.position,
        label=member.label,
        tariff=office.request.terms.plan_name(member.tariff, office.request.subscriber.language),
        limit=_limit(office, member),
        held=bool(member.name),
    )


def _limit(office: Office, member: Member) -> int:
    own = member.month_limit
    return office.company.month_limit if own is None else own


def _spending(office: Office, member: Member) -> Reply:
    """What the number cost this month, by kind (B31), and its limit."""
    since = month_start(office.request.now, office.request.core.utc_offset_seconds)
    spending = office.book.spending(member.msisdn, since)
    named = {kind: spending.by_category.get(kind, 0) for kind in KINDS}
    other = spending.total - sum(named.values())
    return done(
        member=member.msisdn,
        since=int(since),
        total=spending.total,
        other=other,
        limit=_limit(office, member),
        **named,
    )


def _limit_all(office: Office) -> Reply:
    """For every number without a limit of its own; 0 is no limit."""
    limit = office.request.number("limit")
    office.book.save_company(replace(office.company, month_limit=limit))
    return done(limit=limit)


def _limit_one(office: Office, member: Member) -> Reply:
    limit = office.request.number("limit")
    office.book.update_member(member.msisdn, {"month_limit": limit})
    return done(member=member.msisdn, limit=limit)


def _label(office: Office, member: Member) -> Reply:
    label = office.request.text("label").strip()
    office.book.update_member(member.msisdn, {"label": label})
    return done(member=member.msisdn, label=label)


def _labels(office: Office) -> Reply:
    """Labels as groups of numbers."""
    rows: list[Mapping[str, Value]] = [
        {"label": label, "count": count}
        for label, count in office.book.labels(office.company.name).items()
    ]
    return done(labels=tuple(rows))


def _add(office: Office, member: Member) -> Reply:
    """A number of the stock gets its employee (B12)."""
    return refuse("member_taken") if member.name else _hold(office, member)


def _edit(office: Office, member: Member) -> Reply:
    return _hold(office, member) if member.name else refuse("member_free")


def _hold(office: Office, member: Member) -> Reply:
    request = office.request
    name, position = request.text("name").strip(), request.text("position").strip()
    office.book.update_member(member.msisdn, {"name": name, "position": position})
    return done(member=member.msisdn, name=name, position=position)


def _detach(office: Office, member: Member) -> Reply:
    """The number goes back into the stock; its label and limit stay with it."""
    if not member.name:
        return refuse("member_free")
    if office.company.keeper == member.msisdn:
        office.book.save_company(replace(office.company, keeper=""))
    changes: MemberChanges = {"name": "", "position": "", "own_account": 0}
    office.book.update_member(member.msisdn, changes)
    return done(member=member.msisdn, name=member.name)


def _stock(office: Office) -> Reply:
    company, book = office.company, office.book
    keeper = book.member(company.name, company.keeper) if company.keeper else None
    return done(
        count=book.count_members(company.name, held="free"), keeper=keeper.name if keeper else ""
    )


def _keeper(office: Office, member: Member) -> Reply:
    """The employee who is authorised to keep the cards nobody holds yet."""
    if not member.name:
        return refuse("member_free")
    office.book.save_company(replace(office.company, keeper=member.msisdn))
    return done(name=member.name)


EFFECTS: Mapping[str, Effect] = {
    "company.account": of_company(_account),
    "company.numbers": _list("all"),
    "company.employees": _list("held"),
    "company.stock_numbers": _list("free"),
    "company.number": of_member(_number),
    "company.spending": of_member(_spending),
    "company.limit_all": of_company(_limit_all),
    "company.limit": of_member(_limit_one),
    "company.label": of_member(_label),
    "company.labels": of_company(_labels),
    "company.employee_add": of_member(_add),
    "company.employee_edit": of_member(_edit),
    "company.employee_detach": of_member(_detach),
    "company.stock": of_company(_stock),
    "company.keeper": of_member(_keeper),
}
