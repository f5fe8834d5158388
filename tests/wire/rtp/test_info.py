"""Key presses in SIP INFO bodies, as phones are seen to write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.wire.rtp.info import parse
from gateway.wire.rtp.telephone_event import KEYS

RELAY, DTMF = "application/dtmf-relay", "application/dtmf"


@pytest.mark.parametrize(
    ("content_type", "body", "key"),
    [
        (RELAY, b"Signal=5\r\nDuration=160\r\n", "5"),
        (RELAY, b"Signal= *\r\nDuration= 250\r\n", "*"),
        (RELAY, b"signal=#", "#"),
        (RELAY, b"Duration=160\nSignal=0\n", "0"),
        (RELAY, b"d=7\r\n", "7"),
        (RELAY, b"Signal=10\r\nDuration=160", "*"),
        (RELAY, b"Signal=11\r\nDuration=160", "#"),
        (RELAY, b"Signal=d\r\nDuration=160", "D"),
        ("Application/DTMF-Relay ; charset=utf-8", b"Signal=1\r\n", "1"),
        (DTMF, b"5", "5"),
        (DTMF, b" #\r\n", "#"),
        (DTMF, b"Signal=5\r\n", "5"),
        (RELAY, b"Signal=55\r\n", None),
        (RELAY, b"Signal=\r\n", None),
        (RELAY, b"Signal=16\r\n", None),
        (RELAY, b"Duration=1\r\n", None),
        (RELAY, b"", None),
        (RELAY, b"\xff\xfe", None),
        (RELAY, b"x" * 300 + b"\nSignal=5", None),
        ("application/media_control+xml", b"5", None),
        ("", b"5", None),
    ],
)
def test_bodies(content_type: str, body: bytes, key: str | None) -> None:
    assert parse(content_type, body) == key


@given(st.sampled_from((RELAY, DTMF, "text/plain")), st.binary(max_size=300))
def test_any_body_is_read(content_type: str, body: bytes) -> None:
    """Invariant: a key or None, and no exception."""
    assert parse(content_type, body) in (None, *KEYS)
