"""Logs on standard error: a JSON object a line, or coloured text on a terminal.

One observer for our events and Twisted's. A line carries what the turn under way put into
`LOG_CONTEXT`; MSISDNs are masked in every text, secrets are never written.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Mapping
from typing import Any, Protocol, cast

from twisted.logger import ILogObserver, LogLevel, formatEvent, globalLogBeginner

from gateway.channels.context import LOG_CONTEXT
from gateway.domain.moments import rfc3339
from gateway.service.masks import mask_fields, mask_text

LINE_CHARACTERS_MAX = 16_384
"""A longer text in a line is cut."""

OURS = "gateway"
"""The first word of our own loggers; others (a library's) are heard from `warn` on."""

_COLOURS = {"debug": "2", "info": "36", "warn": "33", "error": "31", "critical": "31;1"}
_LEGACY = frozenset({"system", "time", "isError", "format", "message"})
"""What `twisted.python.log` adds to every event, said already in our own fields."""
_encode = json.JSONEncoder(ensure_ascii=False).encode
_PLAIN = (str, int, float, bool, type(None))

LogEvent = Mapping[str, Any]
Observer = Callable[[LogEvent], None]


class TextSink(Protocol):
    """Where lines go."""

    def write(self, text: str, /) -> object: ...
    def flush(self) -> object: ...


def log_record(event: LogEvent) -> dict[str, object]:
    """One event as `ts level logger event` and its plain fields, masked."""
    level = event.get("log_level") or LogLevel.info
    fields = {
        name: value
        for name, value in event.items()
        if name[:4] != "log_" and name not in _LEGACY and isinstance(value, _PLAIN)
    }
    record: dict[str, object] = {
        "ts": round(event.get("log_time", 0.0), 6),
        "level": level.name,
        "logger": event.get("log_namespace", ""),
        "event": mask_text(_formatted(event))[:LINE_CHARACTERS_MAX],
    }
    record |= mask_fields({**LOG_CONTEXT.get(), **fields})
    failure = event.get("log_failure")
    if failure is not None:
        frames = "".join(traceback.format_tb(failure.getTracebackObject()))
        record["fault"] = mask_text(f"{failure.type.__name__}: {failure.getErrorMessage()}")
        record["traceback"] = frames[-LINE_CHARACTERS_MAX:]
    return record


def _formatted(event: LogEvent) -> str:
    """The event's words, with secret fields masked before they are filled in."""
    safe = dict(event)
    for name, value in mask_fields({k: v for k, v in event.items() if k[:4] != "log_"}).items():
        safe[name] = value
    return formatEvent(safe)


def _heard(event: LogEvent, least: Any) -> bool:
    """Whether it is written."""
    level = event.get("log_level") or LogLevel.info
    ours = str(event.get("log_namespace", "")).startswith(OURS)
    return bool(level >= (least if ours else max(least, LogLevel.warn)))


def json_observer(sink: TextSink, level: str = "info") -> Observer:
    """Write each event of at least `level` as one line of JSON."""
    least = LogLevel.levelWithName(level)

    def observe(event: LogEvent) -> None:
        if _heard(event, least):
            sink.write(_encode(log_record(event)) + "\n")
            sink.flush()

    return observe


def terminal_observer(sink: TextSink, level: str = "info") -> Observer:
    """The same for a person: time (UTC), level in colour, words, then the fields."""
    least = LogLevel.levelWithName(level)

    def observe(event: LogEvent) -> None:
        if not _heard(event, least):
            return
        record = log_record(event)
        at = rfc3339(float(str(record.pop("ts"))))[11:]
        name = str(record.pop("level"))
        record.pop("logger")
        words, frames = record.pop("event"), record.pop("traceback", "")
        rest = " ".join(f"{key}={value}" for key, value in record.items())
        sink.write(f"{at} \x1b[{_COLOURS[name]}m{name:5}\x1b[0m {words}  \x1b[2m{rest}\x1b[0m\n")
        if frames:
            sink.write(str(frames))
        sink.flush()

    return observe


def start_logs(sink: Any, level: str = "info") -> None:
    """Begin logging to `sink`: text where it is a terminal, JSON lines elsewhere.

    Standard output is left alone: `serve` prints its ports there.
    """
    make = terminal_observer if sink.isatty() else json_observer
    observer = cast(ILogObserver, make(sink, level))
    globalLogBeginner.beginLoggingTo([observer], redirectStandardIO=False)
