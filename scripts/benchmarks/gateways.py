"""The whole gateway for a measure: demo data, free ports, a data directory of its own on disk."""

from __future__ import annotations

import contextlib
import json
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

from scripts.benchmarks.processes import ROOT, Server, started

TOKEN = "a-token-for-the-bench"
FIRST_MSISDN = 79230000000
SETTLE_SECONDS_MAX = 60
LOOK_SECONDS = 0.5
IDLE_SHARE = 0.05


@contextlib.contextmanager
def gateway(subscribers: int, **settings: str) -> Iterator[Server]:
    """`gateway serve --demo --subscribers N`, ready and at rest. `settings` are variables without
    their GATEWAY_."""
    (ROOT / "var").mkdir(exist_ok=True)
    # beside the project, not in a temporary folder, which may be memory: commits must reach a disk
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "var") as data:
        ports = {f"GATEWAY_{name}_PORT": "0" for name in ("SMPP", "HTTP", "SIP")}
        environment = ports | {
            "GATEWAY_DATA": data,
            "GATEWAY_API_TOKEN": TOKEN,
            "GATEWAY_LOG": "error",
        }
        environment |= {f"GATEWAY_{name}": text for name, text in settings.items()}
        what = ["-m", "gateway", "serve", "--demo", "--subscribers", str(subscribers)]
        with started(what, environment) as server:
            settle(server)
            yield server


def settle(server: Server) -> None:
    """Wait until it has done what it does beside its start (password digests made in advance)."""
    for _ in range(int(SETTLE_SECONDS_MAX / LOOK_SECONDS)):
        spent = server.cpu_seconds()
        time.sleep(LOOK_SECONDS)
        if server.cpu_seconds() - spent < IDLE_SHARE * LOOK_SECONDS:
            return


def api(server: Server, method: str, path: str, body: Any = None) -> Any:
    """Ask the HTTP API of a gateway under measure; its answer as JSON."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.ports['http']}{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read())
