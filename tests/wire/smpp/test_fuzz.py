"""Any octets at all, at any moment, in any pieces.

INVARIANT. Whatever a peer sends, a session
1. raises nothing;
2. sends only whole PDUs that an independent reading of the stream can cut and parse;
3. answers each request PDU that could be framed at most once, on its own sequence_number and with
   its own response or generic_nack, and answers responses never;
4. hands over or answers each request: nothing is swallowed (but for a bind whose decision the end
   of the session overtook, and what was waiting for that decision);
5. has `Closed` as its last event, exactly once, when the stream breaks - and then its last PDU is
   generic_nack ESME_RINVCMDLEN with sequence_number 0;
6. keeps at most one PDU's octets.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.wire.smpp import codec, commands
from gateway.wire.smpp.errors import ProtocolError
from gateway.wire.smpp.events import (
    Answered,
    BindRefused,
    BindRequested,
    Bound,
    Closed,
    Lost,
    PduRefused,
)
from gateway.wire.smpp.framing import HEADER, Framer
from gateway.wire.smpp.limits import Limits
from gateway.wire.smpp.pdu import BindTransceiver, DeliverSm, Request, Unbind
from gateway.wire.smpp.session import Session
from gateway.wire.smpp.states import UNANSWERED
from tests.wire.smpp import pdus
from tests.wire.smpp.links import deliver, raw, submit

LIMITS = Limits(pdu_octets_max=2000, window_in_pdus_max=6, parked_pdus_max=3)

COMMANDS = st.one_of(st.sampled_from(sorted(codec.CLASSES)), st.integers(0, 0xFFFFFFFF))
NUMBERS = st.integers(0, 9)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A PDU that was right before it was cut, changed and lengthened."""
    octets = bytearray(codec.build(draw(pdus.ANY)))
    for _ in range(draw(st.integers(0, 4))):
        octets[draw(st.integers(0, len(octets) - 1))] = draw(pdus.BYTES)
    if draw(st.booleans()):
        octets[:4] = min(len(octets), 2000).to_bytes(4, "big")
    return bytes(octets)


PIECES = st.one_of(
    damaged(),
    pdus.ANY.map(codec.build),
    st.builds(raw, COMMANDS, st.binary(max_size=80), NUMBERS),
    st.builds(lambda number: codec.build(submit(number)), NUMBERS),
    st.builds(lambda number: codec.build(BindTransceiver(number, "a", "b")), NUMBERS),
    st.builds(lambda number: codec.build(Unbind(number)), NUMBERS),
    st.binary(max_size=40),
)


