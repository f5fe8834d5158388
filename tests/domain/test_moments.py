"""Dates of the operator's calendar."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.moments import DAY_SECONDS, day_start, local, month_later

OFFSET = 5 * 3600


@pytest.mark.parametrize(
    ("at", "day", "then"),
    [
        ("2026-11-25 14:46", 25, "2026-12-25 14:46"),
        ("2026-12-31 00:00", 31, "2027-01-31 00:00"),
        ("2027-01-31 09:30", 31, "2027-02-28 09:30"),
        ("2027-02-28 09:30", 31, "2027-03-31 09:30"),
        ("2028-01-30 23:59", 30, "2028-02-29 23:59"),
    ],
)
def test_a_month_later_keeps_its_day_where_the_month_has_it(at: str, day: int, then: str) -> None:
    moment = _moment(at)
    assert f"{local(month_later(moment, day, OFFSET), OFFSET):%Y-%m-%d %H:%M}" == then


@given(st.integers(0, 4 * 10**9))
def test_a_month_has_twenty_eight_to_thirty_one_days(now: int) -> None:
    later = month_later(now, local(now, OFFSET).day, OFFSET)
    days = (day_start(later, OFFSET) - day_start(now, OFFSET)) / DAY_SECONDS
    assert 28 <= days <= 31
    assert later - day_start(later, OFFSET) == now - day_start(now, OFFSET)


def _moment(text: str) -> float:
    zone = timezone(timedelta(seconds=OFFSET))
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=zone).timestamp()
