"""The load: one SMPP connection driven as fast as Python allows, knowing headers only.

PDUs are cut from templates and joined; what comes back is cut by its lengths. Nothing here shares
code with the server, so that neither hides the other's faults.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterator

HEADER = struct.Struct(">IIII")
BIND_TRANSCEIVER, SUBMIT_SM, DELIVER_SM = 0x09, 0x04, 0x05
SUBMIT_SM_RESP, DELIVER_SM_RESP, ENQUIRE_LINK = 0x80000004, 0x80000005, 0x15
RECEIVE_OCTETS = 262_144
ANSWER_SECONDS_MAX = 30

Pdu = tuple[int, int, int, bytes]
"""command_id, command_status, sequence_number, body."""


def pdu(command: int, sequence: int, body: bytes = b"", status: int = 0) -> bytes:
    """A PDU around a body."""
    return HEADER.pack(16 + len(body), command, status, sequence) + body


def submit_body(source: str, destination: str, text: bytes, op: int | None = None) -> bytes:
    """The body of a submit_sm from a subscriber; with `op` it is USSD (ussd_service_op)."""
    service = b"USSD\0" if op is not None else b"\0"
    tlv = b"" if op is None else b"\x05\x01\x00\x01" + bytes((op,))
    return (
        service
        + b"\x01\x01" + source.encode() + b"\0"
        + b"\x00\x01" + destination.encode() + b"\0"
        + b"\0\0\0\0\0\0\0\0\0"
        + bytes((len(text),)) + text + tlv
    )  # fmt: skip


class Connection:
    """A bound transceiver on a blocking socket."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), ANSWER_SECONDS_MAX)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""
        self._sequence = 1
        bind = b"harness\0harness1\0\0\x34\0\0\0"
        self.send(pdu(BIND_TRANSCEIVER, 1, bind))
        status = next(iter(self.receive()))[1]
        if status:
            raise SystemExit(f"the bind was refused: {status:#x}")

    def next_sequence(self) -> int:
        """The sequence_number of the next request; none comes twice on a connection."""
        self._sequence = self._sequence % 0x7FFFFFFF + 1
        return self._sequence

    def send(self, data: bytes) -> None:
        """One write."""
        self._socket.sendall(data)

    def receive(self) -> list[Pdu]:
        """What one read, or a few, made whole; enquire_link is answered here."""
        pdus: list[Pdu] = []
        while not pdus:
            data = self._socket.recv(RECEIVE_OCTETS)
            if not data:
                raise SystemExit("the server closed the connection")
            pdus = list(self._cut(self._rest + data))
        return pdus

    def _cut(self, data: bytes) -> Iterator[Pdu]:
        position, end = 0, len(data)
        while end - position >= 16:
            length, command, status, sequence = HEADER.unpack_from(data, position)
            if end - position < length:
                break
            if command == ENQUIRE_LINK:
                self.send(pdu(command | 0x80000000, sequence))
            else:
                yield command, status, sequence, data[position + 16 : position + length]
            position += length
        self._rest = data[position:]

    def close(self) -> None:
        """Without ceremony."""
        self._socket.close()


def pairs(port: int, body: bytes, count: int, window: int, clock: Callable[[], float]) -> float:
    """`count` submit_sm of one body, each answered and followed by a deliver_sm, which is
    answered; at most `window` under way. Returns pairs a second."""
    connection = Connection(port)
    began = clock()
    sent = delivered = 0
    ready = window
    while delivered < count:
        batch = [pdu(SUBMIT_SM, n + 2, body) for n in range(sent, min(sent + ready, count))]
        sent += len(batch)
        if batch:
            connection.send(b"".join(batch))
        answers = []
        for command, status, sequence, _ in connection.receive():
            if command == DELIVER_SM:
                answers.append(pdu(DELIVER_SM_RESP, sequence, b"\0"))
            elif status:
                raise SystemExit(f"submit_sm was refused: {status:#x}")
        delivered += len(answers)
        ready = window - (sent - delivered)
        if answers:
            connection.send(b"".join(answers))
    seconds = clock() - began
    connection.close()
    return count / seconds
