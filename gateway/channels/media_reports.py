"""The RTCP of one call: what we sent and how we heard, every few seconds; what the peer says."""

from __future__ import annotations

from typing import Final

from gateway.channels.media_ports import Port
from gateway.channels.media_settings import Shared
from gateway.wire.rtp import rtcp
from gateway.wire.rtp.g711 import SAMPLES_PER_SECOND
from gateway.wire.rtp.latch import Address
from gateway.wire.rtp.reception import Reception
from gateway.wire.rtp.stream import Sender

DATAGRAMS_READ_MAX: Final = 4
_NTP_UNITS: Final = 1 << 32
_NTP_TIMESTAMPS: Final = 1 << 64


class Reports:
    """Sent to the port above that of the audio, or to where the peer's own come from."""

    __slots__ = ("_packets_told", "_port", "_remote", "_sender", "_shared", "due_at")

    def __init__(self, shared: Shared, port: Port, sender: Sender, now: float) -> None:
        self._shared = shared
        self._port = port
        self._sender = sender
        self._packets_told = 0
        self._remote: Address | None = None
        self.due_at = 0.0
        self._plan(now)

    def _plan(self, now: float) -> None:
        self.due_at = now + self._shared.settings.report_seconds * (0.5 + self._shared.chance())

    def redirected(self) -> None:
        """The audio goes elsewhere, and so do the reports."""
        self._remote = None

    def send(self, now: float, to: Address, heard: Reception | None, bye: bool = False) -> None:
        """A report of the interval that ends now; `to` is where the audio goes. An SR where any
        was sent in it, else an RR (RFC 3550 §6.4)."""
        self._plan(now)
        sender = self._sender
        blocks = () if heard is None else (heard.block(now),)
        if heard is not None:
            self._shared.jitter(heard.jitter / SAMPLES_PER_SECOND)
        report: rtcp.RtcpPacket = rtcp.ReceiverReport(sender.ssrc, blocks)
        if sender.packets != self._packets_told:
            self._packets_told = sender.packets
            ntp = int(now * _NTP_UNITS) % _NTP_TIMESTAMPS  # our own clock: RFC 3550 §6.4.1
            report = rtcp.SenderReport(
                sender.ssrc, ntp, sender.timestamp, sender.packets, sender.octets, blocks
            )
        name = rtcp.SourceDescription(sender.ssrc, ((rtcp.CNAME, self._shared.cname),))
        compound = (report, name, rtcp.Goodbye((sender.ssrc,))) if bye else (report, name)
        host, port = to
        self._port.send(rtcp.build(compound), self._remote or (host, port + 1))

    def read(self, now: float, host: str, heard: Reception | None) -> bool:
        """Read what came; whether any of it was the peer's, who is at `host`."""
        counts, alive = self._shared.counts, False
        for _ in range(DATAGRAMS_READ_MAX):
            datagram = self._port.receive()
            if datagram is None:
                break
            data, source, _ = datagram
            packets = rtcp.parse(data)
            if packets is None:
                counts.packets_invalid += 1
            elif source[0] != host:
                counts.packets_of_strangers += 1
            else:
                alive = True
                self._remote = source  # symmetric RTCP: RFC 4961
                for report in packets:
                    if heard is not None and isinstance(report, rtcp.SenderReport):
                        heard.reported(report.ntp, now)
        return alive
