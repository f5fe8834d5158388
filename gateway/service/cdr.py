"""CDRs: one JSON object a line, one per dialogue, SMS or call, also for refusals.

MSISDNs stand in full (it is what a CDR is for); no text and no secret is among the fields. A
file is begun anew at each start and when it has grown enough, so a line cut short by a crash is
always a file's last.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from time import gmtime, strftime

from gateway.domain.moments import rfc3339


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


def cdr_line(cdr: Cdr) -> bytes:
    """The record as a line of JSON with RFC 3339 times."""
    fields = asdict(cdr)
    fields["started_at"] = rfc3339(cdr.started_at)
    fields["ended_at"] = rfc3339(cdr.ended_at)
    fields["duration_seconds"] = round(max(cdr.ended_at - cdr.started_at, 0.0), 3)
    fields["amount_minor"], fields["currency"] = fields.pop("amount"), "RUB"
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


class CdrFiles:
    """Appends records to `cdr-<UTC time>-<number>.jsonl`; each record is one write of its own."""

    def __init__(self, folder: Path, octets_max: int, now: Callable[[], float]) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._octets_max = octets_max
        self._now = now
        self._file = -1
        self._octets = 0
        self._count = 0

    def write(self, cdr: Cdr) -> None:
        """Raises OSError where the disk refuses; the caller logs it and goes on."""
        line = cdr_line(cdr)
        if self._file >= 0 and self._octets + len(line) > self._octets_max:
            self.close()
        if self._file < 0:
            self._file = self._begin()
        self._octets += os.write(self._file, line)

    def close(self) -> None:
        """End the file; the next record begins another."""
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
