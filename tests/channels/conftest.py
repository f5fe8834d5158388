"""Gateways for the tests of the network: one in a process of its own, as anybody would start it,
and one in this process with an account for everything an account may be.
"""

from __future__ import annotations

import itertools
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.channels.fake_smsc import FakeNetwork
from tests.channels.serving import TOKEN, Served, serving
from tests.source import ROOT

READY_SECONDS_MAX = 20
EXIT_SECONDS_MAX = 15


Gateway = Served


def start_process(data: Path, log: Path, *arguments: str) -> subprocess.Popen[str]:
    """`gateway serve --demo`, with more arguments; its log is appended to."""
    given = {name: text for name, text in os.environ.items() if not name.startswith("GATEWAY_")}
    ports = {f"GATEWAY_{name}_PORT": "0" for name in ("SMPP", "HTTP", "SIP")}
    with log.open("a") as errors:
        return subprocess.Popen(
            [sys.executable, "-m", "gateway", "serve", "--demo", *arguments],
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


def listen(process: subprocess.Popen[str], log: Path) -> dict[str, int]:
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
    process = start_process(folder / "data", log)
    try:
        yield Gateway(listen(process, log))
        process.send_signal(signal.SIGTERM)
        status = process.wait(EXIT_SECONDS_MAX)
        assert status == 0, f"it ended with {status}:\n{log.read_text()[-4000:]}"
        assert "Traceback" not in log.read_text()
    finally:
        process.kill()
        process.wait()


# --- in this process ---------------------------------------------------------------------------

ACCOUNTS = """
smpp_accounts:
  - {system_id: two, password: pw, binds_max: 2}
  - {system_id: few, password: pw, addresses_allowed: ["7923000001", "79220000002"]}
  - {system_id: elsewhere, password: pw, peers_allowed: [10.0.0.0/8]}
  - {system_id: short, password: pw, ussd_octets_max: 80}
  - {system_id: slow, password: pw, rate_per_second: 5}
  - {system_id: tight, password: pw, window_pdus_max: 2}
  - {system_id: outbox, password: pw}
  - {system_id: bare, password: pw}
  - {system_id: old, password: pw}
  - {system_id: tata, password: pw, profile: tata}
  - {system_id: mica, password: pw, profile: mica}
  - {system_id: sixdee, password: pw, profile: sixdee}
  - {system_id: comverse, password: pw, profile: comverse}
  - {system_id: msisdn, password: pw, profile: msisdn}
  - {system_id: p2, password: pw, profile: p2}
  - {system_id: echo, password: pw, profile: echo}
  - {system_id: echo_data, password: pw, profile: echo_data}
  - {system_id: local, password: pw, profile: local}
smpp_profiles:
  local: {session_key: its15, gsm7: 0, ucs2: 8, service_types: "USSD P9", op_abort: 130}
"""


@pytest.fixture(scope="session")
def house(
    run: Callable[..., Any], reactor_thread: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A service with every kind of account, a TLS port, a manual clock, and 1000 more numbers."""
    folder = tmp_path_factory.mktemp("house")
    with serving(
        run,
        reactor_thread,
        folder,
        ACCOUNTS,
        clock="manual",
        smpp_tls_port="0",
        subscribers="1000",
    ) as served:
        yield served


_numbers = itertools.count(79230000000)


@pytest.fixture
def msisdn() -> str:
    """A number of this test alone: HOME, ru, 100.00."""
    return str(next(_numbers))


Connect = Callable[..., FakeNetwork]


@pytest.fixture
def connect(house: Served) -> Iterator[Connect]:
    """`connect(system_id, …)`: a network bound to the house; all are unbound at the end."""
    networks: list[FakeNetwork] = []

    def connected(system_id: str = "harness", **given: Any) -> FakeNetwork:
        password = "harness1" if system_id == "harness" else "pw"
        network = FakeNetwork(house.smpp, system_id, password, **given)
        networks.append(network)
        return network

    yield connected
    for network in networks:
        network.close()
