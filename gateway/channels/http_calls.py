"""The calls of the API: a row each, with its fields and answers, and the function that does it."""

from __future__ import annotations

from typing import TypeVar

from gateway.channels.core import (
    ChargeView,
    Core,
    MessageView,
    SubscriberView,
    UssdAnswer,
)
from gateway.channels.http_access import ROUTES as ACCESS_ROUTES
from gateway.channels.http_companies import COMPANY_ROUTES
from gateway.channels.http_fields import TEXT_CHARACTERS_MAX, Field
from gateway.channels.http_routes import Call, Reply, Route, said
from gateway.channels.http_views import TIME_SCHEMA, schema_of, to_json
from gateway.channels.problems import Problem
from gateway.domain.moments import offset_text, rfc3339
from gateway.domain.port import LANGUAGES

T = TypeVar("T")


async def _healthz(_core: Core, _call: Call) -> Reply:
    return Reply({"status": "ok"})


async def _readyz(core: Core, _call: Call) -> Reply:
    reason = core.ready()
    if reason:
        raise Problem(503, reason, name="not_ready")
    return Reply({"status": "ready"})


async def _subscriber(core: Core, call: Call) -> Reply:
    return Reply(to_json(await said(core.subscriber(call.msisdn))))


async def _add(core: Core, call: Call) -> Reply:
    values = dict(call.values)
    added = core.add_subscriber(values.pop("msisdn"), values)
    return Reply(to_json(await said(added)), 201)


async def _patch(core: Core, call: Call) -> Reply:
    return Reply(to_json(await said(core.patch(call.msisdn, call.values))))


async def _locate(core: Core, call: Call) -> Reply:
    plmn, region = call.values["plmn"], call.values.get("region", "")
    return Reply(to_json(await said(core.locate(call.msisdn, plmn, region))))


async def _device(core: Core, call: Call) -> Reply:
    amount, receipt = call.values["amount"], call.values["receipt"]
    return Reply(to_json(await said(core.device(call.msisdn, amount, receipt))))


async def _messages(core: Core, call: Call) -> Reply:
    return Reply(to_json(await said(core.messages(call.msisdn))))


async def _charges(core: Core, call: Call) -> Reply:
    return Reply(to_json(await said(core.charges(call.msisdn))))


async def _ussd(core: Core, call: Call) -> Reply:
    values = call.values
    answer = core.ussd(values["msisdn"], values["text"], values.get("dialogue", ""))
    return Reply(to_json(await said(answer)))


async def _sms(core: Core, call: Call) -> Reply:
    values = call.values
    return Reply({"id": await said(core.sms(values["from"], values["to"], values["text"]))}, 202)


async def _clock(core: Core, _call: Call) -> Reply:
    return Reply(_time(core, core.now()))


async def _advance(core: Core, call: Call) -> Reply:
    return Reply(_time(core, await said(core.advance(call.values["advance_seconds"]))))


def _time(core: Core, now: float) -> dict[str, str]:
    return {"now": rfc3339(now), "utc_offset": offset_text(core.utc_offset_seconds)}


_STATUS = {"type": "object", "properties": {"status": {"type": "string"}}, "required": ["status"]}
_OFFSET = {
    "type": "string",
    "pattern": "^[+-][0-9]{2}:[0-9]{2}$",
    "description": "the operator's zone, in which pages and explanations tell times",
}
_NOW = {
    "type": "object",
    "properties": {"now": TIME_SCHEMA, "utc_offset": _OFFSET},
    "required": ["now", "utc_offset"],
}
_ID = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
_SUBSCRIBER = schema_of(SubscriberView)
_TEXT = Field("text", characters_max=TEXT_CHARACTERS_MAX)
_NEW = (
    Field("msisdn", "msisdn"),
    Field("tariff", meaning="a plan that is sold, as simple"),
    Field("language", required=False, one_of=LANGUAGES),
    Field("balance", "money", required=False, meaning="what was paid with the SIM card"),
)
_CHANGES = (
    Field("language", required=False, one_of=LANGUAGES),
    Field("handset", required=False, meaning="model of the handset"),
    Field("email", "email", required=False, characters_max=254),
    Field("card", required=False, meaning="bank card to link; its last four digits are shown"),
    Field("sim", required=False, one_of=("active", "lost", "suspended")),
    Field("login_alert", "flag", required=False),
    Field("roaming_on", "flag", required=False),
)
_PLACE = (
    Field("plmn", "plmn", meaning="visited network, MCC and MNC"),
    Field("region", required=False, meaning="region of the home network"),
)
_DEVICE = (
    Field("amount", "money", meaning="price of the device, roubles"),
    Field("receipt", meaning="number of the receipt; it earns points once"),
)
_USSD = (
    Field("msisdn", "msisdn"),
    Field("text", characters_max=182, meaning="the string dialled, or the answer"),
    Field("dialogue", required=False, meaning="of an earlier answer; none opens a dialogue"),
)
_NUMBER = "/v1/subscribers/{msisdn}"
_GONE = {409: "the dialogue is over, or still answering"}

ROUTES: tuple[Route, ...] = (
    *ACCESS_ROUTES,
    *COMPANY_ROUTES,
    Route("GET", "/healthz", "The process lives", _STATUS, _healthz, public=True),
    Route("GET", "/readyz", "Every port accepts", _STATUS, _readyz, public=True),
    Route(
        "POST", "/v1/subscribers", "Sign up a private subscriber",
        _SUBSCRIBER, _add, _NEW, status=201, refusals={409: "the number is taken"},
    ),
    Route("GET", _NUMBER, "A subscriber", _SUBSCRIBER, _subscriber),
    Route("PATCH", _NUMBER, "Change a subscriber", _SUBSCRIBER, _patch, _CHANGES),
    Route("PUT", f"{_NUMBER}/location", "Move to a network", _SUBSCRIBER, _locate, _PLACE),
    Route(
        "POST", f"{_NUMBER}/devices", "A device was bought: bonus points",
        _SUBSCRIBER, _device, _DEVICE,
    ),
    Route(
        "GET", f"{_NUMBER}/messages", "SMS sent to the number, oldest first",
        {"type": "array", "items": schema_of(MessageView)}, _messages,
    ),
    Route(
        "GET", f"{_NUMBER}/charges", "What was charged and why, oldest first",
        {"type": "array", "items": schema_of(ChargeView)}, _charges,
    ),
    Route(
        "POST", "/v1/ussd", "Dial, or answer a menu",
        schema_of(UssdAnswer), _ussd, _USSD, refusals=_GONE,
    ),
    Route(
        "POST", "/v1/sms", "An SMS from a handset to a short number", _ID, _sms,
        (Field("from", "msisdn"), Field("to", "short_number"), _TEXT), status=202,
    ),
    Route("GET", "/v1/clock", "The time", _NOW, _clock),
    Route(
        "POST", "/v1/clock", "Move a manual clock", _NOW, _advance,
        (Field("advance_seconds", "seconds"),), refusals={409: "the clock is the system's"},
    ),
)  # fmt: skip
"""Beside them the site answers `/metrics`, `/openapi.json` and `/v1/events`."""
