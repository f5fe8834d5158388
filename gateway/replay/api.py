"""The part of the HTTP API that a network's handsets need: where a subscriber is, what he was
charged, his balance, the clock, and live events.

Rule: one connection pool, no thread; an answer that is no 200 is told in one line.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectError, DNSLookupError
from twisted.internet.protocol import Protocol, connectionDone
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure
from twisted.web.client import Agent, FileBodyProducer, HTTPConnectionPool, ResponseDone
from twisted.web.http_headers import Headers

from gateway.domain.money import kopecks
from gateway.replay.handset import Charged, Lost, NotPlayed

CONNECT_SECONDS_MAX = 5.0
CONNECTIONS_MAX = 8
TURNS = "/v1/events?kind=turn"
TURNS_OF_CALLS = f"{TURNS}&channel=voice"
"""What calls say, and no more: on a gateway under load the rest is much."""
EVENT_OCTETS_MAX = 1_048_576
DETAIL_CHARACTERS_MAX = 200
HTTP_OK = 200
_DATA = b"data: "


UNREACHED = (ConnectError, DNSLookupError)


def unreached(where: str, fault: Exception) -> Lost:
    """Why nobody could be reached at `where` (`smpp 127.0.0.1:2775`), in the system's words;
    `fault` is one of UNREACHED."""
    if isinstance(fault, DNSLookupError):
        return Lost(f"{where}: no such host")
    number = getattr(fault, "osError", None)
    reason = os.strerror(number) if isinstance(number, int) else str(fault)
    return Lost.at(where, reason)


class Api:
    """A client of one gateway. Every call raises Lost where nobody listens, NotPlayed where the
    gateway refuses."""

    def __init__(self, reactor: Any, address: str, token: str) -> None:
        """`address` is `127.0.0.1:8105`."""
        pool = HTTPConnectionPool(reactor)  # type: ignore[no-untyped-call]
        pool.maxPersistentPerHost = CONNECTIONS_MAX
        self._pool = pool
        self._agent: Any = Agent(  # type: ignore[no-untyped-call]
            reactor, connectTimeout=CONNECT_SECONDS_MAX, pool=pool
        )
        self._events: list[_Events] = []
        self._address = address
        self._headers = Headers(
            {"Authorization": [f"Bearer {token}"], "Content-Type": ["application/json"]}
        )

    async def charges(self, msisdn: str) -> list[Charged]:
        """All of a number's rows, oldest first."""
        rows = await self._ask("GET", f"/v1/subscribers/{msisdn}/charges")
        return [
            Charged(row["rule"], kopecks(row["amount"]), row.get("explanation", "")) for row in rows
        ]

    async def balance(self, msisdn: str) -> int:
        """Kopecks."""
        return kopecks((await self.subscriber(msisdn))["balance"])

    async def subscriber(self, msisdn: str) -> Mapping[str, Any]:
        """As the API shows it."""
        return dict(await self._ask("GET", f"/v1/subscribers/{msisdn}"))

    async def locate(self, msisdn: str, plmn: str, region: str) -> None:
        """Register a number in a network and region."""
        place = {"plmn": plmn, **({"region": region} if region else {})}
        await self._ask("PUT", f"/v1/subscribers/{msisdn}/location", place)

    async def speak(self, msisdn: str, language: str) -> None:
        """Change the language a number is spoken to in."""
        await self._ask("PATCH", f"/v1/subscribers/{msisdn}", {"language": language})

    async def advance(self, seconds: float) -> None:
        """Move the gateway's clock, which must be a manual one."""
        await self._ask("POST", "/v1/clock", {"advance_seconds": seconds})

    async def follow(
        self,
        told: Callable[[Mapping[str, Any]], None],
        lost: Callable[[Lost], None],
        path: str = TURNS_OF_CALLS,
    ) -> None:
        """Tell each event of a stream from now on (`/v1/events`, WHATWG HTML §9.2), and once that
        there are no more. Raises Lost."""
        answer = await self._request("GET", path)
        if answer.code != HTTP_OK:
            raise Lost(f"http {self._address}: {path} answered {answer.code}")
        events = _Events(told, lost, f"http {self._address}: its events ended")
        self._events.append(events)
        answer.deliverBody(events)

    async def close(self) -> None:
        """Close the connections that are kept."""
        for events in self._events:
            events.close()
        await self._pool.closeCachedConnections()  # type: ignore[no-untyped-call]

    async def _request(self, method: str, path: str, body: Any = None) -> Any:
        octets = BytesIO(json.dumps(body).encode())
        content: Any = FileBodyProducer(octets) if body else None  # type: ignore[no-untyped-call]
        url = f"http://{self._address}{path}".encode()
        try:
            return await self._agent.request(method.encode(), url, self._headers, content)
        except UNREACHED as fault:
            raise unreached(f"http {self._address}", fault) from None

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self._request(method, path, body)
        reading = _Body()
        answer.deliverBody(reading)
        text = (await reading.whole).decode()
        if answer.code != HTTP_OK:
            raise NotPlayed(f"{method} {path} answered {answer.code}: {_detail(text)}")
        return json.loads(text)


def _detail(text: str) -> str:
    """What a refusal says for a person (RFC 9457 §3.1.4), or all that came."""
    try:
        return str(json.loads(text)["detail"])
    except (ValueError, KeyError, TypeError):
        return text[:DETAIL_CHARACTERS_MAX]


class _Body(Protocol):
    """The body of an answer; Twisted's own reader warns of the transports Agent gives it."""

    def __init__(self) -> None:
        self.whole: Deferred[bytes] = Deferred()
        self._parts: list[bytes] = []

    def dataReceived(self, data: bytes) -> None:
        self._parts.append(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        if reason.check(ResponseDone):  # type: ignore[no-untyped-call]
            self.whole.callback(b"".join(self._parts))
        else:
            self.whole.errback(Lost(f"http: {reason.getErrorMessage()}"))


class _Events(LineReceiver):
    """The body of `/v1/events`, event by event."""

    transport: Any
    delimiter = b"\n"
    MAX_LENGTH = EVENT_OCTETS_MAX

    def __init__(
        self, told: Callable[[Mapping[str, Any]], None], lost: Callable[[Lost], None], ended: str
    ) -> None:
        """`ended` is what `lost` is told."""
        self._told = told
        self._lost = lost
        self._ended = ended
        self._closed = False

    def lineReceived(self, line: bytes) -> None:
        if line.startswith(_DATA):
            self._told(json.loads(line.removeprefix(_DATA)))

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        if not self._closed:
            self._lost(Lost(self._ended))

    def close(self) -> None:
        """Hear no more."""
        self._closed = True
        self.transport.loseConnection()
