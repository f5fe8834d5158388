"""The HTTP site: routing, the bearer token, limits, problem documents; the calls are elsewhere.

RFC 9110 answers throughout: 404 for a path that is none, 405 with `Allow`, 401 with
`WWW-Authenticate`, 413 before a long body is read. No traceback reaches a client.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hmac import compare_digest
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import unquote

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from twisted.internet.defer import Deferred, TimeoutError
from twisted.logger import Logger
from twisted.web import resource, server

from gateway.channels.core import Core
from gateway.channels.http_calls import ROUTES
from gateway.channels.http_fields import read_fields, read_object
from gateway.channels.http_paths import Paths
from gateway.channels.http_routes import Call, Reply, Route
from gateway.channels.openapi import openapi_document
from gateway.channels.problems import CONTENT_TYPE, Problem, problem_of
from gateway.channels.refusals import Refusal
from gateway.channels.sse import EventStreams
from gateway.domain.numbers import normalise_msisdn

log = Logger()

ANSWER_SECONDS_MAX = 30.0
IDLE_SECONDS_MAX = 60
DRAINED_OCTETS_MAX = 1 << 20
"""Of a body refused for its length, what is still read so that the client hears why."""


class _Request(server.Request):
    """One request; a body over the limit is answered at once and never kept."""

    channel: Any

    def __init__(self, *args: Any, **names: Any) -> None:
        super().__init__(*args, **names)  # type: ignore[no-untyped-call]
        self._octets = 0
        self._refused = False

    def gotLength(self, length: int | None) -> None:
        self._body = BytesIO()
        self.content = self._body
        self._octets_max = self.channel.site.body_octets_max
        if length is not None and length > self._octets_max:
            self._refuse_length()

    def handleContentChunk(self, data: bytes) -> None:
        self._octets += len(data)
        if self._refused:
            if self._octets > DRAINED_OCTETS_MAX:
                self.channel.forceAbortClient()
        elif self._octets > self._octets_max:
            self._refuse_length()
        else:
            self._body.write(data)

    def process(self) -> None:
        if self._refused:
            self.channel.loseConnection()
        else:
            self.channel.site.serve(self)

    def _refuse_length(self) -> None:
        self._refused = True
        problem = Problem(
            413, f"the body is longer than {self._octets_max} octets", name="body_too_long"
        )
        body = problem.body()
        head = (
            f"HTTP/1.1 413 {HTTPStatus(413).phrase}\r\nContent-Type: {CONTENT_TYPE}\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        self.channel.transport.write(head.encode() + body)


class HttpSite(server.Site):
    """The factory of the HTTP port.

    `clock` is the reactor (or a test's Clock); `ready` and everything else is asked of `core`.
    """

    displayTracebacks = False
    noisy = False  # `serve` says itself which ports are open

    def __init__(
        self,
        core: Core,
        token: str,
        registry: CollectorRegistry,
        clock: Any,
        version: str,
        *,
        body_octets_max: int = 65_536,
        connections_max: int = 1000,
        event_streams_max: int = 100,
    ) -> None:
        nothing = resource.Resource()  # type: ignore[no-untyped-call]
        super().__init__(  # type: ignore[no-untyped-call]
            nothing, requestFactory=_Request, timeout=IDLE_SECONDS_MAX
        )
        assert token, "the API is never served without a token"
        self.body_octets_max = body_octets_max
        self.streams = EventStreams(core, event_streams_max, clock)
        self._core = core
        self._token = token.encode()
        self._registry = registry
        self._clock = clock
        self._connections_max = connections_max
        self._connections = 0
        self._openapi = json.dumps(openapi_document(version), ensure_ascii=False).encode()
        self._special = {
            "/metrics": self._metrics,
            "/openapi.json": self._document,
            "/v1/events": self._events,
        }

    def log(self, request: Any) -> None:
        """One line a request, by our clock: Twisted's own dates it by the reactor's, which counts
        from the machine's start."""
        log.info(
            "{method} {path} {status}",
            method=request.method.decode("ascii", "replace"),
            path=request.path.decode("ascii", "replace"),
            status=request.code,
            octets=request.sentLength,
        )

    # --- connections --------------------------------------------------------------------------

    def buildProtocol(self, addr: Any) -> Any:
        """None, which closes the connection, over `connections_max`."""
        if self._connections >= self._connections_max:
            log.warn("too many HTTP connections", connections_max=self._connections_max)
            return None
        self._connections += 1
        protocol: Any = super().buildProtocol(addr)  # type: ignore[no-untyped-call]
        lost = protocol.connectionLost

        def connection_lost(reason: Any) -> None:
            self._connections -= 1
            lost(reason)

        protocol.connectionLost = connection_lost
        return protocol

    # --- requests -----------------------------------------------------------------------------

    def serve(self, request: Any) -> None:
        """Answer one request; whatever goes wrong becomes a problem document."""
        finished: list[object] = []
        request.notifyFinish().addBoth(finished.append)
        try:
            answer = self._route(request)
        except Problem as problem:
            _write_problem(request, problem)
            return
        if answer is None:
            return
        answer.addTimeout(ANSWER_SECONDS_MAX, self._clock)
        answer.addErrback(self._failed)

        def answered(result: Reply | Problem) -> None:
            if finished:
                return
            if isinstance(result, Problem):
                _write_problem(request, result)
            else:
                body = json.dumps(result.body, ensure_ascii=False).encode()
                _write(request, result.status, "application/json", body)

        answer.addCallback(answered)
        answer.addErrback(lambda failure: log.failure("HTTP answer failed", failure))

    def _route(self, request: Any) -> Deferred[Reply] | None:
        path, method = _path(request), request.method.decode("ascii", "replace")
        asked = "GET" if method == "HEAD" else method
        special = self._special.get(path)
        if special is not None:
            _check_method(asked, ("GET",))
            if path != "/metrics":
                self._check_token(request)
            special(request)
            return None
        routes, named = _PATHS.find(path)
        if not routes:
            raise Problem(404, "there is nothing at this path; GET /openapi.json lists the paths")
        _check_method(asked, tuple(routes))
        route = routes[asked]
        if not route.public:
            self._check_token(request)
        return Deferred.fromCoroutine(_call(self._core, route, named, request.content.read()))

    def _check_token(self, request: Any) -> None:
        scheme, _, token = (request.getHeader(b"authorization") or b"").partition(b" ")
        if scheme.lower() != b"bearer" or not compare_digest(token.strip(), self._token):
            raise Problem(
                401,
                "send the API token as `Authorization: Bearer TOKEN`",
                name="token_wrong",
                headers={"WWW-Authenticate": "Bearer"},
            )

    def _failed(self, failure: Any) -> Problem:
        if failure.check(Problem):
            return failure.value  # type: ignore[no-any-return]
        if failure.check(TimeoutError):
            return problem_of(Refusal("busy", detail="no answer in time"))
        log.failure("HTTP request failed", failure)
        return Problem(500, "service unavailable")

    # --- what is no JSON call -----------------------------------------------------------------

    def _metrics(self, request: Any) -> None:
        encoder, kind = choose_encoder(request.getHeader("accept") or "")
        _write(request, 200, kind, encoder(self._registry))

    def _document(self, request: Any) -> None:
        _write(request, 200, "application/json", self._openapi)

    def _events(self, request: Any) -> None:
        if self.streams.full():
            raise problem_of(Refusal("events_too_many", detail="too many listeners"))
        if request.method == b"HEAD":
            _write(request, 200, "text/event-stream", b"")
        else:
            self.streams.open(request)


async def _call(core: Core, route: Route, named: Mapping[str, str], octets: bytes) -> Reply:
    values = read_fields(read_object(octets), route.fields) if route.fields else {}
    number = normalise_msisdn(named["msisdn"]) if "msisdn" in named else ""
    if number is None:
        raise Problem(404, "no such subscriber", name="subscriber_unknown", field="msisdn")
    return await route.handle(core, Call(number, named, values))


_PATHS = Paths(ROUTES)


def _path(request: Any) -> str:
    try:
        return unquote(request.path.decode("ascii"), errors="strict")
    except UnicodeDecodeError:
        raise Problem(400, "the path is not UTF-8") from None


def _check_method(method: str, known: tuple[str, ...]) -> None:
    if method not in known:
        allowed = ", ".join([*known, *(["HEAD"] if "GET" in known else [])])
        raise Problem(405, f"this path takes {allowed}", headers={"Allow": allowed})


def _write_problem(request: Any, problem: Problem) -> None:
    for name, value in problem.headers.items():
        request.setHeader(name, value)
    _write(request, problem.status, CONTENT_TYPE, problem.body())


def _write(request: Any, status: int, kind: str, body: bytes) -> None:
    request.setResponseCode(status, HTTPStatus(status).phrase.encode())
    request.setHeader("server", "gateway")
    request.setHeader("content-type", kind)
    request.setHeader("content-length", str(len(body)))
    request.setHeader("cache-control", "no-store")
    request.setHeader("x-content-type-options", "nosniff")
    request.write(body)
    request.finish()
