"""A gateway in a process of its own, as anybody would start it, for clients that are not ours."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.source import ROOT

READY_SECONDS_MAX = 20
EXIT_SECONDS_MAX = 15
TOKEN = "a-token-for-the-tests"


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where it listens, by the names of its `listening` lines, and its API."""

    ports: dict[str, int]

    @property
    def smpp(self) -> int:
        """The port of SMPP."""
        return self.ports["smpp"]

    def api(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Ask the HTTP API: (status, JSON or text)."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.ports['http']}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.status, _read(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, _read(refused)

    def until(self, path: str, wanted: Any, seconds: float = 5) -> Any:
        """Ask again until `wanted(answer)` holds, and return that answer."""
        deadline = time.monotonic() + seconds
        while True:
            status, answer = self.api("GET", path)
            if status == 200 and wanted(answer):
                return answer
            assert time.monotonic() < deadline, f"{path} still answers {status}: {answer}"
            time.sleep(0.02)


def _read(answer: Any) -> Any:
    text = answer.read().decode()
    return json.loads(text) if "json" in answer.headers.get("Content-Type", "") else text


def _start(data: Path, log: Path) -> subprocess.Popen[str]:
    given = {name: text for name, text in os.environ.items() if not name.startswith("GATEWAY_")}
    ports = {f"GATEWAY_{name}_PORT": "0" for name in ("SMPP", "HTTP", "SIP")}
    with log.open("w") as errors:
        return subprocess.Popen(
            [sys.executable, "-m", "gateway", "serve", "--demo"],
            cwd=ROOT,
            env=given
            | ports
            | {
                "GATEWAY_DATA": str(data),
                "GATEWAY_CLOCK": "system",
                "GATEWAY_API_TOKEN": TOKEN,
                "PYTHONUNBUFFERED": "1",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )


def _listen(process: subprocess.Popen[str], log: Path) -> dict[str, int]:
    """Read its lines until `ready`: `listening smpp 127.0.0.1:2775` -> {"smpp": 2775}."""
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()

    def drain() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            lines.put(line.strip())
        lines.put("")

    threading.Thread(target=drain, daemon=True).start()
    ports: dict[str, int] = {}
    deadline = time.monotonic() + READY_SECONDS_MAX
    while (line := lines.get(timeout=max(0.01, deadline - time.monotonic()))) != "ready":
        if not line and process.poll() is not None:
            break
        words = line.split()
        if words[:1] == ["listening"]:
            ports[words[1]] = int(words[2].rpartition(":")[2])
    else:
        return ports
    raise AssertionError(f"it ended before it was ready:\n{log.read_text()[-4000:]}")


@pytest.fixture(scope="session")
def gateway_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """`gateway serve --demo` on free ports; at the end it must stop by itself with status 0."""
    folder = tmp_path_factory.mktemp("gateway")
    log = folder / "log"
    process = _start(folder / "data", log)
    try:
        yield Gateway(_listen(process, log))
        process.send_signal(signal.SIGTERM)
        status = process.wait(EXIT_SECONDS_MAX)
        assert status == 0, f"it ended with {status}:\n{log.read_text()[-4000:]}"
        assert "Traceback" not in log.read_text()
    finally:
        process.kill()
        process.wait()
