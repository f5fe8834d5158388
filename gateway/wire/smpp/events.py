"""What a session tells its caller, besides the peer's requests, which are events themselves.

A valid request (`SubmitSm`, `DeliverSm`, `DataSm`, `SubmitMulti`, `QuerySm`, `CancelSm`,
`ReplaceSm`, `AlertNotification`, `Outbind`) is handed over as the PDU it is: nothing is wrapped
on the hot path.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gateway.wire.smpp.pdu import Bind, BindResp, Response
from gateway.wire.smpp.states import State


@dataclass(frozen=True, slots=True)
class BindRequested:
    """A peer asks to bind: answer with `accept_bind` or `refuse_bind`, at once or later.

    What the peer sends meanwhile waits for the decision.
    """

    pdu: Bind


@dataclass(frozen=True, slots=True)
class Bound:
    """Our own bind was accepted (client role)."""

    state: State
    pdu: BindResp


@dataclass(frozen=True, slots=True)
class BindRefused:
    """Our own bind was refused (client role); `Closed` follows."""

    status: int


@dataclass(slots=True)
class Answered:
    """The peer answered a request of ours. `pdu` is None for a body that cannot be read.

    `status` is the answer's command_status; a generic_nack answers too.
    """

    context: Any
    status: int
    pdu: Response | None


@dataclass(slots=True)
class Lost:
    """A request of ours that will get no answer: whether the peer acted on it is unknown.

    `sent` is False for one that never left the queue.
    """

    context: Any
    reason: str
    sent: bool


@dataclass(frozen=True, slots=True)
class PduRefused:
    """The session refused a PDU of the peer's by itself and answered it; for logs and counters."""

    command: int
    sequence: int
    status: int
    detail: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The end: send what `data_to_send` holds, then close the transport.

    Once; after it come at most `PduRefused` for what the peer sent behind its unbind.

    `status` is what our generic_nack said, else 0. `reason` is one of

    - unbound: unbind was answered, whoever asked for it
    - bind_refused, bind_timeout: our bind was refused, or not answered
    - unusable_stream: a command_length that cannot be framed
    - session_init_timeout: no bind in time
    - enquire_link_timeout, unbind_timeout: ours was not answered
    - drain_timeout: draining took too long
    - connection_lost: the transport went away
    - closed: by the caller
    """

    reason: str
    status: int = 0
