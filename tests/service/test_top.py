"""`gateway top`: rates and percentiles between two looks, every metric one that is measured, and a
terminal that is as it was."""

from __future__ import annotations

import os
import pty
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import click
import pytest
from click.testing import CliRunner

from gateway.service.commands.top import command
from gateway.service.errors import NO_CONNECTION, USAGE, Fault
from gateway.service.scrape import Look, Span, look, parsed
from gateway.service.top import TABLES, Column, number, p99, picture, seconds
from tests.source import ROOT

FIRST = """\
process_start_time_seconds 100.0
gateway_build_info{version="1.2.3"} 1
gateway_dialogues_total{channel="ussd",result="failed"} 5
gateway_dialogues_total{channel="ussd",result="completed"} 10
gateway_step_duration_seconds_count{channel="ussd"} 100
gateway_step_duration_seconds_bucket{channel="ussd",le="0.001"} 100
gateway_step_duration_seconds_bucket{channel="ussd",le="0.01"} 100
gateway_step_duration_seconds_bucket{channel="ussd",le="+Inf"} 100
gateway_smpp_binds{account="a",role="server"} 2
"""
THEN = """\
process_start_time_seconds 100.0
gateway_build_info{version="1.2.3"} 1
gateway_dialogues_total{channel="ussd",result="failed"} 6
gateway_dialogues_total{channel="ussd",result="completed"} 30
gateway_step_duration_seconds_count{channel="ussd"} 200
gateway_step_duration_seconds_bucket{channel="ussd",le="0.001"} 150
gateway_step_duration_seconds_bucket{channel="ussd",le="0.01"} 190
gateway_step_duration_seconds_bucket{channel="ussd",le="+Inf"} 200
gateway_smpp_binds{account="a",role="server"} 3
"""
SPAN = Span(Look(200.0, parsed(FIRST)), Look(202.0, parsed(THEN)))
DIALOGUES, STEPS = "gateway_dialogues_total", "gateway_step_duration_seconds"


def test_levels_and_rates() -> None:
    assert SPAN.level("gateway_smpp_binds", {}) == 3
    assert SPAN.rate(DIALOGUES, {"channel": "ussd"}) == 10.5
    assert SPAN.rate(DIALOGUES, {"result": "failed"}) == 0.5
    assert SPAN.rate(DIALOGUES, {"channel": "sms"}) == 0
    assert Span.since_start(SPAN.before).rate(DIALOGUES, {}) == 0.15


def test_a_gateway_that_began_anew_counts_from_nothing() -> None:
    assert Span(SPAN.now, Look(204.0, parsed(FIRST))).rate(DIALOGUES, {}) == 7.5


@pytest.mark.parametrize(
    ("share", "value"),
    [(0.25, 0.0005), (0.5, 0.001), (0.7, 0.0055), (0.9, 0.01), (0.99, 0.01)],
)
def test_percentiles_are_of_the_time_between(share: float, value: float) -> None:
    assert SPAN.percentile(share, STEPS, {"channel": "ussd"}) == pytest.approx(value)


def test_of_nothing_there_is_no_percentile() -> None:
    assert SPAN.percentile(0.5, STEPS, {"channel": "voice"}) is None
    assert Span(SPAN.now, SPAN.now).percentile(0.5, STEPS, {}) is None


@pytest.mark.parametrize("column", [column for table in TABLES for column in table.columns])
def test_a_column_reads_what_is_measured(column: Column, measured: dict[str, set[str]]) -> None:
    bucketed = column.metric + "_bucket" in measured
    assert bucketed or column.metric in measured
    assert not bucketed or column.metric not in measured
    assert set(column.where) <= measured[column.metric + "_bucket" * bucketed]


def test_a_row_is_of_a_label_that_is_measured(measured: dict[str, set[str]]) -> None:
    for table in TABLES:
        for column in table.columns if table.label else ():
            name = column.metric if column.metric in measured else column.metric + "_bucket"
            assert table.label in measured[name]


def test_the_picture_fits_a_terminal_and_failures_are_red() -> None:
    styled = list(picture(SPAN, "here"))
    lines = [click.unstyle(line) for line in styled]
    assert lines[0].startswith("gateway 1.2.3  here  up 102.0 s")
    assert len(lines) < 24
    assert max(map(len, lines)) <= 80
    [at] = [number for number, line in enumerate(lines) if line.startswith("ussd")]
    assert lines[at].split() == ["ussd", "50", "1", "ms", "10", "ms", "0", "10.5", "0.5"]
    assert click.style("        0.5", fg="red", bold=True) in styled[at]


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0 ms"), (0.0023, "2.3 ms"), (1.5, "1.5 s"), (240, "4 min"), (7200, "2 h")],
)
def test_times(value: float, shown: str) -> None:
    assert seconds(value) == shown


def test_numbers() -> None:
    assert [number(each) for each in (0, 12.0, 0.25, 1234.5)] == ["0", "12", "0.2", "1234"]
    assert p99(SPAN, STEPS, {}) == 0.01


@pytest.fixture
def port() -> Iterator[int]:
    """A server that shows FIRST, then THEN, then THEN for ever."""
    texts = [FIRST]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(texts.pop().encode() if texts else THEN.encode())

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def test_one_picture_without_a_terminal(port: int) -> None:
    ended = CliRunner().invoke(command, ["--once", "--every", "0.1", "--http-port", str(port)])
    assert "\x1b" not in ended.output
    assert "ussd" in ended.output


def test_no_terminal_and_no_gateway_are_said() -> None:
    with pytest.raises(Fault, match="--once") as caught:
        CliRunner().invoke(command, [], catch_exceptions=False)
    assert caught.value.exit_status == USAGE
    with pytest.raises(Fault, match="is the gateway up") as caught:
        look("127.0.0.1", 1)
    assert caught.value.exit_status == NO_CONNECTION


def test_q_ends_it_and_the_terminal_is_as_it_was(port: int) -> None:
    pid, terminal = pty.fork()
    if not pid:
        os.chdir(ROOT)
        words = ["-m", "gateway", "top", "--every", "0.1", "--http-port", str(port)]
        os.execv(sys.executable, [sys.executable, *words])
    shown = b""
    try:
        while shown.count(b"q quits") < 3:
            shown += os.read(terminal, 65_536)
        os.write(terminal, b"q")
        while b"\x1b[?1049l" not in shown:
            shown += os.read(terminal, 65_536)
    finally:
        _, status = os.waitpid(pid, 0)
        os.close(terminal)
    assert status == 0
    assert shown.count(b"\x1b[?1049h") == 1
    assert [shown.count(b"\x1b[?7" + each) for each in (b"l", b"h")] == [1, 1], "nothing wraps"
    assert b"ussd" in shown
