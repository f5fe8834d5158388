"""What /metrics can show, for whatever reads it: the dashboard, the alerts, `gateway top`."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import generate_latest

from gateway.channels.voice_settings import VoiceCounts
from gateway.service.scrape import parsed
from gateway.service.voice_metrics import VoiceMetrics
from tests.service.test_metrics import told


@pytest.fixture(scope="session")
def measured() -> dict[str, set[str]]:
    """Every name that /metrics shows -> its labels."""
    metrics = told()
    one = Counter({"x": 1})
    source = files("gateway.service").joinpath("voice_metrics.py").read_text("utf-8")
    sent = dict.fromkeys(re.findall(r"sent\.([a-z_]+)", source), 1) | {"digits": one}
    media: Any = SimpleNamespace(legs=1, counts=SimpleNamespace(**sent))
    counts = VoiceCounts(announcements=one, inputs=one, refused=one, ended=one)
    sip = SimpleNamespace(requests=one, responses=one, retransmissions=1, garbage=1)
    uas: Any = SimpleNamespace(transactions=1, counts=sip)
    voice: Any = SimpleNamespace(calls=1)
    VoiceMetrics(metrics.registry).watch(voice, counts, media, uas)
    return {
        name: {label for labels in samples for label, _ in labels}
        for name, samples in parsed(generate_latest(metrics.registry).decode()).items()
    }
