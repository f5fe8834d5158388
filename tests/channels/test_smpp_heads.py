"""The heads of PDUs at debug: both ways, cut as they come, and never a text or a password."""

from __future__ import annotations

from typing import Any

from twisted.logger import globalLogPublisher

from gateway.channels.smpp_heads import Overheard
from gateway.service.logs import log_record
from gateway.wire.smpp import codec
from gateway.wire.smpp.pdu import BindTransceiver, SubmitSm
from gateway.wire.smpp.session import Session


def overheard(data: list[bytes]) -> list[dict[str, Any]]:
    """What the log holds once a server has read those octets and answered."""
    lines: list[dict[str, Any]] = []

    def observe(event: Any) -> None:
        lines.append(log_record(event))

    machine = Overheard(Session.server(0.0), "10.0.0.1")
    globalLogPublisher.addObserver(observe)
    try:
        for octets in data:
            machine.receive(octets, 0.0)
            machine.data_to_send()
    finally:
        globalLogPublisher.removeObserver(observe)
    return [{k: v for k, v in line.items() if k not in ("ts", "logger", "level")} for line in lines]


def test_what_came_and_what_left_are_told_without_their_words():
    sms = SubmitSm(
        sequence=7, source_addr="79220000001", destination_addr="000100", short_message=b"secret99"
    )
    frame = codec.build(sms)
    came, left = overheard([frame[:20], frame[20:]])
    assert came == {
        "event": "PDU in",
        "way": "in",
        "peer": "10.0.0.1",
        "command": "submit_sm",
        "sequence": 7,
        "octets": len(frame),
        "source": "7922***0001",
        "destination": "000100",
    }
    assert (left["way"], left["command"], left["status"]) == (
        "out",
        "submit_sm_resp",
        "ESME_RINVBNDSTS",
    )
    assert "secret99" not in repr((came, left))


def test_a_bind_tells_no_password():
    frame = codec.build(BindTransceiver(sequence=1, system_id="two", password="hush"))
    assert "hush" not in repr(overheard([frame]))


def test_what_cannot_be_read_is_told_by_its_header():
    broken = codec.build(SubmitSm(sequence=3))[:-1] + b"\xff"
    [came, *_] = overheard([broken])
    assert (came["command"], came["sequence"]) == ("submit_sm", 3)
