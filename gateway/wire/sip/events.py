"""What a `SipUas` tells its application. `call` is the key of a call: our tag of its dialog.

Exactly one `Cancelled` or `Ended` comes for every `Invited`, unless the application ended the call
itself, by refusing the INVITE or by hanging up: then nothing more comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from gateway.wire.sip.message import Request
from gateway.wire.sip.offer_answer import Offer

Address = tuple[str, int]
"""IP address and port."""


class Outgoing(NamedTuple):
    """Octets to send. Over "tcp" and "tls": on the connection whose remote end that is, if there
    is one, else on a new one."""

    data: bytes
    destination: Address
    transport: str


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody calls; 100 was sent. Whether the source may be believed is the application's affair.

    `dialled` and `caller` are the user parts of Request-URI and From, `asserted` that of
    P-Asserted-Identity (RFC 3325), `visited` the PLMN of P-Access-Network-Info or
    P-Visited-Network-ID (RFC 7315) in digits. Without an `offer` the answer carries ours.
    """

    call: str
    request: Request
    source: Address
    transport: str
    dialled: str
    caller: str
    asserted: str | None
    visited: str | None
    offer: Offer | None


@dataclass(frozen=True, slots=True)
class Acked:
    """The 200 to the first INVITE was acknowledged: the call is up."""

    call: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The peer's answer to an offer of ours, whichever message carried it."""

    call: str
    answer: Offer


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The caller gave up before the answer; 487 was sent. The call is over."""

    call: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The call is over. `by`: "peer" (BYE), "no_ack", "no_prack", "bad_answer" (nothing we can play
    came for our offer), "session_expired", "peer_gone" (no answer, or 481, to a request of ours).

    `cause` is the Q.850 cause the peer gave (RFC 3326), `text` its words.
    """

    call: str
    by: str
    cause: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Info:
    """An INFO with a body of a type that is told; 200 was sent."""

    call: str
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Reinvited:
    """The peer offers anew, by re-INVITE or UPDATE (None: a re-INVITE that asks for our offer)."""

    call: str
    offer: Offer | None


@dataclass(frozen=True, slots=True)
class Refused:
    """A re-INVITE of ours was refused; the session goes on as it was."""

    call: str
    status: int


@dataclass(frozen=True, slots=True)
class Referred:
    """How a transfer of ours goes: 100 tried, 2xx answered, 3xx and above failed."""

    call: str
    status: int


@dataclass(frozen=True, slots=True)
class Disconnect:
    """A stream that cannot be read further: close it once what waits is sent."""

    source: Address
    transport: str


Event = (
    Invited
    | Acked
    | Answered
    | Cancelled
    | Ended
    | Info
    | Reinvited
    | Refused
    | Referred
    | Disconnect
)
