"""One timer for all calls, in virtual time: turns on a grid, catching up, nobody forgotten."""

from __future__ import annotations

import pytest
from twisted.internet.task import Clock

from gateway.channels.media_ticker import QUARTERS, Ticker

FRAME = 0.02


class Member:
    """Writes down its turns."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.at: list[float] = []
        self.skipped = 0

    def tick(self, now: float) -> None:
        self.at.append(now)

    def skip(self, frames: int) -> None:
        self.skipped += frames


class House:
    """A ticker in virtual time, and what it said of its lateness."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.clock.advance(1000.0)
        self.late: list[float] = []
        self.ticker = Ticker(self.clock, 2, self.late.append)

    def member(self) -> Member:
        member = Member(self.clock)
        self.ticker.add(member)
        return member

    def run(self, seconds: float, step: float = 0.001) -> None:
        self.clock.pump([step] * round(seconds / step))


def gaps(member: Member) -> set[float]:
    return {round(b - a, 6) for a, b in zip(member.at, member.at[1:], strict=False)}


def test_a_turn_every_20_ms_without_drift() -> None:
    house = House()
    member = house.member()
    house.run(2.0)
    assert len(member.at) == pytest.approx(100, abs=1)
    assert gaps(member) <= {0.019, FRAME, 0.021}, "a step of the clock, by rounding"
    assert member.at[-1] - member.at[0] == pytest.approx((len(member.at) - 1) * FRAME, abs=0.0011)
    assert max(house.late) <= 0.0011


def test_runs_that_are_late_do_not_move_the_next() -> None:
    house = House()
    member = house.member()
    house.run(2.0, step=0.003)  # the reactor looks at its timers every 3 ms
    assert len(member.at) == pytest.approx(100, abs=1)
    assert gaps(member) <= {0.018, 0.021}
    assert 0 < max(house.late) <= 0.003


def test_calls_are_spread_over_the_quarters() -> None:
    house = House()
    members = [house.member() for _ in range(4 * QUARTERS)]
    house.run(0.04)
    house.run(0.02)
    phases = [round((member.at[-1] - 1000.0) % FRAME, 4) for member in members]
    assert sorted(phases.count(phase) for phase in set(phases)) == [4] * QUARTERS


@pytest.mark.parametrize("stalled", [0.0, 0.02, 0.04, 0.06, 0.2, 3.0])
def test_after_a_stall_a_few_frames_follow_and_the_rest_is_a_hole(stalled: float) -> None:
    """The frame that is due and two more; every turn is run or skipped, and the grid stands."""
    house = House()
    member = house.member()
    house.run(0.101)
    before, last = len(member.at), member.at[-1]
    house.clock.advance(stalled)
    turns, owed = len(member.at) - before, round(stalled / FRAME)
    assert turns <= 3
    assert abs(turns - min(owed, 3)) <= 1, "a turn more or less, by where the stall ended"
    assert turns + member.skipped == pytest.approx(owed, abs=1)
    house.run(0.2)
    phase = (member.at[-1] - last) / FRAME
    assert phase == pytest.approx(round(phase), abs=0.06), "on the grid as before"


def test_calls_come_and_go_in_a_turn() -> None:
    house = House()
    added: list[Member] = []

    class Restless(Member):
        def tick(self, now: float) -> None:
            super().tick(now)
            house.ticker.remove(self)
            added.append(house.member())

    first = Restless(house.clock)
    house.ticker.add(first)
    house.run(0.2)
    assert len(first.at) == 1
    assert len(added) == 1
    assert 8 <= len(added[0].at) <= 10
    assert len(house.ticker) == 1


def test_without_calls_there_is_no_timer() -> None:
    house = House()
    member = house.member()
    house.run(0.05)
    house.ticker.remove(member)
    house.run(0.05)
    assert house.clock.getDelayedCalls() == []
    house.run(5.0)
    again = house.member()
    house.run(0.1)
    assert len(again.at) == pytest.approx(5, abs=1)
    assert again.skipped == 0, "the pause was no stall"
