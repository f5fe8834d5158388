"""PDUs are counted by names that a peer cannot make."""

from __future__ import annotations

from gateway.wire.smpp import commands
from gateway.wire.smpp.counts import STATUS_SHIFT, Counts
from gateway.wire.smpp.status import Status


def test_named_once_and_forgotten_when_taken() -> None:
    counts = Counts()
    counts.received[commands.SUBMIT_SM] += 2
    counts.sent[Status.ESME_RTHROTTLED << STATUS_SHIFT | commands.SUBMIT_SM_RESP] += 1
    assert sorted(counts.take()) == [
        ("in", "submit_sm", "ESME_ROK", 2),
        ("out", "submit_sm_resp", "ESME_RTHROTTLED", 1),
    ]
    assert counts.take() == []


def test_two_thousand_unknown_commands_and_statuses_make_one_name_each() -> None:
    counts = Counts()
    for number in range(0x10_000, 0x10_000 + 2_000):
        counts.received[number] += 1
        counts.received[number << STATUS_SHIFT | commands.DELIVER_SM_RESP] += 1
    assert {row[:3] for row in counts.take()} == {
        ("in", "unknown", "ESME_ROK"),
        ("in", "deliver_sm_resp", "unknown"),
    }
