"""One call of a handset on the network: its SIP, its RTP, and what the gateway tells of it.

Rule: what is heard is sound or silence; what was said in words is told by the gateway's live
events. Times are those of the reactor's clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from twisted.internet.interfaces import IReactorTime
from twisted.internet.protocol import DatagramProtocol

from gateway.channels.alarm import Alarm
from gateway.channels.media_ticker import Ticker
from gateway.replay.handset import Lost, NotPlayed
from gateway.wire.rtp import packet
from gateway.wire.rtp.g711 import PCMA
from gateway.wire.rtp.speaker import SILENCE, Speaker
from gateway.wire.sip.message import Request, Response
from gateway.wire.sip.outgoing import Event, OutgoingCall, Talking


class Ear(Protocol):
    """Who holds the telephone."""

    def changed(self) -> None:
        """Something came: look at the line."""
        ...

    def lost(self, fault: Lost) -> None:
        """The gateway went away."""
        ...


@dataclass(frozen=True, slots=True)
class Said:
    """One announcement, or why there is none."""

    phrases: tuple[str, ...]
    prompts: tuple[str, ...]
    """Ids of their recordings."""
    waits: bool
    """For keys; else the call is over behind it."""
    secret: bool
    """The keys must be written nowhere."""
    sounds: int
    """How much sound had been heard when it was told (`Line.sounds`)."""


class Line(DatagramProtocol):
    """The protocol of the call's RTP socket. `begin` makes the call."""

    transport: Any

    def __init__(
        self,
        clock: IReactorTime,
        ticker: Ticker,
        send: Callable[[bytes], None],
        number: Callable[[int], int],
        ear: Ear,
    ) -> None:
        """`send` sends SIP, `number(bits)` draws numbers."""
        self.ear = ear
        self.answered = False
        self.why = ""
        """Why it is over; empty as long as it is not."""
        self.settled = False
        """The gateway told that nothing more comes of it."""
        self.said: list[Said] = []
        """What was told and not yet taken."""
        self.sounds = 0
        """Packets heard with sound in them."""
        self.asked_at = clock.seconds()
        """When the INVITE or the first packet of the last key left."""
        self.heard_at: float | None = None
        """When the first sound behind a silence was heard since then: what follows a key begins
        so, for the key cut off what was being said."""
        self._clock = clock
        self._ticker = ticker
        self._send = send
        self._number = number
        self._call: OutgoingCall | None = None
        self._alarm = Alarm(clock, self._next_timer, self._fire)
        self._speaker: Speaker | None = None
        self._remote = ("", 0)
        self._silent = True
        self._trace = ""

    @property
    def up(self) -> bool:
        """It is not over."""
        return not self.why

    @property
    def keys_waiting(self) -> int:
        """Keys that have not begun to leave."""
        return 0 if self._speaker is None or self.why else self._speaker.keys_waiting

    def begin(self, call: OutgoingCall) -> None:
        """Call."""
        self._call, self.asked_at = call, self._clock.seconds()
        call.invite(self.asked_at)
        self._after(call, [])

    def press(self, keys: str) -> None:
        """Press keys, one behind the other. Raises NotPlayed."""
        if self._speaker is None or self.why:
            raise NotPlayed("there is no call that takes keys")
        for key in keys:
            refusal = self._speaker.press(key)
            if refusal is not None:
                raise NotPlayed(f"the key {key!r} cannot be pressed: {refusal}")

    def hang_up(self) -> None:
        """BYE, or CANCEL."""
        if self._call is not None and not self.why:
            self._after(self._call, self._call.hang_up(self._clock.seconds()))

    def fall_silent(self) -> None:
        """Send nothing any more, and answer nothing: the far end has to find out."""
        self._end("dropped")

    def unreachable(self) -> None:
        """Nobody listens at the gateway's SIP port."""
        if self._call is not None and not self.why:
            self._after(self._call, self._call.unreachable())

    def take(self, message: Request | Response) -> None:
        """SIP of this call; also of one that is over, for what is repeated is answered again."""
        if self._call is not None:
            self._after(self._call, self._call.take(message, self._clock.seconds()))

    # --- what the gateway tells -----------------------------------------------------------------

    def told(self, turn: Mapping[str, Any]) -> None:
        """A `turn` of `/v1/events` of this number's calls; of another call, nothing."""
        event, refused = turn["event"], turn["refused"]
        if event == "opened" and not self._trace:
            self._trace = turn["dialogue"]
        if turn["dialogue"] != self._trace:
            return
        prompts = turn["prompts"]
        if event == "opened" and refused and not prompts:
            self._say((f"not answered: {refused}",))
            self.settled = True
        elif prompts:
            phrases = tuple(each["text"] for each in prompts)
            ids = tuple(each["id"] for each in prompts)
            self._say(phrases, ids, turn["waits"], turn["secret"])
        self.settled = self.settled or event == "released"
        self.ear.changed()

    def _say(
        self,
        phrases: tuple[str, ...],
        prompts: tuple[str, ...] = (),
        waits: bool = False,
        secret: bool = False,
    ) -> None:
        self.said.append(Said(phrases, prompts, waits, secret, self.sounds))

    # --- SIP ------------------------------------------------------------------------------------

    def _next_timer(self) -> float | None:
        return None if self._call is None else self._call.next_timer()

    def _fire(self, now: float) -> None:
        assert self._call is not None, "its timer runs"
        self._after(self._call, self._call.timer_fired(now))

    def _after(self, call: OutgoingCall, events: list[Event]) -> None:
        for data in call.to_send():
            self._send(data)
        self._alarm.set()
        for event in events:
            if isinstance(event, Talking):
                self.answered, self._remote = True, event.media.remote
                self._speaker = Speaker(event.media.event_pt, self._number)
                self._ticker.add(self)
            else:
                self._end(event.why)
            self.ear.changed()

    def _end(self, why: str) -> None:
        if self.why:
            return
        self.why = why
        self._alarm.cancel()
        self._ticker.remove(self)
        if self.transport is not None:
            self.transport.stopListening()

    # --- RTP ------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """The ticker: send a frame."""
        speaker = self._speaker
        assert speaker is not None, "it is on the ticker since it was answered"
        waiting = speaker.keys_waiting
        self.transport.write(speaker.frame(), self._remote)
        if speaker.keys_waiting < waiting:
            self.asked_at, self.heard_at = now, None
            self.ear.changed()

    def skip(self, frames: int) -> None:
        """The ticker: so many turns were missed."""
        if self._speaker is not None:
            self._speaker.skip(frames)

    def datagramReceived(self, datagram: bytes, addr: Any) -> None:
        """Twisted: a packet came."""
        heard = packet.parse(datagram)
        if heard is None or heard.payload_type != PCMA.payload_type:
            return
        silent, self._silent = self._silent, heard.payload == SILENCE
        if self._silent:
            return
        self.sounds += 1
        if silent and self.heard_at is None:
            self.heard_at = self._clock.seconds()
        self.ear.changed()
