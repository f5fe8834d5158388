"""A service for tests of calls: in this process, with demo data, on free ports."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.channels.serving import Served, serving
from tests.channels.sip_phone import Phone

_numbers = itertools.count(79230000000)
NUMBERS = 400


class VoiceService:
    """A running service, its data directory, and telephones of numbers that nobody used yet."""

    def __init__(self, served: Served, folder: Path) -> None:
        self.served = served
        self.api = served.api
        self.data = folder / "data"
        self.sip = served.ports["sip"]
        self._phones: list[Phone] = []

    def phone(self, number: str = "", host: str = "127.0.0.1") -> Phone:
        """A telephone at home with 100.00 on its account, or of the number given."""
        phone = Phone(self.sip, number or str(next(_numbers)), host)
        self._phones.append(phone)
        return phone

    def close(self) -> None:
        """Put all telephones away."""
        for phone in self._phones:
            phone.close()

    def cdrs(self, msisdn: str, seconds: float = 3) -> list[dict[str, Any]]:
        """Its CDRs of calls, waited for until there is one."""
        deadline = time.monotonic() + seconds
        while True:
            lines = [json.loads(line) for line in self.written().splitlines()]
            found = [one for one in lines if one["msisdn"] == msisdn and one["channel"] == "voice"]
            if found or time.monotonic() > deadline:
                return found
            time.sleep(0.02)

    def written(self) -> str:
        """Every CDR so far, as written."""
        return "".join(path.read_text() for path in sorted((self.data / "cdr").glob("*.jsonl")))

    def metric(self, name: str, **labels: str) -> float:
        """The value of a metric now."""
        text = self.served.get("/metrics")
        wanted = "{" + ",".join(f'{k}="{v}"' for k, v in labels.items()) + "}" if labels else ""
        for line in text.splitlines():
            if line.startswith(f"gateway_{name}{wanted} "):
                return float(line.rpartition(" ")[2])
        return 0.0


@contextmanager
def voice_service(
    run: Callable[..., Any],
    reactor: Any,
    folder: Path,
    file: str = "",
    calls_reactor: Any = None,
    **options: str,
) -> Iterator[VoiceService]:
    """Serve; T1 is a tenth of the usual, so that timers come soon."""
    given = {"sip_t1_seconds": "0.05", "subscribers": str(NUMBERS)} | options
    with serving(run, reactor, folder, file, calls_reactor, **given) as served:
        service = VoiceService(served, folder)
        try:
            yield service
        finally:
            service.close()
