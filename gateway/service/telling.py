"""One line of the log for every dialogue and SMS that ended, written past the logging machinery.

Twisted's logger costs more than a tenth of a turn; this line has only our own fields, so it is
encoded as it is. A person at a terminal gets it by the usual way.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from twisted.logger import Logger

from gateway.channels.desk import Failed, Observer
from gateway.domain.numbers import mask
from gateway.domain.port import Arrival
from gateway.service.masks import mask_text
from gateway.turn.outcome import Ended, Outcome

log = Logger()

LEVELS = ("debug", "info")
"""The configured levels at which an end is told."""

_encode = json.JSONEncoder(ensure_ascii=False).encode
_EVENTS = {"sms": "sms taken"}


def telling(sink: Any, level: str, now: Callable[[], float]) -> tuple[Observer, ...]:
    """The observer that tells ends to the log on `sink`; none where `level` is above info."""
    if level not in LEVELS:
        return ()
    tell = _to_terminal if sink.isatty() else _to_lines(sink, now)

    def observe(arrival: Arrival, outcome: Outcome | Failed, seconds: float) -> None:
        if not isinstance(outcome, Failed):
            for ended in outcome.ended:
                tell(_fields(ended, outcome, seconds))

    return (observe,)


def _fields(ended: Ended, outcome: Outcome, seconds: float) -> dict[str, object]:
    return {
        "event": _EVENTS.get(ended.channel, "dialogue ended"),
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
        head = {"ts": round(now(), 6), "level": "info", "logger": __name__}
        sink.write(_encode(head | fields) + "\n")

    return tell


def _to_terminal(fields: dict[str, object]) -> None:
    words = str(fields.pop("event"))
    log.info(words, **fields)
