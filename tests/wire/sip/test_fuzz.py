"""Mutants of the torture messages and of a call under way, over datagrams and streams.

The invariant: whatever comes, nothing is raised; a datagram is answered by one response at most
(a CANCEL by two), none larger than what it repeats plus what we say of ourselves; what is kept
stays within the limits; and once the timers have run out nothing is kept at all.
"""

from __future__ import annotations

import random
from pathlib import Path
from time import process_time

import pytest

from gateway.wire.sip.events import Invited
from gateway.wire.sip.message import Request, Response, parse_message
from tests.wire.sip.peer import ANSWER, SDP, Caller, machine

VECTORS = sorted((Path(__file__).parent / "vectors").rglob("*.dat"))
MUTANTS = 4_000
TRANSACTIONS_MAX, CALLS_MAX, CONNECTIONS_MAX = 40, 10, 5
OURS_OCTETS_MAX = 1_200
PIECES = [
    b"\r\n",
    b"\r\n\r\n",
    b";",
    b",",
    b"<",
    b">",
    b'"',
    b"\\",
    b"%",
    b"\0",
    b"\xff",
    b":",
    b"=",
]
PIECES += [
    b"[::1]",
    b";tag=x",
    b"z9hG4bK",
    b"Content-Length: 0\r\n",
    b"sip:",
    b"@",
    b" ",
    b"9" * 30,
]


def call_messages() -> list[bytes]:
    """What a telephone sends in the life of a call."""
    caller = Caller()
    fields = (("Supported", "100rel, timer"), ("Session-Expires", "90"))
    caller.to = "<sip:0505@192.0.2.99>"
    messages = [caller.request("INVITE", *fields, body=bytes(SDP))]
    messages += [caller.request("CANCEL", cseq=1, branch="z9hG4bKcall-1INVITE1")]
    caller.to += ";tag=token00000000001"
    messages += [caller.request("ACK", cseq=1), caller.request("PRACK", ("RAck", "1 1 INVITE"))]
    messages += [caller.request("UPDATE", body=bytes(SDP)), caller.request("INVITE")]
    messages += [caller.request("INFO", body=b"Signal=1", content_type="application/dtmf-relay")]
    messages += [caller.request("NOTIFY", ("Event", "refer")), caller.request("BYE")]
    return [bytes(message) for message in messages]


SEEDS = [path.read_bytes() for path in VECTORS] + call_messages() * 6


def mutant(chance: random.Random) -> bytes:
    """A seed with a few octets changed, cut, doubled, or joined with another seed."""
    data = bytearray(chance.choice(SEEDS))
    for _ in range(chance.choice((0, 1, 1, 2, 5))):
        at = chance.randrange(len(data) + 1)
        upto = min(len(data), at + chance.choice((1, 1, 4, 40)))
        match chance.randrange(5):
            case 0:
                data[at:upto] = b""
            case 1:
                data[at:at] = chance.choice(PIECES)
            case 2:
                data[at:upto] = bytes(chance.randrange(256) for _ in range(upto - at))
            case 3:
                data[at:at] = data[at:upto] * 3
            case _:
                data = data[:at] + chance.choice(SEEDS)[at:]
    return bytes(data)


