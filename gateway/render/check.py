"""Lengths: what a text costs on each channel, for the warnings of `gateway check`.

A count of a template is not the truth (its variables are still to come), so callers give screens
filled with worst-case values, and warn; they do not forbid.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from gateway.domain.port import Screen
from gateway.render.sms import sms_parts, sms_text
from gateway.render.ussd import OCTETS_MAX, ussd_pages
from gateway.wire.gsm.alphabet import encode_ucs2, is_gsm7, septets
from gateway.wire.gsm.segments import Alphabet

Limit = Literal["ussd_page", "sms", "sms_part"]

UNITS_MAX: dict[tuple[Limit, Alphabet], int] = {
    ("ussd_page", "gsm7"): 182,
    ("ussd_page", "ucs2"): 80,
    ("sms", "gsm7"): 160,
    ("sms", "ucs2"): 70,
    ("sms_part", "gsm7"): 153,
    ("sms_part", "ucs2"): 67,
}
"""Septets or UTF-16 units, by the name of the limit and the alphabet."""


class Lengths(NamedTuple):
    """`units` are septets or UTF-16 units; `octets` is what they take (septets packed)."""

    alphabet: Alphabet
    units: int
    octets: int


def lengths(text: str) -> Lengths:
    """The alphabet a text needs, and its length in it (3GPP TS 23.038)."""
    if is_gsm7(text):
        units = septets(text)
        return Lengths("gsm7", units, -(-units * 7 // 8))
    octets = len(encode_ucs2(text))
    return Lengths("ucs2", octets // 2, octets)


def units_over(text: str, limit: Limit) -> int:
    """By how many units of its alphabet the text passes a limit; 0 where it keeps it."""
    alphabet, units, _ = lengths(text)
    return max(0, units - UNITS_MAX[limit, alphabet])


def fits_one_page(screen: Screen, octets_max: int = OCTETS_MAX) -> bool:
    """Whether the screen is a single USSD page."""
    return len(ussd_pages(screen, octets_max)) == 1


def worst_page_count(screens: Iterable[Screen], octets_max: int = OCTETS_MAX) -> int:
    """The most USSD pages any of the screens takes (say one state in every language); 0 of none."""
    return max((len(ussd_pages(screen, octets_max)) for screen in screens), default=0)


def worst_part_count(screens: Iterable[Screen]) -> int:
    """The most SMS parts any of the screens takes; 0 of none."""
    return max((len(sms_parts(sms_text(screen))) for screen in screens), default=0)
