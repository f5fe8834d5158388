"""What a caller sends: a frame every 20 ms, silence or a part of a key (RFC 3550, 4733).

Rule: a caller is heard as silence, so that his keys are all he says.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from gateway.wire.rtp import packet, telephone_event
from gateway.wire.rtp.g711 import ALAW_SILENCE, FRAME_OCTETS, PCMA
from gateway.wire.rtp.telephone_event import KEYS, TelephoneEvent

KEY_FRAMES: Final = 5
"""A key lasts 100 ms."""
ENDS: Final = 3
"""The end of a key is sent so often, in case one is lost (RFC 4733 §2.5.1.4)."""
KEYS_WAITING_MAX: Final = 50
SILENCE: Final = bytes((ALAW_SILENCE,)) * FRAME_OCTETS
"""A frame without sound."""
_SEQUENCE_MASK: Final = 0xFFFF
_TIMESTAMP_MASK: Final = 0xFFFF_FFFF

Unpressed = Literal["telephone_event_not_negotiated", "keys_waiting_max", "key_unknown"]
"""Why a key cannot be pressed."""


class Speaker:
    """The sending half of one call; its packets are sent by whoever has the socket."""

    def __init__(self, event_pt: int | None, number: Callable[[int], int]) -> None:
        """`event_pt` is the payload type of telephone-event, None where it was not negotiated;
        `number(bits)` draws the numbers to begin with (RFC 3550 §5.1)."""
        self._event_pt = event_pt
        self._ssrc = number(32)
        self._sequence = number(16)
        self._timestamp = number(32)
        self._frames: list[TelephoneEvent] = []
        self._key_began = 0
        self.keys_waiting = 0
        """Keys of which no packet has left yet."""

    def press(self, key: str) -> Unpressed | None:
        """A key, behind those that are not sent yet; or why it cannot be."""
        if self._event_pt is None:
            return "telephone_event_not_negotiated"
        if self.keys_waiting >= KEYS_WAITING_MAX:
            return "keys_waiting_max"
        if len(key) != 1 or key not in KEYS:
            return "key_unknown"
        code = KEYS.index(key)
        lasts = [FRAME_OCTETS * frame for frame in range(1, KEY_FRAMES + 1)]
        self._frames += (TelephoneEvent(code, duration) for duration in lasts)
        self._frames += (TelephoneEvent(code, lasts[-1], end=True) for _ in range(ENDS))
        self.keys_waiting += 1
        return None

    def frame(self) -> bytes:
        """The next packet."""
        self._sequence = self._sequence + 1 & _SEQUENCE_MASK
        self.skip(1)
        if not self._frames or self._event_pt is None:
            return self._packet(PCMA.payload_type, self._timestamp, SILENCE, False)
        event = self._frames.pop(0)
        first = event.duration == FRAME_OCTETS
        if first:
            self._key_began = self._timestamp
            self.keys_waiting -= 1
        payload = telephone_event.build(event)
        return self._packet(self._event_pt, self._key_began, payload, first)

    def skip(self, frames: int) -> None:
        """So many frames are not sent: their time passes all the same (RFC 3550 §5.1)."""
        self._timestamp = self._timestamp + frames * FRAME_OCTETS & _TIMESTAMP_MASK

    def _packet(self, kind: int, timestamp: int, payload: bytes, marker: bool) -> bytes:
        return packet.build(
            packet.Packet(kind, self._sequence, timestamp, self._ssrc, payload, marker)
        )