def within_limits(uas) -> bool:
    # a call that ends may say BYE beyond the limit of transactions
    fits = uas.transactions <= TRANSACTIONS_MAX + CALLS_MAX and uas.calls <= CALLS_MAX
    return fits and len(uas._core.connections) <= CONNECTIONS_MAX


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_nothing_a_peer_sends_gets_past_the_machine(transport, seed):
    chance = random.Random(f"{transport} {seed}")
    limits = {"connections_max": CONNECTIONS_MAX, "calls_max": CALLS_MAX}
    uas = machine(transactions_max=TRANSACTIONS_MAX, **limits)
    now, calls = 0.0, []
    for _ in range(MUTANTS // 6):
        now += chance.choice((0.0, 0.001, 0.3, 2.0))
        while (at := uas.next_timer()) is not None and at <= now:
            uas.timer_fired(at)
        uas.data_to_send()
        data = mutant(chance)
        events = uas.receive(data, (f"192.0.2.{chance.randrange(9)}", 5060), transport, now)
        calls += [event.call for event in events if isinstance(event, Invited)]
        responses = [m for m in map(read, uas.data_to_send()) if isinstance(m, Response)]
        if transport == "udp":
            assert len(responses) <= 2
            assert all(len(bytes(r)) <= len(data) + OURS_OCTETS_MAX for r in responses)
        assert within_limits(uas)
        act(uas, chance, calls, now)
        assert within_limits(uas)
    uas.close(now)
    for step in range(200):
        uas.timer_fired(now + step)
    assert (uas.transactions, uas.calls, uas.next_timer()) == (0, 0, None)


def read(item) -> Request | Response | None:
    """What we send can be read, unless it is a keep-alive."""
    if item.data == b"\r\n":
        return None
    message = parse_message(item.data)
    assert message is not None
    assert message.fault is None
    return message


def act(uas, chance: random.Random, calls: list[str], now: float) -> None:
    """An application that does anything at any time."""
    if not calls:
        return
    call = chance.choice(calls[-20:])
    match chance.randrange(8):
        case 0:
            uas.progress(call, now, ANSWER)
        case 1 | 2:
            uas.answer(call, now, ANSWER)
        case 3:
            uas.reject(call, now, 486)
        case 4:
            uas.hang_up(call, now)
        case 5:
            uas.reinvite(call, now, ANSWER)
        case 6:
            uas.refer(call, now, "sip:operator@192.0.2.50")


SLOW = {
    "fields": b"X: y\r\n" * 10_000,
    "hops": b"Via: " + b"SIP/2.0/UDP a;b," * 4_000,
    "spaces in Via": b"Via: SIP/2.0/UDP a" + b" " * 60_000 + b"x",
    "escapes": b"To: " + b'"\\' * 30_000,
    "escapes in a list": b"Require: " + b'"\\' * 30_000,
    "brackets": b"To: " + b"<" * 60_000,
    "brackets in a list": b"Require: " + b"<" * 60_000,
    "spaces in a parameter": b"To: <sip:a>;a" + b" " * 60_000 + b'"',
    "spaces in an address": b"To: a" + b" " * 60_000,
    "spaces in a media type": b"Content-Type: a/b" + b" " * 60_000 + b"x",
    "folds": b"X: y" + b"\r\n " * 20_000,
    "spaces": b"X: y" + b" " * 60_000 + b"z",
}
LINES = {
    "words": b"INVITE " + b"sip:a@b " * 8_000,
    "spaces": b"INVITE sip:a@b" + b" " * 60_000,
    "a token": b"A" * 65_000,
    "line ends": b"\r\n" * 32_000,
    "a status": b"SIP/2.0 200 " + b" " * 60_000,
}
SECONDS_MAX = 0.3  # of the processor; what is not linear takes minutes


@pytest.mark.parametrize("line", SLOW)
def test_the_largest_fields_take_little_time(line):
    head = "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP a\r\n"
    fields = {"From": "<sip:a>;tag=1", "To": "<sip:b>", "Call-ID": "c", "CSeq": "1 OPTIONS"}
    name = SLOW[line].partition(b":")[0].decode()
    rest = "".join(f"{field}: {value}\r\n" for field, value in fields.items() if field != name)
    assert seconds(head.encode() + SLOW[line] + b"\r\n" + rest.encode() + b"\r\n") < SECONDS_MAX


@pytest.mark.parametrize("line", LINES)
def test_the_longest_first_lines_take_little_time(line):
    assert seconds(LINES[line] + b"\r\nVia: x\r\n\r\n") < SECONDS_MAX


def seconds(data: bytes) -> float:
    """Processor time for one datagram, of which nothing is kept."""
    uas = machine()
    began = process_time()
    uas.receive(data, ("192.0.2.1", 5060), "udp", 0.0)
    spent = process_time() - began
    assert uas.transactions == 0
    return spent
