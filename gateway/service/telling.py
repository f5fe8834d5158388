"""One line of the log for every call that began and every dialogue, SMS and call that ended,
written past the logging machinery.

Twisted's logger costs more than a tenth of a turn; this line has only our own fields, so it is
encoded as it is. A person at a terminal gets it by the usual way. `ts` is the system's time, as on
every other line; `at` is the gateway's, where that is another.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from twisted.logger import Logger

from gateway.channels.desk import Failed, Observer
from gateway.domain.moments import rfc3339
from gateway.domain.numbers import mask
from gateway.domain.port import Arrival, Opened
from gateway.service.clock import Clock, SystemClock
from gateway.service.masks import mask_text
from gateway.turn.outcome import Ended, Outcome

NAMESPACE = "gateway.dialogue"
log = Logger(NAMESPACE)

LEVELS = ("debug", "info")
"""The configured levels at which an end is told."""

_encode = json.JSONEncoder(ensure_ascii=False).encode
_ENDS = {"sms": "sms taken", "voice": "call ended"}


def telling(
    sink: Any, level: str, clock: Clock, now: Callable[[], float] = time.time
) -> tuple[Observer, ...]:
    """The observer that tells them to the log on `sink`; none where `level` is above info.
    `clock` is the gateway's, `now` the system's, in epoch seconds."""
    if level not in LEVELS:
        return ()
    tell = _to_terminal if sink.isatty() else _to_lines(sink, now)
    moved = not isinstance(clock, SystemClock)

    def observe(arrival: Arrival, outcome: Outcome | Failed, seconds: float) -> None:
        if isinstance(outcome, Failed):
            return
        at = {"at": rfc3339(clock.now())} if moved else {}
        if arrival.channel == "voice" and type(arrival.event) is Opened:
            tell(_beginning(arrival) | at)
        for ended in outcome.ended:
            tell(_fields(ended, outcome, seconds) | at)

    return (observe,)


def _beginning(call: Arrival) -> dict[str, object]:
    return {
        "event": "call began",
        "dialogue": call.trace,
        "channel": call.channel,
        "link": call.link,
        "msisdn": mask(call.msisdn),
        "address": mask_text(call.address),
    }


def _fields(ended: Ended, outcome: Outcome, seconds: float) -> dict[str, object]:
    return {
        "event": _ENDS.get(ended.channel, "dialogue ended"),
        "dialogue": ended.trace,
        "channel": ended.channel,
        "link": ended.link,
        "msisdn": mask(ended.msisdn),
        "address": mask_text(ended.address),  # it may be the whole string dialled
        "result": ended.result,
        "turns": ended.turns,
        "rule": outcome.charge.rule if outcome.charge is not None else "",
        "milliseconds": round(seconds * 1000, 2),
    }


def _to_lines(sink: Any, now: Callable[[], float]) -> Callable[[dict[str, object]], None]:
    def tell(fields: dict[str, object]) -> None:
        head = {"ts": round(now(), 6), "level": "info", "logger": NAMESPACE}
        sink.write(_encode(head | fields) + "\n")

    return tell


def _to_terminal(fields: dict[str, object]) -> None:
    words = str(fields.pop("event"))
    log.info(words, **fields)
