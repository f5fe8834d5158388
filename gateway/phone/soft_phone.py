"""Calls of a full-screen phone: SIP and RTP on two UDP sockets (RFC 3261, 3550, 4733).

Rule: what it hears is told by the gateway's live events, word for word, and is not decoded here.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from typing import Any

from gateway.phone.calls import Told
from gateway.phone.line import NoConnection, Refused
from gateway.wire.rtp.g711 import FRAME_SECONDS
from gateway.wire.rtp.speaker import Speaker
from gateway.wire.sip.login import Login
from gateway.wire.sip.offer_answer import Local, Offer
from gateway.wire.sip.outgoing import Event, OutgoingCall, Over, Talking

SILENT_SECONDS_MAX = 5.0
"""A gateway sends its silence too: where nothing comes, there is none any more."""


class _Datagrams(asyncio.DatagramProtocol):
    """A socket whose datagrams are told, and that nobody listens at the other end."""

    def __init__(self, received: Callable[[bytes], None], refused: Callable[[], None]) -> None:
        self._received = received
        self._refused = refused

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._received(data)

    def error_received(self, exc: Exception) -> None:
        self._refused()


class SoftPhone:
    """Implements `calls.Calls` against a gateway's SIP port."""

    def __init__(self, host: str, port: int, login: Login | None = None) -> None:
        """`login` answers a gateway that asks who calls."""
        self._peer = (host, port)
        self._login = login
        self._loop = asyncio.get_running_loop()
        self._sip: asyncio.DatagramTransport | None = None
        self._rtp: asyncio.DatagramTransport | None = None
        self._call: OutgoingCall | None = None
        self._told: Told = _nobody
        self._timer: asyncio.TimerHandle | None = None
        self._speaker: Speaker | None = None
        self._frame: asyncio.TimerHandle | None = None
        self._sounded_at = 0.0

    async def call(self, msisdn: str, number: str, told: Told) -> None:
        if self._call is not None:
            raise Refused("a call is under way")
        try:
            self._sip = await self._open(self._heard, self._peer)
            host, sip_port = self._sip.get_extra_info("sockname")[:2]
            self._rtp = await self._open(self._sounded, None, host)
        except OSError as fault:
            self._close()
            raise NoConnection(f"sip {self._peer[0]}:{self._peer[1]}: {fault.strerror}") from None
        rtp_port = self._rtp.get_extra_info("sockname")[1]
        local = Local(host, rtp_port, secrets.randbits(31))
        self._told = told
        peer = self._peer[0]
        self._call = OutgoingCall(msisdn, number, local, sip_port, peer, _token, self._login)
        self._call.invite(self._loop.time())
        self._after([])

    async def press(self, key: str) -> None:
        if self._speaker is None:
            raise Refused("there is no call that takes keys")
        refusal = self._speaker.press(key)
        if refusal is not None:
            raise Refused(f"the key cannot be pressed: {refusal}")

    async def hang_up(self) -> None:
        if self._call is not None:
            self._after(self._call.hang_up(self._loop.time()))

    async def drop(self) -> None:
        if self._call is not None:
            self._close()
            self._told("over", "dropped")

    # --- within -------------------------------------------------------------------------------

    async def _open(
        self, heard: Callable[[bytes], None], peer: tuple[str, int] | None, host: str = ""
    ) -> asyncio.DatagramTransport:
        local = None if peer else (host, 0)
        transport, _ = await self._loop.create_datagram_endpoint(
            lambda: _Datagrams(heard, self._refused), local_addr=local, remote_addr=peer
        )
        return transport

    def _heard(self, data: bytes) -> None:
        if self._call is not None:
            self._after(self._call.receive(data, self._loop.time()))

    def _sounded(self, _data: bytes) -> None:
        self._sounded_at = self._loop.time()

    def _refused(self) -> None:
        if self._call is not None and self._speaker is None:
            self._after(self._call.unreachable())

    def _due(self) -> None:
        if self._call is not None:
            self._after(self._call.timer_fired(self._loop.time()))

    def _after(self, events: list[Event]) -> None:
        """Send what the call has to send, then tell what became of it."""
        call, sip = self._call, self._sip
        assert call is not None, "there is a call"
        assert sip is not None, "a call has its socket"
        for data in call.to_send():
            sip.sendto(data)
        if self._timer is not None:
            self._timer.cancel()
        due = call.next_timer()
        self._timer = None if due is None else self._loop.call_at(due, self._due)
        for event in events:
            if isinstance(event, Talking):
                self._speak(event.media)
                self._told("talking", "")
            elif isinstance(event, Over):
                self._close()
                self._told("over", event.why)

    def _speak(self, media: Offer) -> None:
        self._speaker = Speaker(media.event_pt, secrets.randbits)
        self._sounded_at = self._loop.time()
        self._next_frame(media.remote, self._loop.time())

    def _next_frame(self, to: tuple[str, int], at: float) -> None:
        if self._speaker is None or self._rtp is None:
            return
        if self._loop.time() - self._sounded_at > SILENT_SECONDS_MAX:
            self._close()
            self._told("over", f"nothing came for {SILENT_SECONDS_MAX:.0f} s")
            return
        self._rtp.sendto(self._speaker.frame(), to)
        at += FRAME_SECONDS
        self._frame = self._loop.call_at(at, self._next_frame, to, at)

    def _close(self) -> None:
        for transport in (self._sip, self._rtp):
            if transport is not None:
                transport.close()
        for timer in (self._timer, self._frame):
            if timer is not None:
                timer.cancel()
        self._sip = self._rtp = self._call = self._speaker = None


def _token() -> str:
    return secrets.token_hex(8)


def _nobody(_state: str, _words: str) -> None:
    """Nobody is told before a call."""
