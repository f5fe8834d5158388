"""Tariffs: every price, term and limit of the account core, read once from `tariffs.yaml`.

The values are frozen; money is kopecks, written in the file as quoted roubles (`"1.80"`), because
YAML would make a float of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from gateway.charging.rows import MONEY, Named, read_row
from gateway.charging.terms_companies import CompanyTerms, read_companies
from gateway.charging.terms_money import MoneyTerms, read_money
from gateway.charging.terms_services import ServicesTerms, read_services
from gateway.charging.terms_statement import StatementTerms, read_statement
from gateway.domain.catalogue import PACKAGE_KINDS, ZONES
from gateway.domain.port import Language

PRICE_KINDS = ("out", "out_other", "in", "sms")
"""Outgoing minute to Russia, to another country, incoming minute, outgoing SMS."""


@dataclass(frozen=True, slots=True)
class ZonePrices:
    """Prices of one zone: kopecks a started minute, or an SMS."""

    out: int
    out_other: int
    incoming: int
    sms: int
    home_network: bool
    """Whether the zone counts as the home network (K20)."""

    def of(self, kind: str) -> int:
        """The price of a word of `PRICE_KINDS`. Raises AttributeError for another."""
        return int(getattr(self, "incoming" if kind == "in" else kind))


@dataclass(frozen=True, slots=True)
class Networks:
    """One row of the table of networks: PLMN prefixes (MCC, or MCC and MNC) of a zone."""

    zone: str
    plmn: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan(Named):
    """A tariff plan: its names, its fee and what it includes a month."""

    code: str
    month_fee: int
    minutes: int = 0
    sms: int = 0
    megabytes: int = 0
    corporate: bool = False
    """For the numbers of companies, and only for them."""
    archive: bool = False
    """No longer sold; who has it keeps it."""
    regions: tuple[str, ...] = ()
    """Sold in these; empty: everywhere."""


@dataclass(frozen=True, slots=True)
class Pack:
    """An extra pack of package units."""

    units: int
    price: int
    days: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A promised payment that may be taken: lent down to a floor of the balance."""

    amount: int
    fee: int
    floor: int


@dataclass(frozen=True, slots=True)
class TransferTerms:
    """Money sent to another subscriber."""

    amount_min: int
    amount_max: int
    fee_parts_per_10000: int
    fee_min: int
    remaining_min: int
    per_day_max: int
    code_digits: int
    code_seconds_max: int
    code_tries_max: int
    codes_per_window_max: int
    window_seconds: int

    def fee(self, amount: int) -> int:
        """The fee of sending `amount`, rounded up to a whole kopeck."""
        return max(self.fee_min, -(-amount * self.fee_parts_per_10000 // 10_000))


@dataclass(frozen=True, slots=True)
class VoucherTerms:
    """Payment cards: so many wrong codes pause it."""

    tries_max: int
    pause_seconds: int


@dataclass(frozen=True, slots=True)
class PasswordTerms:
    """Cabinet passwords (K03, K05, K16)."""

    digits_min: int
    digits_max: int
    failures_max: int
    one_time_seconds_max: int
    proposed_seconds_max: int
    issues_per_window_max: int
    window_seconds: int
    captcha_after: int
    """Wrong passwords of a company's login before a captcha is asked (A30)."""
    captcha_seconds_max: int
    web_characters_min: int
    """A password chosen on the web: any characters, at least so many (A34)."""
    web_characters_max: int
    session_seconds_max: int
    """How long an app is remembered (A29)."""
    email_seconds_max: int
    """How long a link that confirms an address is good (A35)."""
    secret_characters_min: int
    secret_characters_max: int
    secret_tries_max: int
    secret_pause_seconds: int


@dataclass(frozen=True, slots=True)
class BarringTerms:
    """Call barring: the password it begins with, and how many wrong ones lock it."""

    first_password: str
    password_digits: int
    tries_max: int


@dataclass(frozen=True, slots=True)
class CallTerms:
    """Calls paid by the minute."""

    short_seconds: int
    """A connection shorter than this is not charged (CH18); 0 charges every one."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a list is shown or kept."""

    last_charges_max: int
    logins_shown_max: int
    question_characters_max: int


@dataclass(frozen=True, slots=True)
class Terms:
    """The whole of `tariffs.yaml`."""

    zones: Mapping[str, ZonePrices]
    home_plmn: str
    home_region: str
    networks: tuple[Networks, ...]
    plans: Mapping[str, Plan]
    packs: Mapping[str, Pack]
    promised_days: int
    offers: Mapping[int, Offer]
    money: MoneyTerms
    statement: StatementTerms
    transfer: TransferTerms
    voucher: VoucherTerms
    password: PasswordTerms
    barring: BarringTerms
    calls: CallTerms
    limits: Limits
    app_links: Mapping[str, str]
    confirm_link: str
    """What the token of a link that confirms an address is put after."""
    services: ServicesTerms
    company: CompanyTerms

    def plan_name(self, tariff: str, language: Language) -> str:
        """The name of a plan; a plan no longer sold is shown by its id."""
        plan = self.plans.get(tariff)
        return plan.name(language) if plan else tariff


def _zone(raw: Any, where: str) -> ZonePrices:
    renamed = {("incoming" if key == "in" else key): value for key, value in raw.items()}
    return read_row(ZonePrices, renamed, where, MONEY | {"sms"})


def _same(found: Any, wanted: tuple[str, ...], where: str) -> None:
    if set(found) != set(wanted):
        raise ValueError(f"{where}: it must have exactly {', '.join(wanted)}")


def load_terms(text: str) -> Terms:
    """Read a `tariffs.yaml`. Raises ValueError that names the key."""
    raw = yaml.safe_load(text)
    _same(raw["zones"], ZONES, "zones")
    _same(raw["packs"], PACKAGE_KINDS, "packs")
    offers = [read_row(Offer, row, "promised.offers") for row in raw["promised"]["offers"]]
    return Terms(
        zones={zone: _zone(row, f"zones.{zone}") for zone, row in raw["zones"].items()},
        home_plmn=raw["home"]["plmn"],
        home_region=raw["home"]["region"],
        networks=tuple(read_row(Networks, row, "networks") for row in raw["networks"]),
        plans={name: read_row(Plan, row, f"plans.{name}") for name, row in raw["plans"].items()},
        packs={kind: read_row(Pack, row, f"packs.{kind}") for kind, row in raw["packs"].items()},
        promised_days=raw["promised"]["days"],
        offers={offer.amount: offer for offer in offers},
        money=read_money(raw["money"]),
        statement=read_statement(raw),
        transfer=read_row(TransferTerms, raw["transfer"], "transfer"),
        voucher=read_row(VoucherTerms, raw["voucher"], "voucher"),
        password=read_row(PasswordTerms, raw["password"], "password"),
        barring=read_row(BarringTerms, raw["barring"], "barring"),
        calls=read_row(CallTerms, raw["calls"], "calls"),
        limits=read_row(Limits, raw["limits"], "limits"),
        app_links=raw["app_links"],
        confirm_link=raw["confirm_link"],
        services=read_services(raw),
        company=read_companies(raw),
    )


@cache
def default_terms() -> Terms:
    """The terms packaged with the gateway."""
    return load_terms((resources.files("gateway.charging") / "tariffs.yaml").read_text("utf-8"))
