"""schedule_delivery_time, validity_period, final_date: `YYMMDDhhmmsstnnp` (SMPP v3.4 §7.1.1)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

_SHAPE: Final = re.compile(r"([0-9]{12})([0-9])([0-9]{2})([+\-R])")
_QUARTERS_MAX: Final = 48
_DAYS_OF: Final = (365, 30)
"""Days in a year and a month of a relative time: the standard does not say, so nor do peers."""


def parse_time(text: str) -> datetime | timedelta | None:
    """A moment (with its zone), a span for the relative form `…000R`, None for the empty text.

    Raises ValueError for anything else. Two-digit years are 2000-2099.
    """
    if not text:
        return None
    match = _SHAPE.fullmatch(text)
    if match is None:
        raise ValueError(f"not YYMMDDhhmmsstnnp: {text!r}")
    digits, tenths, quarters, sign = match.groups()
    year, month, day, hour, minute, second = (int(digits[i : i + 2]) for i in range(0, 12, 2))
    if sign == "R":
        days = year * _DAYS_OF[0] + month * _DAYS_OF[1] + day
        return timedelta(days=days, hours=hour, minutes=minute, seconds=second)
    if int(quarters) > _QUARTERS_MAX:
        raise ValueError(f"more than 48 quarters of an hour from UTC: {text!r}")
    offset = timedelta(minutes=15 * int(quarters)) * (1 if sign == "+" else -1)
    micros = int(tenths) * 100_000
    zone = timezone(offset)
    return datetime(2000 + year, month, day, hour, minute, second, micros, tzinfo=zone)


def absolute_time(moment: datetime) -> str:
    """`YYMMDDhhmmsst00+` of an aware moment, in UTC."""
    utc = moment.astimezone(UTC)
    return f"{utc:%y%m%d%H%M%S}{utc.microsecond // 100_000}00+"
