"""One outgoing call as a soft phone makes it, sans-IO: RFC 3261 §13.1-13.2, §15.1 over UDP.

Rule: requests are repeated until they are answered (§17.1); what the gateway asks within the call
is answered: BYE ends it, INFO and OPTIONS are taken, REFER and other offers are declined.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from gateway.wire.sip.errors import ProtocolError
from gateway.wire.sip.message import Headers, Request, Response, parse_message
from gateway.wire.sip.offer_answer import Local, Offer, offer, read_offer
from gateway.wire.sip.sdp import parse_sdp

T1_SECONDS: Final = 0.5
TIMEOUT_SECONDS: Final = 64 * T1_SECONDS
_CODECS: Final = ("PCMA",)
_DECLINED: Final = {"BYE": 200, "INFO": 200, "OPTIONS": 200, "REFER": 603, "INVITE": 488}
_REASONS: Final = {200: "OK", 405: "Method Not Allowed", 488: "Not Acceptable Here", 603: "Decline"}


@dataclass(frozen=True, slots=True)
class Talking:
    """It was answered; `media` says where sound and keys go."""

    media: Offer


@dataclass(frozen=True, slots=True)
class Over:
    """It is over, and why."""

    why: str


Event = Talking | Over


@dataclass(slots=True)
class _Waiting:
    """A request that is not answered yet."""

    data: bytes
    due: float
    pause: float
    given_up: float


class SipCall:
    """A call to `number`. After every method send what `to_send` gives; `Over` comes last."""

    def __init__(
        self,
        msisdn: str,
        number: str,
        local: Local,
        sip_port: int,
        peer: str,
        ids: Callable[[], str],
    ) -> None:
        """`local` is our media, `sip_port` the port of ours that the gateway answers to, `peer`
        its host; `ids` gives tokens for tags, branches and the Call-ID."""
        self._ids = ids
        self._uri = f"sip:{number}@{peer}"
        self._target = self._uri
        own = f"{local.host}:{sip_port}"
        self._via = f"SIP/2.0/UDP {own};rport;branch=z9hG4bK"
        self._from = f"<sip:{msisdn}@{local.host}>;tag={ids()}"
        self._to = f"<{self._uri}>"
        self._contact = f"<sip:{msisdn}@{own}>"
        self._call_id = ids()
        self._cseq = 0
        self._branch = ids()
        self._offer = bytes(offer(local, _CODECS))
        self._out: list[bytes] = []
        self._waiting: _Waiting | None = None
        self._ack = b""
        self._provisional = self._hanging_up = self._over = False

    def to_send(self) -> list[bytes]:
        """Datagrams that are to leave now."""
        out, self._out = self._out, []
        return out

    def next_timer(self) -> float | None:
        """When `timer_fired` is due."""
        return self._waiting.due if self._waiting else None

    def timer_fired(self, now: float) -> list[Event]:
        """Repeat what is not answered, or give up."""
        waiting = self._waiting
        if waiting is None or now < waiting.due:
            return []
        if now >= waiting.given_up:
            return self._ends("the gateway does not answer")
        waiting.pause *= 2
        waiting.due = now + waiting.pause
        self._out.append(waiting.data)
        return []

    def invite(self, now: float) -> None:
        """Call."""
        self._cseq += 1
        self._ask(self._request("INVITE", self._branch, self._offer), now)

    def hang_up(self, now: float) -> list[Event]:
        """CANCEL before the answer, BYE after it (§9.1, §15.1.1)."""
        if self._over or self._hanging_up:
            return []
        self._hanging_up = True
        if self._ack:
            self._cseq += 1
            self._ask(self._request("BYE", self._ids()), now)
        elif self._provisional:
            self._ask(self._request("CANCEL", self._branch), now)
        return []

    def unreachable(self) -> list[Event]:
        """Nobody listens at the gateway's port."""
        return self._ends("voice is not served by this gateway")

    def receive(self, data: bytes, now: float) -> list[Event]:
        """A datagram of the gateway's."""
        message = parse_message(data)
        if message is None or message.headers.get("call-id") != self._call_id:
            return []
        if isinstance(message, Request):
            return self._asked(message)
        method = (message.headers.get("cseq") or "").rpartition(" ")[2]
        if method == "INVITE":
            return self._invited(message, now)
        self._waiting = None
        return self._ends("hung up") if method == "BYE" else []

    # --- within -------------------------------------------------------------------------------

    def _invited(self, response: Response, now: float) -> list[Event]:
        self._waiting = None
        if response.status < 200:
            self._provisional = True
            return self.hang_up(now) if self._hanging_up else []
        self._to = response.headers.get("to") or self._to
        if response.status >= 300:
            self._out.append(self._request("ACK", self._branch))
            cancelled = self._hanging_up
            return self._ends("hung up" if cancelled else f"{response.status} {response.reason}")
        if self._ack:  # a 200 once more: its ACK was lost (§13.2.2.4)
            self._out.append(self._ack)
            return []
        contact = response.headers.get("contact") or ""
        self._target = contact.partition("<")[2].partition(">")[0] or self._uri
        self._ack = self._request("ACK", self._ids())
        self._out.append(self._ack)
        try:
            media = read_offer(parse_sdp(response.body))
        except ProtocolError as fault:
            return [*self.hang_up(now), *self._ends(f"no media: {fault}")]
        if self._hanging_up:
            self._hanging_up = False
            return self.hang_up(now)
        return [Talking(media)]

    def _asked(self, request: Request) -> list[Event]:
        if request.method == "ACK":
            return []
        status = _DECLINED.get(request.method, 405)
        copied = ("via", "from", "to", "call-id", "cseq")
        rows = [row for row in request.headers.fields if row[0].lower() in copied]
        answer = Response(status, _REASONS[status], Headers((*rows, ("Content-Length", "0"))))
        self._out.append(bytes(answer))
        return self._ends("the gateway hung up") if request.method == "BYE" else []

    def _ends(self, why: str) -> list[Event]:
        self._waiting = None
        if self._over:
            return []
        self._over = True
        return [Over(why)]

    def _ask(self, data: bytes, now: float) -> None:
        self._waiting = _Waiting(data, now + T1_SECONDS, T1_SECONDS, now + TIMEOUT_SECONDS)
        self._out.append(data)

    def _request(self, method: str, branch: str, body: bytes = b"") -> bytes:
        rows = [
            ("Via", self._via + branch),
            ("Max-Forwards", "70"),
            ("From", self._from),
            ("To", self._to if method != "CANCEL" else f"<{self._uri}>"),
            ("Call-ID", self._call_id),
            ("CSeq", f"{self._cseq} {method}"),
            ("Contact", self._contact),
            *([("Content-Type", "application/sdp")] if body else []),
            ("Content-Length", str(len(body))),
        ]
        return bytes(Request(method, self._target, Headers(rows), body))
