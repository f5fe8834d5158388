"""The sending half of a call: a packet every 20 ms, of the playlist while there is one, of
silence while there is none.

Silence is sent because session border controllers and phones take a hole in the audio for the
death of the call. Sequence numbers run on over prompts and pauses, timestamps over holes too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gateway.wire.rtp.g711 import ALAW_SILENCE, FRAME_OCTETS, Codec
from gateway.wire.rtp.packet import FIRST_OCTET, HEADER, MARKER

_SEQUENCES: Final = 1 << 16
_WORDS: Final = 1 << 32
_PAUSE: Final = bytes((ALAW_SILENCE,)) * FRAME_OCTETS


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording, A-law at 8000 octets a second; one in memory for all calls that play it."""

    id: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class Heard:
    """How much of a clip was sent."""

    id: str
    octets: int
    octets_total: int


class Sender:
    """Makes the packets of one call; the caller sends each as it asks for it, on time.

    The clips of a playlist are joined without a gap; the last frame is filled with silence.
    """

    __slots__ = (
        "_clips",
        "_index",
        "_marker",
        "_offset",
        "codec",
        "octets",
        "packets",
        "playing",
        "sequence",
        "ssrc",
        "timestamp",
    )

    def __init__(self, codec: Codec, ssrc: int, sequence: int, timestamp: int) -> None:
        """The numbers to begin with are random (RFC 3550 §5.1): 32, 16 and 32 bits."""
        self.codec = codec
        self.ssrc = ssrc
        self.sequence = sequence
        self.timestamp = timestamp
        """Of the next packet."""
        self.packets = 0
        self.octets = 0
        self.playing = False
        self._marker = MARKER
        self._clips: Sequence[Clip] = ()
        self._index = 0
        self._offset = 0

    def play(self, clips: Sequence[Clip]) -> None:
        """Begin a playlist with the next packet, in place of one under way."""
        self._clips, self._index, self._offset = clips, 0, 0
        self._settle()

    def stop(self) -> tuple[Heard, ...]:
        """End the playlist: silence from the next packet on. Says what of it was sent."""
        heard = self.heard()
        self.play(())
        return heard

    def heard(self) -> tuple[Heard, ...]:
        """What was sent of each clip of the playlist that was begun."""
        whole = (Heard(c.id, len(c.octets), len(c.octets)) for c in self._clips[: self._index])
        if not (self.playing and self._offset):
            return tuple(whole)
        clip = self._clips[self._index]
        return (*whole, Heard(clip.id, self._offset, len(clip.octets)))

    def packet(self) -> bytes:
        """The next packet; `playing` is False from the one on that ends the playlist."""
        codec, frame = self.codec, self._frame() if self.playing else _PAUSE
        if codec.from_alaw is not None:
            frame = frame.translate(codec.from_alaw)
        kind = codec.payload_type | self._marker
        data = HEADER.pack(FIRST_OCTET, kind, self.sequence, self.timestamp, self.ssrc) + frame
        self._marker = 0
        self.sequence = (self.sequence + 1) % _SEQUENCES
        self.timestamp = (self.timestamp + FRAME_OCTETS) % _WORDS
        self.packets = (self.packets + 1) % _WORDS
        self.octets = (self.octets + FRAME_OCTETS) % _WORDS
        return data

    def skip(self, frames: int) -> None:
        """Send nothing for so many frames; the packet behind the hole is marked as the first of a
        talkspurt (RFC 3551 §4.1)."""
        self.timestamp = (self.timestamp + frames * FRAME_OCTETS) % _WORDS
        self._marker = MARKER

    def _frame(self) -> bytes:
        end = self._offset + FRAME_OCTETS
        frame = self._clips[self._index].octets[self._offset : end]
        self._offset = end
        self._settle()
        while len(frame) < FRAME_OCTETS and self.playing:
            missing = FRAME_OCTETS - len(frame)
            frame += self._clips[self._index].octets[:missing]
            self._offset = missing
            self._settle()
        return frame if len(frame) == FRAME_OCTETS else (frame + _PAUSE)[:FRAME_OCTETS]

    def _settle(self) -> None:
        """Past clips that are at their end."""
        clips, index = self._clips, self._index
        while index < len(clips) and self._offset >= len(clips[index].octets):
            index += 1
            self._offset = 0
        self._index = index
        self.playing = index < len(clips)
