"""validity_period and schedule_delivery_time (v3.4 §7.1.1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.wire.smpp.times import absolute_time, parse_time

NOW = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("", None),
        ("260801123456700+", datetime(2026, 8, 1, 12, 34, 56, 700_000, tzinfo=UTC)),
        ("260801123456020+", datetime(2026, 8, 1, 12, 34, 56, tzinfo=timezone(timedelta(hours=5)))),
        ("260801123456012-", datetime(2026, 8, 1, 15, 34, 56, tzinfo=UTC)),
        ("000001020304000R", datetime(2026, 8, 2, 14, 3, 4, tzinfo=UTC)),
        ("000100000000000R", datetime(2026, 8, 31, 12, 0, tzinfo=UTC)),
        ("010000000000000R", datetime(2027, 8, 1, 12, 0, tzinfo=UTC)),
    ],
)
def test_moments(text: str, moment: datetime | None) -> None:
    parsed = parse_time(text)
    assert (NOW + parsed if isinstance(parsed, timedelta) else parsed) == moment


@pytest.mark.parametrize(
    "text",
    [
        "2",
        "260801123456700",
        "260801123456700X",
        "261301000000000+",
        "260230000000000+",
        "260801240000000+",
        "260801000000049+",
        "26080112345670+ ",
        "٢٦0801123456700+",
        "260801123456700+\n",
    ],
)
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_time(text)


@given(st.integers(0, 20_000_000_000))
def test_absolute_is_read_back(tenths: int) -> None:
    moment = datetime(2001, 1, 1, tzinfo=UTC) + timedelta(milliseconds=100) * tenths
    assert parse_time(absolute_time(moment)) == moment
