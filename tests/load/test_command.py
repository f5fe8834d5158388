"""`gateway load` as it is typed, against a gateway over real SMPP: numbers, exit codes, keys."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time

import pytest

from gateway.testing import Gateway
from tests.load.runs import FLOWS, written
from tests.source import ROOT

EXIT_SECONDS_MAX = 60
CALL = """\
flows:
  - name: call
    as: "79230000000"
    steps:
      - call: "0505"
        expect: {prompts: ["menu/voice.root/1"]}
      - press: "1"
        expect: {prompts: ["menu/voice.acct/1"], ended: false}
      - hang_up: true
"""


@pytest.fixture(scope="module")
def gw(reactor_thread):
    with Gateway.start(subscribers=200, clock="system") as gateway:
        yield gateway


def arguments(gw, file, *more):
    """The command line of a run with fifty numbers."""
    return [
        *(sys.executable, "-m", "gateway", "load", str(file), "--subscribers", "50"),
        *("--smpp", f"127.0.0.1:{gw.ports['smpp']}", "--http-port", str(gw.ports["http"])),
        *("--data", str(gw.config.data), *more),
    ]


def load(gw, file, *more):
    """The command, run: (status, output, errors)."""
    return ran(arguments(gw, file, *more))


def ran(command):
    done = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=EXIT_SECONDS_MAX,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_run_measures_and_holds_its_thresholds(gw, tmp_path):
    page = tmp_path / "load.html"
    status, told, errors = load(
        gw,
        written(tmp_path),
        *("--rate", "30", "--for", "2s", "--html", str(page)),
        *("--threshold", "step.p99<2s", "--threshold", "fail<=0%", "--threshold", "rate>20"),
    )
    assert (status, errors) == (0, "")
    assert told.count("✓") == 4
    ended, failed = re.search(r"(\d+) ended", told), re.search(r"(\d+) failed", told)
    assert int(ended[1]) == pytest.approx(60, abs=2)
    assert failed[1] == "0"
    assert "menu: 2 answers 1" in told
    assert re.search(r"CPU per step: gateway \d+ us, load tool \d+ us", told)
    assert page.read_text().startswith("<!doctype html>")


def test_calls_are_made_and_timed(gw, tmp_path):
    file = written(tmp_path, CALL)
    sip = ("--sip", f"127.0.0.1:{gw.ports['sip']}")
    status, told, errors = load(
        gw, file, *sip, "--rate", "10", "--for", "2s", "--threshold", "fail<=0%"
    )
    assert (status, errors) == (0, ""), told
    ended = int(re.search(r"(\d+) ended", told)[1])
    assert ended == pytest.approx(20, abs=2)
    assert re.search(rf"call: 1 calls 0505 +{ended} ", told)
    assert re.search(rf"call: 2 presses 1 +{ended} ", told)
    nobody = load(gw, file, "--sip", "127.0.0.1:1")
    assert nobody == (4, "", "gateway: sip 127.0.0.1:1: Connection refused; is the gateway up?\n")


def test_a_breached_threshold_is_the_exit_status(gw, tmp_path):
    gw.faults.submit_sm(status="ESME_RTHROTTLED", every=2)
    try:
        status, told, _ = load(
            gw, written(tmp_path), "--rate", "20", "--for", "1s", "--threshold", "fail<0.1%"
        )
    finally:
        gw.faults.clear()
    assert status == 1
    assert "✗ fail<0.1%" in told
    assert "refused with ESME_RTHROTTLED" in told


@pytest.mark.parametrize(
    ("more", "status", "says"),
    [
        (("--threshold", "fast"), 2, "no threshold"),
        (("--for", "soon"), 2, "no time up to 24h"),
        (("--for", "25h"), 2, "no time up to 24h"),
        (("--system-id", "nobody"), 2, "no account 'nobody'"),
        (("--csv", "x.csv"), 2, "give one of them"),
        (("--subscribers", "201"), 2, "79230000200 cannot play: "),
        (("--smpp", "127.0.0.1:1"), 4, "smpp 127.0.0.1:1: Connection refused"),
        (("--sip", "5060"), 2, "--sip: '5060' is no HOST:PORT"),
        (("--sip-user", "nobody"), 2, "no password of 'nobody': set GATEWAY_SIP_PASSWORD"),
    ],
)
def test_what_cannot_be_run_is_one_line(gw, tmp_path, more, status, says):
    found, told, errors = load(gw, written(tmp_path), *more)
    assert (found, told) == (status, "")
    assert says in errors
    assert errors.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "status", "says"),
    [
        (FLOWS + "      - advance: 60\n", 2, "moves the clock"),
        (FLOWS + "      - dail: x\n", 3, "load.flow.yaml:15"),
    ],
)
def test_a_flow_that_is_no_load_is_told_before_anything_is_played(gw, tmp_path, text, status, says):
    found, told, errors = load(gw, written(tmp_path, text))
    assert (found, told) == (status, "")
    assert says in errors


def test_numbers_that_surely_suffice_are_the_default(gw, tmp_path):
    """Two a second of three steps: six numbers. Ten of a rate of a hundred are more than there
    are."""
    command = arguments(gw, written(tmp_path), "--for", "1s")
    at = command.index("--subscribers")
    del command[at : at + 2]
    status, told, errors = ran([*command, "--rate", "2"])
    assert (status, errors) == (0, "")
    assert "0 failed (0.00 %), 0 dropped" in told
    status, told, errors = ran([*command, "--rate", "100"])
    assert (status, told) == (2, "")
    assert "79230000299 cannot play" in errors
    assert "serve --demo --subscribers N" in errors


def test_plays_that_were_never_begun_fail_the_run(gw, tmp_path):
    """One number that is busy for two seconds, and twenty plays a second."""
    file = written(tmp_path, FLOWS.replace("- hang_up: true", "- wait: 2\n      - hang_up: true"))
    more = ("--subscribers", "1", "--rate", "20", "--for", "2s")
    status, told, _ = load(gw, file, *more)
    assert (status, "✗ drop<1%  " in told) == (1, True), told
    assert "--subscribers)" in told
    assert load(gw, file, *more, "--threshold", "drop<100%")[0] == 0


def test_that_a_report_cannot_be_written_is_known_before(gw, tmp_path):
    status, told, errors = load(gw, written(tmp_path), "--html", str(tmp_path / "no" / "x.html"))
    assert (status, told) == (2, "")
    assert f"there is no directory {tmp_path / 'no'}" in errors


def test_keys_in_a_terminal(gw, tmp_path):
    """The rate is raised by ten and the run ended by hand, long before its time."""
    ours, theirs = pty.openpty()
    command = arguments(gw, written(tmp_path), "--rate", "10", "--for", "1h")
    with subprocess.Popen(command, cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs) as running:
        os.close(theirs)
        shown = _until(ours, "10/s")
        os.write(ours, b"*")
        shown += _until(ours, "20/s")
        os.write(ours, b"q")
        shown += _until(ours, "steps")
        _drain(ours)
        assert running.wait(EXIT_SECONDS_MAX) == 0
    os.close(ours)
    assert "keys: + -" in shown


def test_ctrl_c_tells_what_was_measured(gw, tmp_path):
    page = tmp_path / "load.html"
    command = arguments(gw, written(tmp_path), "-r", "20", "--for", "1h", "--html", str(page))
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command, cwd=ROOT, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, text=True
    ) as running:
        os.close(theirs)
        _until(ours, "ended")
        running.send_signal(signal.SIGINT)
        told, _ = running.communicate(timeout=EXIT_SECONDS_MAX)
    os.close(ours)
    assert running.returncode == 130
    assert re.search(r"[1-9]\d* ended in", told)
    assert "! interrupted after" in told
    assert page.exists()


def _until(terminal, wanted):
    shown, deadline = "", time.monotonic() + EXIT_SECONDS_MAX
    while wanted not in shown:
        assert time.monotonic() < deadline, shown
        shown += os.read(terminal, 4096).decode("utf-8", "replace")
    return shown


def _drain(terminal):
    try:
        while os.read(terminal, 4096):
            pass
    except OSError:
        return  # the other side is closed
