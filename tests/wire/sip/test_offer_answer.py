"""Session descriptions, what is taken of an offer, what is answered (RFC 4566, 3264, 5621)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.wire.sip.bodies import sdp_of
from gateway.wire.sip.errors import ProtocolError
from gateway.wire.sip.message import Headers, Request
from gateway.wire.sip.offer_answer import Local, offer, read_offer
from gateway.wire.sip.sdp import Media, Sdp, parse_sdp

LOCAL = Local("192.0.2.99", 6000, 7)
HEAD = "v=0\r\no=a 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n"
WORDS = st.text("abc019.:/-", min_size=1, max_size=10)


def described(*lines: str) -> Sdp:
    return parse_sdp((HEAD + "".join(f"{line}\r\n" for line in lines)).encode())


MEDIA = st.builds(
    Media,
    st.sampled_from(["audio", "video"]),
    st.integers(0, 65535),
    st.sampled_from(["RTP/AVP", "RTP/SAVP", "udp"]),
    st.lists(WORDS, min_size=1, max_size=4).map(tuple),
    st.sampled_from(["", "192.0.2.1", "2001:db8::1", "media.example"]),
    st.lists(WORDS, max_size=4).map(tuple),
)
DESCRIPTIONS = st.builds(
    Sdp,
    WORDS,
    WORDS,
    st.sampled_from(["", "192.0.2.1", "::1"]),
    st.just("0 0"),
    st.lists(WORDS, max_size=3).map(tuple),
    st.lists(MEDIA, max_size=4).map(tuple),
)


@given(DESCRIPTIONS)
def test_what_is_written_is_read(sdp):
    assert parse_sdp(bytes(sdp)) == sdp
    assert parse_sdp(bytes(sdp).replace(b"\r\n", b"\n")) == sdp


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"v=1\r\n",
        b"x",
        b"v=0\r\nrubbish\r\n",
        b"v=0\r\nm=audio 1\r\n",
        b"v=0\r\nm=audio x RTP/AVP 8\r\n",
        b"v=0\r\nm=audio 65536 RTP/AVP 8\r\n",
        b"v=0\r\nc=IN IP4\r\n",
        b"v=0\r\n" + b"m=audio 1 RTP/AVP 8\r\n" * 33,
    ],
)
def test_malformed_descriptions(body):
    with pytest.raises(ProtocolError) as caught:
        parse_sdp(body)
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("lines", "codec", "event_pt", "direction"),
    [
        (["m=audio 9 RTP/AVP 8 0"], "PCMA", None, "sendrecv"),
        (["m=audio 9 RTP/AVP 0 8"], "PCMU", None, "sendrecv"),
        (["m=audio 9 RTP/AVP 3 18 8", "a=rtpmap:8 pcma/8000/1"], "PCMA", None, "sendrecv"),
        (
            ["m=audio 9 RTP/AVP 8 96", "a=rtpmap:96 telephone-event/8000", "a=sendonly"],
            "PCMA",
            96,
            "recvonly",
        ),
        (["m=audio 9 RTP/AVP 8", "a=rtpmap:101 telephone-event/8000"], "PCMA", None, "sendrecv"),
        (["a=inactive", "m=audio 9 RTP/AVP 8"], "PCMA", None, "inactive"),
        (["a=inactive", "m=audio 9 RTP/AVP 8", "a=recvonly"], "PCMA", None, "sendonly"),
        (["m=audio 9 RTP/AVP 8 97", "a=rtpmap:97 telephone-event/16000"], "PCMA", None, "sendrecv"),
    ],
)
def test_what_is_taken_of_an_offer(lines, codec, event_pt, direction):
    taken = read_offer(described(*lines))
    assert (taken.codec, taken.event_pt, taken.direction) == (codec, event_pt, direction)
    assert taken.remote == ("192.0.2.7", 9)
    assert taken.sending is (direction in ("sendrecv", "sendonly"))


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["m=audio 9 RTP/AVP 18"],
        ["m=audio 0 RTP/AVP 8"],
        ["m=audio 9 RTP/SAVP 8"],
        ["m=video 9 RTP/AVP 8"],
        ["m=audio 9 RTP/AVP 8", "a=rtpmap:8 L16/8000"],
        ["m=audio 9 RTP/AVP 96", "a=rtpmap:96 PCMA/8000"],
    ],
)
def test_nothing_in_common(lines):
    with pytest.raises(ProtocolError) as caught:
        read_offer(described(*lines))
    assert caught.value.status == 488


def test_media_without_an_address():
    with pytest.raises(ProtocolError) as caught:
        read_offer(parse_sdp(b"v=0\r\nm=audio 9 RTP/AVP 8\r\n"))
    assert caught.value.status == 400


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_an_old_fashioned_hold(host):
    family = "IP6" if ":" in host else "IP4"
    taken = read_offer(described("m=audio 9 RTP/AVP 8", f"c=IN {family} {host}"))
    assert not taken.sending


def test_the_answer_has_every_line_in_its_place():
    taken = read_offer(
        described(
            "m=video 7 RTP/AVP 31",
            "m=audio 9/2 RTP/AVP 18 0 8 101",
            "a=rtpmap:101 telephone-event/8000",
            "a=ptime:30",
            "m=audio 11 RTP/AVP 8",
        )
    )
    assert taken.ptime_ms == 30
    assert bytes(taken.answer(LOCAL)).decode().split("\r\n") == [
        "v=0",
        "o=- 7 1 IN IP4 192.0.2.99",
        "s=-",
        "c=IN IP4 192.0.2.99",
        "t=0 0",
        "m=video 0 RTP/AVP 31",
        "m=audio 6000 RTP/AVP 0 101",
        "a=rtpmap:0 PCMU/8000",
        "a=rtpmap:101 telephone-event/8000",
        "a=fmtp:101 0-15",
        "a=ptime:20",
        "a=sendrecv",
        "m=audio 0 RTP/AVP 8",
        "",
    ]


@given(st.permutations(["PCMA", "PCMU"]), st.sampled_from(["192.0.2.1", "2001:db8::1"]))
def test_our_offer_is_one_we_would_take(codecs, host):
    taken = read_offer(parse_sdp(bytes(offer(Local(host, 6000, 1), tuple(codecs)))))
    assert (taken.codec, taken.event_pt, taken.remote) == (codecs[0], 101, (host, 6000))
    assert taken.sending


# --- bodies ---------------------------------------------------------------------------------------

PART = b"Content-Type: application/sdp\r\n\r\n" + bytes(offer(LOCAL))
OTHER = b"\r\nContent-Type: application/vnd.3gpp.ussd+xml\r\n\r\n<ussd-data/>\r\n"


def body(content_type: str, octets: bytes, *fields: tuple[str, str]) -> Request:
    return Request("INVITE", "sip:x", Headers([("Content-Type", content_type), *fields]), octets)


@pytest.mark.parametrize(
    ("content_type", "octets"),
    [
        ("application/sdp", bytes(offer(LOCAL))),
        ("Application/SDP;charset=utf-8", bytes(offer(LOCAL))),
        ("multipart/mixed;boundary=b", b"--b" + OTHER + b"--b\r\n" + PART + b"\r\n--b--\r\n"),
        ('multipart/mixed; boundary="b"', b"pre\r\n--b\r\n" + PART + b"\r\n--b" + OTHER + b"--b--"),
    ],
)
def test_the_description_is_found(content_type, octets):
    assert sdp_of(body(content_type, octets)) == offer(LOCAL)


@pytest.mark.parametrize(
    ("content_type", "octets", "fields", "status"),
    [
        ("text/plain", b"x", (), 415),
        ("application/sdp", b"v=0\r\n", (("Content-Encoding", "gzip"),), 415),
        ("multipart/mixed;boundary=b", b"--b" + OTHER + b"--b--", (), 415),
        ("multipart/mixed;boundary=b", b"--b--\r\n" + PART, (), 415),
        ("multipart/mixed", b"--b" + OTHER + b"--b--", (), 400),
        ("multipart/mixed;boundary=b", b"--bx", (), 400),
        ("sdp", b"v=0\r\n", (), 400),
    ],
)
def test_no_description(content_type, octets, fields, status):
    with pytest.raises(ProtocolError) as caught:
        sdp_of(body(content_type, octets, *fields))
    assert caught.value.status == status


def test_no_body_is_no_description():
    assert sdp_of(body("application/sdp", b"")) is None
