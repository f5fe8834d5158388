"""The demo subscribers, created once in an empty book (the table of the contract).

Each private number has account 1000 + its last digits; money enters by transfers from OPENING.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.accounts.answers import DEFAULT_UTC_OFFSET_SECONDS
from gateway.accounts.bonus import keep
from gateway.accounts.book import (
    OPENING,
    BookAdmin,
    Credential,
    Leg,
    Subscriber,
    Transfer,
    Voucher,
)
from gateway.accounts.books.money import Lot
from gateway.accounts.books.services import Connected
from gateway.accounts.bundles import add_included
from gateway.accounts.companies.demo import CREDIT, load_companies
from gateway.accounts.request import Hasher
from gateway.accounts.services.fees import begin_fee
from gateway.accounts.services.options import service_fee
from gateway.accounts.services.tariffs import plan_fee
from gateway.accounts.vouchers import voucher_digest
from gateway.charging.roaming import zone_of
from gateway.charging.tariff import Terms, default_terms
from gateway.domain.port import Language

_ACCOUNT_BASE = 1000
_LOAD_MSISDN_BASE = 79230000000
_LOAD_ACCOUNT_BASE = 10_000
_LOAD_BALANCE = 10_000
SUBSCRIBERS_EXTRA_MAX = 1_000_000
_YEAR_SECONDS = 365 * 86_400
"""How long ago numbers were activated, and how long their points are good."""
_HOME = ("25002", "ural")

DEMO_VOUCHERS: Mapping[str, int] = {
    "105000000100": 10_000,
    "105000000300": 30_000,
    "105000000500": 50_000,
    "105000001000": 100_000,
}
"""Codes of the demo payment cards -> kopecks: 100, 300, 500 and 1000 roubles, each good once."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the table. `number` ends the MSISDN 79220000…; kopecks and points."""

    number: int
    balance: int = 0
    language: Language = "ru"
    where: tuple[str, str] = _HOME
    tariff: str = "simple"
    handset: str = "other"
    account: int = 0
    """0: an account of its own, named after the number."""
    points: int = 0
    company: str = ""
    sim: str = "active"
    credit: int = 0


_ABROAD = ""
_ROWS = (
    _Row(1, 25_000, handset="android", points=500),
    _Row(2, 100_000, "en", tariff="talk_m", handset="ios"),
    _Row(3, 0, "ru-Latn"),
    _Row(4, 30_000, where=("26201", _ABROAD), handset="android"),
    _Row(5, 1_000, "en", where=("310260", _ABROAD), handset="ios"),
    _Row(6, 10_000, where=("25001", _ABROAD)),
    _Row(7, account=1001),
    _Row(8, 5_000, sim="lost"),
    _Row(9, 5_000),
    _Row(10, 10_000, where=("25002", "volga"), tariff="world"),
    _Row(11, 5_000_000, tariff="business_l", company="Ромашка", credit=CREDIT),
    _Row(12, tariff="business_l", company="Ромашка", account=1011),
    _Row(13, where=("25002", "volga"), tariff="business_l", company="Ромашка", account=1011),
    _Row(14, tariff="business_l", company="Ромашка", account=1011),
    _Row(21, 4_000_000, tariff="business_l", company="Лютик"),
    _Row(22, tariff="business_l", company="Лютик", account=1021),
)


def load_demo(
    book: BookAdmin,
    hasher: Hasher,
    now: float,
    subscribers_extra: int = 0,
    terms: Terms | None = None,
) -> None:
    """Fill an empty book. The book must be empty (an assertion); `subscribers_extra` as
    `add_load_subscribers`."""
    assert book.is_empty(), "demo data go into an empty book only"
    terms = terms or default_terms()
    for row in _ROWS:
        _add_row(book, row, now, terms)
    _add_states(book, hasher, now, terms)
    load_companies(book, terms.company, now)
    add_load_subscribers(book, now, subscribers_extra)
    for code, amount in DEMO_VOUCHERS.items():
        book.add_voucher(Voucher(voucher_digest(hasher, code), amount))


