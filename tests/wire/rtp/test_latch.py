"""Whom a call listens to: offers, NATs and strangers, as a table."""

from __future__ import annotations

import pytest

from gateway.wire.rtp.latch import Address, Latch, is_usable

OFFER = ("192.0.2.1", 4000)
PORT = ("192.0.2.1", 4002)
NAT = ("203.0.113.9", 999)
STRANGER = ("198.51.100.1", 4000)


@pytest.mark.parametrize(
    ("what", "nat", "sources", "accepted", "remote"),
    [
        ("as offered", True, [OFFER, OFFER], "yy", OFFER),
        ("nobody yet", True, [], "", OFFER),
        ("a stranger is late", True, [OFFER, STRANGER, OFFER], "yny", OFFER),
        ("behind a NAT", True, [NAT, NAT], "yy", NAT),
        ("behind a NAT, a stranger is late", True, [NAT, STRANGER, NAT], "yny", NAT),
        ("another port of the host", True, [PORT, STRANGER], "yn", PORT),
        ("a stranger is early", True, [STRANGER, OFFER, STRANGER], "yyn", OFFER),
        ("a better claim each time", True, [NAT, PORT, OFFER, PORT], "yyyn", OFFER),
        ("no NAT believed", False, [NAT, OFFER], "ny", OFFER),
        ("no NAT believed, another port", False, [PORT, NAT], "yn", PORT),
    ],
)
def test_latching(
    what: str, nat: bool, sources: list[Address], accepted: str, remote: Address
) -> None:
    latch = Latch(OFFER, nat)
    assert "".join("ny"[latch.accepts(source)] for source in sources) == accepted, what
    assert latch.remote == remote
    assert latch.knows(remote) is bool(sources)


@pytest.mark.parametrize(
    ("remote", "usable"),
    [
        (("192.0.2.1", 4000), True),
        (("2001:db8::1", 65534), True),
        (("192.0.2.1", 0), False),
        (("192.0.2.1", 65535), False),
        (("192.0.2.1", 70000), False),
        (("192.0.2.1", -1), False),
        (("phone.example", 4000), False),
        (("", 4000), False),
    ],
)
def test_what_can_be_sent_to(remote: Address, usable: bool) -> None:
    assert is_usable(remote) is usable
