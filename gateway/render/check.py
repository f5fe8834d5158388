"""Counts: how many pages or parts a screen takes on a channel, for the warnings of `gateway check`.

A count of a template is not the truth (its variables are still to come), so callers give screens
filled with worst-case values, and warn; they do not forbid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from gateway.domain.port import Channel, Screen
from gateway.render.sms import sms_parts, sms_text
from gateway.render.ussd import ussd_pages


def ussd_page_count(screen: Screen) -> int:
    """USSD pages of 160 octets (3GPP TS 23.038 §5)."""
    return len(ussd_pages(screen))


def sms_part_count(screen: Screen) -> int:
    """Parts of the SMS (3GPP TS 23.040 §9.2.3.24.1). Raises `SegmentError` beyond 255."""
    return len(sms_parts(sms_text(screen)))


COUNTS: Final[Mapping[Channel, Callable[[Screen], int]]] = {
    "ussd": ussd_page_count,
    "sms": sms_part_count,
}
