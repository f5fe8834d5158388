"""Sessions in a test: bound ones, raw PDUs, two joined in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

from gateway.wire.smpp import codec, commands
from gateway.wire.smpp.framing import HEADER, Framer
from gateway.wire.smpp.limits import Limits
from gateway.wire.smpp.pdu import (
    Bind,
    BindReceiver,
    BindTransceiver,
    BindTransmitter,
    DeliverSm,
    Pdu,
    SubmitSm,
)
from gateway.wire.smpp.session import Session
from gateway.wire.throttle import Throttle

BINDS: dict[str, type[Bind]] = {
    "TX": BindTransmitter,
    "RX": BindReceiver,
    "TRX": BindTransceiver,
}
_Event = TypeVar("_Event")


def raw(command: int, body: bytes | str = b"", sequence: int = 7) -> bytes:
    """A PDU of any body, its command_length right."""
    octets = bytes.fromhex(body) if isinstance(body, str) else body
    return HEADER.pack(16 + len(octets), command, 0, sequence) + octets


def answers(session: Session) -> list[tuple[str, int, int]]:
    """(command, status, sequence_number) of everything the session has to send."""
    framer = Framer(70_000)
    found = framer.feed(b"".join(session.data_to_send()))
    headers = [HEADER.unpack_from(frame) for frame in found]
    return [(commands.name_of(command), status, number) for _, command, status, number in headers]


def sent(session: Session) -> list[Pdu]:
    """The PDUs the session has to send, parsed."""
    return [codec.parse(frame) for frame in session.data_to_send()]


def bound_server(
    how: str = "TRX",
    limits: Limits | None = None,
    version: int = 0x34,
    throttle: Throttle | None = None,
) -> Session:
    """A server session bound at time 0, its bind response taken."""
    session = Session.server(0.0, limits)
    session.receive(codec.build(BINDS[how](1, "harness", "harness1", "", version)), 0.0)
    session.accept_bind(0.0, "gateway", throttle=throttle)
    session.data_to_send()
    return session


def submit(sequence: int = 7, **fields: Any) -> SubmitSm:
    """A submit_sm to 105."""
    given = {"source_addr": "79220000001", "destination_addr": "105", "short_message": b"1"}
    return SubmitSm(sequence, **{**given, **fields})


def deliver(sequence: int = 0, **fields: Any) -> DeliverSm:
    """A deliver_sm from 105."""
    given = {"source_addr": "105", "destination_addr": "79220000001", "short_message": b"menu"}
    return DeliverSm(sequence, **{**given, **fields})


def only(events: list[Any], kind: type[_Event]) -> _Event:
    """The single event of this kind."""
    found = [event for event in events if isinstance(event, kind)]
    assert len(found) == 1, events
    return found[0]


@dataclass
class Joined:
    """A client and a server session in memory; `settle` carries octets until nothing moves."""

    client: Session
    server: Session
    to_client: list[Any] = field(default_factory=list)
    to_server: list[Any] = field(default_factory=list)

    def settle(self, now: float) -> None:
        """Carry what either has to send; collect the events of both."""
        while True:
            up = b"".join(self.client.data_to_send())
            down = b"".join(self.server.data_to_send())
            if not up and not down:
                return
            self.to_server += self.server.receive(up, now)
            self.to_client += self.client.receive(down, now)


def joined(limits: Limits | None = None, bind: Bind | None = None) -> Joined:
    """Both ends bound as transceiver at time 0, the events of binding dropped."""
    given = bind if bind is not None else BindTransceiver(0, "harness", "harness1")
    pair = Joined(Session.client(given, 0.0, limits), Session.server(0.0, limits))
    pair.settle(0.0)
    pair.to_server = pair.server.accept_bind(0.0, "gateway")
    pair.settle(0.0)
    pair.to_client.clear()
    return pair
