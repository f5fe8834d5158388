"""Captures that Wireshark opens, written without root: packets made around octets we saw anyway.

Rule: link type 101, raw IP (the pcap format, draft-ietf-opsawg-pcap §4); one PDU or datagram a
packet, flushed at once. There was no packet, so IP and TCP headers are made up: no handshake,
checksums 0, sequence numbers counted on from a thousand.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from struct import Struct
from threading import Lock
from typing import Final

Address = tuple[str, int]
"""Host as digits, and port."""

_FILE: Final = Struct("<IHHiIII")
_PACKET: Final = Struct("<IIII")
_IPV4: Final = Struct(">BBHHHBBH4s4s")
_IPV6: Final = Struct(">IHBB16s16s")
_TCP: Final = Struct(">HHIIBBHHH")
_UDP: Final = Struct(">HHHH")

_MAGIC, _LINK_RAW_IP, _SNAP_OCTETS = 0xA1B2C3D4, 101, 65_535
_PROTO_TCP, _PROTO_UDP, _HOPS = 6, 17, 64
_PSH_ACK, _WINDOW, _FIRST_SEQUENCE = 0x18, 65_535, 1000
PAYLOAD_OCTETS_MAX: Final = 60_000
"""More goes into several packets."""


class Capture:
    """One file, written by the reactor's thread and closed by any. A context manager."""

    def __init__(self, path: Path, now: Callable[[], float]) -> None:
        """`now` gives epoch seconds. Raises OSError."""
        self._file = path.open("wb")
        self._now = now
        self._lock = Lock()
        self._sequences: dict[tuple[Address, Address], int] = {}
        self._file.write(_FILE.pack(_MAGIC, 2, 4, 0, 0, _SNAP_OCTETS, _LINK_RAW_IP))
        self._file.flush()

    def stream(self, source: Address, destination: Address, octets: bytes) -> None:
        """Octets of a TCP connection."""
        for at in range(0, len(octets), PAYLOAD_OCTETS_MAX):
            part = octets[at : at + PAYLOAD_OCTETS_MAX]
            sequence = self._sequences.get((source, destination), _FIRST_SEQUENCE)
            acknowledged = self._sequences.get((destination, source), _FIRST_SEQUENCE)
            self._sequences[source, destination] = (sequence + len(part)) & 0xFFFFFFFF
            header = _TCP.pack(
                source[1], destination[1], sequence, acknowledged, 5 << 4, _PSH_ACK, _WINDOW, 0, 0
            )
            self._write(_PROTO_TCP, source, destination, header + part)

    def datagram(
        self, source: Address, destination: Address, octets: bytes, at: float | None = None
    ) -> None:
        """One UDP datagram, taken now or `at` (epoch seconds)."""
        length = _UDP.size + len(octets)
        header = _UDP.pack(source[1], destination[1], length, 0)
        self._write(_PROTO_UDP, source, destination, header + octets, at)

    def close(self) -> None:
        """End the file; what comes after is not in it."""
        with self._lock:
            self._file.close()

    def __enter__(self) -> Capture:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def _write(
        self,
        protocol: int,
        source: Address,
        destination: Address,
        payload: bytes,
        at: float | None = None,
    ) -> None:
        packet = _ip(protocol, source[0], destination[0], len(payload)) + payload
        moment = self._now() if at is None else at
        seconds, microseconds = divmod(int(moment * 1_000_000), 1_000_000)
        with self._lock:
            if self._file.closed:
                return
            self._file.write(_PACKET.pack(seconds, microseconds, len(packet), len(packet)) + packet)
            self._file.flush()


def _ip(protocol: int, source: str, destination: str, octets: int) -> bytes:
    """The header of IPv4 (RFC 791 §3.1) or IPv6 (RFC 8200 §3)."""
    came, goes = ip_address(source), ip_address(destination)
    if came.version == 6:
        return _IPV6.pack(6 << 28, octets, protocol, _HOPS, came.packed, goes.packed)
    length = _IPV4.size + octets
    return _IPV4.pack(0x45, 0, length, 0, 0, _HOPS, protocol, 0, came.packed, goes.packed)
