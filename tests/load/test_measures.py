"""What is kept of a run: percentiles to 0.1 %, failures by kind, a row a second, all bounded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.load import measures as module
from gateway.load.measures import KINDS_MAX, OTHER, Measures, Times
from gateway.replay.player import Played
from tests.load.runs import flows


@pytest.fixture(scope="module")
def flow(tmp_path_factory):
    return flows(tmp_path_factory.mktemp("flows"))[1]


@given(
    micros=st.lists(st.integers(1, 50_000_000), min_size=1, max_size=200),
    percent=st.sampled_from([1, 50, 90, 99, 99.9, 100]),
)
def test_a_percentile_is_the_nearest_rank_of_the_sorted_list(micros, percent):
    times = Times()
    for each in micros:
        times.add(each / 1_000_000)
    rank = max(1, int(len(micros) * percent / 100 + 0.5))
    wanted = sorted(micros)[rank - 1] / 1_000_000
    assert times.percentile(percent) == pytest.approx(wanted, rel=0.001)
    assert times.count == len(micros)


def test_what_takes_longer_than_a_minute_counts_as_one():
    times = Times()
    times.add(1e9)
    times.add(0.0)
    assert times.most == pytest.approx(60, rel=0.001)
    assert times.least == pytest.approx(1e-6)


def test_no_times_are_zeros():
    times = Times()
    assert (times.percentile(99), times.mean, times.least, times.most) == (0, 0, 0, 0)


def test_failures_are_counted_by_kind(flow):
    measures = Measures()
    for error in ("step 1: a", "step 1: b", "step 1: a"):
        measures.play(Played(flow, "79230000000", (), error=error), 0.01, 0.01)
    found = {headline: kind.count for (_, headline, _), kind in measures.failures.items()}
    assert found == {"step 1: a": 2, "step 1: b": 1}
    assert (measures.ended, measures.failed) == (3, 3)


def test_kinds_of_failures_have_a_limit(flow):
    measures = Measures()
    for number in range(KINDS_MAX + 7):
        measures.play(Played(flow, "79230000000", (), error=f"e{number}"), 0.01, 0.01)
    assert len(measures.failures) == KINDS_MAX + 1
    assert measures.failures[OTHER].count == 7


def test_a_row_tells_of_its_own_second(flow, monkeypatch):
    monkeypatch.setattr(module, "ROWS_MAX", 2)
    measures = Measures()
    for milliseconds in (10, 500, 20):
        measures.begun += 1
        measures.step(flow, 1, milliseconds / 1000)
        measures.row(1.0, 5.0)
    assert [row.begun for row in measures.rows] == [1, 1]
    assert [row.p99 for row in measures.rows] == pytest.approx([0.01, 0.5], rel=0.001)
    assert measures.steps.count == 3, "the sums go on"
    assert list(measures.by_step) == [("menu", "1 dials *105#")]
