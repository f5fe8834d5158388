"""Logs: one JSON object a line, the turn's context on it, numbers masked and secrets nowhere."""

from __future__ import annotations

import io
import json
from typing import Any, cast

import pytest
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.logger import ILogObserver, Logger, LogPublisher

from gateway.channels.context import LOG_CONTEXT
from gateway.service.logs import Observer, json_observer, terminal_observer
from gateway.service.masks import mask_fields, mask_text

CANARY = "482913"


def _logger(observer: Observer) -> Logger:
    return Logger(namespace="gateway.test", observer=LogPublisher(cast(ILogObserver, observer)))


@pytest.fixture
def sink() -> io.StringIO:
    return io.StringIO()


def _lines(sink: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in sink.getvalue().splitlines()]


def test_an_event_is_one_line_with_its_plain_fields(sink: io.StringIO) -> None:
    _logger(json_observer(sink)).info("bound as {account}", account="bench", pdus=3, it=object())
    (line,) = _lines(sink)
    assert line.pop("ts") > 1_700_000_000
    assert line == {
        "level": "info",
        "logger": "gateway.test",
        "event": "bound as bench",
        "account": "bench",
        "pdus": 3,
    }


def test_the_level_decides(sink: io.StringIO) -> None:
    log = _logger(json_observer(sink, "warn"))
    log.info("quiet")
    log.debug("quiet")
    log.warn("loud")
    log.error("louder")
    assert [line["event"] for line in _lines(sink)] == ["loud", "louder"]


def test_a_library_is_heard_from_warn_on(sink: io.StringIO) -> None:
    observer = LogPublisher(cast(ILogObserver, json_observer(sink, "debug")))
    library = Logger(namespace="log_legacy", observer=observer)
    library.info("Site starting on 8105")
    library.warn("a certificate is out of date")
    assert [line["event"] for line in _lines(sink)] == ["a certificate is out of date"]


def test_interleaved_turns_keep_their_own_context(sink: io.StringIO) -> None:
    log = _logger(json_observer(sink))

    async def turn(dialogue: str, msisdn: str, gate: Deferred[None]) -> None:
        LOG_CONTEXT.set({"dialogue": dialogue, "msisdn": msisdn})
        await gate
        log.info("step")

    gates: list[Deferred[None]] = [Deferred(), Deferred()]
    for number, gate in enumerate(gates):
        ensureDeferred(turn(f"D{number}", f"7922000000{number}", gate))
    for gate in reversed(gates):
        gate.callback(None)
    log.info("outside")
    lines = _lines(sink)
    assert [(line.get("dialogue"), line.get("msisdn")) for line in lines] == [
        ("D1", "7922***0001"),
        ("D0", "7922***0000"),
        (None, None),
    ]


def test_a_failure_carries_its_trace_in_one_line(sink: io.StringIO) -> None:
    log = _logger(json_observer(sink))
    try:
        raise ValueError("no such number 79220000001")
    except ValueError:
        log.failure("turn failed")
    (line,) = _lines(sink)
    assert line["level"] == "critical"
    assert line["fault"] == "ValueError: no such number 7922***0001"
    assert "test_logs.py" in line["traceback"]


@pytest.mark.parametrize("make", [json_observer, terminal_observer])
def test_no_secret_is_ever_written(sink: io.StringIO, make: Any) -> None:
    log = _logger(make(sink, "debug"))
    log.debug("dialled {dialled}", dialled=f"*105*{CANARY}#")
    log.debug("password is {password}", password=CANARY)
    log.debug("login", user_password=CANARY, api_token=CANARY, pin=CANARY, code=CANARY)
    log.debug("answered {text}", text=CANARY)
    log.debug("pdu", short_message=f"Пароль: {CANARY}")
    log.debug("call from {caller}", caller="+79220000001")
    text = sink.getvalue()
    assert CANARY not in text
    assert "9220000001" not in text
    assert "+7922***0001" in text


def test_a_terminal_gets_colour_and_fields(sink: io.StringIO) -> None:
    log = _logger(terminal_observer(sink))
    log.warn("over the rate", account="bench")
    try:
        raise KeyError("x")
    except KeyError:
        log.failure("turn failed")
    lines = sink.getvalue().splitlines()
    assert "\x1b[33mwarn" in lines[0]
    assert "over the rate" in lines[0]
    assert "account=bench" in lines[0]
    assert any("test_logs.py" in line for line in lines[1:])


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("79220000001", "7922***0001"),
        ("+79220000001", "+7922***0001"),
        ("89220000001,", "8922***0001,"),
        ("login 9220000001", "login 9220***0001"),
        ("to 79220000001 from 79230000002", "to 7922***0001 from 7923***0002"),
        ("id 1764064800123", "id 1764064800123"),
        ("at 1764064800", "at 1764064800"),
        ("*105#", "*105#"),
        ("*105*00#", "*105*00#"),
        ("*105*753#", "*105*753#"),
        ("**21*79220000002#", "**21****#"),
        ("*105*482913# then", "*105****# then"),
        ("to buh@mail.firma.ru.", "to b***@mail.firma.ru."),
        ("550 <buh@firma.ru>: no", "550 <b***@firma.ru>: no"),
        ("a@b, x@", "a@b, x@"),
        ("000110", "000110"),
        ("", ""),
    ],
)
def test_masks_of_a_text(text: str, masked: str) -> None:
    assert mask_text(text) == masked


def test_masks_of_fields_leave_numbers_and_short_codes_alone() -> None:
    fields = {"short_code": "*105#", "status_code": 5, "pin": "1", "n": 3, "none": None}
    assert mask_fields(fields) == {**fields, "pin": "***"}
