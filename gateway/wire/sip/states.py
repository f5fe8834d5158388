"""The four transaction machines as one table (RFC 3261 §17, RFC 6026).

`(machine, state, input) -> Row`: an input without a row is absorbed. Timers have their letters.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple


class Machine(Enum):
    """Which of the four."""

    INVITE_SERVER = "INVITE server"
    SERVER = "server"
    INVITE_CLIENT = "INVITE client"
    CLIENT = "client"


class State(Enum):
    """Transaction states; ACCEPTED is of RFC 6026."""

    CALLING = "Calling"
    TRYING = "Trying"
    PROCEEDING = "Proceeding"
    COMPLETED = "Completed"
    CONFIRMED = "Confirmed"
    ACCEPTED = "Accepted"
    TERMINATED = "Terminated"


class Input(Enum):
    """What comes: messages of the peer's (client: responses), of ours (server), and timers."""

    REQUEST = "request again"
    ACK = "ACK"
    PROVISIONAL = "1xx"
    SUCCESS = "2xx"
    FAILURE = "3xx-6xx"
    A = "Timer A"
    B = "Timer B"
    D = "Timer D"
    E = "Timer E"
    F = "Timer F"
    G = "Timer G"
    H = "Timer H"
    I = "Timer I"  # noqa: E741  the letter of the standard
    J = "Timer J"
    K = "Timer K"
    L = "Timer L"
    M = "Timer M"


class Action(Enum):
    """What a transaction does besides changing its state."""

    SEND = "send"
    RESEND = "send the last message again"
    PASS = "pass the response up"
    ACK = "send ACK"
    TIME_OUT = "report the timeout"


class Row(NamedTuple):
    """The next state, what to do, and the timers to stop and to start."""

    state: State
    actions: tuple[Action, ...] = ()
    stop: str = ""
    start: str = ""


FIRST: Final = {
    Machine.INVITE_SERVER: Row(State.PROCEEDING),
    Machine.SERVER: Row(State.TRYING),
    Machine.INVITE_CLIENT: Row(State.CALLING, (Action.SEND,), start="AB"),
    Machine.CLIENT: Row(State.TRYING, (Action.SEND,), start="EF"),
}

_SEND, _RESEND, _PASS = (Action.SEND,), (Action.RESEND,), (Action.PASS,)
_TIME_OUT = Row(State.TERMINATED, (Action.TIME_OUT,))
_OVER = Row(State.TERMINATED)

TABLE: Final[dict[Machine, dict[tuple[State, Input], Row]]] = {
    Machine.INVITE_SERVER: {
        (State.PROCEEDING, Input.REQUEST): Row(State.PROCEEDING, _RESEND),
        (State.PROCEEDING, Input.PROVISIONAL): Row(State.PROCEEDING, _SEND),
        (State.PROCEEDING, Input.SUCCESS): Row(State.ACCEPTED, _SEND, start="L"),
        (State.PROCEEDING, Input.FAILURE): Row(State.COMPLETED, _SEND, start="GH"),
        (State.COMPLETED, Input.REQUEST): Row(State.COMPLETED, _RESEND),
        (State.COMPLETED, Input.G): Row(State.COMPLETED, _RESEND, start="G"),
        (State.COMPLETED, Input.ACK): Row(State.CONFIRMED, stop="GH", start="I"),
        (State.COMPLETED, Input.H): _OVER,
        (State.CONFIRMED, Input.I): _OVER,
        # RFC 6026 absorbs it and leaves the 2xx to its timer; who asks again has not got it
        (State.ACCEPTED, Input.REQUEST): Row(State.ACCEPTED, _RESEND),
        (State.ACCEPTED, Input.SUCCESS): Row(State.ACCEPTED, _SEND),
        (State.ACCEPTED, Input.L): _OVER,
    },
    Machine.SERVER: {
        (State.TRYING, Input.SUCCESS): Row(State.COMPLETED, _SEND, start="J"),
        (State.TRYING, Input.FAILURE): Row(State.COMPLETED, _SEND, start="J"),
        (State.COMPLETED, Input.REQUEST): Row(State.COMPLETED, _RESEND),
        (State.COMPLETED, Input.J): _OVER,
    },
    Machine.INVITE_CLIENT: {
        (State.CALLING, Input.A): Row(State.CALLING, _RESEND, start="A"),
        (State.CALLING, Input.B): _TIME_OUT,
        # Timer B runs on: ours are re-INVITEs, for which nobody has to lift a receiver
        (State.CALLING, Input.PROVISIONAL): Row(State.PROCEEDING, _PASS, stop="A"),
        (State.PROCEEDING, Input.B): _TIME_OUT,
        (State.CALLING, Input.SUCCESS): Row(State.ACCEPTED, _PASS, stop="AB", start="M"),
        (State.CALLING, Input.FAILURE): Row(
            State.COMPLETED, (Action.ACK, Action.PASS), stop="AB", start="D"
        ),
        (State.PROCEEDING, Input.PROVISIONAL): Row(State.PROCEEDING, _PASS),
        (State.PROCEEDING, Input.SUCCESS): Row(State.ACCEPTED, _PASS, stop="B", start="M"),
        (State.PROCEEDING, Input.FAILURE): Row(
            State.COMPLETED, (Action.ACK, Action.PASS), stop="B", start="D"
        ),
        (State.COMPLETED, Input.FAILURE): Row(State.COMPLETED, (Action.ACK,)),
        (State.COMPLETED, Input.D): _OVER,
        (State.ACCEPTED, Input.SUCCESS): Row(State.ACCEPTED, _PASS),
        (State.ACCEPTED, Input.M): _OVER,
    },
    Machine.CLIENT: {
        (State.TRYING, Input.E): Row(State.TRYING, _RESEND, start="E"),
        (State.TRYING, Input.F): _TIME_OUT,
        (State.TRYING, Input.PROVISIONAL): Row(State.PROCEEDING),
        (State.TRYING, Input.SUCCESS): Row(State.COMPLETED, _PASS, stop="EF", start="K"),
        (State.TRYING, Input.FAILURE): Row(State.COMPLETED, _PASS, stop="EF", start="K"),
        (State.PROCEEDING, Input.E): Row(State.PROCEEDING, _RESEND, start="E"),
        (State.PROCEEDING, Input.F): _TIME_OUT,
        (State.PROCEEDING, Input.SUCCESS): Row(State.COMPLETED, _PASS, stop="EF", start="K"),
        (State.PROCEEDING, Input.FAILURE): Row(State.COMPLETED, _PASS, stop="EF", start="K"),
        (State.COMPLETED, Input.K): _OVER,
    },
}


class Duration(NamedTuple):
    """How long a timer runs, as a multiple of a settings field; over TCP and TLS at once or never.

    `doubles_to` names the field a repeated timer doubles up to, "" where it has no bound and None
    where it is not repeated.
    """

    field: str
    over_stream: str = "same"
    doubles_to: str | None = None


DURATIONS: Final = {
    "A": Duration("t1_seconds", "never", ""),
    "B": Duration("timeout_seconds"),
    "D": Duration("timeout_seconds", "at once"),
    "E": Duration("t1_seconds", "never", "t2_seconds"),
    "F": Duration("timeout_seconds"),
    "G": Duration("t1_seconds", "never", "t2_seconds"),
    "H": Duration("timeout_seconds"),
    "I": Duration("t4_seconds", "at once"),
    "J": Duration("timeout_seconds", "at once"),
    "K": Duration("t4_seconds", "at once"),
    "L": Duration("timeout_seconds"),
    "M": Duration("timeout_seconds"),
}
"""RFC 3261, Table 4."""
