"""What single header fields say: Via, addresses, CSeq, RAck, media types (RFC 3261 §20)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from gateway.wire.sip.errors import ProtocolError
from gateway.wire.sip.grammar import (
    HOST,
    QUOTED,
    TOKEN,
    Params,
    bare_host,
    format_params,
    parse_integer,
    parse_params,
    parse_port,
    same_host,
    split_list,
    unquote_string,
)

BRANCH_COOKIE: Final = "z9hG4bK"
CSEQ_MAX: Final = 2**31 - 1

_VIA: Final = re.compile(
    rf"SIP\s*/\s*[0-9.]+\s*/\s*({TOKEN})\s+({HOST})(?:\s*:\s*([0-9]+))?",
    re.IGNORECASE,
)
_QUOTED_NAME: Final = re.compile(rf"\s*({QUOTED})\s*<([^>]*)>(.*)", re.DOTALL)
_PLAIN_NAME: Final = re.compile(r"([^<\"]*)<([^>]*)>(.*)", re.DOTALL)
_MEDIA_TYPE: Final = re.compile(rf"({TOKEN})\s*/\s*({TOKEN})\s*(;.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Via:
    """One hop: the protocol it was sent by, who sent it and its parameters."""

    transport: str
    host: str
    port: int | None = None
    params: Params = field(default_factory=dict)

    @property
    def branch(self) -> str:
        """The branch, "" where there is none (RFC 2543)."""
        return self.params.get("branch") or ""

    @property
    def sent_by(self) -> str:
        """host:port, for comparing."""
        return f"{self.host.lower()}:{self.port or ''}"

    def received_from(self, host: str, port: int) -> Via:
        """With where it came from, as a server adds it (RFC 3261 §18.2.1, RFC 3581 §4)."""
        params = {name: value for name, value in self.params.items() if name != "received"}
        wants_port = "rport" in params
        if wants_port:
            params["rport"] = str(port)
        if wants_port or not same_host(self.host, host):
            params["received"] = host
        return replace(self, params=params)

    def __str__(self) -> str:
        port = "" if self.port is None else f":{self.port}"
        return f"SIP/2.0/{self.transport} {self.host}{port}{format_params(self.params)}"


def parse_via(value: str) -> Via:
    """Read the first hop of a Via field. Raises ProtocolError(400)."""
    sent, _, params = split_list(value)[0].partition(";")
    match = _VIA.fullmatch(sent.rstrip())
    if match is None:
        raise ProtocolError(400, "Malformed Via")
    return Via(match[1].upper(), match[2], parse_port(match[3]), parse_params(params))


@dataclass(frozen=True, slots=True)
class NameAddr:
    """An address: the URI as written, and the parameters of the field that follow it."""

    uri: str
    params: Params = field(default_factory=dict)

    @property
    def tag(self) -> str:
        """The tag of From or To, "" where there is none."""
        return self.params.get("tag") or ""


def parse_address(value: str, what: str) -> NameAddr:
    """Read From, To, Contact, Route and their like: `"Name" <uri>;p`, `Name <uri>`, or `uri;p`.

    A display name that ought to be quoted is let through, brackets that do not close are not.
    Without brackets what follows a semicolon belongs to the field (§20.10). Raises
    ProtocolError(400) that names `what`.
    """
    match = _QUOTED_NAME.fullmatch(value)
    uri, params = (match[2], match[3]) if match else _unquoted(value, what)
    uri = uri.strip()
    if not uri or (params.strip() and not params.lstrip().startswith(";")):
        raise ProtocolError(400, f"Malformed {what}")
    return NameAddr(uri, parse_params(params.strip().rstrip(";")))


def _unquoted(value: str, what: str) -> tuple[str, str]:
    match = _PLAIN_NAME.fullmatch(value)
    if match is not None:
        return match[2], match[3]
    if any(character in value for character in '<>"'):
        raise ProtocolError(400, f"Malformed {what}")
    uri, semicolon, params = value.partition(";")
    return uri, semicolon + params


class CSeq(NamedTuple):
    """A sequence number and the method it counts."""

    number: int
    method: str


def parse_cseq(value: str) -> CSeq:
    """Read CSeq (§20.16). Raises ProtocolError(400)."""
    parts = value.split()
    if len(parts) != 2:
        raise ProtocolError(400, "Malformed CSeq")
    return CSeq(parse_integer(parts[0], CSEQ_MAX, "CSeq"), parts[1])


class RAck(NamedTuple):
    """Which reliable provisional response a PRACK acknowledges (RFC 3262 §7.2)."""

    rseq: int
    cseq: CSeq


def parse_rack(value: str) -> RAck:
    """Read RAck. Raises ProtocolError(400)."""
    rseq, _, cseq = value.strip().partition(" ")
    return RAck(parse_integer(rseq, 2**32 - 1, "RAck"), parse_cseq(cseq))


class Interval(NamedTuple):
    """Session-Expires or Min-SE: seconds, and who refreshes: "uac", "uas" or "" (RFC 4028 §4)."""

    seconds: int
    refresher: str


def parse_interval(value: str) -> Interval:
    """Read Session-Expires or Min-SE. Raises ProtocolError(400)."""
    seconds, _, params = value.partition(";")
    refresher = (parse_params(params).get("refresher") or "").lower()
    return Interval(parse_integer(seconds.strip(), 2**32 - 1, "session interval"), refresher)


class MediaType(NamedTuple):
    """A media type in lower case, and its parameters."""

    name: str
    params: Params


def parse_media_type(value: str) -> MediaType:
    """Read Content-Type. Raises ProtocolError(400)."""
    match = _MEDIA_TYPE.fullmatch(value.strip())
    if match is None:
        raise ProtocolError(400, "Malformed Content-Type")
    return MediaType(f"{match[1]}/{match[2]}".lower(), parse_params(match[3] or ""))


def param_text(params: Params, name: str) -> str:
    """A parameter without its quotes, "" where it is missing."""
    return unquote_string(params.get(name) or "")


def hop_address(via: Via, source_host: str, port_default: int) -> tuple[str, int]:
    """Where a response over a datagram transport goes (RFC 3261 §18.2.2, RFC 3581 §4).

    `maddr` is not followed: it would let one packet make us send to anybody.
    """
    received = param_text(via.params, "received")
    host = bare_host(received) if received else source_host
    rport = via.params.get("rport")
    return host, int(rport) if rport else via.port or port_default
