"""The part of the HTTP API that a network's handsets need: where a subscriber is, what he was
charged, his balance, and the clock.

Rule: one connection pool, no thread; an answer that is no 200 is told in one line.
"""

from __future__ import annotations

import json
import os
from io import BytesIO
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectError
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from twisted.web.client import Agent, FileBodyProducer, HTTPConnectionPool, ResponseDone
from twisted.web.http_headers import Headers

from gateway.domain.money import kopecks
from gateway.replay.handset import Charged, Lost, NotPlayed

CONNECT_SECONDS_MAX = 5.0
CONNECTIONS_MAX = 8


def connect_error(fault: ConnectError) -> str:
    """Why nobody could be reached, in the system's words."""
    number = fault.osError
    return os.strerror(number) if isinstance(number, int) else str(fault)


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
        subscriber = await self._ask("GET", f"/v1/subscribers/{msisdn}")
        return kopecks(subscriber["balance"])

    async def locate(self, msisdn: str, plmn: str, region: str) -> None:
        """Register a number in a network and region."""
        place = {"plmn": plmn, **({"region": region} if region else {})}
        await self._ask("PUT", f"/v1/subscribers/{msisdn}/location", place)

    async def advance(self, seconds: float) -> None:
        """Move the gateway's clock, which must be a manual one."""
        await self._ask("POST", "/v1/clock", {"advance_seconds": seconds})

    async def close(self) -> None:
        """Close the connections that are kept."""
        await self._pool.closeCachedConnections()  # type: ignore[no-untyped-call]

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        octets = BytesIO(json.dumps(body).encode())
        content: Any = FileBodyProducer(octets) if body else None  # type: ignore[no-untyped-call]
        url = f"http://{self._address}{path}".encode()
        try:
            answer = await self._agent.request(method.encode(), url, self._headers, content)
            reading = _Body()
            answer.deliverBody(reading)
            text = (await reading.whole).decode()
        except ConnectError as fault:
            reason = connect_error(fault)
            raise Lost(f"http {self._address}: {reason}; is the gateway up?") from None
        if answer.code != 200:
            raise NotPlayed(f"{method} {path} answered {answer.code}: {text[:200]}")
        return json.loads(text)


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
