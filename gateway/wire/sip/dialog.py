"""The dialog of a call: who both ends are, the way to the peer, and the count of requests
(RFC 3261 §12)."""

from __future__ import annotations

from typing import Final

from gateway.wire.sip.core import TRANSPORTS, UDP, Core
from gateway.wire.sip.errors import Fields, ProtocolError
from gateway.wire.sip.events import Address
from gateway.wire.sip.grammar import bare_host, is_ip, same_host, uri_host
from gateway.wire.sip.headers import CSEQ_MAX, NameAddr, parse_address
from gateway.wire.sip.incoming import Incoming, default_port
from gateway.wire.sip.message import Headers, Request
from gateway.wire.sip.uri import SIP_SCHEMES, Uri, parse_uri

_MAX_FORWARDS: Final = "70"


class Dialog:
    """Made of the INVITE by the end that is called (§12.1.1). Raises ProtocolError(400)."""

    __slots__ = (
        "_behind_nat",
        "_core",
        "_origin",
        "_remote",
        "_routes",
        "_secure",
        "_target",
        "_to",
        "call_id",
        "cseq",
        "peer_cseq",
        "remote_tag",
        "source",
        "tag",
        "transport",
    )

    def __init__(self, core: Core, incoming: Incoming, tag: str) -> None:
        headers = incoming.request.headers
        self._core = core
        self.tag = tag
        self.call_id = incoming.call_id
        self.remote_tag = incoming.origin.tag
        self.source, self.transport = incoming.source, incoming.transport
        self.cseq, self.peer_cseq = 0, incoming.cseq.number
        self._origin = f"{headers.all('to')[0]};tag={tag}"
        self._to = headers.all("from")[0]
        self._routes = headers.listed("record-route")
        for route in self._routes:
            _sip_uri(parse_address(route, "Record-Route"), "Record-Route")
        # RFC 2543 lets Contact be missing
        self._target = _contact(incoming) or incoming.origin.uri
        self._secure = incoming.uri.scheme == "sips"
        # a sender that does not know its own address gives one in Contact that leads nowhere
        self._behind_nat = not self._routes and not same_host(incoming.via.host, incoming.source[0])
        self._remote = parse_uri(self._target)
        """The target, read."""

    @property
    def contact(self) -> Fields:
        """Where the peer reaches us within the dialog."""
        host, port = self._core.local(self.transport, self.source)
        scheme = "sips" if self._secure else "sip"
        parameter = "" if self.transport == UDP else f";transport={self.transport}"
        return (("Contact", f"<{scheme}:{uri_host(host)}:{port}{parameter}>"),)

    def is_of(self, incoming: Incoming) -> bool:
        """Whether a request under our tag is of this dialog (§12)."""
        return incoming.call_id == self.call_id and incoming.origin.tag == self.remote_tag

    def take(self, incoming: Incoming) -> None:
        """Count a request of the peer's (§12.2.2). Raises ProtocolError(500) for an old one."""
        if incoming.cseq.number < self.peer_cseq:
            raise ProtocolError(500, "CSeq out of order")
        self.peer_cseq = incoming.cseq.number

    def retarget(self, incoming: Incoming) -> None:
        """Take the Contact of a target refresh request. Raises ProtocolError(400)."""
        target = _contact(incoming)
        if target is not None:
            self._target, self._remote = target, parse_uri(target)

    def request(
        self, method: str, headers: Fields = (), body: bytes = b"", number: int | None = None
    ) -> tuple[Request, tuple[Address, str]]:
        """A request of ours within the dialog, and its path (§12.2.1.1).

        `headers` end with those of the body. `number` is given for an ACK, the CSeq of its INVITE;
        any other request counts one more.
        """
        if number is None:
            self.cseq = number = self.cseq % CSEQ_MAX + 1
        uri, routes = self._way()
        path = self._path()
        host, port = self._core.local(path[1], path[0])
        sent_by = f"SIP/2.0/{path[1].upper()} {uri_host(host)}:{port}"
        fields = (
            ("Via", f"{sent_by};rport;branch={self._core.branch()}"),
            ("Max-Forwards", _MAX_FORWARDS),
            *(("Route", route) for route in routes),
            ("From", self._origin),
            ("To", self._to),
            ("Call-ID", self.call_id),
            ("CSeq", f"{number} {method}"),
            *self.contact,
            ("User-Agent", self._core.settings.user_agent),
            *headers,
        )
        return Request(method, uri, Headers(fields), body), path

    def _way(self) -> tuple[str, list[str]]:
        """Request-URI and Route: by loose routers, or by a strict one first (§12.2.1.1)."""
        if not self._routes:
            return self._target, []
        first = parse_address(self._routes[0], "Record-Route").uri
        if "lr" in parse_uri(first).params:
            return self._target, self._routes
        return first, [*self._routes[1:], f"<{self._target}>"]

    def _path(self) -> tuple[Address, str]:
        """Where requests go: along the connection of the call while it is there; else to the next
        hop where it is an address; else (a name, a peer behind NAT) back where the call came from.
        """
        source = (self.source, self.transport)
        if self.transport != UDP and source in self._core.connections:
            return source
        hop = self._remote
        if self._routes:
            hop = parse_uri(parse_address(self._routes[0], "Record-Route").uri)
        if self._behind_nat or not is_ip(bare_host(hop.host)):
            return source
        transport = (hop.params.get("transport") or self.transport).lower()
        if transport not in TRANSPORTS:
            return source
        return (bare_host(hop.host), hop.port or default_port(transport)), transport


def _contact(incoming: Incoming) -> str | None:
    """The remote target a request names, None where it names none."""
    contacts = incoming.request.headers.listed("contact")
    if not contacts:
        return None
    address = parse_address(contacts[0], "Contact")
    _sip_uri(address, "Contact")
    return address.uri


def _sip_uri(address: NameAddr, what: str) -> Uri:
    uri = parse_uri(address.uri)
    if uri.scheme not in SIP_SCHEMES:
        raise ProtocolError(400, f"{what} is no SIP URI")
    return uri
