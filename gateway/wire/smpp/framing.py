"""A stream of octets into PDUs: `command_length` is judged before anything is kept (v3.4 §3.2)."""

from __future__ import annotations

from struct import Struct
from typing import Final

from gateway.wire.smpp.errors import ProtocolError
from gateway.wire.smpp.status import Status

HEADER: Final = Struct(">IIII")
HEADER_OCTETS: Final = 16
_LENGTH_OCTETS: Final = 4


class Framer:
    """Cuts a stream into whole PDUs. `broken` is set, for good, where it cannot be cut further."""

    __slots__ = ("_buffer", "_pdu_octets_max", "_wanted", "broken")

    def __init__(self, pdu_octets_max: int) -> None:
        self._pdu_octets_max = pdu_octets_max
        self._buffer = bytearray()
        self._wanted = _LENGTH_OCTETS
        self.broken: ProtocolError | None = None

    def feed(self, data: bytes) -> list[bytes]:
        """Take octets; return the PDUs that became whole, header included, each its exact length.

        After a command_length outside 16..pdu_octets_max, `broken` says why and nothing is kept.
        """
        if self.broken is not None:
            return []
        if self._buffer:
            self._buffer += data
            if len(self._buffer) < self._wanted:
                return []
            data = bytes(self._buffer)
            self._buffer.clear()
        return self._cut(data)

    def _cut(self, data: bytes) -> list[bytes]:
        frames: list[bytes] = []
        position, end, octets_max = 0, len(data), self._pdu_octets_max
        wanted = _LENGTH_OCTETS
        while end - position >= _LENGTH_OCTETS:
            length = int.from_bytes(data[position : position + _LENGTH_OCTETS], "big")
            if not HEADER_OCTETS <= length <= octets_max:
                detail = f"command_length {length}"
                self.broken = ProtocolError(Status.ESME_RINVCMDLEN, detail)
                return frames
            if end - position < length:
                wanted = length
                break
            frames.append(data[position : position + length])
            position += length
        self._buffer += data[position:]
        self._wanted = wanted
        return frames
