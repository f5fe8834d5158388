"""Faults that a test scripts: what becomes of the messages between the gateway and its peers.

Rule: a fault is a condition and an effect, and any may hold at once: a message's fate is what all
of them that meet it make of it. Counting is by each fault for itself, so scripts are exact; a
message that its sender repeats is met again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypedDict, Unpack

from gateway.domain.numbers import normalise_msisdn
from gateway.menu.problems import suggest
from gateway.testing import fate as effects
from gateway.testing.fate import Fate, Fault, Message
from gateway.wire.sip.incoming import METHODS
from gateway.wire.smpp import commands
from gateway.wire.smpp.status import Status

AUDIO, EVENT, RTCP = "audio", "telephone-event", "rtcp"
_SIP_STATUSES: Final = range(200, 700)


def response_to(method: str) -> str:
    """The kind of the responses to a SIP method."""
    return f"{method} response"


class Script(TypedDict, total=False):
    """What can be said of a fault: one effect or several, and conditions."""

    status: str | int
    """`ESME_RTHROTTLED`, 503: what a request is answered with, or a response carries."""
    delay: float
    """Seconds."""
    jitter: float
    """Up to so many seconds of delay, spread evenly, the same in every run."""
    drop: bool
    duplicate: bool
    reorder: bool
    """The next one of its kind overtakes."""
    throttle: float
    """More a second are answered ESME_RTHROTTLED, or 503."""
    bind: str
    """SMPP: of connections with this system_id."""
    peer: str
    """To and from this host, or `host:port`."""
    by: Literal["", "gateway", "peer"]
    """Who sends."""
    msisdn: str
    """Of this subscriber."""
    every: int
    """Each n-th."""
    after: int
    """The first so many pass."""
    times: int | None
    """No more than so many."""


@dataclass(frozen=True, slots=True)
class _Protocol:
    """What faults of a protocol can say."""

    name: str
    status: Callable[[str | int], int] | None = None
    """Reads a status; None: nothing is answered."""
    throttled: int = 0
    binds: bool = False


class Faults:
    """The faults of one gateway, on all it speaks: a method for each kind of message adds one.

        gw.faults.submit_sm(status="ESME_RTHROTTLED", every=10)
        gw.faults.deliver_sm(delay=0.5, msisdn="79220000001")
        gw.faults.sip("INVITE", status=503, times=1)
        gw.faults.rtp(drop=True, every=20, by="peer")

    What can be said of each is `Script`; any of it may be given together.
    """

    def __init__(self) -> None:
        self._faults: tuple[Fault, ...] = ()

    # --- SMPP -----------------------------------------------------------------------------------

    def pdu(self, command: str, **script: Unpack[Script]) -> Fault:
        """Of the PDUs of one command (`query_sm_resp`). Raises ValueError for a command or status
        that SMPP has not, and for a fault without an effect."""
        return self._made(_SMPP, [_known(command, commands.NAMES.values(), "SMPP")], script)

    def submit_sm(self, **script: Unpack[Script]) -> Fault:
        """What a network submits to the gateway, or the gateway to an SMSC."""
        return self.pdu("submit_sm", **script)

    def submit_sm_resp(self, **script: Unpack[Script]) -> Fault:
        """The answers to it."""
        return self.pdu("submit_sm_resp", **script)

    def deliver_sm(self, **script: Unpack[Script]) -> Fault:
        """What the gateway delivers to a network, or an SMSC to the gateway."""
        return self.pdu("deliver_sm", **script)

    def deliver_sm_resp(self, **script: Unpack[Script]) -> Fault:
        """The answers to it."""
        return self.pdu("deliver_sm_resp", **script)

    def data_sm(self, **script: Unpack[Script]) -> Fault:
        """data_sm, either way."""
        return self.pdu("data_sm", **script)

    def enquire_link(self, **script: Unpack[Script]) -> Fault:
        """enquire_link, either way."""
        return self.pdu("enquire_link", **script)

    def enquire_link_resp(self, **script: Unpack[Script]) -> Fault:
        """The answers to it."""
        return self.pdu("enquire_link_resp", **script)

    # --- calls ----------------------------------------------------------------------------------

    def sip(self, method: str, **script: Unpack[Script]) -> Fault:
        """SIP requests of a method, either way (`by="gateway"`: those of ours); each time they are
        sent. Raises ValueError for what is no method, and for what cannot be said of it."""
        if "status" in script and method == "ACK":
            raise ValueError("an ACK is not answered (RFC 3261 §17.1.1.3): give no status")
        return self._made(_SIP, [_known(method, METHODS, "SIP")], script)

    def sip_response(self, method: str, **script: Unpack[Script]) -> Fault:
        """SIP responses to requests of a method, provisional ones too."""
        return self._made(_SIP, [response_to(_known(method, METHODS, "SIP"))], script)

    def rtp(self, **script: Unpack[Script]) -> Fault:
        """RTP packets: sound and key presses, either way."""
        return self._made(_RTP, [AUDIO, EVENT], script)

    def telephone_event(self, **script: Unpack[Script]) -> Fault:
        """RTP packets of key presses alone (RFC 4733)."""
        return self._made(_RTP, [EVENT], script)

    def rtcp(self, **script: Unpack[Script]) -> Fault:
        """Reports of RTCP."""
        return self._made(_RTP, [RTCP], script)

    # --- all ------------------------------------------------------------------------------------

    def half_open(self, bind: str = "", *, msisdn: str = "", peer: str = "") -> Fault:
        """Connections stay and carry nothing any more, either way, as where a host died: those of
        a bind, or a peer's (`host:port`); or all that is a subscriber's, his call too."""
        return self._add(Fault(effects.drop, bind=bind, msisdn=_number(msisdn), peer=peer))

    def clear(self) -> None:
        """Lift every fault."""
        for fault in self._faults:
            fault.end()
        self._faults = ()

    def fate(self, message: Message, now: float) -> Fate:
        """What becomes of a message that passes now (monotonic seconds)."""
        fate = Fate()
        for fault in self._faults:
            if fault.befalls(message):
                fault.effect(fate, now)
        return fate

    def _made(self, protocol: _Protocol, kinds: Iterable[str], script: Script) -> Fault:
        for name in script.keys() - Script.__annotations__.keys():
            hint = suggest(name, Script.__annotations__, "those")
            raise TypeError(f"of a fault {name!r} is not said: {hint}")
        return self._scripted(protocol, kinds, **script)

    def _scripted(
        self,
        protocol: _Protocol,
        kinds: Iterable[str],
        *,
        status: str | int | None = None,
        delay: float = 0.0,
        jitter: float = 0.0,
        drop: bool = False,
        duplicate: bool = False,
        reorder: bool = False,
        throttle: float | None = None,
        bind: str = "",
        peer: str = "",
        by: Literal["", "gateway", "peer"] = "",
        msisdn: str = "",
        every: int = 1,
        after: int = 0,
        times: int | None = None,
    ) -> Fault:
        if protocol.status is None and (status is not None or throttle is not None):
            raise ValueError(f"{protocol.name} is not answered: give no status and no throttle")
        if bind and not protocol.binds:
            raise ValueError(f"{protocol.name} has no binds: give peer or msisdn")
        answered = 0
        if protocol.status is not None and status is not None:
            answered = protocol.status(status)
        wanted = [
            effect
            for said, effect in (
                (status is not None, effects.answer(answered)),
                (delay, effects.delay(delay)),
                (jitter, effects.jitter(jitter)),
                (drop, effects.drop),
                (duplicate, effects.duplicate),
                (reorder, effects.overtake),
                (throttle, effects.throttle(throttle or 1.0, protocol.throttled)),
            )
            if said
        ]
        if not wanted or every < 1:
            raise ValueError("a fault has an effect (drop=True, delay=0.5), and every is 1 or more")
        number, effect = _number(msisdn), effects.together(wanted)
        return self._add(
            Fault(effect, frozenset(kinds), bind, peer, by, number, every, after, times)
        )

    def _add(self, fault: Fault) -> Fault:
        self._faults = (*self._faults, fault)
        return fault


def _known(name: str, known: Iterable[str], protocol: str) -> str:
    names = sorted(known)
    if name not in names:
        raise ValueError(f"{protocol} has no {name!r}: {suggest(name, names, 'they')}")
    return name


def _number(msisdn: str) -> str:
    number = normalise_msisdn(msisdn) if msisdn else ""
    if number is None:
        raise ValueError(f"{msisdn!r} is no MSISDN, as 79220000001")
    return number


def _smpp_status(status: str | int) -> int:
    if isinstance(status, int):
        return status
    if status not in Status.__members__:
        raise ValueError(
            f"SMPP has no status {status!r}: {suggest(status, Status.__members__, 'they')}"
        )
    return int(Status[status])


def _sip_status(status: str | int) -> int:
    if not str(status).isdecimal() or int(status) not in _SIP_STATUSES:
        raise ValueError(f"SIP has no final status {status!r}, as 503")
    return int(status)


_SMPP: Final = _Protocol("SMPP", _smpp_status, Status.ESME_RTHROTTLED, binds=True)
_SIP: Final = _Protocol("SIP", _sip_status, 503)
_RTP: Final = _Protocol("RTP")
