"""The line of a dialogue's end: one a dialogue, masked, JSON, and none where nobody wants it."""

from __future__ import annotations

import io
import json

import pytest

from gateway.accounts.book import Charge
from gateway.channels.desk import Failed
from gateway.domain.port import Arrival, Opened, Replied
from gateway.service.clock import ManualClock, SystemClock
from gateway.service.telling import telling
from gateway.turn.outcome import Ended, Outcome

ANNA = "79220000001"
ARRIVAL = Arrival("ussd", "harness", ANNA, "105", "D", Replied("1"))
ENDED = Ended("T1", "ussd", "harness", ANNA, "105", 1.0, 9.0, 3, "completed")


def test_one_line_of_json_for_each_end():
    sink = io.StringIO()
    (observe,) = telling(sink, "info", SystemClock(), lambda: 1.5)
    old = Ended("T0", "sms", "harness", ANNA, "*105*482913#", 1.0, 9.0, 1, "replaced")
    charge = Charge(1.0, ANNA, 1, "ussd", "105", "HOME", 1, 0, 0, "CH01", "free", "T1", "ussd")
    observe(ARRIVAL, Outcome("T1", ended=(ENDED, old), charge=charge), 0.00234)
    first, second = map(json.loads, sink.getvalue().splitlines())
    assert first == {
        "ts": 1.5,
        "level": "info",
        "logger": "gateway.dialogue",
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


def test_a_clock_of_its_own_is_told_beside_the_systems_time():
    sink = io.StringIO()
    (observe,) = telling(sink, "info", ManualClock(86_400.0), lambda: 1.5)
    observe(ARRIVAL, Outcome("T1", ended=(ENDED,)), 0.002)
    line = json.loads(sink.getvalue())
    assert (line["ts"], line["at"]) == (1.5, "1970-01-02T00:00:00.000Z")


def test_a_call_is_told_at_its_beginning_and_its_end():
    sink = io.StringIO()
    (observe,) = telling(sink, "info", SystemClock(), lambda: 1.5)
    call = Arrival("voice", "sip", ANNA, "0505", "D", Opened("0505"), trace="T2")
    observe(call, Outcome("T2", deadline=60.0), 0.002)
    over = Ended("T2", "voice", "sip", ANNA, "0505", 1.0, 9.0, 3, "user_released")
    observe(call, Outcome("T2", ended=(over,)), 0.002)
    began, *_, ended = map(json.loads, sink.getvalue().splitlines())
    assert began.items() >= {"event": "call began", "dialogue": "T2", "address": "0505"}.items()
    assert (began["msisdn"], ended["event"]) == ("7922***0001", "call ended")


def test_what_goes_on_or_failed_is_not_told():
    sink = io.StringIO()
    (observe,) = telling(sink, "debug", SystemClock(), lambda: 1.5)
    observe(ARRIVAL, Outcome("T1", deadline=60.0), 0.002)
    observe(ARRIVAL, Failed(RuntimeError()), 0.002)
    assert sink.getvalue() == ""


@pytest.mark.parametrize("level", ["warn", "error"])
def test_above_info_nothing_is_told(level):
    assert telling(io.StringIO(), level, SystemClock()) == ()