def _add_row(book: BookAdmin, row: _Row, now: float, terms: Terms) -> None:
    account = row.account or _ACCOUNT_BASE + row.number
    plmn, region = row.where
    owner = not row.account
    if owner:
        _open_account(book, account, row.balance, row.points, now, row.credit)
    role = "administrator" if row.company and owner else "employee" if row.company else "private"
    msisdn = _msisdn(row.number)
    book.add_subscriber(
        Subscriber(
            msisdn=msisdn,
            imsi=_imsi(msisdn),
            account=account,
            owner=owner,
            language=row.language,
            handset=row.handset,
            sim=row.sim,  # type: ignore[arg-type]
            zone=zone_of(plmn, region, terms),
            plmn=plmn,
            region=region,
            tariff=row.tariff,
            company=row.company,
            role=role,  # type: ignore[arg-type]
            activated_at=now - _YEAR_SECONDS,
        )
    )


def _add_states(book: BookAdmin, hasher: Hasher, now: float, terms: Terms) -> None:
    """What some of the numbers have besides money: a month of a plan that costs something, with
    its packages; the subscriptions of …002; the lock of …009."""
    for row in _ROWS:
        plan = terms.plans[row.tariff]
        if plan.month_fee:
            msisdn = _msisdn(row.number)
            until = begin_fee(book, msisdn, plan_fee(plan), now, DEFAULT_UTC_OFFSET_SECONDS)
            add_included(book, msisdn, plan, until, now)
    for id in ("horoscope", "weather"):
        book.save_service(Connected(_msisdn(2), id, now))
        fee = service_fee(id, terms.services.catalogue[id])
        begin_fee(book, _msisdn(2), fee, now, DEFAULT_UTC_OFFSET_SECONDS)
    _, digest = hasher.mint(_msisdn(9))
    book.save_credential(Credential(_msisdn(9), "permanent", digest, now))
    for _ in range(terms.password.failures_max):
        book.count_failure(_msisdn(9), now)


def add_load_subscribers(book: BookAdmin, now: float, count: int) -> int:
    """Have `count` numbers for load, from 79230000000 on, with 100 roubles each; those that are
    there, of a former start or signed up since, stay as they are. How many were added."""
    assert 0 <= count <= SUBSCRIBERS_EXTRA_MAX, "too many numbers for load"
    missing = [index for index in range(count) if book.subscriber(_load_msisdn(index)) is None]
    for index in missing:
        _add_load_subscriber(book, index, now)
    return len(missing)


def _load_msisdn(index: int) -> str:
    return str(_LOAD_MSISDN_BASE + index)


def _add_load_subscriber(book: BookAdmin, index: int, now: float) -> None:
    msisdn, account = _load_msisdn(index), _LOAD_ACCOUNT_BASE + index
    _open_account(book, account, _LOAD_BALANCE, 0, now)
    plmn, region = _HOME
    book.add_subscriber(
        Subscriber(
            msisdn, _imsi(msisdn), account, True, "ru", "other", "active", "HOME", plmn, region,
            "simple", activated_at=now - _YEAR_SECONDS,
        )
    )  # fmt: skip


def _open_account(
    book: BookAdmin, account: int, balance: int, points: int, now: float, credit: int = 0
) -> None:
    book.add_account(account, credit, now)
    legs = []
    if balance:
        legs += [Leg(OPENING, -balance), Leg(account, balance)]
    if points:
        legs += [Leg(OPENING, -points, "PTS"), Leg(account, points, "PTS")]
    if legs:
        outcome = book.transfer(Transfer(f"demo:{account}:0", "opening", now, tuple(legs)))
        assert outcome == "ok", f"an opening balance was {outcome}"
    if points:
        keep(book, account, (Lot(now + _YEAR_SECONDS, points),))


def _msisdn(number: int) -> str:
    return f"79220000{number:03d}"


def _imsi(msisdn: str) -> str:
    """The home network's MCC and MNC, then the ten digits of the number: fifteen in all."""
    return _HOME[0] + msisdn[-10:]
