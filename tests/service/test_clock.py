"""The manual clock stands until advanced, and tells by how much."""

from __future__ import annotations

import time

import pytest

from gateway.service.clock import (
    ADVANCE_SECONDS_MAX,
    ManualClock,
    MovableClock,
    SystemClock,
    make_clock,
)


def test_a_manual_clock_stands_until_advanced() -> None:
    clock, heard = ManualClock(1000.0), []
    clock.observe(lambda seconds: heard.append((seconds, clock.now())))
    assert clock.now() == 1000.0
    assert clock.advance(0.5) == 1000.5
    assert clock.advance(0) == 1000.5
    assert heard == [(0.5, 1000.5), (0, 1000.5)]


@pytest.mark.parametrize("seconds", [-1.0, float("nan"), float("inf"), ADVANCE_SECONDS_MAX + 1])
def test_a_clock_never_goes_back_or_too_far(seconds: float) -> None:
    clock = ManualClock(1000.0)
    with pytest.raises(ValueError, match="advances"):
        clock.advance(seconds)
    assert clock.now() == 1000.0


def test_clocks_begin_at_the_system_time() -> None:
    before = time.time()
    assert before <= make_clock("manual").now() <= make_clock("system").now() <= time.time()
    assert isinstance(make_clock("system"), SystemClock)
    assert make_clock("manual").manual


def test_a_movable_clock_runs_ahead_of_the_systems_by_what_it_was_advanced() -> None:
    clock, heard = make_clock("movable"), []
    assert isinstance(clock, MovableClock)
    clock.observe(heard.append)
    assert clock.now() == pytest.approx(time.time(), abs=1)
    assert clock.advance(3600) == pytest.approx(time.time() + 3600, abs=1)
    before = clock.now()
    while clock.now() == before:
        pass
    assert clock.now() > before, "it does not stand still"
    assert heard == [3600]
