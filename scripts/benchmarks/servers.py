"""Two servers that answer every submit_sm with its response and one constant deliver_sm.

`ours` is the gateway's SMPP session, pump and server with nothing behind it; `bare` is a Twisted
protocol that reads headers and checks nothing. Run as `python -m scripts.benchmarks.servers NAME`.
"""

from __future__ import annotations

import sys
from typing import Any

from twisted.internet import reactor
from twisted.internet.protocol import Factory, Protocol

from gateway.channels.smpp_server import Account, SmppServer
from gateway.wire.smpp.limits import Limits
from gateway.wire.smpp.pdu import DeliverSm
from scripts.benchmarks.load import (
    BIND_TRANSCEIVER,
    DELIVER_SM,
    HEADER,
    SUBMIT_SM,
    SUBMIT_SM_RESP,
    pdu,
    submit_body,
)

SCREEN = "Balance 250.00\n0 Back 00 Menu".encode("ascii")
WINDOW_PDUS_MAX = 10_000
USSR_REQUEST_TLV = (0x0501, b"\x02")


class Bare(Protocol):
    """Cuts by command_length, answers by command_id, looks at nothing else."""

    transport: Any

    def __init__(self) -> None:
        self._rest = b""
        self._sequence = 0
        self._body = submit_body("105", "79220000001", SCREEN, op=2)

    def connectionMade(self) -> None:
        """As the gateway does."""
        self.transport.setTcpNoDelay(True)

    def dataReceived(self, data: bytes) -> None:
        """One write per read."""
        data = self._rest + data
        out = []
        position, end = 0, len(data)
        while end - position >= 16:
            length, command, _, sequence = HEADER.unpack_from(data, position)
            if end - position < length:
                break
            if command == SUBMIT_SM:
                self._sequence += 1
                out.append(pdu(SUBMIT_SM_RESP, sequence, b"1\0"))
                out.append(pdu(DELIVER_SM, self._sequence, self._body))
            elif command == BIND_TRANSCEIVER:
                out.append(pdu(command | 0x80000000, sequence, b"bare\0"))
            position += length
        self._rest = data[position:]
        self.transport.write(b"".join(out))


class ConstantLink:
    """Stands where an account's link stands, and answers at once."""

    binds = 0

    def add(self, peer: Any) -> None:
        """A peer has bound."""

    def up(self, peer: Any) -> None:
        """It can be sent to."""

    def remove(self, peer: Any, reason: str) -> None:
        """It has gone."""

    def message(self, peer: Any, request: Any) -> None:
        """Answer, and deliver the constant screen to whoever wrote."""
        peer.session.respond(request, 0, "1")
        peer.send(
            DeliverSm(
                0,
                service_type="USSD",
                source_addr_npi=1,
                source_addr="105",
                dest_addr_ton=1,
                dest_addr_npi=1,
                destination_addr=request.source_addr,
                short_message=SCREEN,
                tlvs=(USSR_REQUEST_TLV,),
            ),
            None,
        )


def main() -> None:
    """Listen on a free port, say so, run until terminated."""
    if sys.argv[1:] == ["bare"]:
        factory: Any = Factory.forProtocol(Bare)
    else:
        limits = Limits(window_in_pdus_max=WINDOW_PDUS_MAX, window_out_pdus_max=WINDOW_PDUS_MAX)
        account = Account("harness", "harness1", window_pdus_max=WINDOW_PDUS_MAX)
        link: Any = ConstantLink()
        factory = SmppServer({"harness": account}, {"harness": link}, reactor, limits, 10)
    port: Any = reactor.listenTCP(0, factory, interface="127.0.0.1")
    print(f"listening smpp 127.0.0.1:{port.getHost().port}\nready", flush=True)
    reactor.run()


if __name__ == "__main__":
    main()
