"""CDRs: one JSON object a line, one per dialogue, SMS or call, also for refusals.

MSISDNs stand in full (it is what a CDR is for); no text and no secret is among the fields. A
file is begun anew at each start and when it has grown enough, so a line cut short by a crash is
always a file's last.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, fields
from errno import ENOSPC
from operator import attrgetter
from pathlib import Path
from time import gmtime, strftime

import orjson
from twisted.logger import Logger

from gateway.channels.voice_settings import CallRecord
from gateway.domain.moments import rfc3339

log = Logger()


@dataclass(frozen=True, slots=True)
class Cdr:
    """What is known of a use when it ends; times are epoch seconds, amounts kopecks."""

    id: str
    channel: str
    msisdn: str
    address: str
    started_at: float
    ended_at: float
    result: str
    """`completed`, `timeout`, `released`, or the exact name of a refusal."""
    dialogue: str
    """The trace id that logs and charges carry too."""
    direction: str = "mo"
    link: str = ""
    zone: str = ""
    plmn: str = ""
    node: str = ""
    """The state the menu was in at the end."""
    steps: int = 0
    units: int = 0
    rule: str = ""
    amount: int = 0
    menus: str = ""
    """The versions of menus and of short codes with their charging table that it began with."""
    rules: str = ""
    call: CallRecord | None = None
    """Of a call."""


_NAMES = tuple(field.name for field in fields(Cdr))
_values = attrgetter(*_NAMES)


def cdr_line(cdr: Cdr) -> bytes:
    """The record as a line of JSON with RFC 3339 times."""
    record = dict(zip(_NAMES, _values(cdr), strict=True))
    call = record.pop("call")
    record["started_at"] = rfc3339(cdr.started_at)
    record["ended_at"] = rfc3339(cdr.ended_at)
    record["duration_seconds"] = round(max(cdr.ended_at - cdr.started_at, 0.0), 3)
    record["amount_minor"], record["currency"] = record.pop("amount"), "RUB"
    if call is not None:
        answered = None if call.answered_at is None else rfc3339(call.answered_at)
        record |= {
            "answered_at": answered,
            "seconds": round(call.seconds, 3),
            "hung_up_by": call.hung_up_by,
            "cause": call.cause,
            "sip_status": call.status,
            "transferred": call.transferred,
            "prompts": call.prompts,
        }
    return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)


class CdrFiles:
    """Appends records to `cdr-<UTC time>-<number>.jsonl`. Records of one batch of turns are one
    write: `flush` follows every batch."""

    def __init__(self, folder: Path, octets_max: int, now: Callable[[], float]) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._octets_max = octets_max
        self._now = now
        self._file = -1
        self._octets = 0
        self._count = 0
        self._lines: list[bytes] = []

    def write(self, cdr: Cdr) -> None:
        """Take a record; it is written at the next `flush`, or when the file is full."""
        line = cdr_line(cdr)
        if self._octets and self._octets + len(line) > self._octets_max:
            self.close()
        self._octets += len(line)
        self._lines.append(line)

    def flush(self) -> None:
        """Write what was taken, in one write. What the disk refuses is logged and lost, never
        the turns it tells of; a line it cut short is its file's last."""
        if not self._lines:
            return
        data, self._lines = b"".join(self._lines), []
        try:
            if self._file < 0:
                self._file = self._begin()
            if os.write(self._file, data) < len(data):
                self._end()
                raise OSError(ENOSPC, os.strerror(ENOSPC))
        except OSError as fault:
            log.error("CDRs could not be written: {fault}", fault=str(fault), octets=len(data))

    def close(self) -> None:
        """End the file; the next record begins another."""
        self.flush()
        self._end()

    def _end(self) -> None:
        if self._file >= 0:
            os.close(self._file)
        self._file, self._octets = -1, 0

    def _begin(self) -> int:
        stamp = strftime("%Y%m%dT%H%M%SZ", gmtime(self._now()))
        while True:
            self._count += 1
            path = self._folder / f"cdr-{stamp}-{self._count:04d}.jsonl"
            try:
                return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                continue
