"""A service for tests: in this process on the reactor's thread, or in one of its own."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import current_thread
from typing import Any

from twisted.logger import globalLogPublisher

from gateway.service.compose import Service
from gateway.service.config import load_config
from gateway.service.logs import log_record
from tests.source import ROOT

TOKEN = "a-token-for-the-tests"


@dataclass(slots=True)
class Served:
    """A running service: where it listens, its API, what it logged."""

    ports: dict[str, int]
    log: list[dict[str, Any]] = field(default_factory=list)
    service: Any = None

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

    def get(self, path: str) -> Any:
        """What a GET answers with 200."""
        status, answer = self.api("GET", path)
        assert status == 200, answer
        return answer

    def advance(self, seconds: float) -> None:
        """Move the manual clock; what is then due has been done when this returns."""
        status, answer = self.api("POST", "/v1/clock", {"advance_seconds": seconds})
        assert status == 200, answer

    def until(self, path: str, wanted: Callable[[Any], Any], seconds: float = 5) -> Any:
        """Ask again until `wanted(answer)` holds, and return that answer."""
        deadline = time.monotonic() + seconds
        while True:
            status, answer = self.api("GET", path)
            if status == 200 and wanted(answer):
                return answer
            assert time.monotonic() < deadline, f"{path} still answers {status}: {answer}"
            time.sleep(0.02)

    def logged(self, event: str, seconds: float = 3, **fields: Any) -> dict[str, Any]:
        """The first line of that event with those fields, waited for."""
        deadline = time.monotonic() + seconds
        while True:
            for record in tuple(self.log):
                if record["event"] == event and fields.items() <= record.items():
                    return record
            assert time.monotonic() < deadline, f"no {event!r} {fields} in {self.log[-20:]}"
            time.sleep(0.01)


def _read(answer: Any) -> Any:
    text = answer.read().decode()
    return json.loads(text) if "json" in answer.headers.get("Content-Type", "") else text


@contextmanager
def serving(
    run: Any,
    reactor: Any,
    folder: Path,
    file: str = "",
    calls_reactor: Any = None,
    **options: str,
) -> Iterator[Served]:
    """Serve in this process with the demo data on free ports. `file` is the configuration's YAML,
    `options` settings by name. Ends with a drain; a traceback in the log fails the test."""
    path = folder / "gateway.yaml"
    path.write_text(file or "{}\n")
    given = {
        "data": str(folder / "data"),
        "smpp_port": "0",
        "http_port": "0",
        "sip_port": "0",
        "api_token": TOKEN,
        "demo": "true",
        "menus": str(ROOT / "menus"),
        "short_codes": str(ROOT / "short_codes.yaml"),
        "drain_seconds_max": "3",
    }
    served = Served({})

    testing = current_thread()

    def observe(event: Any) -> None:
        if current_thread() is not testing:  # what a test does by itself is none of the service's
            served.log.append(log_record(event))

    def say(line: str) -> None:
        words = line.split()
        if words[0] == "listening":
            served.ports[words[1]] = int(words[2].rpartition(":")[2])

    def start() -> Service:
        config = load_config(given | options, {}, path)
        service = Service(config, reactor, say, calls_reactor)
        service.start()
        return service

    globalLogPublisher.addObserver(observe)
    try:
        served.service = run(start, timeout=20)
        yield served
        run(served.service.stop, timeout=10)
    finally:
        run(served.service.close, timeout=10)
        globalLogPublisher.removeObserver(observe)
    raised = [record for record in served.log if "traceback" in record]
    assert not raised, raised
