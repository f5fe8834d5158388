"""The whole service, its log at its loudest: a chosen password, walked through `*105*01#`, is in no
octet of its data directory (database, write-ahead log, CDRs) nor of its log."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.phone.http_link import HttpLink

CANARY = "8642097531"
MSISDN = "79220000001"
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Served:
    """A gateway process, its HTTP port, its data directory and its log."""

    process: subprocess.Popen[str]
    port: int
    data: Path
    log: Path

    def link(self) -> HttpLink:
        token = (self.data / "api_token").read_text(encoding="ascii").strip()
        return HttpLink("127.0.0.1", self.port, token, MSISDN)

    def where(self, secret: str) -> list[str]:
        """The files that hold it."""
        octets = secret.encode()
        files = [path for path in self.data.rglob("*") if path.is_file()]
        return [path.name for path in (*files, self.log) if octets in path.read_bytes()]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    data, log = tmp_path / "data", tmp_path / "log"
    command = [sys.executable, "-m", "gateway", "serve", "--demo", "--data", str(data)]
    command += ["--smpp-port", "0", "--http-port", "0", "--sip-port", "0", "--log", "debug"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GATEWAY_")}
    with log.open("w", encoding="utf-8") as sink:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=sink, env=kept, text=True, cwd=ROOT
        )
    try:
        assert process.stdout is not None
        port = 0
        for line in process.stdout:
            if line.startswith("listening http"):
                port = int(line.rpartition(":")[2])
            if line.strip() == "ready":
                break
        assert port, log.read_text(encoding="utf-8")
        yield Served(process, port, data, log)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        assert process.stdout is not None
        process.stdout.close()


def test_an_own_password_is_on_no_disk(served: Served) -> None:
    phone = served.link()
    shown = [phone.dial("*105*01#"), phone.answer(CANARY)]
    assert served.where(CANARY) == [], "between the two entries"
    shown.append(phone.answer(CANARY))
    assert [screen.more for screen in shown] == [True, True, False]
    assert "установлен" in shown[-1].text
    served.process.send_signal(signal.SIGTERM)
    served.process.wait(30)
    assert served.where(CANARY) == []
    assert list((served.data / "cdr").glob("*.jsonl")), "the dialogue has its CDR"
    assert served.where(MSISDN) != [], "what is looked for is found where it is"
