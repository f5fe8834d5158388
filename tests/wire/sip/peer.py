"""A scripted caller: it builds what a telephone sends and reads what comes back. No clock."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from gateway.wire.sip.events import Event
from gateway.wire.sip.headers import parse_address
from gateway.wire.sip.message import Headers, Request, Response, parse_message
from gateway.wire.sip.offer_answer import Local, offer
from gateway.wire.sip.settings import Settings
from gateway.wire.sip.uas import SipUas

OURS = ("192.0.2.99", 5060)
PHONE = ("192.0.2.7", 5062)
SDP = offer(Local("192.0.2.7", 40000, 1))
ANSWER = offer(Local("192.0.2.99", 30000, 2), ("PCMA",))
Fields = tuple[tuple[str, str], ...]


def machine(**settings: object) -> SipUas:
    """A `SipUas` with tokens that are counted."""
    numbers = itertools.count(1)
    return SipUas(
        Settings(**settings),  # type: ignore[arg-type]
        lambda: f"token{next(numbers):011d}",
        lambda transport, peer: OURS,
    )


class Caller:
    """One telephone and one call of its."""

    def __init__(
        self,
        uas: SipUas | None = None,
        transport: str = "udp",
        source: tuple[str, int] = PHONE,
        **settings: object,
    ) -> None:
        self.uas = uas or machine(**settings)
        self.transport = transport
        self.source = source
        self.cseq = 0
        self.to = "<sip:0505@192.0.2.99>"
        self.call_id = "call-1"
        self.tag = "caller"
        self.call = ""
        self.sent: list[Response | Request] = []
        self.paths: list[tuple[tuple[str, int], str]] = []

    def request(
        self,
        method: str,
        *fields: tuple[str, str],
        body: bytes = b"",
        cseq: int | None = None,
        branch: str = "",
        uri: str = "sip:0505@192.0.2.99",
        content_type: str = "application/sdp",
    ) -> Request:
        """The next request of the call, or of another CSeq."""
        if cseq is None:
            self.cseq += 1
            cseq = self.cseq
        host, port = self.source
        host = f"[{host}]" if ":" in host else host
        branch = branch or f"z9hG4bK{self.call_id}{method}{cseq}"
        given = {name for name, _ in fields}
        standard = (
            ("Via", f"SIP/2.0/{self.transport.upper()} {host}:{port};branch={branch};rport"),
            ("From", f"<sip:+79220000001@192.0.2.7>;tag={self.tag}"),
            ("To", self.to),
            ("Call-ID", self.call_id),
            ("CSeq", f"{cseq} {method}"),
            ("Contact", f"<sip:phone@{host}:{port}>"),
            *((("Content-Type", content_type),) if body else ()),
            ("Content-Length", str(len(body))),
        )
        rows = (*(row for row in standard if row[0] not in given), *fields)
        return Request(method, uri, Headers(rows), body)

    def send(self, message: Request | Response | bytes, now: float = 0.0) -> list[Event]:
        """Give it to the machine; `sent` then holds what came back."""
        events = self.uas.receive(bytes(message), self.source, self.transport, now)
        self.collect()
        return events

    def wait(self, now: float) -> list[Event]:
        """Let the timers run up to `now`, each at its moment."""
        events: list[Event] = []
        while (at := self.uas.next_timer()) is not None and at <= now:
            events += self.uas.timer_fired(at)
        self.collect()
        return events

    def collect(self) -> list[Response | Request]:
        """What waits to leave, parsed."""
        out = self.uas.data_to_send()
        self.sent = [parse_message(item.data) for item in out]  # type: ignore[misc]
        self.paths = [(item.destination, item.transport) for item in out]
        return self.sent

    def invite(self, *fields: tuple[str, str], now: float = 0.0, sdp: bytes = bytes(SDP)):
        """Call; `call` is its key."""
        self.invited = self.request("INVITE", *fields, body=sdp)
        events = self.send(self.invited, now)
        if events:
            self.call = events[0].call  # type: ignore[union-attr]
        return events

    def talk(self, *fields: tuple[str, str]) -> str:
        """A call that is up."""
        self.invite(*fields)
        assert self.uas.answer(self.call, 0.0, ANSWER)
        self.answer = self.learn()
        self.ack()
        return self.call

    def learn(self) -> Response:
        """Take our tag from the last response."""
        response = next(m for m in reversed(self.collect() or self.sent) if _tagged(m))
        self.to = response.headers.all("to")[0]
        assert isinstance(response, Response)
        return response

    def ack(self, now: float = 0.0, body: bytes = b"", cseq: int | None = None) -> list[Event]:
        """The ACK of a 2xx: a transaction of its own."""
        cseq = cseq or self.cseq
        return self.send(
            self.request("ACK", cseq=cseq, branch=f"z9hG4bK{self.call_id}ack{cseq}", body=body), now
        )

    def reply(self, request: Request, status: int, *fields: tuple[str, str], body: bytes = b""):
        """A response of the telephone's to a request of ours."""
        copied = ("via", "from", "to", "call-id", "cseq")
        rows = [(name, value) for name in copied for value in request.headers.all(name)]
        rows += [*fields, ("Content-Length", str(len(body)))]
        if body:
            rows.append(("Content-Type", "application/sdp"))
        return Response(status, "", Headers(rows), body)


def _tagged(message: Response | Request) -> bool:
    to = message.headers.get("to") or ""
    return isinstance(message, Response) and bool(parse_address(to, "To").tag)


def statuses(messages: Sequence[Response | Request]) -> list[int | str]:
    """Status of each response, method of each request."""
    return [m.status if isinstance(m, Response) else m.method for m in messages]
