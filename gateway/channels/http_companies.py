"""The calls of the API about companies: registrations, clients, their numbers and orders."""

from __future__ import annotations

from gateway.channels.core import Core
from gateway.channels.core_companies import (
    CompanyView,
    MemberView,
    OrderLinesView,
    OrderView,
    RegistrationView,
)
from gateway.channels.http_fields import Field
from gateway.channels.http_routes import Call, Reply, Route, said
from gateway.channels.http_views import schema_of, to_json

CLIENT_KINDS = ("legal", "sole_trader", "private_practice")
DECISIONS = ("review", "approve", "refuse")


async def _companies(core: Core, _call: Call) -> Reply:
    return Reply(to_json(await said(core.companies.companies())))


async def _company(core: Core, call: Call) -> Reply:
    return Reply(to_json(await said(core.companies.company(call.named["company"]))))


async def _add(core: Core, call: Call) -> Reply:
    return Reply(to_json(await said(core.companies.add(call.values))), 201)


async def _change(core: Core, call: Call) -> Reply:
    return Reply(to_json(await said(core.companies.change(call.named["company"], call.values))))


async def _members(core: Core, call: Call) -> Reply:
    return Reply(to_json(await said(core.companies.members(call.named["company"]))))


async def _add_number(core: Core, call: Call) -> Reply:
    values = call.values
    added = core.companies.add_number(
        call.named["company"], values["msisdn"], values["tariff"], values.get("branch", "")
    )
    return Reply(to_json(await said(added)), 201)


async def _member(core: Core, call: Call) -> Reply:
    return Reply(to_json(await said(core.companies.member(call.named["company"], call.msisdn))))


async def _own_account(core: Core, call: Call) -> Reply:
    opened = core.companies.open_own_account(call.named["company"], call.msisdn)
    return Reply(to_json(await said(opened)), 201)


async def _orders(core: Core, call: Call) -> Reply:
    return Reply(to_json(await said(core.companies.orders(call.named["company"]))))


async def _order(core: Core, call: Call) -> Reply:
    return Reply(to_json(await said(core.companies.order(call.named["company"], _id(call)))))


def _id(call: Call) -> int:
    """The number of an order; 0, which none has, where the path holds no number."""
    text = call.named["order"]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


async def _decide_order(core: Core, call: Call) -> Reply:
    approved = call.values["decision"] == "approve"
    decided = core.companies.decide_order(call.named["company"], _id(call), approved)
    return Reply(to_json(await said(decided)))


async def _registrations(core: Core, _call: Call) -> Reply:
    return Reply(to_json(await said(core.companies.registrations(""))))


async def _decide(core: Core, call: Call) -> Reply:
    values = call.values
    decided = core.companies.decide(call.msisdn, values["decision"], values.get("login", ""))
    return Reply(to_json(await said(decided)))


_LISTS = (
    Field("branches", "words", required=False, meaning="regions in which it has SIM cards"),
    Field("documents", "words", required=False, meaning="kinds of documents it has brought"),
)
_INN = Field("inn", required=False, digits=(10, 12))
_NEW = (
    Field("name", characters_max=64),
    Field("kind", one_of=CLIENT_KINDS),
    Field("msisdn", "msisdn", meaning="its administrator: the owner of a private account"),
    _INN,
    *_LISTS,
)
_CHANGES = (
    _INN,
    *_LISTS,
    Field("contract_active", "flag", required=False),
    Field("credit", "money", required=False, meaning="how far its account may go below zero"),
    Field("month_limit", "money", required=False, meaning="of a number without its own; 0: none"),
)
_MSISDN = Field("msisdn", "msisdn")
_COMPANY = "/v1/companies/{company}"
_NUMBER, _ORDER = f"{_COMPANY}/numbers/{{msisdn}}", f"{_COMPANY}/orders/{{order}}"
_ONE, _MEMBER, _LINES = schema_of(CompanyView), schema_of(MemberView), schema_of(OrderLinesView)
_NONE = {404: "no such company"}
_TAKEN = {404: "no such company", 409: "the number is taken"}


def _list(view: type) -> dict[str, object]:
    return {"type": "array", "items": schema_of(view)}


COMPANY_ROUTES: tuple[Route, ...] = (
    Route("GET", "/v1/companies", "Corporate clients", _list(CompanyView), _companies),
    Route(
        "POST", "/v1/companies", "Sign up a company", _ONE, _add, _NEW, status=201,
        refusals={409: "the company exists, or the number is taken"},
    ),
    Route("GET", _COMPANY, "A company", _ONE, _company, refusals=_NONE),
    Route("PATCH", _COMPANY, "Change a company", _ONE, _change, _CHANGES, refusals=_NONE),
    Route(
        "GET", f"{_COMPANY}/numbers", "Its numbers, and who holds them",
        _list(MemberView), _members, refusals=_NONE,
    ),
    Route(
        "POST", f"{_COMPANY}/numbers", "Give it a new number, for its stock", _MEMBER, _add_number,
        (
            _MSISDN,
            Field("tariff", meaning="a corporate plan, as business_l"),
            Field("branch", required=False, meaning="the region of its group"),
        ),
        status=201, refusals=_TAKEN,
    ),
    Route(
        "GET", _NUMBER, "One of its numbers", _MEMBER, _member,
        refusals={404: "no such company, or not its number"},
    ),
    Route(
        "POST", f"{_NUMBER}/account", "Open an employee's own account", _MEMBER, _own_account,
        status=201, refusals=_TAKEN,
    ),
    Route(
        "GET", f"{_COMPANY}/orders", "Its orders, newest first", _list(OrderView), _orders,
        refusals=_NONE,
    ),
    Route(
        "GET", _ORDER, "An order, with a result for each number", _LINES, _order,
        refusals={404: "no such company, or not its order"},
    ),
    Route(
        "POST", f"{_ORDER}/decision", "Decide on an order that waits", _LINES, _decide_order,
        (Field("decision", one_of=("approve", "refuse")),),
        refusals={404: "no such company, or no such order of it that waits"},
    ),
    Route(
        "GET", "/v1/registrations", "Requests to register a company, oldest first",
        _list(RegistrationView), _registrations,
    ),
    Route(
        "POST", "/v1/subscribers/{msisdn}/registration", "Decide on a request to register",
        schema_of(RegistrationView), _decide,
        (
            Field("decision", one_of=DECISIONS),
            Field("login", required=False, meaning="approved beside CP_ and the ten digits"),
        ),
        refusals={409: "it was decided already, or the login is taken"},
    ),
)  # fmt: skip
