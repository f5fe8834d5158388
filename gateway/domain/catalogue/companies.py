"""Companies: registration, and what an administrator does for his numbers.

`member` is a number of the company; every command that takes one may be refused `member_unknown`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gateway.domain.catalogue import services
from gateway.domain.catalogue.command import Command, Type
from gateway.domain.report import REPORT_FORMATS

REPORT_KINDS = ("spending", "details", "reconciliation", "tax")

_NOT_HIS = "company_not_administrator"
_MEMBER: Mapping[str, Type] = {"member": "msisdn"}
_SUMS: Mapping[str, Type] = dict.fromkeys(
    ("total", "calls", "sms", "internet", "fees", "other", "limit"), "money"
)
_PAGE: Mapping[str, Type] = {"numbers": "rows", "last": "text", "more": "flag"}
_EMPLOYEE: Mapping[str, Type] = {**_MEMBER, "name": "text", "position": "text"}
_REPORT: Mapping[str, Type] = {"kind": REPORT_KINDS, "format": REPORT_FORMATS}


def _company(
    arguments: Mapping[str, Type] | None = None,
    values: Mapping[str, Type] | None = None,
    refusals: tuple[str, ...] = (),
    read_only: bool = False,
    confirm: bool = False,
) -> Command:
    """A row of an administrator's command."""
    return Command(
        "account",
        arguments or {},
        values or {},
        (_NOT_HIS, *refusals),
        read_only=read_only,
        confirm=confirm,
    )


def _member(
    arguments: Mapping[str, Type] | None = None,
    values: Mapping[str, Type] | None = None,
    refusals: tuple[str, ...] = (),
    read_only: bool = False,
    confirm: bool = False,
) -> Command:
    """The same of a command on one number."""
    taken = {**_MEMBER, **(arguments or {})}
    return _company(taken, values, ("member_unknown", *refusals), read_only, confirm)


def _as_member(own: str) -> Command:
    """A subscriber's own command, carried out for a number."""
    row = services.COMMANDS[own]
    return replace(
        row,
        level="account",
        arguments={**_MEMBER, **row.arguments},
        refusals=(_NOT_HIS, "member_unknown", *row.refusals),
        when_blocked=False,
    )


_NUMBERS: Mapping[str, Command] = {
    "company.account": _company(
        values={
            "company": "text",
            "account": "digits",
            "balance": "money",
            "credit": "money",
            "numbers": "count",
            "discount": "count",
        },
        read_only=True,
    ),
    # a page of numbers above `after`; `last` is where the next one begins
    "company.numbers": _company({"after": "text"}, _PAGE, read_only=True),
    "company.employees": _company({"after": "text"}, _PAGE, read_only=True),
    "company.stock_numbers": _company({"after": "text"}, _PAGE, read_only=True),
    "company.number": _member(
        values={
            **_EMPLOYEE,
            "label": "text",
            "tariff": "text",
            "limit": "money",
            "held": "flag",
        },
        read_only=True,
    ),
    "company.spending": _member(values={**_MEMBER, "since": "moment", **_SUMS}, read_only=True),
    "company.limit_all": _company({"limit": "money"}, {"limit": "money"}),
    "company.limit": _member({"limit": "money"}, {**_MEMBER, "limit": "money"}),
    "company.label": _member({"label": "text"}, {**_MEMBER, "label": "text"}),
    "company.labels": _company(values={"labels": "rows"}, read_only=True),
    "company.employee_add": _member(
        {"name": "text", "position": "text"}, _EMPLOYEE, ("member_taken",)
    ),
    "company.employee_edit": _member(
        {"name": "text", "position": "text"}, _EMPLOYEE, ("member_free",)
    ),
    "company.employee_detach": _member(
        values={**_MEMBER, "name": "text"}, refusals=("member_free",), confirm=True
    ),
    "company.stock": _company(values={"count": "count", "keeper": "text"}, read_only=True),
    "company.keeper": _member(values={"name": "text"}, refusals=("member_free",)),
    "company.sims_order": _company(
        {"count": "digits"}, {"order": "digits", "count": "count"}, ("sims_out_of_range",)
    ),
    # `other` takes the place of a lost number (K13)
    "group.swap_number": _member(
        {"other": "msisdn"},
        {**_MEMBER, "other": "msisdn", "name": "text"},
        ("member_taken", "member_free"),
        confirm=True,
    ),
}

_AS_MEMBER: Mapping[str, Command] = {
    "company.plans": _as_member("tariff.list"),
    "company.tariff_quote": _as_member("tariff.quote"),
    "company.tariff_change": _as_member("tariff.change"),
    "company.services": _as_member("service.mine"),
    "company.offers": _as_member("service.offers"),
    "company.service_quote": _as_member("service.quote"),
    "company.service_add": _as_member("service.add"),
    "company.service_removal": _as_member("service.removal"),
    "company.service_remove": _as_member("service.remove"),
    "company.forward_quote": _as_member("forwarding.quote"),
    "company.forward": _as_member("forwarding.apply"),
    "company.forward_show": _as_member("forwarding.show"),
    "company.sim_replace": _as_member("sim.replace"),
}

_ORDERS: Mapping[str, Command] = {
    "company.tariffs": _company(values={"plans": "rows"}, read_only=True),
    "company.tariffs_quote": _company(
        {"code": "digits", "label": "text"},
        {"name": "text", "count": "count", "label": "text"},
        ("tariff_unknown", "label_unknown"),
        read_only=True,
    ),
    "company.tariffs_change": _company(
        {"code": "digits", "label": "text"},
        {"order": "digits", "count": "count"},
        ("tariff_unknown", "label_unknown"),
        confirm=True,
    ),
    # an empty target erases
    "company.forward_all": _company(
        {"target": "text"},
        {"order": "digits", "count": "count"},
        ("member_unknown",),
        confirm=True,
    ),
    "company.report_quote": _company(
        _REPORT, {**_REPORT, "email": "text"}, ("email_missing",), read_only=True
    ),
    "company.report_order": _company(
        _REPORT, {"order": "digits"}, ("email_missing",), confirm=True
    ),
    "company.orders": _company(values={"orders": "rows"}, read_only=True),
}

COMMANDS: Mapping[str, Command] = {
    # an empty e-mail is none
    "company.register": Command(
        "view", {"email": "text"}, refusals=("company_none", "company_already", "email_wrong")
    ),
    **_NUMBERS,
    **_AS_MEMBER,
    **_ORDERS,
}
