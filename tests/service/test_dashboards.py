"""The dashboard and the alerts: what they name is measured, what they say is PromQL, they fire."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from gateway.dashboards.grafana import dashboard
from gateway.service.commands.dashboards import FILES, command

RULES = yaml.safe_load(files("gateway.dashboards").joinpath("alerts.yml").read_text("utf-8"))
ALERTS = [rule for group in RULES["groups"] for rule in group["rules"]]
SCRAPED = {"job", "instance"}
"""Labels that Prometheus adds."""
WORDS = re.compile(r"\b(?:gateway|process|up)(?:_[a-z_]+|\b)")
SELECTED = re.compile(r"((?:gateway|process)_[a-z_]+)\{([^}]*)\}")
BY = re.compile(r"by \(([^)]*)\)")

promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool is not installed: apt-get install prometheus"
)


def _panels() -> Iterator[tuple[str, str]]:
    for panel in dashboard()["panels"]:
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"]


EXPRESSIONS = [*_panels(), *((rule["alert"], rule["expr"]) for rule in ALERTS)]


@pytest.mark.parametrize(("name", "expr"), EXPRESSIONS)
def test_what_is_asked_for_is_measured(name: str, expr: str, measured: dict[str, set[str]]) -> None:
    metrics = set(WORDS.findall(re.sub(r'"[^"]*"', '""', expr))) - {"up"}
    assert metrics or name == "GatewayDown"
    assert metrics <= set(measured)
    for metric, selector in SELECTED.findall(expr):
        labels = set(re.findall(r"([a-z]+)[=!]", selector))
        assert labels <= measured[metric] | SCRAPED, metric
    known = set[str]().union(SCRAPED, *(measured[metric] for metric in metrics))
    for labels in BY.findall(expr):
        assert set(filter(None, labels.split(", "))) <= known


def test_a_name_or_a_label_that_is_not_measured_is_seen(measured: dict[str, set[str]]) -> None:
    for expr in ("rate(gateway_calls_ended[5m])", 'gateway_smpp_binds{peer="x"}'):
        with pytest.raises(AssertionError):
            test_what_is_asked_for_is_measured("x", expr, measured)


def test_legends_name_labels_that_the_query_leaves(measured: dict[str, set[str]]) -> None:
    for panel in dashboard()["panels"]:
        for target in panel.get("targets", ()):
            named = set(re.findall(r"\{\{([a-z]+)\}\}", target["legendFormat"]))
            by = BY.search(target["expr"])
            [metric, *_] = WORDS.findall(target["expr"])
            left = set(by[1].split(", ")) if by else measured[metric] | SCRAPED
            assert named <= left, panel["title"]


def test_panels_have_numbers_and_places_of_their_own() -> None:
    panels = dashboard()["panels"]
    assert [panel["id"] for panel in panels] == list(range(1, len(panels) + 1))
    cells: Counter[tuple[int, int]] = Counter()
    for panel in panels:
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24
        for x in range(at["x"], at["x"] + at["w"]):
            cells.update((x, y) for y in range(at["y"], at["y"] + at["h"]))
    assert set(cells.values()) == {1}


def test_every_alert_says_who_is_woken_what_it_is_and_what_it_means() -> None:
    assert len({rule["alert"] for rule in ALERTS}) == len(ALERTS)
    for rule in ALERTS:
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert set(rule["annotations"]) == {"summary", "description"}


@promtool
def test_promtool_has_nothing_against_the_rules(tmp_path: Path) -> None:
    path = tmp_path / "alerts.yml"
    path.write_text(FILES["alerts"][1](), "utf-8")
    ended = _promtool("check", "rules", "--lint-fatal", str(path))
    assert ended.returncode == 0, ended.stdout + ended.stderr


@promtool
def test_panels_are_promql(tmp_path: Path) -> None:
    rules = [
        {"record": f"panel:{number}", "expr": expr.replace("$__rate_interval", "5m")}
        for number, (_, expr) in enumerate(_panels())
    ]
    path = tmp_path / "panels.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}), "utf-8")
    ended = _promtool("check", "rules", str(path))
    assert ended.returncode == 0, ended.stdout + ended.stderr


FIRING: list[tuple[str, dict[str, str], dict[str, str]]] = [
    # alert, series -> values a minute apart, labels it must fire with
    (
        "GatewayDown",
        {'up{job="channel-gateway",instance="a"}': "1 0x20"},
        {"instance": "a", "job": "channel-gateway"},
    ),
    (
        "GatewayTurnsFail",
        {
            'gateway_dialogues_total{channel="ussd",result="failed",instance="a"}': "0+2x20",
            'gateway_dialogues_total{channel="ussd",result="completed",instance="a"}': "0+98x20",
        },
        {"instance": "a", "channel": "ussd"},
    ),
    (
        "GatewayQueueFilling",
        {
            'gateway_store_queue_turns{instance="a"}': "6000x20",
            'gateway_store_queue_turns_max{instance="a"}': "10000x20",
        },
        {"instance": "a"},
    ),
    (
        "GatewayBindLost",
        {'gateway_smpp_binds{instance="a",account="x",role="server"}': "1 1 0x20"},
        {"instance": "a", "account": "x", "role": "server"},
    ),
    (
        "GatewayThrottles",
        {
            'gateway_smpp_pdus_total{direction="out",command="submit_sm_resp",'
            'status="ESME_RTHROTTLED",instance="a"}': "0+5x20"
        },
        {
            "instance": "a",
            "direction": "out",
            "command": "submit_sm_resp",
            "status": "ESME_RTHROTTLED",
        },
    ),
    (
        "GatewayOutboxOld",
        {'gateway_sms_outbox_oldest_seconds{instance="a"}': "0+60x20"},
        {"instance": "a"},
    ),
    (
        "GatewayJobsFail",
        {'gateway_jobs_total{kind="report",result="given_up",instance="a"}': "0x9 1x9"},
        {"instance": "a", "kind": "report", "result": "given_up"},
    ),
    (
        "GatewayRtpLate",
        {
            'gateway_rtp_late_seconds_bucket{le="0.02",instance="a"}': "0+90x20",
            'gateway_rtp_late_seconds_bucket{le="0.04",instance="a"}': "0+100x20",
            'gateway_rtp_late_seconds_bucket{le="+Inf",instance="a"}': "0+100x20",
        },
        {"instance": "a"},
    ),
]


@promtool
def test_alerts_fire_and_before_there_is_a_reason_they_do_not(tmp_path: Path) -> None:
    (tmp_path / "alerts.yml").write_text(FILES["alerts"][1](), "utf-8")
    tests = [_case(*row) for row in FIRING]
    path = tmp_path / "tests.yml"
    path.write_text(yaml.safe_dump({"rule_files": ["alerts.yml"], "tests": tests}), "utf-8")
    ended = _promtool("test", "rules", str(path))
    assert ended.returncode == 0, ended.stdout + ended.stderr


def _case(alert: str, series: dict[str, str], labels: dict[str, str]) -> dict[str, Any]:
    """A unit test of `promtool`: silent at first, firing after a quarter of an hour."""
    [severity] = [rule["labels"]["severity"] for rule in ALERTS if rule["alert"] == alert]
    told = {**labels, "alertname": alert, "alertstate": "firing", "severity": severity}
    firing = f'ALERTS{{alertname="{alert}",alertstate="firing"}}'
    sample = "ALERTS{" + ",".join(f'{name}="{value}"' for name, value in told.items()) + "}"
    return {
        "interval": "1m",
        "input_series": [{"series": each, "values": values} for each, values in series.items()],
        "promql_expr_test": [
            {"expr": firing, "eval_time": "0m", "exp_samples": []},
            {
                "expr": firing,
                "eval_time": "15m",
                "exp_samples": [{"labels": sample, "value": 1}],
            },
        ],
    }


def _promtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False)


def test_both_are_printed_and_written(tmp_path: Path) -> None:
    run = CliRunner().invoke
    assert json.loads(run(command, ["grafana"]).output)["title"] == "Channel gateway"
    assert yaml.safe_load(run(command, ["alerts"]).output) == RULES
    written = run(command, ["--to", str(tmp_path / "new")]).output.split()
    assert [Path(each).name for each in written] == ["channel-gateway.json", "alerts.yml"]
    assert all(Path(each).stat().st_size > 1000 for each in written)
