"""Key presses as RTP payloads of telephone-event (RFC 4733 §2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import Final

KEYS: Final = "0123456789*#ABCD"
"""The DTMF events, 0 to 15 (§3.2)."""
_PAYLOAD: Final = Struct(">BBH")
_END: Final = 0x80
_VOLUME: Final = 0x3F
DURATION_MAX: Final = 0xFFFF


@dataclass(frozen=True, slots=True)
class TelephoneEvent:
    """An event while it lasts. The R bit is read past and written as 0."""

    code: int
    duration: int
    """So far, in timestamp units (1/8000 s)."""
    end: bool = False
    volume: int = 10
    """Below 0 dBm0, in dB."""

    @property
    def key(self) -> str:
        """The key pressed; empty for an event that is none (flash, fax tones)."""
        return KEYS[self.code] if self.code < len(KEYS) else ""


def build(event: TelephoneEvent) -> bytes:
    """The payload of an event."""
    flags = (_END if event.end else 0) | event.volume
    return _PAYLOAD.pack(event.code, flags, event.duration)


def parse(payload: bytes) -> TelephoneEvent | None:
    """A payload, octets behind it left alone; None where it is too short."""
    if len(payload) < _PAYLOAD.size:
        return None
    code, flags, duration = _PAYLOAD.unpack_from(payload)
    return TelephoneEvent(code, duration, flags >= _END, flags & _VOLUME)
