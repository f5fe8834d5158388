"""Messages: tolerant reading, exact writing, whole and in pieces, over datagrams and streams."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.wire.sip.framing import Framer
from gateway.wire.sip.message import Headers, Request, Response, parse_message

TOKENS = st.text("abcXYZ019-.!%*_+`'~", min_size=1, max_size=12)
VALUES = st.text(
    st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=40
).map(lambda v: v.strip(" \t"))
NAMES = TOKENS.filter(lambda name: name.lower() not in ("l", "content-length"))
FIELDS = st.lists(st.tuples(NAMES, VALUES), max_size=8)
BODIES = st.binary(max_size=60)


def with_length(fields, body):
    return Headers((*fields, ("Content-Length", str(len(body)))))


REQUESTS = st.builds(
    lambda method, user, fields, body: Request(
        method, f"sip:{user}@host", with_length(fields, body), body
    ),
    TOKENS,
    TOKENS,
    FIELDS,
    BODIES,
)
RESPONSES = st.builds(
    lambda status, reason, fields, body: Response(status, reason, with_length(fields, body), body),
    st.integers(100, 699),
    VALUES,
    FIELDS,
    BODIES,
)
MESSAGES = REQUESTS | RESPONSES


@given(MESSAGES)
def test_what_is_written_is_read(message):
    assert parse_message(bytes(message)) == message
    assert parse_message(bytes(message)).fault is None


@given(MESSAGES, st.binary(max_size=20))
def test_octets_past_the_length_are_dropped(message, rest):
    assert parse_message(bytes(message) + rest) == message


@given(st.lists(MESSAGES, min_size=1, max_size=3), st.integers(1, 7))
def test_a_stream_is_cut_into_the_same_messages_however_it_comes(messages, step):
    data = b"".join(map(bytes, messages))
    framer = Framer(16_384, 65_535)
    frames = [
        frame for at in range(0, len(data), step) for frame in framer.feed(data[at : at + step])
    ]
    assert [parse_message(frame) for frame in frames] == messages
    assert not framer.broken


@given(MESSAGES)
def test_half_a_message_is_waited_for(message):
    framer = Framer(16_384, 65_535)
    assert framer.feed(bytes(message)[:-1] if message.body else b"SIP/2.0 200 OK\r\n") == []
    assert not framer.broken


def test_fields_are_found_by_any_of_their_names():
    data = (
        b"OPTIONS sip:a@b SIP/2.0\r\nv: one\r\nVIA :\r\n two,\r\n\tthree\r\ni:x\r\n"
        b"k: a,  b\r\nSupported:c\r\n\r\n"
    )
    message = parse_message(data)
    assert isinstance(message, Request)
    assert message.headers.all("via") == ["one", "two, three"]
    assert message.headers.listed("via") == ["one", "two", "three"]
    assert message.headers.get("call-id") == "x"
    assert message.headers.tokens("supported") == ["a", "b", "c"]
    assert message.headers.get("route") is None


def test_bare_line_feeds_and_other_octets_are_read():
    message = parse_message(b"OPTIONS sip:a@b SIP/2.0\nSubject: \xff\xd0\xb0\n\nbody")
    assert isinstance(message, Request)
    assert message.body == b"body"
    assert b"Subject: \xff\xd0\xb0\r\n" in bytes(message)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("no colon here", 400),
        (": no name", 400),
        ("Two words: x", 400),
        ("X: a\rb", 400),
        ("l: 3\r\nl: 4", 400),
        ("l: -1", 400),
        ("l: 5", 400),  # four octets are there
        ("l: 70000", 413),
        ("l: 4\r\nl: 4", None),
    ],
)
def test_what_is_wrong_leaves_it_answerable(line, fault):
    message = parse_message(f"OPTIONS sip:a@b SIP/2.0\r\n{line}\r\nVia: x\r\n\r\nbody".encode())
    assert isinstance(message, Request)
    assert message.headers.get("via") == "x"
    assert (message.fault.status if message.fault else None) == fault


@pytest.mark.parametrize(
    "data", [b"", b"\0", b"HELLO", b"\r\n\r\n", b"SIP/2.0 99 x\r\n\r\n", b"SIP/2.0 2000 x\r\n\r\n"]
)
def test_what_is_no_message_is_none(data):
    assert parse_message(data) is None


@pytest.mark.parametrize(
    ("data", "frames"),
    [
        (b"A sip:x SIP/2.0\r\nl: 99999\r\n\r\n", 1),  # its head, to be answered 413
        (b"A sip:x SIP/2.0\r\nl: x\r\n\r\n", 1),
        (b"garbage\r\n\r\n", 1),
        (b"x" * 300, 0),
        (b"A sip:x SIP/2.0\r\nX: " + b"x" * 300, 0),
    ],
)
def test_a_stream_that_cannot_be_cut_is_broken_for_good(data, frames):
    framer = Framer(200, 1000)
    assert len(framer.feed(data)) == frames
    assert framer.broken
    assert framer.feed(b"A sip:x SIP/2.0\r\nl: 0\r\n\r\n") == []


@pytest.mark.parametrize(
    ("pieces", "pings"),
    [
        ([b"\r\n\r\n"], [True]),
        ([b"\r\n", b"\r\n"], [False, True]),
        ([b"\r\n", b"A sip:x SIP/2.0\r\n\r\n"], [False, False]),
        ([b"\r\n\r\nA sip:x SIP/2.0\r\n\r\n"], [True]),
        ([b"\r\n\r\n", b"\r\n\r\n"], [True, True]),
    ],
)
def test_keep_alives(pieces, pings):
    framer = Framer(200, 1000)
    seen = []
    for piece in pieces:
        framer.feed(piece)
        seen.append(framer.pinged)
    assert seen == pings
    assert not framer.broken


def test_secrets_stay_out_of_logs():
    assert "hidden" not in repr(Headers([("Authorization", "hidden")]))
