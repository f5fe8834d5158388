"""The report: thresholds first, what held the run back, and a page that any browser may have."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from gateway.load import page, report
from gateway.load.measures import Measures, Row
from gateway.load.plot import POINTS_MAX, Line, plot, thinned, ticks
from gateway.load.report import Cpu, Plan, Run
from tests.load.runs import flows, run_of

VOID = {"meta", "polyline", "line", "br"}


@pytest.fixture(scope="module")
def flow(tmp_path_factory):
    return flows(tmp_path_factory.mktemp("flows"))[1]


def test_it_is_told_in_the_order_of_what_matters(flow):
    run = run_of(flow, [1.0, 2.0, 3.0], "step.p99<2ms", "rate>0.1", failed=("step 1: no",) * 2)
    told = list(report.told(run))
    sections = [line for line in told if line and not line.startswith((" ", "!"))]
    assert sections == ["thresholds", "failures", "plays", "times", "steps"]
    assert told[1].startswith("  ✗ step.p99<2ms  3.00 ms")
    assert told[2] == "  ✓ rate>0.1  0.5"
    assert told[5].startswith("       2  menu  step 1: no  ")
    assert "  3 steps; CPU per step: gateway 666667 us, load tool 333333 us" in told
    assert not run.passed


def test_a_table_is_aligned_and_has_its_numbers(flow):
    heads, step, play, late = report.times_table(run_of(flow, [1.0, 3.0]).measures)
    assert heads[:4] == ("", "count", "min", "mean")
    assert step == ("step", "2", "1.00 ms", "2.00 ms", "1.00 ms", *["3.00 ms"] * 5)
    assert (play[0], late[0]) == ("play", "late")
    lines = list(report.told(run_of(flow, [1.0, 3000.0])))
    table = lines[lines.index("times") + 1 :][:4]
    assert len({len(line) for line in table}) == 1


@pytest.mark.parametrize(
    ("cpu", "late", "says"),
    [
        (Cpu(9.5, 1.0), 0.0, ["the load tool, not the gateway, is the bottleneck"]),
        (Cpu(1.0, None), 0.2, ["the load tool, not the gateway, is the bottleneck"]),
        (Cpu(1.0, 9.0), 0.001, []),
    ],
)
def test_it_says_when_it_is_the_bottleneck_itself(flow, cpu, late, says):
    remarks = run_of(flow, [1.0] * 10, cpu=cpu, late=late).remarks
    assert [remark[: len(said)] for remark, said in zip(remarks, says, strict=True)] == says


def test_it_says_what_else_held_it_back(flow):
    run = run_of(flow, [1.0])
    run.measures.waited, run.measures.dropped = 7, 3
    assert [remark.split()[0] for remark in run.remarks] == ["7", "3"]
    assert "(--subscribers)" in run.remarks[0]


def test_it_says_how_many_numbers_the_rate_takes(flow):
    run = run_of(flow, [2000.0] * 4)
    run.measures.waited = 7
    [remark] = run.remarks
    few = "5 are too few, one is busy for 2.00 s (p99)"
    assert remark.endswith(f"{few}, so 10/s take 21 or more (--subscribers)")
    quick = run_of(flow, [2.0] * 4)
    quick.measures.waited = 7
    assert "so 10/s take 6 or more" in quick.remarks[0]


def test_what_held_it_back_stands_before_what_was_measured(flow):
    run = run_of(flow, [1.0], "rate>0")
    run.measures.dropped = 3
    told = list(report.told(run))
    assert [told.index(line) for line in ("thresholds", "! 3 plays were due and never begun")] == [
        *(0, 3)
    ]
    assert told.index("plays") == 5


@pytest.mark.parametrize(
    ("columns", "heads", "name"),
    [
        (200, "count min mean p50 p90 p95 p99 p99.9 max", "menu: 1 dials *105#  "),
        (80, "count mean p50 p95 p99 max", "menu: 1 dials *105#  "),
        (70, "count mean p50 p95 p99 max", "menu: 1 dials *105#"),
    ],
)
def test_tables_keep_to_the_terminal(flow, columns, heads, name):
    lines = list(report.told(run_of(flow, [12.5, 13.5]), columns))
    assert max(map(len, lines)) <= columns
    found = lines[lines.index("steps") + 1 :]
    assert found[0].split() == heads.split()
    assert found[1].startswith(f"  {name}")
    assert "12.50 ms" in found[1] + found[2]


def test_a_gateway_that_tells_no_cpu(flow):
    assert "gateway unknown" in "\n".join(report.told(run_of(flow, [1.0], cpu=Cpu(1.0, None))))


# --- the page ----------------------------------------------------------------------------------


class Reader(HTMLParser):
    """Holds that tags are closed in order, and keeps the texts and attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: list[str] = []
        self.links: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        self.links += [value for name, value in attrs if name in ("src", "href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert tag in VOID or self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def many(flow):
    """A run as long as is kept, with as many kinds of failures as are told apart."""
    measures = Measures()
    measures.rows = [Row(at, 50, 50, 50, at % 3, 0.001, at / 1e6) for at in range(7200)]
    failures = tuple(f"step 1: <b>\x1b[31m{number}" + "x" * 1000 for number in range(150))
    run = run_of(flow, [float(each) for each in range(1, 500)], "fail<1%", failed=failures)
    run.measures.rows[:0] = measures.rows
    return run


def test_the_page_is_one_small_file_of_its_own(flow):
    text = page.html(many(flow))
    read = Reader(text)
    assert len(text.encode()) < 200_000
    assert read.names.count("svg") == 3
    assert not read.links
    assert "script" not in read.names
    assert "b" not in read.names, "a text stands in it as a text"
    assert "\x1b" not in text
    assert "a threshold is breached" in read.texts


def test_a_run_of_nothing_has_a_page_too():
    run = Run(Plan((), 1.0, 1.0, 1), Measures(), 1.0, Cpu(0.0, None))
    assert Reader(page.html(run)).names.count("svg") == 0
    assert list(report.told(run))


def test_the_page_says_what_was_run(flow):
    [said] = [text for text in Reader(page.html(run_of(flow, [1.0]))).texts if "10/s" in text]
    assert said == (
        "10/s for 10 s by 5 numbers on 127.0.0.1:2775, 2026-06-01 12:00:00 +0500\nflow menu"
    )


@pytest.mark.parametrize(
    ("low", "high", "marks"),
    [
        (0.0, 10.0, [0, 5, 10]),
        (1.001, 7.04, [2, 4, 6]),
        (0.0, 0.07, [0, 0.02, 0.04, 0.06]),
        (0.0, 4.0, [0, 1, 2, 3, 4]),
        (3.0, 3.0, [3]),
    ],
)
def test_axes_have_round_numbers(low, high, marks):
    assert ticks(low, high) == pytest.approx(marks)


def test_a_plot_keeps_the_worst_of_what_it_leaves_out():
    points = [(float(at), 9.0 if at == 777 else 1.0) for at in range(2000)]
    kept = thinned(points)
    assert len(kept) <= POINTS_MAX
    assert (777.0, 9.0) in kept


def test_a_plot_needs_two_points():
    assert plot("t", "x", "y", [Line("one", [(0.0, 1.0)])]) == ""
    assert plot("t", "x", "y", [Line("<", [(0.0, 0.0), (1.0, 0.0)])]).count("&lt;") == 1
