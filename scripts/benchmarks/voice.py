"""(i) Calls set up and heard: INVITE to 200 through menus, account core and store, with prompts.

Calls are begun on a grid, more of them than the target, whatever became of those before; each is
acknowledged, hears its prompt for a second, and hangs up.
"""

from __future__ import annotations

import select
import socket
import time
from collections import deque
from dataclasses import dataclass

from scripts.benchmarks.gateways import FIRST_MSISDN, gateway
from scripts.benchmarks.report import Figure

TARGET_PER_SECOND = 200
OFFERED_PER_SECOND = 240
SECONDS = 5.0
HEARD_SECONDS = 1.0
LEFT_SECONDS = 2.0
"""For the last calls to end."""
SUBSCRIBERS = int(OFFERED_PER_SECOND * SECONDS)
HOST = "127.0.0.1"
SDP = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio {port} RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
)
REQUEST = (
    "{method} sip:0505@127.0.0.1 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{call}{method}\r\n"
    "From: <sip:{number}@127.0.0.1>;tag={call}\r\nTo: {to}\r\nCall-ID: {call}\r\n"
    "CSeq: {cseq} {sequel}\r\nContact: <sip:{number}@127.0.0.1:{port}>\r\n"
    "Max-Forwards: 70\r\n{kind}Content-Length: {length}\r\n\r\n{body}"
)
KIND = "Content-Type: application/sdp\r\n"


@dataclass(slots=True)
class Call:
    """One call: whose, when it was begun, and the To of its answer."""

    number: str
    began: float
    to: str = "<sip:0505@127.0.0.1>"
    seconds: float = 0.0
    """From INVITE to 200; 0.0: not answered."""
    hung_up: bool = False


class Callers:
    """All telephones on one port; their media goes to one that nobody reads."""

    def __init__(self, port: int) -> None:
        self._sip = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sip.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self._sip.bind((HOST, 0))
        self._sip.connect((HOST, port))
        self._sip.setblocking(False)
        self._rtp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._rtp.bind((HOST, 0))
        self._sdp = SDP.format(port=self._rtp.getsockname()[1])
        self._calls: dict[str, Call] = {}
        self._leaving: deque[tuple[float, str]] = deque()
        self._runs = 0

    def close(self) -> None:
        """No more."""
        self._sip.close()
        self._rtp.close()

    def run(self) -> list[Call]:
        """Begin calls for so many seconds; all of them, each ended or given up."""
        self._runs += 1
        self._calls.clear()
        began = time.monotonic()
        end = began + SECONDS + HEARD_SECONDS + LEFT_SECONDS
        while (now := time.monotonic()) < end:
            due = min(SUBSCRIBERS, int((now - began) * OFFERED_PER_SECOND))
            for n in range(len(self._calls), due):
                self._begin(n, now)
            while self._leaving and self._leaving[0][0] <= now:
                self._send("BYE", self._leaving.popleft()[1], 2)
            if select.select([self._sip], [], [], 0.001)[0]:
                self._read()
        return list(self._calls.values())

    def _begin(self, n: int, now: float) -> None:
        name = f"r{self._runs}c{n}"
        self._calls[name] = Call(str(FIRST_MSISDN + n), now)
        self._send("INVITE", name, 1, self._sdp)

    def _send(self, method: str, name: str, cseq: int, body: str = "") -> None:
        call = self._calls[name]
        text = REQUEST.format(
            method=method,
            port=self._sip.getsockname()[1],
            call=name,
            number=call.number,
            to=call.to,
            cseq=cseq,
            sequel=method,
            kind=KIND if body else "",
            length=len(body),
            body=body,
        )
        self._sip.send(text.encode())

    def _read(self) -> None:
        while True:
            try:
                text = self._sip.recv(65_535).decode()
            except BlockingIOError:
                return
            rows = dict(row.split(": ", 1) for row in text.split("\r\n\r\n")[0].split("\r\n")[1:])
            if text.startswith("SIP/2.0 200"):
                self._answered(rows["Call-ID"], rows)

    def _answered(self, name: str, rows: dict[str, str]) -> None:
        call = self._calls.get(name)
        if call is None:
            return
        if rows["CSeq"].endswith("BYE"):
            call.hung_up = True
            return
        now = time.monotonic()
        if not call.seconds:
            call.seconds, call.to = now - call.began, rows["To"]
            self._leaving.append((now + HEARD_SECONDS, name))
        self._send("ACK", name, 1)


def measure(runs: int) -> list[Figure]:
    """Calls set up a second, how long that takes, how many fail, processor time."""
    rates, late, failed, cores = [], [], [], []
    with gateway(
        SUBSCRIBERS, LIMITS_CALLS_PER_SECOND_MAX="1000", LIMITS_NUMBER_CALLS_PER_MINUTE_MAX="1000"
    ) as server:
        callers = Callers(server.ports["sip"])
        for _ in range(runs):
            cpu = server.cpu_seconds()
            calls = callers.run()
            cores.append((server.cpu_seconds() - cpu) / SECONDS)
            whole = [call for call in calls if call.seconds and call.hung_up]
            seconds = sorted(call.seconds for call in whole) or [0.0]
            rates.append(len(whole) / SECONDS)
            late.append(seconds[len(seconds) * 99 // 100] * 1000)
            failed.append(float(len(calls) - len(whole)))
        callers.close()
    note = f"{OFFERED_PER_SECOND} a second offered"
    return [
        Figure("i", "calls set up, heard and ended", "/s", tuple(rates), note, TARGET_PER_SECOND),
        Figure("i", "p99 from INVITE to 200", "ms", tuple(late), note),
        Figure("i", "calls that failed", "", tuple(failed), note, 0, less=True),
        Figure("i", "processor", "cores", tuple(cores), note),
    ]
