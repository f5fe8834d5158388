"""`gateway serve` as a process: from any directory, once a data directory, for its owner alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from gateway.service.directory import DataDirectory
from tests.service.test_command_line import gateway

ROOT = Path(__file__).parents[2]
PORTS = ("--smpp-port", "0", "--sip-port", "0", "--http-port", "0")


@contextmanager
def _serving(data: Path, *words: str) -> Iterator[list[str]]:
    """A gateway that is ready, and what it said until then."""
    command = [sys.executable, "-m", "gateway", "serve", "--demo", "--data", str(data), *PORTS]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GATEWAY_")}
    with subprocess.Popen(
        [*command, *words],
        cwd=data.parent,
        env={**kept, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line.strip())
            if lines[-1] == "ready":
                break
        (http,) = (line.split()[-1] for line in lines if line.startswith("listening http"))
        with urlopen(f"http://{http}/readyz", timeout=10) as answer:
            assert answer.status == 200
        yield lines
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_it_serves_from_any_directory_and_keeps_its_data_to_itself(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    with _serving(data) as lines:
        assert lines[-1] == "ready"
        files = [path for path in data.rglob("*") if path.is_file()]
        assert {path.name for path in files} >= {"gateway.db", "api_token", "lock"}
        assert {path.stat().st_mode & 0o077 for path in files} == {0}


def test_a_second_one_on_its_data_directory_does_not_start(tmp_path: Path) -> None:
    data = tmp_path / "data"
    held = DataDirectory(data)
    second = gateway("serve", "--demo", "--data", str(data), *PORTS, cwd=tmp_path)
    held.release()
    assert (second.returncode, second.stdout) == (1, "")
    (said,) = second.stderr.splitlines()
    assert said.startswith(f"gateway: --data {data}: another gateway (pid {os.getpid()})")


@pytest.mark.slow
def test_numbers_for_load_are_added_where_data_were_already(tmp_path: Path) -> None:
    for count, said in (("0", 0), ("3", 3), ("3", 0), ("5", 2)):
        with _serving(tmp_path / "data", "--subscribers", count) as lines:
            added = [line for line in lines if "subscribers" in line]
            assert added == ([f"added {said} subscribers for load"] if said else [])
