"""When plays begin: evenly, never fewer for having looked late, and at the rate last set."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.load.schedule import MOMENTS_MAX, RATE_MAX, RATE_MIN, Schedule


@given(
    rate=st.integers(1, 500),
    looks=st.lists(st.floats(0.001, 0.9), min_size=1, max_size=30),
)
def test_however_late_one_looks_no_moment_is_lost(rate, looks):
    schedule, now, moments = Schedule(rate, 0.0), 0.0, []
    for pause in looks:
        now += pause
        moments += schedule.due(now)
    assert moments == pytest.approx([index / rate for index in range(len(moments))])
    assert len(moments) == pytest.approx(now * rate + 1, abs=1)
    assert schedule.next_at() > now


def test_a_long_silence_is_made_up_for_in_pieces():
    schedule = Schedule(1000, 0.0)
    assert len(schedule.due(3.0)) == MOMENTS_MAX
    assert len(schedule.due(3.0)) == MOMENTS_MAX


def test_a_new_rate_holds_at_once():
    schedule = Schedule(0.1, 0.0)
    assert schedule.due(0.0) == [0.0]
    schedule.change(9.9, 1.0)
    assert schedule.next_at() == pytest.approx(1.1)
    assert len(schedule.due(2.05)) == 10


@pytest.mark.parametrize(("by", "rate"), [(-100, RATE_MIN), (1e9, RATE_MAX)])
def test_the_rate_has_bounds(by, rate):
    schedule = Schedule(10, 0.0)
    schedule.change(by, 0.0)
    assert schedule.per_second == rate


def test_what_a_pause_left_out_is_not_made_up_for():
    schedule = Schedule(10, 0.0)
    schedule.pause(0.0)
    assert (schedule.due(5.0), schedule.next_at()) == ([], None)
    schedule.pause(5.0)
    assert schedule.due(5.05) == [5.0]
