"""What a phone asks of the gateway beside SMPP: the HTTP API without blocking, and live events.

Rule: one short connection a question, in a thread; the events of `/v1/events` (WHATWG HTML §9.2)
are read as long as somebody iterates.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from gateway.phone.http_api import HttpApi
from gateway.phone.line import NoConnection, Refused, reason_of

EVENT_OCTETS_MAX = 1_048_576
CONNECT_SECONDS_MAX = 5.0
NO_TOKEN = "no API token: --api-token, or --data of the gateway"


class AsyncApi:
    """The API of one gateway. Every call raises NoConnection and Refused; without a token (empty)
    it is not asked."""

    def __init__(self, host: str, port: int, token: str) -> None:
        self._host, self._port, self._token = host, port, token
        self.follows = asyncio.Event()
        """The live events are followed."""
        self.zone: tzinfo = UTC
        """That of the gateway's pages, once its clock was read."""

    async def subscriber(self, msisdn: str) -> Mapping[str, Any]:
        """As the API shows it."""
        return dict(await self._ask("GET", f"/v1/subscribers/{msisdn}"))

    async def change(self, msisdn: str, **changes: str) -> Mapping[str, Any]:
        """Change a subscriber: `language` …"""
        return dict(await self._ask("PATCH", f"/v1/subscribers/{msisdn}", changes))

    async def locate(self, msisdn: str, plmn: str, region: str) -> Mapping[str, Any]:
        """Register a number in a network and region."""
        place = {"plmn": plmn, **({"region": region} if region else {})}
        return dict(await self._ask("PUT", f"/v1/subscribers/{msisdn}/location", place))

    async def now(self) -> float:
        """The gateway's clock, epoch seconds."""
        clock = await self._ask("GET", "/v1/clock")
        self.zone = datetime.strptime(clock.get("utc_offset", "+00:00"), "%z").tzinfo or UTC
        return moment(clock["now"])

    async def advance(self, seconds: float) -> float:
        """Move the gateway's clock; where it is the system's, Refused."""
        answer = await self._ask("POST", "/v1/clock", {"advance_seconds": seconds})
        return moment(answer["now"])

    async def events(self) -> AsyncGenerator[Mapping[str, Any]]:
        """What happens, as it happens; ends where the gateway closes."""
        self._may_ask()
        where = f"http {self._host}:{self._port}"
        try:
            async with asyncio.timeout(CONNECT_SECONDS_MAX):
                reader, writer = await asyncio.open_connection(
                    self._host, self._port, limit=EVENT_OCTETS_MAX
                )
        except OSError as fault:  # a TimeoutError is one, without words
            raise NoConnection(f"{where}: {reason_of(fault) or 'no answer'}") from None
        try:
            # HTTP/1.0: the stream comes as it is, not in chunks
            head = f"GET /v1/events HTTP/1.0\r\nAuthorization: Bearer {self._token}\r\n\r\n"
            writer.write(head.encode())
            status = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1]
            if status != b"200":
                raise Refused(f"{where}: /v1/events answered {status.decode()}")
            self.follows.set()
            async for line in reader:
                if line.startswith(b"data: "):
                    yield json.loads(line.removeprefix(b"data: "))
        except (OSError, ValueError, asyncio.IncompleteReadError) as fault:
            raise NoConnection(f"{where}: {fault}") from None
        finally:
            self.follows.clear()
            writer.close()

    def _may_ask(self) -> None:
        if not self._token:
            raise NoConnection(NO_TOKEN)

    async def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        self._may_ask()

        def ask() -> Any:
            api = HttpApi(self._host, self._port, self._token)
            try:
                return api.ask(method, path, body)
            finally:
                api.close()

        return await asyncio.to_thread(ask)


def moment(rfc3339: str) -> float:
    """Epoch seconds of a time of the API."""
    return datetime.fromisoformat(rfc3339).timestamp()
