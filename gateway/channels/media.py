"""The media of all calls: RTP ports, one ticker, limits, counts. RFC 3550, 3551, 4733, 4961.

A port pair a call, polled in the call's turn: measured against one shared socket with sendmmsg it
costs more processor time, but reaches the number of calls a core can otherwise serve, and tells
calls behind one NAT apart by the port they send to.
"""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.interfaces import IReactorTime

from gateway.channels.media_leg import Leg
from gateway.channels.media_ports import PortRange
from gateway.channels.media_settings import Counts, MediaSettings, Shared
from gateway.channels.media_ticker import Ticker
from gateway.wire.rtp.g711 import Codec
from gateway.wire.rtp.latch import Address
from gateway.wire.rtp.stream import Sender

_WORDS = 1 << 32
_SEQUENCES = 1 << 16


def unobserved(seconds: float) -> None:
    """Nobody keeps a histogram."""


class Media:
    """`open` gives a call its media; see `Leg` for what can be asked of it."""

    def __init__(
        self,
        clock: IReactorTime,
        chance: Callable[[], float],
        settings: MediaSettings,
        cname: str,
        late: Callable[[float], None] = unobserved,
        jitter: Callable[[float], None] = unobserved,
    ) -> None:
        """`clock` is monotonic; `chance` gives numbers from 0 to 1. `late(seconds)` is told how
        late each run of the ticker was, `jitter(seconds)` what each report says of it. `cname`
        names this host in RTCP: no number of a subscriber."""
        self._shared = Shared(settings, cname.encode(), clock.seconds, chance, jitter)
        self._ticker = Ticker(clock, settings.frames_catch_up_max, late)
        self.ports = PortRange(settings.ports)
        """Where those of a call come from."""
        self._legs: set[Leg] = set()

    @property
    def counts(self) -> Counts:
        """Of all calls since the start."""
        return self._shared.counts

    @property
    def legs(self) -> int:
        """Calls with media now."""
        return len(self._legs)

    def open(self, codec: Codec, event_pt: int | None, remote: Address | None) -> Leg | None:
        """Media for a call whose peer is to be sent to at `remote` (None: not known yet), in
        `codec`; `event_pt` is the payload type of telephone-event, None where that was not
        negotiated. None where `legs_max` or the ports are used up: answer 503."""
        settings = self._shared.settings
        address = self._address(remote)
        ports = None
        if address is not None and len(self._legs) < settings.legs_max:
            ports = self.ports.open(address)
        if ports is None:
            self._shared.counts.legs_refused += 1
            return None
        sender = Sender(codec, self._number(_WORDS), self._number(_SEQUENCES), self._number(_WORDS))
        leg = Leg(self._shared, ports, sender, self._closed)
        leg.redirect(remote, codec, event_pt)
        self._legs.add(leg)
        self._ticker.add(leg)
        return leg

    def close(self) -> None:
        """End the media of every call."""
        for leg in tuple(self._legs):
            leg.close()

    def _address(self, remote: Address | None) -> str | None:
        """Ours, of the family of the peer's."""
        addresses = self._shared.settings.addresses
        if remote is None:
            return addresses[0]
        version_6 = ":" in remote[0]
        return next((ours for ours in addresses if (":" in ours) is version_6), None)

    def _number(self, below: int) -> int:
        return int(self._shared.chance() * below) % below

    def _closed(self, leg: Leg) -> None:
        self._ticker.remove(leg)
        self._legs.discard(leg)
        self.ports.close(leg.ports)
