"""One outgoing call, sans-IO, over UDP: RFC 3261 §13.1-13.2, §15.1 and §17.1, digest (§22.2).

Rule: a request is repeated until it is answered; what the peer asks within the call is answered:
BYE ends it, INFO and OPTIONS are taken, other offers are declined. A transfer (REFER) is accepted
and told to have succeeded (202, NOTIFY 200, RFC 3515 §2.4): who calls to test a gateway wants to
see it hand the call over, so nobody is called and the peer's BYE that follows ends the call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from gateway.wire.sip.errors import Fields, ProtocolError
from gateway.wire.sip.grammar import uri_host
from gateway.wire.sip.headers import parse_address
from gateway.wire.sip.login import Login
from gateway.wire.sip.message import Headers, Request, Response, parse_message
from gateway.wire.sip.offer_answer import Local, Offer, offer, read_offer
from gateway.wire.sip.sdp import parse_sdp
from gateway.wire.sip.status import phrase_of
from gateway.wire.sip.unanswered import Unanswered

CHALLENGES_MAX: Final = 2
"""Of one request: the first, and one because its nonce was stale."""
_CODECS: Final = ("PCMA",)
_ANSWERS: Final = {"BYE": 200, "INFO": 200, "OPTIONS": 200, "REFER": 202, "INVITE": 488}
_NOT_ALLOWED: Final = 405
_SDP: Final = (("Content-Type", "application/sdp"),)
_TRANSFERRED: Final = (
    ("Event", "refer"),
    ("Subscription-State", "terminated;reason=noresource"),
    ("Content-Type", "message/sipfrag;version=2.0"),
)
_COPIED: Final = ("via", "from", "to", "call-id", "cseq")


@dataclass(frozen=True, slots=True)
class Talking:
    """It was answered; `media` says where sound and keys go."""

    media: Offer


@dataclass(frozen=True, slots=True)
class Over:
    """It is over, and why."""

    why: str


Event = Talking | Over


def options(own: tuple[str, int], peer: str, ids: Callable[[], str]) -> tuple[str, bytes]:
    """A request outside of any call by which a peer shows that it is there (§11.1), and its
    Call-ID; `own` is host and port that the answer goes to."""
    host, call_id = uri_host(own[0]), ids()
    rows = (
        ("Via", f"SIP/2.0/UDP {host}:{own[1]};rport;branch=z9hG4bK{ids()}"),
        ("Max-Forwards", "70"),
        ("From", f"<sip:{host}>;tag={ids()}"),
        ("To", f"<sip:{uri_host(peer)}>"),
        ("Call-ID", call_id),
        ("CSeq", "1 OPTIONS"),
        ("Content-Length", "0"),
    )
    return call_id, bytes(Request("OPTIONS", f"sip:{uri_host(peer)}", Headers(rows)))


class OutgoingCall:
    """A call to `number`. After every method send what `to_send` gives; `Over` comes last."""

    def __init__(
        self,
        msisdn: str,
        number: str,
        local: Local,
        sip_port: int,
        peer: str,
        ids: Callable[[], str],
        login: Login | None = None,
    ) -> None:
        """`local` is our media, `sip_port` the port of ours that the gateway answers to, `peer`
        its host; `ids` gives tokens for tags, branches and the Call-ID; `login` answers 401 and
        407."""
        self._ids = ids
        self._login = login
        self._uri = f"sip:{number}@{uri_host(peer)}"
        self._target = self._uri
        own = f"{uri_host(local.host)}:{sip_port}"
        self._via = f"SIP/2.0/UDP {own};rport;branch=z9hG4bK"
        self._from = f"<sip:{msisdn}@{uri_host(local.host)}>;tag={ids()}"
        self._to = f"<{self._uri}>"
        self._contact = f"<sip:{msisdn}@{own}>"
        self.call_id = ids()
        self._cseq = 0
        self._branch = ""
        self._credentials: Fields = ()
        self._challenges = 0
        self._offer = bytes(offer(local, _CODECS))
        self._out: list[bytes] = []
        self._waiting: Unanswered | None = None
        self._ack = b""
        self._refusal = ("", b"")
        self._transferred = ""
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
        if not waiting.again(now):
            return self._ends("the gateway does not answer")
        self._out.append(waiting.data)
        return []

    def invite(self, now: float) -> None:
        """Call."""
        self._branch, self._provisional = self._ids(), False
        self._cseq += 1
        self._ask("INVITE", self._branch, now, _SDP, self._offer)

    def hang_up(self, now: float) -> list[Event]:
        """CANCEL before the answer, BYE after it (§9.1, §15.1.1)."""
        if self._over or self._hanging_up:
            return []
        self._hanging_up = True
        if self._ack:
            self._bye(now)
        elif self._provisional:
            self._ask("CANCEL", self._branch, now)
        return []

    def unreachable(self) -> list[Event]:
        """Nobody listens at the gateway's port."""
        return self._ends("voice is not served by this gateway")

    def receive(self, data: bytes, now: float) -> list[Event]:
        """A datagram of the gateway's."""
        message = parse_message(data)
        return [] if message is None else self.take(message, now)

    def take(self, message: Request | Response, now: float) -> list[Event]:
        """A message of the gateway's; of another call, nothing."""
        if message.headers.get("call-id") != self.call_id:
            return []
        if isinstance(message, Request):
            return self._asked(message, now)
        cseq = message.headers.get("cseq") or ""
        if self._waiting is not None and self._waiting.cseq == cseq:
            self._waiting = None
        method = cseq.rpartition(" ")[2]
        if cseq == self._refusal[0]:  # its ACK was lost (§17.1.1.2)
            self._out.append(self._refusal[1])
            return []
        if method == "INVITE":
            return self._invited(message, now)
        if method != "BYE" or message.status < 200:
            return []
        if self._is_challenged(message, "BYE"):
            self._bye(now)
            return []
        return self._ends("hung up")

    # --- within -------------------------------------------------------------------------------

    def _invited(self, response: Response, now: float) -> list[Event]:
        if response.status < 200:
            self._provisional = True
            if self._hanging_up:
                self._hanging_up = False
                return self.hang_up(now)
            return []
        if response.status >= 300:
            return self._refused(response, now)
        if self._ack:  # a 200 once more: its ACK was lost (§13.2.2.4)
            self._out.append(self._ack)
            return []
        self._to = response.headers.get("to") or self._to
        contact = response.headers.get("contact") or ""
        self._target = contact.partition("<")[2].partition(">")[0] or self._uri
        self._ack = self._request("ACK", self._ids(), self._credentials)
        self._out.append(self._ack)
        self._credentials, self._challenges = (), 0
        try:
            media = read_offer(parse_sdp(response.body))
        except ProtocolError as fault:
            return [*self.hang_up(now), *self._ends(f"no media: {fault}")]
        if self._hanging_up:
            self._hanging_up = False
            return self.hang_up(now)
        return [Talking(media)]

    def _refused(self, response: Response, now: float) -> list[Event]:
        """A final answer that is no 2xx, acknowledged on its transaction (§17.1.1.3); once more
        where it asks who we are."""
        to, self._to = self._to, response.headers.get("to") or self._to
        self._refusal = f"{self._cseq} INVITE", self._request("ACK", self._branch)
        self._out.append(self._refusal[1])
        if not self._hanging_up and not self._over and self._is_challenged(response, "INVITE"):
            self._to = to
            self.invite(now)
            return []
        words = f"{response.status} {response.reason}"
        return self._ends("hung up" if self._hanging_up else words)

    def _is_challenged(self, response: Response, method: str) -> bool:
        """Whether a request is to be sent again, now with what answers the challenge."""
        if self._login is None or self._challenges >= CHALLENGES_MAX:
            return False
        answer = self._login.answer(response, method, self._target, self._ids())
        if answer is None:
            return False
        self._challenges += 1
        self._credentials = (answer,)
        return True

    def _asked(self, request: Request, now: float) -> list[Event]:
        if request.method == "ACK":
            return []
        status = _ANSWERS.get(request.method, _NOT_ALLOWED)
        target = ""
        if request.method == "REFER":
            try:
                target = parse_address(request.headers.get("refer-to") or "", "Refer-To").uri
            except ProtocolError as fault:
                status = fault.status
        rows = [row for row in request.headers.fields if row[0].lower() in _COPIED]
        contact = [("Contact", self._contact)] if target else []
        fields = Headers((*rows, *contact, ("Content-Length", "0")))
        self._out.append(bytes(Response(status, phrase_of(status), fields)))
        if target and not self._transferred:  # a REFER that came again is the same transfer
            self._transferred = f"transferred to {target}"
            self._cseq += 1
            self._ask("NOTIFY", self._ids(), now, _TRANSFERRED, b"SIP/2.0 200 OK\r\n")
        if request.method != "BYE":
            return []
        return self._ends(self._transferred or "the gateway hung up")

    def _ends(self, why: str) -> list[Event]:
        self._waiting = None
        if self._over:
            return []
        self._over = True
        return [Over(why)]

    def _bye(self, now: float) -> None:
        self._cseq += 1
        self._ask("BYE", self._ids(), now)

    def _ask(
        self, method: str, branch: str, now: float, fields: Fields = (), body: bytes = b""
    ) -> None:
        if method in ("INVITE", "BYE"):
            fields = (*self._credentials, *fields)
        data = self._request(method, branch, fields, body)
        self._waiting = Unanswered.sent(self._cseq, method, data, now)
        self._out.append(data)

    def _request(self, method: str, branch: str, fields: Fields = (), body: bytes = b"") -> bytes:
        rows = [
            ("Via", self._via + branch),
            ("Max-Forwards", "70"),
            ("From", self._from),
            ("To", self._to if method != "CANCEL" else f"<{self._uri}>"),
            ("Call-ID", self.call_id),
            ("CSeq", f"{self._cseq} {method}"),
            ("Contact", self._contact),
            *fields,
            ("Content-Length", str(len(body))),
        ]
        return bytes(Request(method, self._target, Headers(rows), body))
