"""The line of a dialogue's end: one a dialogue, masked, JSON, and none where nobody wants it."""

from __future__ import annotations

import io
import json

import pytest

from gateway.accounts.book import Charge
from gateway.channels.desk import Failed
from gateway.domain.port import Arrival, Replied
from gateway.service.telling import telling
from gateway.turn.outcome import Ended, Outcome

ANNA = "79220000001"
ARRIVAL = Arrival("ussd", "harness", ANNA, "105", "D", Replied("1"))
ENDED = Ended("T1", "ussd", "harness", ANNA, "105", 1.0, 9.0, 3, "completed")


def test_one_line_of_json_for_each_end():
    sink = io.StringIO()
    (observe,) = telling(sink, "info", lambda: 1.5)
    old = Ended("T0", "sms", "harness", ANNA, "*105*482913#", 1.0, 9.0, 1, "replaced")
    charge = Charge(1.0, ANNA, 1, "ussd", "105", "HOME", 1, 0, 0, "CH01", "free", "T1", "ussd")
    observe(ARRIVAL, Outcome("T1", ended=(ENDED, old), charge=charge), 0.00234)
    first, second = map(json.loads, sink.getvalue().splitlines())
    assert first == {
        "ts": 1.5,
        "level": "info",
        "logger": "gateway.service.telling",
        "event": "dialogue ended",
        "dialogue": "T1",
        "channel": "ussd",
        "link": "harness",
        "msisdn": "7922***0001",
        "address": "105",
        "result": "completed",
        "turns": 3,
        "rule": "CH01",
        "milliseconds": 2.34,
    }
    assert (second["event"], second["address"]) == ("sms taken", "*105****#")


def test_what_goes_on_or_failed_is_not_told():
    sink = io.StringIO()
    (observe,) = telling(sink, "debug", lambda: 1.5)
    observe(ARRIVAL, Outcome("T1", deadline=60.0), 0.002)
    observe(ARRIVAL, Failed(RuntimeError()), 0.002)
    assert sink.getvalue() == ""


@pytest.mark.parametrize("level", ["warn", "error"])
def test_above_info_nothing_is_told(level):
    assert telling(io.StringIO(), level, lambda: 1.5) == ()
