"""Explain: one English line per rating: which rule, what, from where, how much, and why.

The words of each (rating, network) are put together once and remembered: a busy service asks for
the same few hundred lines again and again.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from gateway.charging.rating import Rating
from gateway.domain.money import roubles

LINES_REMEMBERED_MAX = 4096

USES: Mapping[str, str] = {
    "ussd": "USSD",
    "service_sms": "SMS to a service number",
    "voice_home": "call to 0505",
    "voice_federal": "call to the voice menu by its federal number",
    "operator": "call to 0500",
    "operator_russia": "call to the operator's 8-800 number",
    "operator_world": "call to the operator's number for travellers",
}
"""Charge class -> what it is called; another class is called by its own name."""

REASONS: Mapping[str, str] = {
    "CH01": "USSD is free in every zone",
    "CH02": "the visited network carries no USSD",
    "CH03": "SMS to a service number is free at home",
    "CH04": "outgoing SMS price of the zone",
    "CH05": "SMS from the service is free in every zone",
    "CH06": "the voice menu is free at home",
    "CH07": "the short number answers only in the home network",
    "CH08": "the voice menu is free at home by its federal number too",
    "CH09": "outgoing minute price of the zone, every started minute",
    "CH10": "the operator's short number is free at home and answers only there",
    "CH11": "8-800 is free in Russia and does not answer abroad",
    "CH12": "the operator's number for travellers is free in every zone",
    "CH16": "half the price of the zone for a number on a corporate plan",
    "CH17": "a reduced price inside the network for a number on a corporate plan",
}
"""Why a rule says what it says; a rule of one's own is explained by its kind."""

_KINDS: Mapping[str, str] = {
    "free": "free by the table",
    "tariff": "price of the zone",
    "not_reachable": "not reachable from the zone",
    "no_rule": "no rule names this use, so it is refused rather than given away",
}


@lru_cache(LINES_REMEMBERED_MAX)
def explain(rating: Rating, plmn: str = "") -> str:
    """`CH04: SMS to a service number from EUROPE (26201): 1 x 19.00 = 19.00; outgoing SMS price
    of the zone`. `plmn` is the visited network, where known."""
    what = USES.get(rating.charge_class, rating.charge_class)
    network = f" ({plmn})" if plmn else ""
    return (
        f"{rating.rule}: {what} from {rating.zone}{network}: {_sum(rating)}; "
        f"{REASONS.get(rating.rule, _KINDS[rating.reason])}"
    )


def explain_shortage(rating: Rating, plmn: str, available: int) -> str:
    """CH19: the line of a use refused because `available` kopecks do not pay for it."""
    return (
        f"CH19: refused, {roubles(available)} available; not enough money for "
        f"{explain(rating, plmn)}"
    )


def explain_limit(rating: Rating, plmn: str) -> str:
    """R42: the line of an employee's use that would pass what the company pays in a month."""
    return f"R42: refused, above the month's limit of the number; {explain(rating, plmn)}"


def explain_unpaid(rating: Rating, plmn: str, seconds: float, short_seconds: int) -> str:
    """The line of a paid call that cost nothing: never answered, too short (CH18), or its
    reservation had run out."""
    if not seconds:
        why = "never connected, nothing taken"
    elif seconds < short_seconds:
        why = f"CH18: {seconds:g} s is below {short_seconds} s, nothing taken"
    else:
        why = "its reservation had run out, nothing taken"
    return f"{explain(rating, plmn)}; {why}"


def explain_included(rating: Rating, plmn: str, minutes: int) -> str:
    """The line of a call of which a package covered so many started minutes."""
    return f"{explain(rating, plmn)}; {minutes} min more from the package of roaming minutes"


def explain_operation(what: str, arithmetic: str) -> str:
    """CH15: the line of an operation's own price, like the fee of a transfer."""
    return f"CH15: {what}: {arithmetic}; the operation costs the same in every channel and zone"


def _sum(rating: Rating) -> str:
    if rating.reason == "tariff":
        return f"{rating.units} x {roubles(rating.price)} = {roubles(rating.amount)}"
    return "0.00" if rating.allowed else "refused, 0.00"
