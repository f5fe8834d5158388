"""How one source is heard: sequence, loss and jitter (RFC 3550 A.1, A.3, A.8)."""

from __future__ import annotations

from typing import Final

from gateway.wire.rtp.g711 import SAMPLES_PER_SECOND
from gateway.wire.rtp.rtcp import ReportBlock

_SEQUENCES: Final = 1 << 16
_DROPOUT_PACKETS_MAX: Final = 3000
"""A jump ahead that is still taken for loss."""
_MISORDER_PACKETS_MAX: Final = 100
"""A step back that is still taken for disorder; between the two lies a source that restarted."""
_TIMESTAMPS: Final = 1 << 32
_JITTER_SHARE: Final = 16
_FRACTION: Final = 256
_DELAY_UNITS: Final = 65536


class Reception:
    """One source by its SSRC; of a new SSRC a new one is made."""

    __slots__ = (
        "_bad",
        "_base",
        "_expected_before",
        "_highest",
        "_received_before",
        "_report",
        "_report_at",
        "_transit",
        "jitter",
        "out_of_order",
        "received",
        "ssrc",
    )

    def __init__(self, ssrc: int, sequence: int) -> None:
        """`sequence` is that of the first packet, which is counted by `heard` all the same."""
        self.ssrc = ssrc
        self.jitter = 0.0
        """Mean deviation of the spacing, in timestamp units (1/8000 s)."""
        self.received = 0
        self.out_of_order = 0
        """Behind one that came before them, duplicates among them."""
        self._bad: int | None = None
        self._transit: int | None = None
        self._report = 0
        self._report_at = 0.0
        self._begin(sequence)

    def _begin(self, sequence: int) -> None:
        self._base = sequence
        self._highest = sequence - 1  # extended: cycles and all
        self.received = self._received_before = self._expected_before = 0

    def heard(self, sequence: int) -> bool:
        """Count a packet; False for one that fits nowhere, which is to be dropped.

        A source that starts its numbers anew is believed at the second packet (A.1).
        """
        ahead = (sequence - self._highest) % _SEQUENCES
        if 0 < ahead < _DROPOUT_PACKETS_MAX:
            self._highest += ahead
        elif ahead == 0 or ahead > _SEQUENCES - _MISORDER_PACKETS_MAX:
            self.out_of_order += 1
        elif sequence != self._bad:
            self._bad = (sequence + 1) % _SEQUENCES
            return False
        else:
            self._begin(sequence)
            self._highest = sequence
        self.received += 1
        return True

    def timed(self, timestamp: int, arrival: float) -> None:
        """Jitter from an audio packet that came at `arrival` (seconds, any origin). Not for
        events: their timestamp is that of the first packet of the press (RFC 4733 §2.2)."""
        transit = int(arrival * SAMPLES_PER_SECOND) - timestamp
        if self._transit is not None:
            change = (transit - self._transit) % _TIMESTAMPS
            change = min(change, _TIMESTAMPS - change)
            self.jitter += (change - self.jitter) / _JITTER_SHARE
        self._transit = transit

    def reported(self, ntp: int, now: float) -> None:
        """A sender report of this source came."""
        self._report, self._report_at = (ntp >> 16) & 0xFFFFFFFF, now

    @property
    def lost(self) -> int:
        """Packets that were sent and not heard; below zero where there were duplicates."""
        return self._expected - self.received

    @property
    def _expected(self) -> int:
        return self._highest - self._base + 1

    def block(self, now: float) -> ReportBlock:
        """The report block of the interval that ends now."""
        expected = self._expected - self._expected_before
        lost = expected - (self.received - self._received_before)
        self._expected_before, self._received_before = self._expected, self.received
        fraction = max(0, lost) * _FRACTION // expected if expected > 0 else 0
        return ReportBlock(
            self.ssrc,
            min(_FRACTION - 1, fraction),
            self.lost,
            self._highest % _TIMESTAMPS,
            int(self.jitter) % _TIMESTAMPS,
            self._report,
            int((now - self._report_at) * _DELAY_UNITS) % _TIMESTAMPS if self._report else 0,
        )
