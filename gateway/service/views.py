"""The account core's rows as the API shows them."""

from __future__ import annotations

from gateway.accounts.book import Charge
from gateway.accounts.cards import last_four
from gateway.accounts.policy import Policy
from gateway.channels.core import (
    ChargeView,
    MessageView,
    PackageView,
    SubscriberView,
)
from gateway.channels.refusals import Refusal
from gateway.store.outbox import Message as StoredMessage
from gateway.store.unit import SqlUnit

UNKNOWN = Refusal("subscriber_unknown", field="msisdn")
_STATES = {"queued": "queued", "acknowledged": "delivered", "failed": "failed"}


def subscriber_view(unit: SqlUnit, msisdn: str, policy: Policy) -> SubscriberView | Refusal:
    """A number as it is now, or that it is unknown."""
    book = unit.book
    found = book.subscriber(msisdn)
    if found is None:
        return UNKNOWN
    packages = tuple(
        PackageView(one.kind, one.left, one.total, one.until) for one in book.packages(msisdn)
    )
    switched = {"roaming": found.roaming_on, "login_alert": found.login_alert}
    services = (
        *(name for name, on in switched.items() if on),
        *(row.service for row in book.services(msisdn) if not row.suspended),
    )
    return SubscriberView(
        msisdn=found.msisdn,
        account=found.account,
        owner=found.owner,
        balance=found.balance,
        held=found.held,
        points=found.points,
        language=found.language,
        tariff=found.tariff,
        zone=found.zone,
        plmn=found.plmn,
        region=found.region,
        sim=found.sim,
        handset=found.handset,
        level=policy.level_of(found, "ussd"),
        email=found.email,
        card=last_four(found.card),
        company=found.company,
        role=found.role,
        packages=packages,
        services=services,
        forwarding=dict(book.forwarding(msisdn)),
        barring=tuple(sorted(book.barring(msisdn))),
    )


def message_view(message: StoredMessage) -> MessageView:
    """An SMS to a number; the peer's acknowledgement is delivery to us."""
    sms = message.sms
    return MessageView(sms.sender, sms.text, sms.at, _STATES[message.state])


def charge_view(charge: Charge) -> ChargeView:
    """A use, paid or not."""
    return ChargeView(
        at=charge.at,
        channel=charge.channel,
        address=charge.address,
        zone=charge.zone,
        units=charge.units,
        price=charge.price,
        amount=charge.amount,
        rule=charge.rule,
        explanation=charge.explanation,
        dialogue=charge.dialogue,
    )
