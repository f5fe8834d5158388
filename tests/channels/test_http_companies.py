"""The calls about companies, over a fake core: what each asks, and what it refuses."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.channels.fake_companies import MEMBER, NAME
from tests.channels.http_client import Api, api, listen

__all__ = ["api", "listen"]

COMPANY = f"/v1/companies/{quote(NAME)}"
NEW = {"name": "Василёк", "kind": "legal", "msisdn": "+79220000001", "branches": ["ural"]}


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "asked"),
    [
        ("GET", "/v1/companies", None, 200, ("companies",)),
        ("GET", COMPANY, None, 200, ("company", NAME)),
        ("GET", "/v1/companies/none", None, 404, ("company", "none")),
        (
            "POST",
            "/v1/companies",
            NEW,
            201,
            ("add", {**NEW, "msisdn": "79220000001", "branches": ("ural",)}),
        ),
        (
            "PATCH",
            COMPANY,
            {"credit": "1500.50", "contract_active": True},
            200,
            ("change", NAME, {"credit": 150_050, "contract_active": True}),
        ),
        ("GET", f"{COMPANY}/numbers", None, 200, ("members", NAME)),
        ("GET", f"{COMPANY}/numbers/9220000012", None, 200, ("member", NAME, MEMBER)),
        (
            "POST",
            f"{COMPANY}/numbers",
            {"msisdn": MEMBER, "tariff": "business_l"},
            201,
            ("add_number", NAME, MEMBER, "business_l", ""),
        ),
        (
            "POST",
            f"{COMPANY}/numbers/{MEMBER}/account",
            None,
            201,
            ("open_own_account", NAME, MEMBER),
        ),
        ("GET", f"{COMPANY}/orders", None, 200, ("orders", NAME)),
        ("GET", f"{COMPANY}/orders/7", None, 200, ("order", NAME, 7)),
        ("GET", f"{COMPANY}/orders/x", None, 200, ("order", NAME, 0)),
        (
            "POST",
            f"{COMPANY}/orders/7/decision",
            {"decision": "approve"},
            200,
            ("decide_order", NAME, 7, True),
        ),
        ("GET", "/v1/registrations", None, 200, ("registrations", "")),
        (
            "POST",
            f"/v1/subscribers/{MEMBER}/registration",
            {"decision": "approve", "login": "romashka"},
            200,
            ("decide", MEMBER, "approve", "romashka"),
        ),
    ],
)
def test_each_call_asks_the_core(
    api: Api, method: str, path: str, body: Any, status: int, asked: tuple[Any, ...]
) -> None:
    assert api.ask(method, path, body)[0] == status
    assert api.core.asked == [asked]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v1/companies", {**NEW, "kind": "club"}, "kind"),
        ("/v1/companies", {**NEW, "branches": "ural"}, "branches"),
        ("/v1/companies", {**NEW, "branches": ["Ural!"]}, "branches"),
        ("/v1/companies", {**NEW, "inn": "12"}, "inn"),
        (f"{COMPANY}/orders/7/decision", {"decision": "maybe"}, "decision"),
    ],
)
def test_a_wrong_field_is_named(api: Api, path: str, body: Any, field: str) -> None:
    assert api.refused("POST", path, body)["field"] == field
    assert api.core.asked == []


@pytest.mark.parametrize("credit", ["-1.00", "much", "1.234"])
def test_a_credit_is_money(api: Api, credit: str) -> None:
    assert api.refused("PATCH", COMPANY, {"credit": credit})["field"] == "credit"


def test_a_number_in_a_path_is_a_number(api: Api) -> None:
    assert api.ask("GET", f"{COMPANY}/numbers/12")[0] == 404
    assert api.ask("GET", f"{COMPANY}/numbers/")[0] == 404
    assert api.core.asked == []
