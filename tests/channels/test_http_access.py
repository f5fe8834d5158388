"""The calls about logins: forms, hints, tokens, addresses; over a fake core."""

from __future__ import annotations

import pytest

from tests.channels.fake_core import ANNA, PASSWORD
from tests.channels.http_client import Api, api, listen

__all__ = ["api", "listen"]

RIGHT = {"login": "9220000001", "password": PASSWORD}


def test_a_refused_form_says_what_may_help(api: Api) -> None:
    document = api.refused("POST", "/v1/login", {**RIGHT, "password": "111111"})
    assert document["hints"] == {
        "remind_number": "*105*8*4#",
        "need_password": "*105*00#, or SMS 00 to 000110, or call 0505",
    }


def test_a_login_is_remembered_where_it_asks(api: Api) -> None:
    status, _, body = api.ask("POST", "/v1/login", {**RIGHT, "remember": True})
    assert (status, body) == (200, {"msisdn": ANNA, "level": "account", "token": "T1"})


@pytest.mark.parametrize(
    ("path", "body", "status", "asked"),
    [
        ("/v1/login/token", {"token": "T"}, 401, ("login_by_token", "T")),
        (
            "/v1/login/bearer",
            {"msisdn": ANNA, "bearer": "shared"},
            200,
            ("login_by_bearer", ANNA, "shared"),
        ),
        ("/v1/login/code", {"login": "9220000001"}, 202, ("send_code", "9220000001")),
        ("/v1/login/reset", {"login": "CP_1", "word": "w"}, 409, ("reset", "CP_1", "w")),
        (
            "/v1/login/register",
            {"access_code": "1", "email": "a@b.ru", "password": "p"},
            202,
            ("register", "1", "a@b.ru", "p"),
        ),
        ("/v1/login/confirm", {"token": "T"}, 200, ("confirm", "T")),
        ("/v1/logout", {"token": "T"}, 200, ("logout", "T")),
        (
            f"/v1/subscribers/{ANNA}/email",
            {"email": "a@b.ru"},
            202,
            ("ask_address", ANNA, "a@b.ru"),
        ),
        (f"/v1/subscribers/{ANNA}/access-code", None, 200, ("access_code", ANNA)),
    ],
)
def test_each_call_asks_the_core(
    api: Api, path: str, body: dict[str, str] | None, status: int, asked: tuple[str, ...]
) -> None:
    assert api.ask("POST", path, body)[0] == status
    assert api.core.asked == [asked]


@pytest.mark.parametrize(
    "email", ["", "a", "@b.ru", "a@", "a@b", "a b@c.ru", "a@b.ru\r\nBcc: c@d.ru", "a@@b.ru"]
)
def test_an_address_must_be_one(api: Api, email: str) -> None:
    document = api.refused("POST", f"/v1/subscribers/{ANNA}/email", {"email": email})
    assert (document["status"], document["field"]) == (422, "email")
    assert api.core.asked == []


def test_a_bearer_is_one_of_three(api: Api) -> None:
    body = {"msisdn": ANNA, "bearer": "wifi"}
    assert api.refused("POST", "/v1/login/bearer", body)["field"] == "bearer"
