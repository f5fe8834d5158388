"""The key presses of one call as one stream, whichever way they come: each press once.

A peer may send a press twice, as an event and as an INFO or a tone: the way of its first press is
the way of the call, and the others are deaf.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from gateway.wire.rtp.packet import Packet
from gateway.wire.rtp.telephone_event import DURATION_MAX, TelephoneEvent, parse

_TIMESTAMPS: Final = 1 << 32
_SEQUENCES: Final = 1 << 16
_SEGMENT_UNITS_MIN: Final = 0xF000
"""How far, at least, the next segment of a press held past DURATION_MAX lies behind the first."""


class Source(StrEnum):
    """How presses come: telephone-event, SIP INFO, or tones in the audio."""

    EVENT = "event"
    INFO = "info"
    TONE = "tone"


class Digits:
    """Presses in, keys out. `source` is the way of this call, once there was a press."""

    __slots__ = ("_ended", "_event", "_sequence", "_ssrc", "_timestamp", "source")

    def __init__(self) -> None:
        self.source: Source | None = None
        self._ssrc: int | None = None
        self._sequence = 0
        self._timestamp = 0
        self._event = -1
        self._ended = True

    def event(self, packet: Packet) -> str:
        """The key of a telephone-event packet, at the first packet of the press; else empty.

        A press is its timestamp and event (RFC 4733 §2.5.1.2): repeats, ends, lost ends and late
        packets of an older press mean nothing new.
        """
        event = parse(packet.payload)
        if event is None or not self._is_new(packet, event):
            return ""
        return self.pressed(Source.EVENT, event.key)

    def _is_new(self, packet: Packet, event: TelephoneEvent) -> bool:
        ahead = (packet.timestamp - self._timestamp) % _TIMESTAMPS
        held = False
        if packet.ssrc == self._ssrc:
            same = event.code == self._event
            if ahead == 0 and same:
                self._ended = self._ended or event.end
                return False
            behind = (packet.sequence - self._sequence) % _SEQUENCES >= _SEQUENCES // 2
            if behind and ahead >= _TIMESTAMPS // 2:
                return False  # late: of a press before this one
            # the next segment of a press held for long is the same press (§2.5.1.3)
            held = same and not (packet.marker or self._ended)
            held = held and _SEGMENT_UNITS_MIN <= ahead <= DURATION_MAX
        self._ssrc, self._sequence = packet.ssrc, packet.sequence
        self._timestamp, self._event, self._ended = packet.timestamp, event.code, event.end
        return not held

    def pressed(self, source: Source, key: str) -> str:
        """A press that `source` tells of: its key, or empty where that is not the call's way."""
        if key and self.source is None:
            self.source = source
        return key if source is self.source else ""
