"""The media of one call: reads what came, tells of key presses, sends the next frame, reports.

All of it happens in its turn of the shared ticker, reading first: a key press that stops a prompt
stops it with the very next frame, and a flood costs no more than its share of a turn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from twisted.logger import Logger

from gateway.channels.media_ports import PortPair
from gateway.channels.media_reports import Reports
from gateway.channels.media_settings import Shared
from gateway.wire.rtp import info, packet
from gateway.wire.rtp.digits import Digits, Source
from gateway.wire.rtp.g711 import Codec
from gateway.wire.rtp.goertzel import ToneDetector
from gateway.wire.rtp.latch import Address, Latch, is_usable
from gateway.wire.rtp.reception import Reception
from gateway.wire.rtp.stream import Clip, Heard, Sender

log = Logger()

REPORT_READ_TURNS: Final = 5
"""RTCP is looked for every so many turns: 100 ms more or less matter to no report."""
_NEVER: Final = float("inf")


def no_key(key: str) -> None:
    """Nobody waits for keys."""


def no_death(heard_at: float) -> None:
    """Nobody cares."""


class Leg:
    """`on_digit(key)` and `on_dead(heard_at)` are the caller's to set; both run in the ticker's
    turn, and may call anything here."""

    def __init__(
        self,
        shared: Shared,
        ports: PortPair,
        sender: Sender,
        closed: Callable[[Leg], None],
    ) -> None:
        """`closed(leg)` is told once, and gives the ports back."""
        self.ports = ports
        self.on_digit: Callable[[str], None] = no_key
        self.on_dead: Callable[[float], None] = no_death
        self.heard_at = 0.0
        """Clock seconds of the peer's last valid packet; 0.0: none came yet."""
        self.reception: Reception | None = None
        self._shared = shared
        self._sender = sender
        self._when_closed = closed
        self._reports = Reports(shared, ports.rtcp, sender, shared.clock())
        self._digits = Digits()
        self._tones: ToneDetector | None = None
        self._latch: Latch | None = None
        self._event_pt: int | None = None
        self._turn = 0
        self._sending = True
        self._dead_at = _NEVER
        self._closed = False
        self._on_done: Callable[[], None] | None = None

    @property
    def port(self) -> int:
        """Our even port, for the SDP."""
        return self.ports.number

    # --- what the voice channel asks ------------------------------------------------------------

    def redirect(self, remote: Address | None, codec: Codec, event_pt: int | None) -> None:
        """An offer or answer names where to send, in what codec, and the payload type of
        telephone-event (RFC 3264 §8). The same address again changes nothing of the latch."""
        self._sender.codec = codec
        self._event_pt = event_pt
        self._listen_for_tones(event_pt is None)
        if self._latch is None or self._latch.offered != remote:
            nat = self._shared.settings.nat
            self._latch = Latch(remote, nat) if remote and is_usable(remote) else None
            self._reports.redirected()

    def play(self, clips: Sequence[Clip], on_done: Callable[[], None] | None = None) -> None:
        """Play clips with the next frame, in place of what is playing; `on_done()` runs in the
        turn that sends the last frame, and never for a playlist that was stopped or replaced."""
        self._sender.play(clips)
        self._on_done = on_done

    def stop(self) -> tuple[Heard, ...]:
        """Stop with the next frame; what of the playlist was sent."""
        self._on_done = None
        return self._sender.stop()

    @property
    def playing(self) -> bool:
        """Whether a playlist is under way."""
        return self._sender.playing

    def heard(self) -> tuple[Heard, ...]:
        """What of the last playlist was sent so far."""
        return self._sender.heard()

    def info(self, content_type: str, body: bytes) -> bool:
        """The body of a SIP INFO; False where it tells of no key."""
        key = info.parse(content_type, body)
        if key is None:
            return False
        self._pressed(Source.INFO, self._digits.pressed(Source.INFO, key))
        return True

    def hold(self, sending: bool) -> None:
        """Whether the peer wants to be sent to (RFC 3264 §8.4): without it time runs on, the
        prompt stands still, and nobody is dead for being silent."""
        self._sending = sending

    def watch(self) -> None:
        """From now on a peer that is not heard for `silent_seconds_max` is dead."""
        self._dead_at = self._shared.clock() + self._shared.settings.silent_seconds_max

    def close(self) -> None:
        """Say goodbye by RTCP and give the ports back. Nothing is called afterwards."""
        if self._closed:
            return
        self._closed = True
        self._on_done, self.on_digit, self.on_dead = None, no_key, no_death
        if self._latch is not None:
            remote = self._latch.remote
            self._reports.send(self._shared.clock(), remote, self.reception, bye=True)
        self._listen_for_tones(False)
        self._forget_reception()
        self._when_closed(self)

    def _listen_for_tones(self, wanted: bool) -> None:
        counts = self._shared.counts
        if self._tones is not None and not wanted:
            self._tones = None
            counts.tone_legs -= 1
        elif self._tones is None and wanted:
            if counts.tone_legs >= self._shared.settings.tone_legs_max:
                counts.tone_legs_refused += 1
                return
            self._tones = ToneDetector()
            counts.tone_legs += 1

    # --- its turns -------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Read, send, report. Whatever a callback raises ends this call's media alone."""
        try:
            self._read(now)
            latch = self._latch
            if latch is not None and not self._closed:
                self._send(latch.remote)
                if now >= self._reports.due_at:
                    self._reports.send(now, latch.remote, self.reception)
            if now >= self._dead_at:
                self._find_dead(now)
        except Exception:
            log.failure("The media of a call failed")
            self._shared.counts.legs_failed += 1
            self._give_up()

    def skip(self, frames: int) -> None:
        """Turns that were missed leave a hole."""
        self._sender.skip(frames)
        self._shared.counts.frames_skipped += frames

    def _send(self, remote: Address) -> None:
        sender = self._sender
        if not self._sending:
            sender.skip(1)
            return
        if self.ports.rtp.send(sender.packet(), remote):
            self._shared.counts.packets_sent += 1
        else:
            self._shared.counts.packets_unsent += 1
        if self._on_done is not None and not sender.playing:
            done, self._on_done = self._on_done, None
            done()

    def _find_dead(self, now: float) -> None:
        silent_seconds_max = self._shared.settings.silent_seconds_max
        since = self.heard_at if self._sending else now
        self._dead_at = max(self._dead_at, since + silent_seconds_max)
        if now >= self._dead_at and not self._closed:
            self._shared.counts.legs_dead += 1
            self._dead_at = _NEVER
            self.on_dead(self.heard_at)

    def _give_up(self) -> None:
        on_dead = self.on_dead
        self.close()
        try:
            on_dead(self.heard_at)
        except Exception:
            log.failure("The end of a call failed")

    # --- what comes ------------------------------------------------------------------------------

    def _read(self, now: float) -> None:
        receive = self.ports.rtp.receive
        for _ in range(self._shared.settings.packets_per_tick_max):
            datagram = receive()
            if datagram is None:
                break
            data, source, arrival = datagram
            self._take(data, source, now if arrival is None else arrival, now)
            if self._closed:
                return
        self._turn += 1
        if self._turn % REPORT_READ_TURNS or self._latch is None:
            return
        if self._reports.read(now, self._latch.remote[0], self.reception):
            self.heard_at = now

    def _take(self, data: bytes, source: Address, arrival: float, now: float) -> None:
        counts, latch, heard = self._shared.counts, self._latch, packet.parse(data)
        if heard is None:
            counts.packets_invalid += 1
            return
        audio = heard.payload_type == self._sender.codec.payload_type
        wanted = audio or heard.payload_type == self._event_pt
        if latch is None or not (latch.accepts(source) if wanted else latch.knows(source)):
            counts.packets_of_strangers += 1
            return
        self.heard_at = now
        counts.packets_received += 1
        if not wanted:  # comfort noise, no-op packets, another codec
            counts.packets_unwanted += 1
            return
        reception = self.reception
        if reception is None or reception.ssrc != heard.ssrc:
            self._forget_reception()
            self.reception = reception = Reception(heard.ssrc, heard.sequence)
        in_order = reception.heard(heard.sequence)
        if not audio:  # a key counts whatever became of the sequence numbers
            self._pressed(Source.EVENT, self._digits.event(heard))
        elif not in_order:
            counts.packets_unwanted += 1
        else:
            reception.timed(heard.timestamp, arrival)
            self._search_for_tones(heard.payload)

    def _search_for_tones(self, payload: bytes) -> None:
        if self._tones is not None:
            for key in self._tones.heard(self._sender.codec, payload):
                self._pressed(Source.TONE, self._digits.pressed(Source.TONE, key))

    def _pressed(self, source: Source, key: str) -> None:
        if key:
            digits = self._shared.counts.digits
            digits[source] = digits.get(source, 0) + 1
            self.on_digit(key)

    def _forget_reception(self) -> None:
        if self.reception is not None:
            self._shared.counts.packets_lost += max(0, self.reception.lost)
            self._shared.counts.packets_out_of_order += self.reception.out_of_order
            self.reception = None
