"""(f) The media of many calls: how late frames leave, and how soon a key stops a prompt.

Lateness is that of a frame's arrival, as the kernel stamps it, behind the grid of 20 ms on which
the earliest frame of its call lies; the calls talk meanwhile, fifty packets a second each.
"""

from __future__ import annotations

import gc
import socket
import time
from array import array
from collections import defaultdict
from dataclasses import dataclass, field
from math import inf
from struct import Struct

from gateway.wire.rtp import packet, telephone_event
from gateway.wire.rtp.g711 import ALAW_SILENCE, FRAME_OCTETS, FRAME_SECONDS, PCMA
from scripts.benchmarks.processes import Server, started
from scripts.benchmarks.report import Figure, ratio
from scripts.benchmarks.voice_senders import EVENT_PT, HOST, QUARTERS

CALLS = 800
WARM_UP_SECONDS = 1.5
SECONDS = 4.0
PRESSED_CALLS = 40
SO_TIMESTAMPNS = 35
RECEIVE_BUFFER_OCTETS = 4 << 20
_TIMESPEC = Struct("@ll")
_SEQUENCE = Struct(">xxHI")
_FRAMES = 1 << 32


@dataclass(slots=True)
class Heard:
    """The frames of one call: when they came and their timestamps; the first of silence."""

    at: array[float] = field(default_factory=lambda: array("d"))
    timestamps: array[int] = field(default_factory=lambda: array("L"))
    silent_at: float = inf


class Caller:
    """All phones on one port: they are told apart by the ports of the gateway."""

    def __init__(self) -> None:
        self._socket = one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.bind((HOST, 0))
        one.setblocking(False)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_OCTETS)
        one.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.port: int = one.getsockname()[1]
        self.heard: defaultdict[int, Heard] = defaultdict(Heard)
        self._sequence = 0

    def close(self) -> None:
        """No more."""
        self._socket.close()

    def talk(self, ports: list[int], seconds: float) -> None:
        """Send each call its packets and read what comes, for so long."""
        began, turn = time.monotonic(), 0
        silence = bytes((ALAW_SILENCE,)) * FRAME_OCTETS
        while (now := time.monotonic()) < began + seconds:
            if now >= began + turn * FRAME_SECONDS / QUARTERS:
                self._sequence += turn % QUARTERS == 0
                at, n = self._sequence * FRAME_OCTETS, self._sequence % 65536
                data = packet.build(packet.Packet(PCMA.payload_type, n, at, 7, silence))
                for port in ports[turn % QUARTERS :: QUARTERS]:
                    self._socket.sendto(data, (HOST, port))
                turn += 1
            if not self._read():
                time.sleep(0.0005)

    def press(self, ports: list[int]) -> dict[int, float]:
        """A key in each of these calls; when it was sent."""
        event = telephone_event.build(telephone_event.TelephoneEvent(5, FRAME_OCTETS))
        self._sequence += 1
        at = self._sequence * FRAME_OCTETS
        data = packet.build(packet.Packet(EVENT_PT, self._sequence, at, 7, event, True))
        sent = {}
        for port in ports:
            sent[port] = time.time()
            self._socket.sendto(data, (HOST, port))
        return sent

    def _read(self) -> int:
        heard, receive = self.heard, self._socket.recvmsg
        for count in range(1000):
            try:
                data, told, _, (_, port) = receive(2048, 64)
            except BlockingIOError:
                return count
            seconds, nanoseconds = _TIMESPEC.unpack(told[0][2])
            call = heard[port]
            at = seconds + nanoseconds * 1e-9
            call.at.append(at)
            call.timestamps.append(_SEQUENCE.unpack_from(data)[1])
            if data[-1] == ALAW_SILENCE:
                call.silent_at = min(call.silent_at, at)
        return 1000


def lateness(call: Heard) -> list[float]:
    """Seconds of each frame behind the call's grid."""
    first = call.timestamps[0]
    frames = ((one - first) % _FRAMES // FRAME_OCTETS for one in call.timestamps)
    offsets = [at - frame * FRAME_SECONDS for at, frame in zip(call.at, frames, strict=True)]
    grid = min(offsets)
    return [offset - grid for offset in offsets]


def gap(call: Heard) -> float:
    """The longest time between two frames of a call (seconds)."""
    return max(b - a for a, b in zip(call.at, call.at[1:], strict=False))


def _run(name: str) -> dict[str, float]:
    caller = Caller()
    try:
        with started(
            ["-m", "scripts.benchmarks.voice_senders", name, f"{CALLS}", f"{caller.port}"]
        ) as s:
            return _measured(caller, s, name)
    finally:
        caller.close()


def _measured(caller: Caller, server: Server, name: str) -> dict[str, float]:
    ports = list(server.ports.values())
    caller.talk(ports, WARM_UP_SECONDS)
    caller.heard.clear()
    cpu, began = server.cpu_seconds(), time.monotonic()
    caller.talk(ports, SECONDS)
    cores = (server.cpu_seconds() - cpu) / (time.monotonic() - began)
    calls = list(caller.heard.values())
    late = sorted(one for call in calls for one in lateness(call))
    found = {
        "p99": late[len(late) * 99 // 100] * 1000,
        "gap": max(map(gap, calls)) * 1000,
        "cores": cores,
        "paced": len(late) / (CALLS * SECONDS / FRAME_SECONDS),
    }
    if name == "ours":
        pressed = caller.press(ports[:: CALLS // PRESSED_CALLS])
        caller.talk(ports, 0.5)
        found["stop"] = 1000 * max(
            caller.heard[port].silent_at - at for port, at in pressed.items()
        )
    return found


def measure(runs: int) -> list[Figure]:
    """p99 lateness, longest gap, processor time and the stop of a prompt, ours and bare."""
    found: dict[str, list[dict[str, float]]] = {"ours": [], "bare": []}
    gc.disable()
    for _ in range(runs):
        for name, values in found.items():
            values.append(_run(name))
    gc.enable()

    def figure(name: str, what: str, unit: str, key: str, most: float | None = None) -> Figure:
        values = tuple(run[key] for run in found[name])
        note = f"{CALLS} calls"
        return Figure("f", f"{what}, {name}", unit, values, note, most, less=True)

    ours = figure("ours", "p99 lateness", "ms", "p99", 5)
    bare = figure("bare", "p99 lateness", "ms", "p99")
    return [
        ours,
        bare,
        ratio("f", "p99 lateness, ours to bare", ours, bare, None),
        figure("ours", "longest gap", "ms", "gap", 40),
        figure("bare", "longest gap", "ms", "gap"),
        figure("ours", "the last of the prompts stops after a key", "ms", "stop", 40),
        figure("ours", "processor", "cores", "cores", 1),
        figure("bare", "processor", "cores", "cores"),
        figure("ours", "frames sent of those due", "x", "paced"),
    ]
