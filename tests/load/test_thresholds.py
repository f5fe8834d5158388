"""Thresholds: what can be written, what each measures, and what is refused."""

from __future__ import annotations

import pytest

from gateway.load.measures import Measures
from gateway.load.thresholds import DROPS_HELD, threshold, thresholds_of
from tests.load.runs import flows, run_of


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A hundred plays of 1 to 100 ms and one that failed, in ten seconds."""
    [flow, _] = flows(tmp_path_factory.mktemp("flows"))
    run = run_of(flow, [float(each) for each in range(1, 101)], failed=("step 1: no",), late=0.002)
    run.measures.dropped = 3
    run.measures.waited = 2
    return run


@pytest.mark.parametrize(
    ("text", "value", "holds"),
    [
        ("step.p50<51ms", 50, True),
        ("step.p50<50ms", 50, False),
        ("step.p50 <= 50.1ms", 50, True),
        ("step.p99<0.1s", 0.099, True),
        ("step.p100>99000us", 100_000, True),
        ("step.p99.9<100ms", 100, False),
        ("step.max<1s", 0.1, True),
        ("step.min>=1ms", 1, True),
        ("step.mean<51ms", 50.5, True),
        ("play.p50<51ms", 50, True),
        ("late.max<3ms", 2, True),
        ("fail<1%", 100 / 104, True),
        ("fail<0.1%", 100 / 104, False),
        ("fail<1", 1, False),
        ("drop<=3", 3, True),
        ("wait<2", 2, False),
        ("rate>10", 10.1, True),
        ("rate>45/s", 10.1, False),
    ],
)
def test_a_threshold(run, text, value, holds):
    measured, held = threshold(text).judge(run.measures, run.seconds)
    assert measured == pytest.approx(value, rel=0.002)
    assert held is holds


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no threshold"),
        ("step.p99", "no threshold"),
        ("step.p99<fast", "no threshold"),
        ("step.p99<50", "a time needs a unit"),
        ("step.p99<50%", "a time needs a unit"),
        ("step<50ms", "a time has p50"),
        ("step.p101<50ms", "a time has p50"),
        ("step.median<50ms", "a time has p50"),
        ("fail.p99<1%", "counts none"),
        ("fail<1ms", "counts none"),
        ("rate>5%", "counts none"),
        ("stp<1ms", "did you mean 'step'"),
        ("throughput>1", "metrics are: drop, fail, late, play, rate, step, wait"),
    ],
)
def test_what_is_no_threshold(text, says):
    with pytest.raises(ValueError, match=says):
        threshold(text)


@pytest.mark.parametrize("text", ["fail<1%", "step.p99<50ms", "rate<1"])
def test_a_run_without_a_play_shows_nothing(text):
    assert threshold(text).judge(Measures(), 10.0)[1] is False


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ((), (DROPS_HELD,)),
        (("fail<1%",), ("fail<1%", DROPS_HELD)),
        (("drop<50%", "fail<1%"), ("drop<50%", "fail<1%")),
    ],
)
def test_that_plays_are_begun_is_held_unless_something_else_is_said(written, held):
    assert tuple(each.text for each in thresholds_of(written)) == held


def test_a_value_is_told_in_a_unit_a_person_reads(run):
    shown = {text: threshold(text) for text in ("step.p99<1us", "step.max<1s", "fail<2%", "rate>5")}
    values = {text: each.judge(run.measures, run.seconds)[0] for text, each in shown.items()}
    assert {text: each.shown(values[text]) for text, each in shown.items()} == {
        "step.p99<1us": "99.01 ms",
        "step.max<1s": "100.03 ms",
        "fail<2%": "0.9615 %",
        "rate>5": "10.1",
    }
