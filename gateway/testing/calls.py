"""Whose calls pass: learnt from their SIP, for their media.

Rule: the subscriber of a call is who began it, as the first request says; a media port of the
gateway's is of the call whose descriptions name it.
"""

from __future__ import annotations

from typing import Any, Final

from gateway.domain.numbers import normalise_msisdn
from gateway.wire.sip.errors import ProtocolError
from gateway.wire.sip.headers import parse_address
from gateway.wire.sip.message import Headers, Request, Response
from gateway.wire.sip.sdp import parse_sdp
from gateway.wire.sip.uri import parse_uri

CALLS_MAX: Final = 10_000
"""Remembered; of more, those that began first are forgotten."""


class Calls:
    """Whose calls are under way."""

    def __init__(self) -> None:
        self._callers: dict[str, str] = {}
        self._ports: dict[int, str] = {}

    def subscriber(self, message: Request | Response, by: str) -> str:
        """Whose call a message is of; empty where nobody knows."""
        call_id = message.headers.get("call-id") or ""
        if by == "peer" and call_id not in self._callers:
            _remember(self._callers, call_id, _caller(message.headers))
        msisdn = self._callers.get(call_id, "")
        if by == "gateway" and message.body:
            try:
                ports = [media.port for media in parse_sdp(message.body).media]
            except ProtocolError:
                ports = []  # a body of another kind
            for port in ports:
                _remember(self._ports, port, msisdn)
        return msisdn

    def at(self, port: int) -> str:
        """Whose call a media port of the gateway's is, or was last."""
        return self._ports.get(port, "")


def _remember(table: dict[Any, str], key: Any, msisdn: str) -> None:
    table.pop(key, None)
    table[key] = msisdn
    if len(table) > CALLS_MAX:
        del table[next(iter(table))]


def _caller(headers: Headers) -> str:
    """What the network asserts (RFC 3325 §9.1), else From."""
    said = headers.get("p-asserted-identity") or headers.get("from") or ""
    try:
        number = parse_uri(parse_address(said, "From").uri).number
    except ProtocolError:
        return ""
    return normalise_msisdn(number) or ""
