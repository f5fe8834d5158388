"""How connections are cut into messages, and what becomes of those of a peer on the real ports."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.testing import Gateway
from gateway.testing.sip_wire import Messages
from gateway.testing.smpp_wire import Pdus
from gateway.wire.smpp.codec import build
from gateway.wire.smpp.pdu import EnquireLink, Unbind

PING = b"\r\n\r\n"
ASKED, LEFT = build(EnquireLink(1)), build(Unbind(2))
OPTIONS = (
    "OPTIONS sip:0505@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK{0}\r\n"
    "Max-Forwards: 70\r\nFrom: <sip:79220000001@127.0.0.1>;tag=1\r\nTo: <sip:0505@127.0.0.1>\r\n"
    "Call-ID: {0}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 4\r\n\r\nbody"
)
FIRST, SECOND = OPTIONS.format(1).encode(), OPTIONS.format(2).encode()
NO_LENGTH = (
    b"OPTIONS sip:0505@127.0.0.1 SIP/2.0\r\nContent-Length: many\r\n\r\nbody and what follows"
)

# a stream -> the messages that are found in it, however it comes
STREAMS = [
    (Messages, FIRST + SECOND, [FIRST, SECOND]),
    (Messages, PING + FIRST + PING + SECOND + PING, [FIRST, SECOND]),
    (Messages, FIRST + NO_LENGTH, [FIRST]),
    (Pdus, ASKED + LEFT, [ASKED, LEFT]),
    (Pdus, ASKED + b"\0\0\0\1 no PDU at all", [ASKED]),
]


@pytest.mark.parametrize(("cutter", "stream", "messages"), STREAMS)
@given(data=st.data())
def test_a_stream_is_cut_and_nothing_of_it_is_lost(cutter, stream, messages, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    machine, pieces = cutter(), []
    for begin, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        pieces += machine.feed(stream[begin:end])
    assert b"".join(pieces) == stream
    assert [piece for piece in pieces if piece in messages] == messages


@pytest.fixture(scope="module")
def gw(reactor_thread):
    with Gateway.start() as gateway:
        yield gateway


@pytest.fixture
def peer(gw):
    with socket.create_connection(("127.0.0.1", gw.ports["sip"]), 3) as connection:
        yield connection
    gw.faults.clear()


def test_sip_over_tcp_meets_the_same_faults(gw, peer):
    fault = gw.faults.sip("OPTIONS", status=503, msisdn="79220000001", times=1)
    peer.sendall(FIRST[:40])
    peer.sendall(FIRST[40:] + PING)
    answer = peer.recv(4096)
    while not answer.endswith(b"\r\n\r\n\r\n"):  # the pong is behind it
        answer += peer.recv(4096)
    assert answer.startswith(b"SIP/2.0 503 Service Unavailable\r\n")
    assert fault.hits == 1
    peer.sendall(SECOND)
    assert peer.recv(4096).startswith(b"SIP/2.0 200 OK\r\n")


def test_a_peer_goes_half_open_and_the_others_do_not(gw, peer):
    dead = gw.faults.half_open(peer=f"127.0.0.1:{peer.getsockname()[1]}")
    peer.sendall(FIRST)
    peer.settimeout(0.1)
    with pytest.raises(TimeoutError):
        peer.recv(4096)
    with socket.create_connection(("127.0.0.1", gw.ports["sip"]), 3) as other:
        other.sendall(SECOND)
        assert other.recv(4096).startswith(b"SIP/2.0 200 OK\r\n")
    dead.end()
    peer.settimeout(3)
    peer.sendall(SECOND)
    assert peer.recv(4096).startswith(b"SIP/2.0 200 OK\r\n")
