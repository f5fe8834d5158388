"""What strangers throw at the ports of calls: torture messages, garbage, floods, storms. Whatever
it is, the next call is answered, and nothing of it stays."""

from __future__ import annotations

import resource
import socket
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.channels.sip_phone import HOST, Phone
from tests.channels.voice_service import VoiceService, voice_service

VECTORS = sorted((Path(__file__).parents[1] / "wire" / "sip" / "vectors").rglob("*.dat"))
FLOOD = 3_000
FLOOD_SECONDS_MAX = 6.0
KIBIBYTES_MORE_MAX = 40_000


@pytest.fixture(scope="module")
def service(
    run: Callable[..., Any], reactor_thread: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[VoiceService]:
    """A service with limits of its own."""
    limits = "limits: {number_calls_per_minute_max: 5, calls_per_second_max: 50}\n"
    with voice_service(run, reactor_thread, tmp_path_factory.mktemp("bad"), limits) as one:
        yield one


def is_alive(service: VoiceService) -> None:
    """A call is answered, heard and ended."""
    with service.phone() as phone:
        assert phone.call().status == 200
        assert phone.listen(0.1)
        assert phone.bye().status == 200


@pytest.mark.parametrize("transport", [socket.SOCK_DGRAM, socket.SOCK_STREAM])
def test_torture_messages(service: VoiceService, transport: socket.SocketKind) -> None:
    assert len(VECTORS) > 50
    for path in VECTORS:
        with socket.socket(socket.AF_INET, transport) as one:
            one.connect((HOST, service.sip))
            one.send(path.read_bytes())
    is_alive(service)


def test_garbage_in_a_stream_closes_it(service: VoiceService) -> None:
    with socket.create_connection((HOST, service.sip), timeout=3) as one:
        one.sendall(b"\x00\xff" * 40_000)
        try:
            while one.recv(65_536):
                pass
        except ConnectionResetError:
            pass
    is_alive(service)


def test_a_stream_octet_by_octet_is_a_request(service: VoiceService) -> None:
    request = (
        "OPTIONS sip:0505@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:1;branch=z9hG4bKslow\r\n"
        "From: <sip:x@127.0.0.1>;tag=1\r\nTo: <sip:0505@127.0.0.1>\r\nCall-ID: slow\r\n"
        "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
    )
    with socket.create_connection((HOST, service.sip), timeout=3) as one:
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for octet in request.encode():
            one.sendall(bytes((octet,)))
        assert one.recv(65_536).startswith(b"SIP/2.0 200 OK\r\n")


def kibibytes() -> int:
    """The most memory this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def invite(number: int, branch: int) -> bytes:
    """An INVITE to a number that is none: the gateway must forget it."""
    return (
        f"INVITE sip:99{number}@127.0.0.1 SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKflood{branch}\r\n"
        f"From: <sip:79260{number:06}@127.0.0.1>;tag=f\r\nTo: <sip:99@127.0.0.1>\r\n"
        f"Call-ID: flood{branch}\r\nCSeq: 1 INVITE\r\nContact: <sip:x@127.0.0.1:9>\r\n"
        "Content-Length: 0\r\n\r\n"
    ).encode()


@pytest.mark.parametrize("what", ["garbage", "mutants", "calls"])
def test_a_flood_costs_bounded_time_and_memory(service: VoiceService, what: str) -> None:
    """Datagrams as fast as they can be sent; then a call is answered as ever."""
    chance, before, began = Random(5), kibibytes(), time.monotonic()
    vectors = [path.read_bytes() for path in VECTORS]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.connect((HOST, service.sip))
        for number in range(FLOOD):
            data = chance.randbytes(chance.randrange(1, 1200))
            if what == "calls":
                data = invite(number, number)
            elif what == "mutants":
                octets = bytearray(chance.choice(vectors))
                for _ in range(5):
                    octets[chance.randrange(len(octets))] = chance.randrange(256)
                data = bytes(octets[:8000])
            try:
                one.send(data)
            except OSError:
                continue
    time.sleep(1.0)  # of calls, 50 a second are let in
    is_alive(service)
    assert time.monotonic() - began < FLOOD_SECONDS_MAX
    assert kibibytes() - before < KIBIBYTES_MORE_MAX
    assert service.metric("calls") == 0


def test_a_flood_of_the_media_port_is_nobodys_voice(service: VoiceService) -> None:
    """Strangers' packets and garbage do not become keys, and the prompt goes on without a gap."""
    chance = Random(7)
    with service.phone() as phone, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        phone.call()
        phone.talk()
        phone.listen(0.2)
        for _ in range(FLOOD):
            stranger.sendto(chance.randbytes(chance.randrange(1, 400)), phone.media)
        key = bytes((0x80, 101)) + chance.randbytes(10) + b"\x01\x0a\x00\xa0"
        stranger.sendto(key, phone.media)
        frames = [when for when, _ in phone.listen(1.0)]
        assert max(b - a for a, b in pairwise(frames)) < 0.1
        phone.bye()
        (cdr,) = service.cdrs(phone.number)
    assert [name.split("/")[2] for name in cdr["prompts"]] == ["voice.root"]


def test_a_number_that_dials_without_end_is_told_so(service: VoiceService) -> None:
    phone = service.phone()
    statuses = []
    for _ in range(6):
        phone.new_call()
        answer = phone.call()
        statuses.append(answer.status)
        if answer.status == 200:
            phone.bye()
    assert statuses == [200] * 5 + [486]
    assert answer.get("Retry-After") == "5"
    is_alive(service)


def test_more_calls_a_second_than_there_may_be(service: VoiceService) -> None:
    """Beyond the rate: 503, and when to come again."""
    time.sleep(1.0)
    phones = [service.phone() for _ in range(70)]
    for phone in phones:
        phone.invite()
    answers = []
    for phone in phones:
        answers.append(phone.response("INVITE"))
        phone.ack()
    refused = [answer for answer in answers if answer.status != 200]
    assert 5 <= len(refused) <= 20
    assert {(answer.status, answer.get("Retry-After")) for answer in refused} == {(503, "5")}
    for phone, answer in zip(phones, answers, strict=True):
        if answer.status == 200:
            phone.bye()


def test_calls_that_say_nothing_more_end(service: VoiceService) -> None:
    """Callers that vanish behind their INVITE: no ACK, no RTP; the BYE comes by itself."""
    phones: list[Phone] = [service.phone() for _ in range(5)]
    for phone in phones:
        phone.invite()
    deadline = time.monotonic() + 10
    while service.metric("calls") and time.monotonic() < deadline:
        time.sleep(0.1)
    assert service.metric("calls") == 0
    assert service.metric("rtp_legs") == 0
