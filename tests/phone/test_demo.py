"""`scripts/demo` without a terminal: who there is, what was played; or one line why not."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.phone.demo import HOST, MSISDN
from gateway.service.directory import DataDirectory

ROOT = Path(__file__).parents[2]


def demo(data: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    ports = {f"GATEWAY_{name}_PORT": "0" for name in ("SMPP", "SIP", "HTTP")}
    return subprocess.run(
        [sys.executable, "-m", "gateway.phone.demo"],
        env={**os.environ, **ports, "GATEWAY_DATA": str(data), **environ},
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.slow
def test_it_names_its_ports_and_subscribers_and_plays(tmp_path: Path) -> None:
    done = demo(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line.split()[1] for line in lines if line.startswith("listening")] == [
        "smpp", "sip", "http",
    ]  # fmt: skip
    played = lines.index(f"{MSISDN} dials *105#")
    assert any(line.split()[:3] == [MSISDN, "1001", "250.00"] for line in lines[:played])
    assert any(line.strip().startswith("> sms from 000110") for line in lines[played:])


def test_a_port_that_is_taken_is_one_line_whatever_the_log_holds(tmp_path: Path) -> None:
    (tmp_path / "demo.log").write_text('{"event": "of another"}\n', encoding="utf-8")
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = demo(tmp_path, GATEWAY_SMPP_PORT=str(port))
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"gateway: smpp {HOST}:{port}: ")
    assert (tmp_path / "demo.log").read_text(encoding="utf-8").startswith('{"event"')


def test_a_second_demo_on_its_data_is_told_whose_they_are(tmp_path: Path) -> None:
    held = DataDirectory(tmp_path)
    done = demo(tmp_path)
    held.release()
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert f"another gateway (pid {os.getpid()}) serves it" in line
    assert "GATEWAY_DATA" in line
