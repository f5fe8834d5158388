"""A client of the HTTP API with the standard library's, and the site it speaks to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, Gauge

from gateway.channels.core import Core
from gateway.channels.http import HttpSite
from tests.channels.fake_core import ANNA, FakeCore

TOKEN = "a-token-for-tests"
ONE = f"/v1/subscribers/{ANNA}"


class Api:
    """A client of one site: `get`, `post`, … return (status, headers, JSON)."""

    def __init__(self, port: int, core: FakeCore) -> None:
        self.port = port
        self.core = core

    def ask(
        self, method: str, path: str, body: Any = None, token: str | None = TOKEN
    ) -> tuple[int, Any, Any]:
        client = HTTPConnection("127.0.0.1", self.port, timeout=5)
        headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
        octets = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        client.request(method, path, octets, headers)
        answer = client.getresponse()
        content = answer.read()
        client.close()
        kind = answer.headers.get("content-type", "")
        return answer.status, answer.headers, json.loads(content) if "json" in kind else content

    def get(self, path: str) -> Any:
        status, _, body = self.ask("GET", path)
        assert status == 200, body
        return body

    def refused(self, method: str, path: str, body: Any = None, **names: Any) -> Any:
        """The problem document, which must agree with its status line."""
        status, headers, document = self.ask(method, path, body, **names)
        assert headers["content-type"] == "application/problem+json"
        assert document["status"] == status
        assert document["title"]
        return document


@pytest.fixture(scope="module")
def listen(reactor_thread: Any, run: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    ports = []

    def start(core: Core, **limits: int) -> Any:
        registry = CollectorRegistry()
        Gauge("gateway_asked", "Asked.", registry=registry)
        site = HttpSite(core, TOKEN, registry, reactor_thread, "1.2.3", **limits)
        port = run(lambda: reactor_thread.listenTCP(0, site, interface="127.0.0.1"))
        ports.append(port)
        return port.getHost().port, site

    yield start
    for port in ports:
        run(port.stopListening)


@pytest.fixture
def api(listen: Callable[..., Any]) -> Api:
    core = FakeCore()
    return Api(listen(core, body_octets_max=1000)[0], core)
