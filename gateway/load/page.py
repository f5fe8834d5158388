"""The HTML report of a run: one file without external assets.

Rule: it stays under `OCTETS_MAX`: plots are thinned, and of failures and steps so many are shown
as fit. Texts stand in it as texts only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from gateway.load.measures import Measures
from gateway.load.plot import Line, plot
from gateway.load.report import Run, Table, failures, plays, steps_table, times_table, verdicts

OCTETS_MAX = 190_000
LINES_MAX = 200
LINE_CHARACTERS_MAX = 300
_NINES = tuple(step / 20 for step in range(81))
"""How far the curve of percentiles is drawn: 1 is 90 %, 2 is 99 %, 4 is 99.99 %."""

_STYLE = """\
:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;\
max-width:60rem;padding:0 1rem}h1{font-size:1.4rem}h2{font-size:1.1rem;margin:1.5rem 0 .3rem}\
.ok{color:light-dark(#15803d,#4ade80)}.bad{color:light-dark(#b91c1c,#f87171)}\
table{border-collapse:collapse;font:13px/1.5 monospace}\
td,th{padding:0 .6rem;text-align:right}td:first-child{text-align:left}\
pre{font:13px/1.5 monospace;white-space:pre-wrap}svg{width:100%;font:11px system-ui,sans-serif;\
fill:currentColor}"""


def html(run: Run, title: str = "Load") -> str:
    """The whole document."""
    holds = run.passed
    says = "every threshold holds" if holds else "a threshold is breached"
    parts = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>"
        f'<p class="{"ok" if holds else "bad"}">{says}</p>',
        "".join(f'<p class="bad">{escape(remark)}</p>' for remark in run.remarks),
        _lines("Run", run.plan.told()),
        _lines("Thresholds", verdicts(run)),
        _lines("Failures", failures(run.measures)),
        _lines("Plays", plays(run)),
        *_plots(run.measures),
        _table("Times", times_table(run.measures)),
        _table("Steps", steps_table(run.measures)),
        "</body></html>\n",
    )
    return "".join(parts)


def _plots(measures: Measures) -> Iterator[str]:
    rows = measures.rows
    by_second = {
        "due": [(row.at, row.wanted) for row in rows],
        "begun": [(row.at, float(row.begun)) for row in rows],
        "failed": [(row.at, float(row.failed)) for row in rows],
    }
    times = {
        "p50": [(row.at, row.p50 * 1000) for row in rows],
        "p99": [(row.at, row.p99 * 1000) for row in rows],
    }
    curve = [(nines, measures.steps.percentile(100 - 100 / 10**nines) * 1000) for nines in _NINES]
    yield plot("Plays", "seconds", "plays a second", _named(by_second))
    yield plot("Steps", "seconds", "milliseconds", _named(times))
    if measures.steps.count:
        nines = "nines (1: 90 %, 2: 99 %, 3: 99.9 %)"
        yield plot("Steps by percentile", nines, "milliseconds", [Line("step", curve)])


def _named(lines: dict[str, list[tuple[float, float]]]) -> list[Line]:
    return [Line(name, points) for name, points in lines.items()]


def _lines(title: str, lines: Iterable[str]) -> str:
    listed = [line[:LINE_CHARACTERS_MAX] for line in lines]
    if not listed:
        return ""
    more = len(listed) - LINES_MAX
    shown = listed[:LINES_MAX] + ([f"and {more} more"] if more > 0 else [])
    return f"<h2>{title}</h2><pre>{escape(chr(10).join(shown))}</pre>"


def _table(title: str, table: Table) -> str:
    if not table:
        return ""
    heads, *rows = table
    head = "".join(f"<th>{escape(cell)}</th>" for cell in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell[:LINE_CHARACTERS_MAX])}</td>" for cell in row) + "</tr>"
        for row in rows[:LINES_MAX]
    )
    return f"<h2>{title}</h2><table><tr>{head}</tr>{body}</table>"
