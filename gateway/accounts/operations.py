"""The row of an operation's own price (CH15), asked for by somebody or due by the clock."""

from __future__ import annotations

from gateway.accounts.records import Category, Charge, Subscriber
from gateway.charging.explain import explain_operation

OPERATION_RULE = "CH15"
OF_THE_CLOCK = "schedule"
"""The channel of what happens on a date."""


def operation_charge(
    subscriber: Subscriber,
    at: float,
    what: str,
    arithmetic: str,
    amount: int,
    category: Category,
    key: str,
    channel: str = OF_THE_CLOCK,
    address: str = "",
    dialogue: str = "",
) -> Charge:
    """The row of `amount` kopecks that moved under `key`; `what` and `arithmetic` explain it."""
    return Charge(
        at=at,
        msisdn=subscriber.msisdn,
        account=subscriber.account,
        channel=channel,
        address=address,
        zone=subscriber.zone,
        units=1,
        price=amount,
        amount=amount,
        rule=OPERATION_RULE,
        explanation=explain_operation(what, arithmetic),
        dialogue=dialogue,
        category=category,
        key=key,
    )
