"""Moments are epoch seconds (UTC); days and months are the operator's, by a fixed offset."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta, timezone

DAY_SECONDS = 86_400


def local(now: float, utc_offset_seconds: int) -> datetime:
    """The operator's wall clock at `now`."""
    return datetime.fromtimestamp(now, timezone(timedelta(seconds=utc_offset_seconds)))


def day_start(now: float, utc_offset_seconds: int) -> float:
    """Local midnight that began the day of `now`."""
    at = local(now, utc_offset_seconds)
    return at.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()


def month_start(now: float, utc_offset_seconds: int) -> float:
    """Local midnight that began the month of `now`."""
    at = local(now, utc_offset_seconds)
    return at.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()


def month_later(at: float, day: int, utc_offset_seconds: int) -> float:
    """The same time of day a month on, on its `day` or, where the month is shorter, its last."""
    moment = local(at, utc_offset_seconds)
    year, month = moment.year + moment.month // 12, moment.month % 12 + 1
    last = monthrange(year, month)[1]
    return moment.replace(year=year, month=month, day=min(day, last)).timestamp()


def offset_text(utc_offset_seconds: int) -> str:
    """`+05:00`, as RFC 3339 writes it."""
    hours, minutes = divmod(abs(utc_offset_seconds) // 60, 60)
    return f"{'-' if utc_offset_seconds < 0 else '+'}{hours:02d}:{minutes:02d}"


def rfc3339(now: float) -> str:
    """`2026-11-25T10:00:00Z`, as the HTTP API writes times."""
    at = datetime.fromtimestamp(now, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
