"""The calls of the API about logins: forms of the cabinet, carried by a front end.

What a refused form may show beside it (A17) goes with the refusal as `hints`.
"""

from __future__ import annotations

from gateway.channels.core import Core
from gateway.channels.core_access import LoginAccepted, LoginTry
from gateway.channels.http_fields import Field
from gateway.channels.http_routes import Call, Reply, Route, said
from gateway.channels.http_views import schema_of, to_json
from gateway.channels.problems import Problem

HINTS = {
    "remind_number": "*105*8*4#",
    "need_password": "*105*00#, or SMS 00 to 000110, or call 0505",
}
"""Hint of the login form -> what does it."""


def _accepted(accepted: LoginAccepted) -> Reply:
    body = to_json(accepted)
    if not accepted.token:
        del body["token"]
    return Reply(body)


def _form(call: Call, password: str = "password") -> LoginTry:
    values = call.values
    return LoginTry(
        values["login"],
        values[password],
        values.get("region", ""),
        values.get("captcha", ""),
        values.get("captcha_answer", ""),
        values.get("remember", False),
    )


async def _login(core: Core, call: Call) -> Reply:
    try:
        return _accepted(await said(core.access.login(_form(call))))
    except Problem as problem:
        problem.extra = {**problem.extra, "hints": HINTS}
        raise


async def _token(core: Core, call: Call) -> Reply:
    return _accepted(await said(core.access.login_by_token(call.values["token"])))


async def _bearer(core: Core, call: Call) -> Reply:
    values = call.values
    return _accepted(await said(core.access.login_by_bearer(values["msisdn"], values["bearer"])))


async def _logout(core: Core, call: Call) -> Reply:
    return Reply({"ended": await said(core.access.logout(call.values["token"]))})


async def _code(core: Core, call: Call) -> Reply:
    await said(core.access.send_code(call.values["login"]))
    return Reply({"status": "sent"}, 202)


async def _password(core: Core, call: Call) -> Reply:
    await said(core.access.change_password(_form(call, "old"), call.values["new"]))
    return Reply({"status": "changed"})


async def _reset(core: Core, call: Call) -> Reply:
    sent = await said(core.access.reset(call.values["login"], call.values["word"]))
    return Reply({"sent": list(sent)}, 202)


async def _register(core: Core, call: Call) -> Reply:
    values = call.values
    await said(core.access.register(values["access_code"], values["email"], values["password"]))
    return Reply({"status": "sent"}, 202)


async def _address(core: Core, call: Call) -> Reply:
    await said(core.access.ask_address(call.msisdn, call.values["email"]))
    return Reply({"status": "sent"}, 202)


async def _confirm(core: Core, call: Call) -> Reply:
    return Reply({"msisdn": await said(core.access.confirm(call.values["token"]))})


async def _access_code(core: Core, call: Call) -> Reply:
    return Reply({"access_code": await said(core.access.access_code(call.msisdn))})


def _object(**members: str) -> dict[str, object]:
    properties = {name: {"type": kind} for name, kind in members.items()}
    return {"type": "object", "properties": properties, "required": list(members)}


_STATUS = _object(status="string")
_ACCEPTED = {**schema_of(LoginAccepted), "required": ["msisdn", "level"]}
_LOGIN = Field("login", characters_max=254, meaning="ten digits; CP_ and ten digits; an e-mail")
_TOKEN = Field("token", "secret")
_EMAIL = Field("email", "email", characters_max=254)
_FORM = (
    Field("region", required=False, meaning="of the SIM, where a company's form asks it"),
    Field("captcha", required=False, meaning="id of the captcha that was asked"),
    Field("captcha_answer", required=False),
)
_REMEMBER = Field("remember", "flag", required=False, meaning="answer with a token")
_LOCKED = {423: "locked by failures"}
_SUBSCRIBER = "/v1/subscribers/{msisdn}"

ROUTES: tuple[Route, ...] = (
    Route(
        "POST", "/v1/login", "Check a password", _ACCEPTED, _login,
        (_LOGIN, Field("password", "secret"), *_FORM, _REMEMBER), refusals=_LOCKED,
    ),
    Route("POST", "/v1/login/token", "A remembered login", _ACCEPTED, _token, (_TOKEN,)),
    Route(
        "POST", "/v1/login/bearer", "A login the network vouches for", _ACCEPTED, _bearer,
        (Field("msisdn", "msisdn"), Field("bearer", one_of=("own", "shared", "foreign"))),
        refusals={403: "somebody else's network carried it"},
    ),
    Route(
        "POST", "/v1/login/code", "A one-time password by SMS", _STATUS, _code, (_LOGIN,),
        status=202, refusals={429: "too many were asked for"},
    ),
    Route(
        "POST", "/v1/login/reset", "A new password for the secret word",
        {"type": "object", "properties": {"sent": {"type": "array", "items": {"type": "string"}}}},
        _reset, (_LOGIN, Field("word", "secret")), status=202,
        refusals={409: "no secret word is set", 429: "too many wrong words"},
    ),
    Route(
        "POST", "/v1/login/register", "A login by e-mail for an invoice's code", _STATUS, _register,
        (Field("access_code", "secret"), _EMAIL, Field("password", "secret")), status=202,
    ),
    Route(
        "POST", "/v1/login/confirm", "The link of a letter was followed",
        _object(msisdn="string"), _confirm, (_TOKEN,),
    ),
    Route(
        "POST", "/v1/logout", "End a remembered login", _object(ended="boolean"), _logout,
        (_TOKEN,),
    ),
    Route(
        "POST", "/v1/password", "Change a password", _STATUS, _password,
        (_LOGIN, Field("old", "secret"), Field("new", "secret"), *_FORM), refusals=_LOCKED,
    ),
    Route(
        "POST", f"{_SUBSCRIBER}/email", "Ask to confirm an address", _STATUS, _address, (_EMAIL,),
        status=202,
    ),
    Route(
        "POST", f"{_SUBSCRIBER}/access-code", "A code to print on the invoice",
        _object(access_code="string"), _access_code,
    ),
)  # fmt: skip
