"""Metrics of calls. What the channel counts in plain integers is read when it is scraped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from gateway.channels.media import Media
from gateway.channels.voice import Voice
from gateway.channels.voice_settings import VoiceCounts
from gateway.wire.sip.uas import SipUas

_SETUP_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
_LATE_SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.1, 0.5)

Value = int | Mapping[Any, int]
Row = tuple[str, str, str, Callable[[], Value]]
"""Name after `gateway_`, meaning, label (empty: none), and where the value stands."""


class VoiceMetrics:
    """The histograms of the channel, and a collector of its counts."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self.setup = self._spread(
            "call_setup_seconds", "From an INVITE to its 183 or 200.", _SETUP_SECONDS
        )
        self.response = self._spread(
            "call_response_seconds",
            "From the last key of an entry to the next prompt.",
            _SETUP_SECONDS,
        )
        self.late = self._spread(
            "rtp_late_seconds", "How late the ticker of all media ran.", _LATE_SECONDS
        )
        self.jitter = self._spread(
            "rtp_jitter_seconds", "Interarrival jitter of callers, each report.", _LATE_SECONDS
        )

    def watch(self, voice: Voice, counts: VoiceCounts, media: Media, uas: SipUas) -> None:
        """Read these at each scrape."""
        sent = media.counts
        levels: tuple[Row, ...] = (
            ("calls", "Calls at this moment.", "", lambda: voice.calls),
            ("rtp_legs", "Calls with media at this moment.", "", lambda: media.legs),
            ("sip_transactions", "SIP transactions.", "", lambda: uas.transactions),
        )
        totals: tuple[Row, ...] = (
            ("call_setups", "Calls let in.", "", lambda: counts.setups),
            ("calls_answered", "Calls answered by 200.", "", lambda: counts.answered),
            ("calls_refused", "Calls refused.", "reason", lambda: counts.refused),
            ("calls_ended", "Calls ended, by whom.", "by", lambda: counts.ended),
            ("call_prompts", "Prompts begun.", "language", lambda: counts.announcements),
            ("call_inputs", "What came of prompts.", "result", lambda: counts.inputs),
            ("call_digits", "Keys, by how they came.", "method", lambda: sent.digits),
            ("rtp_packets_sent", "RTP sent.", "", lambda: sent.packets_sent),
            ("rtp_packets_unsent", "RTP the system refused.", "", lambda: sent.packets_unsent),
            ("rtp_packets_received", "RTP of callers.", "", lambda: sent.packets_received),
            ("rtp_packets_lost", "Lost, of calls ended.", "", lambda: sent.packets_lost),
            (
                "rtp_packets_late",
                "Out of order, of calls ended.",
                "",
                lambda: sent.packets_out_of_order,
            ),
            ("rtp_packets_invalid", "Neither RTP nor RTCP.", "", lambda: sent.packets_invalid),
            ("rtp_packets_of_strangers", "Of no caller.", "", lambda: sent.packets_of_strangers),
            (
                "rtp_frames_skipped",
                "Frames whose turn had passed.",
                "",
                lambda: sent.frames_skipped,
            ),
            ("rtp_legs_dead", "Calls ended for silence.", "", lambda: sent.legs_dead),
            ("sip_requests", "SIP requests.", "method", lambda: uas.counts.requests),
            ("sip_responses", "SIP responses of ours.", "status", lambda: uas.counts.responses),
            ("sip_retransmissions", "Requests seen again.", "", lambda: uas.counts.retransmissions),
            ("sip_garbage", "What is no SIP message.", "", lambda: uas.counts.garbage),
        )
        self._registry.register(_Counts(levels, totals))

    def _spread(
        self, name: str, meaning: str, buckets: tuple[float, ...]
    ) -> Callable[[float], None]:
        histogram = Histogram(f"gateway_{name}", meaning, buckets=buckets, registry=self._registry)
        return histogram.observe


class _Counts(Collector):
    """Tables of rows as families."""

    def __init__(self, levels: tuple[Row, ...], totals: tuple[Row, ...]) -> None:
        self._tables = ((GaugeMetricFamily, levels), (CounterMetricFamily, totals))

    def collect(self) -> Iterable[Metric]:
        """Whatever stands there now."""
        for family_of, rows in self._tables:
            for name, meaning, label, read in rows:
                family = family_of(f"gateway_{name}", meaning, labels=[label] if label else [])
                value = read()
                if isinstance(value, Mapping):
                    for key, count in tuple(value.items()):
                        family.add_metric([str(key)], count)
                else:
                    family.add_metric([], value)
                yield family
