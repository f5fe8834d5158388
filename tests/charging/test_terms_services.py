"""The catalogue of services: its codes are its own, and its plans exist."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest
import yaml

from gateway.charging.tariff import default_terms
from gateway.charging.terms_services import read_services

TEXT = (resources.files("gateway.charging") / "tariffs.yaml").read_text("utf-8")


def test_codes_are_of_one_service_each_and_can_be_dialled() -> None:
    terms = default_terms()
    codes = [each.code for each in terms.services.catalogue.values()]
    codes += [plan.code for plan in terms.plans.values()]
    assert len(set(codes)) == len(codes)
    assert all(code.isdigit() and 3 <= len(code) <= 5 for code in codes)


def test_both_bans_are_there_and_cost_nothing() -> None:
    for id in ("content_ban", "paid_ban"):
        service = default_terms().services.catalogue[id]
        assert (service.kind, service.paid) == ("ban", False)


def _same_code(raw: Any) -> None:
    raw["services"]["weather"]["code"] = raw["services"]["news"]["code"]


def _no_plan(raw: Any) -> None:
    raw["services"]["weather"]["tariffs"] = ["gone"]


def _unknown_key(raw: Any) -> None:
    raw["services"]["weather"]["cost"] = "1.00"


def _bare_money(raw: Any) -> None:
    raw["services"]["weather"]["fee"] = 30


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_same_code, "services: a code stands twice"),
        (_no_plan, "services: there is no plan gone"),
        (_unknown_key, "services.weather: unknown key cost"),
        (_bare_money, "services.weather.fee: write money as quoted roubles"),
    ],
)
def test_a_mistake_is_named(spoil: Callable[[Any], None], told: str) -> None:
    raw = yaml.safe_load(TEXT)
    spoil(raw)
    with pytest.raises(ValueError, match=told):
        read_services(raw)
