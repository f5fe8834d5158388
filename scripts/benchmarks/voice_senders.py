"""Two senders of the same RTP: a frame every 20 ms for each of many calls, a quarter every 5 ms.

`ours` is the gateway's media, which also reads, reports, and stops a prompt for a key; `bare` is
a loop that sends ready packets and does nothing else. Run as
`python -m scripts.benchmarks.voice_senders NAME CALLS PORT`, where PORT is the receiver's.
"""

from __future__ import annotations

import resource
import socket
import sys
import time
from collections.abc import Callable
from random import Random

from twisted.internet import reactor

from gateway.channels.media import Media
from gateway.channels.media_leg import Leg
from gateway.channels.media_settings import MediaSettings
from gateway.wire.rtp.g711 import FRAME_OCTETS, FRAME_SECONDS, PCMA
from gateway.wire.rtp.stream import Clip, Sender

HOST = "127.0.0.1"
EVENT_PT = 101
QUARTERS = 4
PROMPT = Clip("prompt", bytes(range(1, 161)) * 500)
"""Ten seconds, no octet of it silence."""


def told(ports: list[int]) -> None:
    """Say where the calls are, and begin."""
    for number, port in enumerate(ports):
        print(f"listening {number} {HOST}:{port}")
    print("ready", flush=True)


def ours(calls: int, to: tuple[str, int]) -> None:
    """The gateway's media, prompts without end."""
    reactor.seconds = time.monotonic
    settings = MediaSettings(addresses=(HOST,), legs_max=calls)
    media = Media(reactor, Random(1).random, settings, "bench")

    def again(leg: Leg) -> Callable[[], None]:
        return lambda: leg.play([PROMPT], again(leg))

    legs = []
    for _ in range(calls):
        leg = media.open(PCMA, EVENT_PT, to)
        if leg is None:
            raise SystemExit(f"ports for {len(legs)} calls only")
        leg.on_digit = lambda _key, leg=leg: leg.stop()
        again(leg)()
        legs.append(leg)
    told([leg.port for leg in legs])
    reactor.run()


def bare(calls: int, to: tuple[str, int]) -> None:
    """Packets that were made before; nothing is read."""
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(calls)]
    for one in sockets:
        one.bind((HOST, 0))
    sender = Sender(PCMA, 7, 0, 0)
    sender.play([PROMPT])
    frames = len(PROMPT.octets) // FRAME_OCTETS
    packets = [sender.packet() for _ in range(frames)]
    told([one.getsockname()[1] for one in sockets])
    quarters = [sockets[n::QUARTERS] for n in range(QUARTERS)]
    began, turn = time.monotonic(), 0
    while True:
        data = packets[turn // QUARTERS % frames]
        for one in quarters[turn % QUARTERS]:
            one.sendto(data, to)
        turn += 1
        time.sleep(max(0.0, began + turn * FRAME_SECONDS / QUARTERS - time.monotonic()))


if __name__ == "__main__":
    files_max = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (files_max, files_max))
    {"ours": ours, "bare": bare}[sys.argv[1]](int(sys.argv[2]), (HOST, int(sys.argv[3])))
