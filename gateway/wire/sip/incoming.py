"""A request with what is known of it before anybody acts on it (RFC 3261 §8.2).

`read_request` is the gate: what passes can be answered, matched and understood; the rest carries
its refusal. The order of the checks is the order in which faults are told. Max-Forwards is not
among them: 0 forbids a proxy to forward (§16.3), and a user agent server takes the request.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from gateway.wire.sip.errors import ProtocolError
from gateway.wire.sip.events import Address
from gateway.wire.sip.grammar import split_list
from gateway.wire.sip.headers import (
    BRANCH_COOKIE,
    CSeq,
    NameAddr,
    Via,
    hop_address,
    parse_address,
    parse_cseq,
    parse_via,
)
from gateway.wire.sip.message import VERSION, Request
from gateway.wire.sip.settings import Settings
from gateway.wire.sip.uri import SIP_SCHEMES, Uri, parse_uri

ALLOWED: Final = (
    "INVITE",
    "ACK",
    "BYE",
    "CANCEL",
    "OPTIONS",
    "INFO",
    "PRACK",
    "UPDATE",
    "NOTIFY",
)
ALLOW: Final = (("Allow", ", ".join(ALLOWED)),)
METHODS: Final = frozenset((*ALLOWED, "REGISTER", "MESSAGE", "PUBLISH", "REFER", "SUBSCRIBE"))
EXTENSIONS: Final = ("100rel", "timer")
SUPPORTED: Final = (("Supported", ", ".join(EXTENSIONS)),)
_SINGLE: Final = ("from", "to", "call-id", "cseq")
_SCHEMES: Final = SIP_SCHEMES | {"tel"}
_NO_REQUIRE: Final = frozenset(("ACK", "CANCEL"))
_DEFAULT_PORTS: Final = {"tls": 5061}

Key = tuple[str, ...]
"""What all retransmissions of a request, and the ACK and CANCEL of an INVITE, have in common."""


def default_port(transport: str) -> int:
    """The port a URI or Via without one means (RFC 3261 §19.1.2)."""
    return _DEFAULT_PORTS.get(transport, 5060)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request that may be acted on; its first Via says where it came from."""

    request: Request
    uri: Uri
    via: Via
    origin: NameAddr
    """From."""
    to: NameAddr
    call_id: str
    cseq: CSeq
    source: Address
    transport: str

    @property
    def method(self) -> str:
        return self.request.method

    @property
    def answer_to(self) -> Address:
        """Where responses go: back along a connection, or as Via says."""
        if self.transport != "udp":
            return self.source
        return hop_address(self.via, self.source[0], default_port(self.transport))

    def key(self, method: str) -> Key:
        """The key of its transaction as that of `method` (§17.2.3; without a branch, RFC 2543)."""
        branch = self.via.branch
        if branch.startswith(BRANCH_COOKIE) and branch != BRANCH_COOKIE:
            return (branch, self.via.sent_by, method)
        uri, number = self.request.uri, str(self.cseq.number)
        return (branch, self.via.sent_by, method, uri, self.origin.tag, self.call_id, number)


def received_from(request: Request, source: Address) -> Request:
    """The request with `received` and `rport` in its first Via, as its answers carry them.

    A Via that cannot be read stays as it is; `read_request` refuses it.
    """
    try:
        first, *others = split_list(request.headers.get("via") or "")
        via = str(parse_via(first).received_from(*source))
    except ProtocolError:
        return request
    return replace(request, headers=request.headers.with_first("via", ", ".join((via, *others))))


def read_request(request: Request, source: Address, transport: str, settings: Settings) -> Incoming:
    """Read what every request must say. Raises ProtocolError with the answer."""
    headers = request.headers
    if request.fault is not None:
        raise request.fault
    if len(headers.fields) > settings.fields_max:
        raise ProtocolError(513, "Too many header fields")
    if request.version != VERSION:
        raise ProtocolError(505)
    for name in _SINGLE:
        if len(headers.all(name)) != 1:
            raise ProtocolError(400, f"Missing or repeated {name}")
    cseq = parse_cseq(headers.all("cseq")[0])
    if cseq.method != request.method:
        raise ProtocolError(400, "CSeq of another method")
    incoming = Incoming(
        request,
        _request_uri(request.uri, settings.uri_characters_max),
        parse_via(headers.get("via") or ""),
        parse_address(headers.all("from")[0], "From"),
        parse_address(headers.all("to")[0], "To"),
        headers.all("call-id")[0],
        cseq,
        source,
        transport,
    )
    if request.method not in ALLOWED:
        raise ProtocolError(405 if request.method in METHODS else 501, headers=ALLOW)
    if request.method not in _NO_REQUIRE:
        check_extensions(headers.tokens("require"))
    return incoming


def _request_uri(text: str, characters_max: int) -> Uri:
    if len(text) > characters_max:
        raise ProtocolError(414)
    uri = parse_uri(text)
    if uri.scheme not in _SCHEMES:
        raise ProtocolError(416)
    if uri.headers is not None:
        raise ProtocolError(400, "Headers in Request-URI")
    return uri


def check_extensions(required: list[str]) -> None:
    """Raises ProtocolError(420) that names the option tags we do not support (§8.2.2.3)."""
    missing = [tag for tag in required if tag not in EXTENSIONS]
    if missing:
        raise ProtocolError(420, headers=(("Unsupported", ", ".join(missing)), *SUPPORTED))
