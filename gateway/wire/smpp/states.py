"""Which PDU may come in which state (SMPP v3.4 §2.2-2.3, v5.0 §2.4): one table, for both roles."""

from __future__ import annotations

from enum import Enum
from typing import Final

from gateway.wire.smpp import commands as c
from gateway.wire.smpp.status import Status


class Role(Enum):
    """Which end of the session we are."""

    __hash__ = object.__hash__  # members are singletons; Enum's own hash is a call in Python

    SMSC = "server"
    ESME = "client"


class State(Enum):
    """Session states; BINDING is ours: the bind has come and its decision has not."""

    OPEN = "open"
    BINDING = "binding"
    BOUND_TX = "bound_tx"
    BOUND_RX = "bound_rx"
    BOUND_TRX = "bound_trx"
    UNBOUND = "unbound"
    CLOSED = "closed"


BOUND: Final = frozenset((State.BOUND_TX, State.BOUND_RX, State.BOUND_TRX))
BOUND_BY: Final = {
    c.BIND_TRANSMITTER: State.BOUND_TX,
    c.BIND_RECEIVER: State.BOUND_RX,
    c.BIND_TRANSCEIVER: State.BOUND_TRX,
}

_ANY: Final = frozenset(State) - {State.CLOSED}
_NEVER: Final[frozenset[State]] = frozenset()
_OPEN: Final = frozenset((State.OPEN,))
_TRANSMITS: Final = frozenset((State.BOUND_TX, State.BOUND_TRX))
_RECEIVES: Final = frozenset((State.BOUND_RX, State.BOUND_TRX))

# (command, from an ESME to the SMSC in, from the SMSC to an ESME in)
_ROWS: Final[tuple[tuple[int, frozenset[State], frozenset[State]], ...]] = (
    (c.BIND_TRANSMITTER, _OPEN, _NEVER),
    (c.BIND_RECEIVER, _OPEN, _NEVER),
    (c.BIND_TRANSCEIVER, _OPEN, _NEVER),
    (c.OUTBIND, _NEVER, _OPEN),
    (c.UNBIND, BOUND, BOUND),
    (c.ENQUIRE_LINK, _ANY, _ANY),
    (c.SUBMIT_SM, _TRANSMITS, _NEVER),
    (c.SUBMIT_MULTI, _TRANSMITS, _NEVER),
    (c.DATA_SM, _TRANSMITS, _RECEIVES),
    (c.DELIVER_SM, _NEVER, _RECEIVES),
    (c.QUERY_SM, _TRANSMITS, _NEVER),
    (c.CANCEL_SM, _TRANSMITS, _NEVER),
    (c.REPLACE_SM, _TRANSMITS, _NEVER),
    (c.ALERT_NOTIFICATION, _NEVER, _RECEIVES),
)

# What carries or concerns a message: refused while draining, handed over as an event otherwise.
MESSAGES: Final = frozenset(
    (
        c.SUBMIT_SM,
        c.SUBMIT_MULTI,
        c.DATA_SM,
        c.DELIVER_SM,
        c.QUERY_SM,
        c.CANCEL_SM,
        c.REPLACE_SM,
    )
)
# Requests the standard gives no response: out of place they can only be nacked.
UNANSWERED: Final = frozenset((c.OUTBIND, c.ALERT_NOTIFICATION))


def _verdict(command: int, state: State, allowed: frozenset[State]) -> int:
    if state in allowed:
        return Status.ESME_ROK
    if command in c.BINDS and (state in BOUND or state is State.BINDING):
        return Status.ESME_RALYBND
    if command in UNANSWERED:
        return Status.ESME_RINVCMDID
    return Status.ESME_RINVBNDSTS


# (state, command) -> the command_status to answer with; ESME_ROK: go on and read it.
TABLE: Final[dict[Role, dict[tuple[State, int], int]]] = {
    role: {
        (state, command): int(_verdict(command, state, (to_smsc, to_esme)[role is Role.ESME]))
        for command, to_smsc, to_esme in _ROWS
        for state in State
    }
    for role in Role
}


def verdicts(role: Role, state: State) -> dict[int, int]:
    """The rows of one state: command -> status. A command that is missing is unknown (0x03)."""
    return _VERDICTS[role, state]


def sendable(role: Role, state: State) -> frozenset[int]:
    """The message commands this role may send in this state: those its peer accepts in it."""
    return _SENDABLE[role, state]


_VERDICTS: Final = {
    (role, state): {command: TABLE[role][state, command] for command, _, _ in _ROWS}
    for role in Role
    for state in State
}
_PEER: Final = {Role.SMSC: Role.ESME, Role.ESME: Role.SMSC}
_SENDABLE: Final = {
    (role, state): frozenset(
        command
        for command, status in _VERDICTS[_PEER[role], state].items()
        if status == 0 and (command in MESSAGES or command == c.ALERT_NOTIFICATION)
    )
    for role in Role
    for state in State
}
