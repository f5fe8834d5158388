"""The dashboard of Grafana: a table of panels, and the JSON made of it.

Rule: a row is what one question wants, from the subscriber inwards. Which Prometheus, and which
gateways, is chosen on the dashboard: it has a variable for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

SCHEMA_VERSION = 39
"""Of Grafana 11; later ones migrate it when it is opened."""
_WIDTH, _PANEL_HEIGHT, _ROW_HEIGHT = 24, 8, 1
_SOURCE = {"type": "prometheus", "uid": "${datasource}"}
_ONE = 'instance=~"$instance"'


@dataclass(frozen=True, slots=True)
class Line:
    """One query of a panel; `legend` may name labels as `{{channel}}`."""

    expr: str
    legend: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture; `unit` is Grafana's name of it (`s`, `reqps`, `short`, `percentunit`)."""

    title: str
    unit: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Panels beside each other under a heading."""

    title: str
    panels: tuple[Panel, ...]


def _rate(metric: str, *by: str, where: str = "") -> Line:
    labels = f"{_ONE},{where}" if where else _ONE
    expr = f"sum by ({', '.join(by)}) (rate({metric}{{{labels}}}[$__rate_interval]))"
    named = " ".join(f"{{{{{label}}}}}" for label in by)
    return Line(expr, named or metric.removeprefix("gateway_").removesuffix("_total"))


def _level(metric: str, legend: str) -> Line:
    return Line(f"{metric}{{{_ONE}}}", legend)


def _percentiles(histogram: str, *by: str) -> tuple[Line, ...]:
    """p50 and p99."""
    labels = ", ".join((*by, "le"))
    rate = f"sum by ({labels}) (rate({histogram}_bucket{{{_ONE}}}[$__rate_interval]))"
    named = "".join(f" {{{{{label}}}}}" for label in by)
    return tuple(
        Line(f"histogram_quantile({share}, {rate})", name + named)
        for share, name in ((0.5, "p50"), (0.99, "p99"))
    )


ROWS: Sequence[Row] = (
    Row(
        "What subscribers see",
        (
            Panel(
                "Dialogues ended",
                "reqps",
                (_rate("gateway_dialogues_total", "channel", "result"),),
            ),
            Panel(
                "Dialogues under way", "short", (_level("gateway_dialogues_open", "{{channel}}"),)
            ),
            Panel(
                "Step: PDU read to answer written",
                "s",
                _percentiles("gateway_step_duration_seconds", "channel"),
            ),
            Panel("Charges", "reqps", (_rate("gateway_charges_total", "rule", "result"),)),
        ),
    ),
    Row(
        "SMPP",
        (
            Panel(
                "PDUs",
                "reqps",
                (_rate("gateway_smpp_pdus_total", "direction", "command"),),
            ),
            Panel(
                "Refused, either way",
                "reqps",
                (
                    _rate(
                        "gateway_smpp_pdus_total",
                        "direction",
                        "command",
                        "status",
                        where='status!="ESME_ROK"',
                    ),
                ),
            ),
            Panel("Binds", "short", (_level("gateway_smpp_binds", "{{role}} {{account}}"),)),
            Panel(
                "Requests not answered yet",
                "short",
                (_level("gateway_smpp_window_used", "{{role}} {{account}}"),),
            ),
        ),
    ),
    Row(
        "SMS, letters and jobs",
        (
            Panel(
                "SMS that wait",
                "short",
                (_level("gateway_sms_outbox_size", "SMS"),),
            ),
            Panel(
                "Age of the oldest", "s", (_level("gateway_sms_outbox_oldest_seconds", "oldest"),)
            ),
            Panel("Jobs", "reqps", (_rate("gateway_jobs_total", "kind", "result"),)),
            Panel("Letters", "reqps", (_rate("gateway_letters_total", "result"),)),
            Panel("How late jobs are", "s", _percentiles("gateway_job_lateness_seconds")),
        ),
    ),
    Row(
        "Calls",
        (
            Panel(
                "Calls under way",
                "short",
                (
                    _level("gateway_calls", "calls"),
                    _level("gateway_rtp_legs", "with media"),
                    _level("gateway_sip_transactions", "SIP transactions"),
                ),
            ),
            Panel(
                "Calls",
                "reqps",
                (
                    _rate("gateway_calls_ended_total", "by"),
                    _rate("gateway_calls_refused_total", "reason"),
                ),
            ),
            Panel("INVITE to the first answer", "s", _percentiles("gateway_call_setup_seconds")),
            Panel("Last key to the prompt", "s", _percentiles("gateway_call_response_seconds")),
            Panel("Answers to prompts", "reqps", (_rate("gateway_call_inputs_total", "result"),)),
            Panel(
                "RTP lost, late, unsent",
                "pps",
                (
                    _rate("gateway_rtp_packets_lost_total"),
                    _rate("gateway_rtp_packets_late_total"),
                    _rate("gateway_rtp_packets_unsent_total"),
                    _rate("gateway_rtp_frames_skipped_total"),
                ),
            ),
            Panel("How late sound leaves", "s", _percentiles("gateway_rtp_late_seconds")),
            Panel("Jitter of callers", "s", _percentiles("gateway_rtp_jitter_seconds")),
        ),
    ),
    Row(
        "Inside",
        (
            Panel(
                "Turns waiting for the store",
                "short",
                (
                    _level("gateway_store_queue_turns", "waiting"),
                    _level("gateway_store_queue_turns_max", "limit"),
                ),
            ),
            Panel("Wait for the store", "s", _percentiles("gateway_store_queue_wait_seconds")),
            Panel("Commit", "s", _percentiles("gateway_store_commit_seconds")),
            Panel("Reactor's lag", "s", (_level("gateway_reactor_lag_seconds", "lag"),)),
            Panel("CPU", "percentunit", (_rate("process_cpu_seconds_total", "instance"),)),
            Panel("Memory", "bytes", (_level("process_resident_memory_bytes", "{{instance}}"),)),
            Panel(
                "Reloads",
                "short",
                (
                    _rate("gateway_menu_reloads_total", "result"),
                    _rate("gateway_prompt_reloads_total", "result"),
                ),
            ),
            Panel("Version", "short", (_level("gateway_build_info", "{{version}}"),)),
        ),
    ),
)


def dashboard() -> dict[str, Any]:
    """The JSON model that Grafana imports (Dashboards, New, Import)."""
    return {
        "uid": "channel-gateway",
        "title": "Channel gateway",
        "description": "USSD, SMS and voice. Wants a Prometheus data source that scrapes /metrics.",
        "tags": ["ussd", "sms", "voice"],
        "schemaVersion": SCHEMA_VERSION,
        "editable": True,
        "timezone": "browser",
        "refresh": "10s",
        "time": {"from": "now-1h", "to": "now"},
        "templating": {"list": [_choice_of_source(), _choice_of_instance()]},
        "panels": list(_panels()),
    }


def _choice_of_source() -> dict[str, Any]:
    return {
        "name": "datasource",
        "label": "Prometheus",
        "type": "datasource",
        "query": "prometheus",
    }


def _choice_of_instance() -> dict[str, Any]:
    query = "label_values(gateway_build_info, instance)"
    return {
        "name": "instance",
        "label": "Gateway",
        "type": "query",
        "datasource": _SOURCE,
        "definition": query,
        "query": {"query": query, "refId": "instances"},
        "refresh": 2,
        "multi": True,
        "includeAll": True,
        "allValue": ".*",
        "current": {"text": "All", "value": "$__all"},
    }


def _panels() -> Iterator[dict[str, Any]]:
    """Rows and panels, four to a line, numbered from 1."""
    number, y = 0, 0
    width = _WIDTH // 4
    for row in ROWS:
        number += 1
        at = {"x": 0, "y": y, "w": _WIDTH, "h": _ROW_HEIGHT}
        yield {"id": number, "type": "row", "title": row.title, "gridPos": at, "panels": []}
        y += _ROW_HEIGHT
        for place, panel in enumerate(row.panels):
            number += 1
            at = {
                "x": place % 4 * width,
                "y": y + place // 4 * _PANEL_HEIGHT,
                "w": width,
                "h": _PANEL_HEIGHT,
            }
            yield {"id": number, "gridPos": at, **_panel(panel)}
        y += -(-len(row.panels) // 4) * _PANEL_HEIGHT


def _panel(panel: Panel) -> dict[str, Any]:
    return {
        "type": "timeseries",
        "title": panel.title,
        "datasource": _SOURCE,
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "targets": [
            {
                "refId": chr(ord("A") + number),
                "datasource": _SOURCE,
                "expr": line.expr,
                "legendFormat": line.legend,
            }
            for number, line in enumerate(panel.lines)
        ],
    }