class Caller:
    """What a channel does, with its own count of what was handed over."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.requests: list[Request] = []
        self.closed: list[Closed] = []
        self.unheard = 0
        self.now = 0.0

    def take(self, events: list[Any]) -> None:
        """Decide binds; keep requests; nothing may follow `Closed` but refusals."""
        for event in events:
            if isinstance(event, BindRequested):
                self.take(self.session.accept_bind(self.now, "gateway"))
            elif isinstance(event, Closed):
                self.closed.append(event)
            elif isinstance(event, Request):
                self.requests.append(event)
            else:
                assert isinstance(event, PduRefused | Answered | Lost | Bound | BindRefused)

    def answer_all(self) -> None:
        """Answer every request; count those that nobody listens for any more."""
        for request in self.requests:
            if request.command not in UNANSWERED and not self.session.respond(request, 0x08):
                self.unheard += 1
        if self.session._binding is not None:
            self.unheard += 1 + len(self.session._parked)


def _framed(stream: bytes) -> tuple[list[bytes], bool]:
    """The PDUs of a stream by the plainest reading, and whether it breaks."""
    found: list[bytes] = []
    while len(stream) >= 4:
        length = int.from_bytes(stream[:4], "big")
        if not 16 <= length <= LIMITS.pdu_octets_max:
            return found, True
        if len(stream) < length:
            break
        found.append(stream[:length])
        stream = stream[length:]
    return found, False


def _keys(frames: list[bytes], *, responses: bool) -> Counter[tuple[int, int]]:
    """How often each (command without the response bit, sequence_number) stands in `frames`."""
    heads = [HEADER.unpack_from(frame) for frame in frames]
    return Counter(
        (command & ~commands.RESPONSE_BIT, number)
        for _, command, _, number in heads
        if bool(command & commands.RESPONSE_BIT) is responses
    )


def _check(caller: Caller, stream: bytes, out: bytes) -> None:
    received, broken = _framed(stream)
    framer = Framer(70_000)
    written = framer.feed(out)
    assert framer.broken is None
    assert sum(map(len, written)) == len(out)
    for frame in written:
        codec.parse(frame)  # raises where the session wrote something malformed
    reason = caller.closed[0].reason if caller.closed else ""
    if reason in ("", "unusable_stream"):
        assert broken == bool(reason)
    if reason == "unusable_stream":
        last = HEADER.unpack_from(written[-1])
        assert last[1:] == (commands.GENERIC_NACK, 0x02, 0)
        written = written[:-1]
    assert len(caller.closed) <= 1
    asked = _keys(received, responses=False)
    numbers = Counter(number for _, number in asked.elements())
    own, nacks = Counter[tuple[int, int]](), Counter[int]()
    for (command, number), times in _keys(written, responses=True).items():
        if command == 0:
            nacks[number] += times
        else:
            own[command, number] += times
    for key, times in own.items():
        assert times <= asked[key], "answered more often than asked"
    for number, times in nacks.items():
        assert times <= numbers[number], "nacked more often than asked"
    silent = sum(request.command in UNANSWERED for request in caller.requests)
    if reason != "bind_refused":  # a closed session says nothing
        assert own.total() + nacks.total() + silent + caller.unheard == asked.total()


@given(st.lists(PIECES, max_size=12), st.lists(st.integers(1, 60), max_size=40), st.booleans())
def test_any_octets(pieces: list[bytes], cuts: list[int], client: bool) -> None:
    stream = b"".join(pieces)
    if client:
        session = Session.client(BindTransceiver(0, "a", "b"), 0.0, LIMITS)
    else:
        session = Session.server(0.0, LIMITS)
    caller = Caller(session)
    out = b""
    position = 0
    for cut in [*cuts, len(stream)]:
        caller.now += 0.1
        caller.take(session.receive(stream[position : position + cut], caller.now))
        assert len(session._framer._buffer) < LIMITS.pdu_octets_max
        position += cut
        out += b"".join(session.data_to_send())
    caller.answer_all()
    out += b"".join(session.data_to_send())
    _check(caller, stream, out)


@given(st.lists(st.one_of(PIECES, st.floats(0, 40), st.sampled_from("rdux")), max_size=25))
def test_any_octets_any_time_any_call(steps: list[Any]) -> None:
    session = Session.server(0.0, LIMITS)
    caller = Caller(session)
    contexts = 0
    ended: list[Any] = []
    calls = {
        "d": lambda: session.drain(caller.now),
        "u": lambda: session.unbind(caller.now),
        "x": session.connection_lost,
    }
    for step in [b"", codec.build(BindTransceiver(1, "a", "b")), *steps, "x"]:
        if isinstance(step, bytes):
            events = session.receive(step, caller.now)
        elif isinstance(step, float):
            caller.now += step
            events = session.timer_fired(caller.now)
        elif step == "r":
            events = []
            if commands.DELIVER_SM in session._sendable:
                session.request(deliver(), contexts, caller.now)
                contexts += 1
        else:
            events = calls[step]()
        ended += [event for event in events if isinstance(event, Answered | Lost)]
        caller.take(events)
        for frame in session.data_to_send():
            codec.parse(frame)
        following = session.next_timer()
        assert following is None or not caller.closed
    assert sorted(event.context for event in ended) == list(range(contexts)), "each ends once"
    assert len(caller.closed) == 1


def test_the_fuzzer_can_see_a_malformed_pdu() -> None:
    """The reading used above does refuse: or it would prove nothing."""
    frame = codec.build(DeliverSm(1, short_message=b"abc"))[:-1]
    cut = len(frame).to_bytes(4, "big") + frame[4:]
    with pytest.raises(ProtocolError) as fault:
        codec.parse(cut)
    assert fault.value.status == 0x01
