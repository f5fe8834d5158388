"""The packaged terms are those of the service guide; a wrong file says which key is wrong."""

from __future__ import annotations

from importlib import resources

import pytest

from gateway.charging.roaming import is_home_network, place_of, zone_of
from gateway.charging.tariff import Offer, default_terms, load_terms
from gateway.domain.catalogue import ZONES

TEXT = (resources.files("gateway.charging") / "tariffs.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("zone", "prices"),
    [
        ("HOME", (180, 7_500, 0, 190)),
        ("RU_NET", (300, 7_500, 0, 490)),
        ("RU_OTHER", (4_500, 12_900, 2_500, 990)),
        ("CIS", (4_900, 9_900, 2_900, 1_400)),
        ("EUROPE", (5_900, 10_900, 5_900, 1_900)),
        ("WORLD", (7_900, 12_900, 7_900, 1_900)),
    ],
)
def test_prices(zone: str, prices: tuple[int, ...]) -> None:
    row = default_terms().zones[zone]
    assert tuple(row.of(kind) for kind in ("out", "out_other", "in", "sms")) == prices


def test_terms() -> None:
    terms = default_terms()
    assert set(terms.zones) == set(ZONES)
    assert terms.offers[30_000] == Offer(30_000, 2_000, -25_000)
    assert sorted(terms.offers) == [5_000, 15_000, 30_000, 40_000]
    assert (terms.plans["talk_m"].month_fee, terms.plans["talk_m"].minutes) == (64_000, 700)
    assert (terms.plan_name("talk_m", "en"), terms.plan_name("talk_m", "ru-Latn")) == (
        "Talk M", "Общение M",
    )  # fmt: skip
    assert terms.plan_name("gone", "en") == "gone"
    assert terms.transfer.fee(1) == 500


@pytest.mark.parametrize(
    ("plmn", "region", "zone"),
    [
        ("25002", "ural", "HOME"),
        ("25002", "", "HOME"),
        ("25002", "volga", "RU_NET"),
        ("25001", "", "RU_OTHER"),
        ("25020", "ural", "RU_OTHER"),
        ("40101", "", "CIS"),
        ("28201", "", "CIS"),
        ("26201", "", "EUROPE"),
        ("28601", "", "EUROPE"),
        ("42501", "", "EUROPE"),
        ("25701", "", "EUROPE"),
        ("310260", "", "WORLD"),
        ("46000", "", "WORLD"),
        ("", "", "WORLD"),
    ],
)
def test_zone(plmn: str, region: str, zone: str) -> None:
    assert zone_of(plmn, region, default_terms()) == zone


def test_home_is_where_the_contract_was_made() -> None:
    terms = default_terms()
    assert zone_of("25002", "volga", terms, home_region="volga") == "HOME"
    assert place_of("25002", "", terms) == ("ural", "HOME")
    assert place_of("26201", "ural", terms) == ("", "EUROPE"), "regions are the home network's"
    assert zone_of("25002", "ural", terms, home_region="volga") == "RU_NET"


def test_the_home_network_is_a_switch() -> None:
    terms = default_terms()
    assert [zone for zone in ZONES if is_home_network(zone, terms)] == ["HOME"]
    switched = load_terms(
        TEXT.replace("RU_NET: {home_network: false", "RU_NET: {home_network: true")
    )
    assert [z for z in ZONES if is_home_network(z, switched)] == ["HOME", "RU_NET"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('sms: "1.90"', "sms: 1.90", r"zones.HOME.sms: write money as quoted roubles"),
        ('out: "1.80"', 'out: "dear"', "not an amount of money: 'dear'"),
        ("month_fee", "monthly", "plans.zero: unknown key monthly"),
        ("  CIS: {", "  MARS: {", "zones: it must have exactly HOME, RU_NET"),
        ("tries_max: 5", "tries_max: 5\n  colour: red", "voucher: unknown key colour"),
        ("  pause_seconds: 3600", "", "voucher: .*pause_seconds"),
        ("{units: 30, ", "{", "packs.minutes: .*units"),
    ],
)
def test_a_wrong_file_names_the_key(old: str, new: str, message: str) -> None:
    assert old in TEXT
    with pytest.raises(ValueError, match=message):
        load_terms(TEXT.replace(old, new, 1))
