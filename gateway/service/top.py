"""The picture of `gateway top`: tables of what a gateway does now, made of two looks at /metrics.

Rule: a column is a metric and how it is read; there is no other place that knows a metric's name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

import click

from gateway.service.scrape import STARTED, Labels, Span

How = Callable[[Span, str, Labels], float | None]
_NAME_CHARACTERS, _CELL_CHARACTERS = 14, 11
"""Six columns fill a line of 80."""


def _percentile(share: float, span: Span, name: str, where: Labels) -> float | None:
    return span.percentile(share, name, where)


level, rate = Span.level, Span.rate
p50, p99 = partial(_percentile, 0.5), partial(_percentile, 0.99)


def number(value: float) -> str:
    """`12`, `0.3`."""
    return f"{value:.0f}" if value == int(value) or value >= 1000 else f"{value:.1f}"


def seconds(value: float) -> str:
    """`2.3 ms`, `1.5 s`, `4 min`, `2 h`."""
    for unit, length in (("h", 3600.0), ("min", 60.0)):
        if value >= 2 * length:
            return f"{value / length:.0f} {unit}"
    return f"{value:.1f} s" if value >= 1 else f"{number(value * 1000)} ms"


@dataclass(frozen=True, slots=True)
class Column:
    """One metric, read one way; `alarming`: more than none of it is no good sign."""

    title: str
    metric: str
    how: How
    where: Labels = field(default_factory=dict)
    shown: Callable[[float], str] = number
    alarming: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Columns, and a row for each value of a label, or one row where there is none."""

    title: str
    columns: tuple[Column, ...]
    label: str = ""


_PDUS, _STEPS = "gateway_smpp_pdus_total", "gateway_step_duration_seconds"
_DIALOGUES, _CHARGES = "gateway_dialogues_total", "gateway_charges_total"

TABLES: tuple[Table, ...] = (
    Table(
        "channel",
        (
            Column("steps/s", f"{_STEPS}_count", rate),
            Column("p50", _STEPS, p50, shown=seconds),
            Column("p99", _STEPS, p99, shown=seconds),
            Column("open", "gateway_dialogues_open", level),
            Column("ended/s", _DIALOGUES, rate),
            Column("failed/s", _DIALOGUES, rate, {"result": "failed"}, alarming=True),
        ),
        "channel",
    ),
    Table(
        "account",
        (
            Column("binds", "gateway_smpp_binds", level),
            Column("unanswered", "gateway_smpp_window_used", level),
        ),
        "account",
    ),
    Table(
        "SMPP",
        (
            Column("in/s", _PDUS, rate, {"direction": "in"}),
            Column("out/s", _PDUS, rate, {"direction": "out"}),
            Column("throttled", _PDUS, rate, {"status": "ESME_RTHROTTLED"}, alarming=True),
            Column("full/s", _PDUS, rate, {"status": "ESME_RMSGQFUL"}, alarming=True),
            Column("errors/s", _PDUS, rate, {"status": "ESME_RSYSERR"}, alarming=True),
        ),
    ),
    Table(
        "calls",
        (
            Column("now", "gateway_calls", level),
            Column("set up/s", "gateway_call_setups_total", rate),
            Column("refused/s", "gateway_calls_refused_total", rate, alarming=True),
            Column("answer p99", "gateway_call_setup_seconds", p99, shown=seconds),
            Column("key p99", "gateway_call_response_seconds", p99, shown=seconds),
        ),
    ),
    Table(
        "RTP",
        (
            Column("sent/s", "gateway_rtp_packets_sent_total", rate),
            Column("received/s", "gateway_rtp_packets_received_total", rate),
            Column("lost/s", "gateway_rtp_packets_lost_total", rate, alarming=True),
            Column("unsent/s", "gateway_rtp_packets_unsent_total", rate, alarming=True),
            Column("late p99", "gateway_rtp_late_seconds", p99, shown=seconds),
        ),
    ),
    Table(
        "charges",
        (
            Column("charged/s", _CHARGES, rate, {"result": "charged"}),
            Column("free/s", _CHARGES, rate, {"result": "free"}),
            Column("refused/s", _CHARGES, rate, {"result": "refused"}),
        ),
    ),
    Table(
        "store",
        (
            Column("queue", "gateway_store_queue_turns", level),
            Column("turns/s", "gateway_store_batch_size_sum", rate),
            Column("wait p99", "gateway_store_queue_wait_seconds", p99, shown=seconds),
            Column("commit p99", "gateway_store_commit_seconds", p99, shown=seconds),
            Column("lag", "gateway_reactor_lag_seconds", level, shown=seconds),
        ),
    ),
    Table(
        "behind",
        (
            Column("SMS wait", "gateway_sms_outbox_size", level),
            Column("oldest", "gateway_sms_outbox_oldest_seconds", level, shown=seconds),
            Column("jobs/s", "gateway_jobs_total", rate),
            Column("given up/s", "gateway_jobs_total", rate, {"result": "given_up"}, alarming=True),
            Column("letters/s", "gateway_letters_total", rate),
        ),
    ),
)


def picture(span: Span, title: str) -> Iterator[str]:
    """The lines, styled. `title` says which gateway."""
    version = " ".join(span.names("gateway_build_info", "version"))
    up = seconds(span.now.at - span.level(STARTED, {}))
    cpu = 100 * span.rate("process_cpu_seconds_total", {})
    memory = span.level("process_resident_memory_bytes", {}) / 2**20
    yield click.style(f"gateway {version}  {title}", bold=True) + (
        f"  up {up}  CPU {cpu:.0f} %  {memory:.0f} MiB"
    )
    for table in TABLES:
        yield click.style(_row(table.title, [each.title for each in table.columns]), dim=True)
        for name, where in _rows(table, span):
            yield _told(name, where, table, span)


def _rows(table: Table, span: Span) -> Iterator[tuple[str, Labels]]:
    if not table.label:
        yield "", {}
        return
    for name in span.names(table.columns[0].metric, table.label):
        yield name, {table.label: name}


def _told(name: str, where: Mapping[str, str], table: Table, span: Span) -> str:
    values = [each.how(span, each.metric, {**where, **each.where}) for each in table.columns]
    cells = [
        "-" if value is None else column.shown(value)
        for column, value in zip(table.columns, values, strict=True)
    ]
    styled = [
        click.style(f"{cell:>{_CELL_CHARACTERS}}", fg="red", bold=True)
        if column.alarming and value
        else f"{cell:>{_CELL_CHARACTERS}}"
        for column, value, cell in zip(table.columns, values, cells, strict=True)
    ]
    return f"{name[:_NAME_CHARACTERS]:<{_NAME_CHARACTERS}}" + "".join(styled)


def _row(name: str, cells: list[str]) -> str:
    return f"{name:<{_NAME_CHARACTERS}}" + "".join(f"{each:>{_CELL_CHARACTERS}}" for each in cells)
