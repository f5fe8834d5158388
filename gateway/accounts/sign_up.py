"""The operator signs up a private subscriber: a number, an account of its own, a plan that is sold.

The plan's first month and what is put on the account are paid outside, with the SIM card.
"""

from __future__ import annotations

from gateway.accounts.book import OPENING, BookAdmin, Leg, Subscriber, Transfer
from gateway.accounts.bundles import add_included
from gateway.accounts.request import Core
from gateway.accounts.services.fees import begin_fee
from gateway.accounts.services.tariffs import is_sold, plan_fee
from gateway.charging.roaming import HOME_ZONE
from gateway.charging.tariff import Terms
from gateway.domain.numbers import local_digits
from gateway.domain.port import Language


def sign_up(
    core: Core,
    book: BookAdmin,
    msisdn: str,
    tariff: str,
    now: float,
    *,
    language: Language = "ru",
    balance: int = 0,
) -> str:
    """Give a new number an account, which is its ten digits, with `balance` kopecks on it.

    `ok`, or a refusal that has changed nothing: `number_taken`, `account_exists`,
    `tariff_unknown`."""
    if book.subscriber(msisdn) is not None:
        return "number_taken"
    account = int(local_digits(msisdn))
    subscriber = at_home(msisdn, account, tariff, core.terms, now)._replace(language=language)
    plan = core.terms.plans.get(tariff)
    if plan is None or not is_sold(core.terms, plan, subscriber):
        return "tariff_unknown"
    if book.set_credit(account, 0):
        return "account_exists"
    book.add_account(account, 0, now)
    book.add_subscriber(subscriber)
    if balance:
        legs = (Leg(OPENING, -balance), Leg(account, balance))
        outcome = book.transfer(Transfer(f"sign_up:{msisdn}", "opening", now, legs))
        assert outcome == "ok", f"an opening balance was {outcome}"
    if plan.month_fee:
        until = begin_fee(book, msisdn, plan_fee(plan), now, core.utc_offset_seconds)
        add_included(book, msisdn, plan, until, now)
    return "ok"


def at_home(msisdn: str, account: int, tariff: str, terms: Terms, now: float) -> Subscriber:
    """A new number as it is before anything is known of it: at home, its owner's, in Russian."""
    return Subscriber(
        msisdn,
        imsi=f"{terms.home_plmn}{local_digits(msisdn)}",
        account=account,
        owner=True,
        language="ru",
        handset="other",
        sim="active",
        zone=HOME_ZONE,
        plmn=terms.home_plmn,
        region=terms.home_region,
        tariff=tariff,
        activated_at=now,
    )
