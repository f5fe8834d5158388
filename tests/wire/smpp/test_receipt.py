"""Delivery receipts: written as appendix B has them, read as the world writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.wire.smpp.codec import build, parse
from gateway.wire.smpp.pdu import DeliverSm
from gateway.wire.smpp.receipt import (
    FINAL_STATES,
    MessageState,
    Receipt,
    build_receipt,
    is_receipt,
    parse_receipt,
    receipt_text,
    wants_receipt,
)
from tests.wire.smpp.links import submit

AT = datetime(2026, 8, 1, 12, 34, tzinfo=UTC)
DONE = datetime(2026, 8, 1, 12, 35, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RECEIPT = Receipt("0123456789", MessageState.DELIVERED, AT, DONE, 1, 1, "000", b"Hello")
TEXT = (
    b"id:0123456789 sub:001 dlvrd:001 submit date:2608011234 done date:2608011235 "
    b"stat:DELIVRD err:000 text:Hello"
)


def test_the_text_of_appendix_b() -> None:
    assert receipt_text(RECEIPT) == TEXT


def test_a_receipt_goes_back_where_the_message_came_from() -> None:
    submitted = submit(source_addr_ton=1, source_addr_npi=1, dest_addr_npi=1)
    pdu = build_receipt(RECEIPT, submitted)
    assert (pdu.source_addr, pdu.destination_addr) == ("105", "79220000001")
    assert (pdu.dest_addr_ton, pdu.esm_class) == (1, 0x04)
    assert pdu.tlvs == ((0x001E, b"0123456789\0"), (0x0427, b"\x02"))
    assert parse_receipt(parse(build(pdu))) == RECEIPT  # type: ignore[arg-type]


DATES = st.integers(0, 35_000_000).map(lambda minutes: AT.replace(year=2001) + minutes * MINUTE)
RECEIPTS = st.builds(
    Receipt,
    st.text("0123456789abcdef-", min_size=1, max_size=64),
    st.sampled_from(MessageState),
    DATES,
    DATES,
    st.integers(0, 999),
    st.integers(0, 999),
    st.text("0123456789", min_size=3, max_size=3),
    st.binary(max_size=20),
)


@given(RECEIPTS, st.booleans())
def test_parse_is_the_inverse_of_build(receipt: Receipt, with_tlvs: bool) -> None:
    pdu = build_receipt(receipt, submit())
    if not with_tlvs:
        pdu.tlvs = ()
    assert parse_receipt(pdu) == receipt


@pytest.mark.parametrize(
    ("text", "receipt"),
    [
        (
            b"Id:7 SUB:001 Dlvrd:000 Submit Date:260801123456 Done Date:2608011235 Stat:undeliv",
            Receipt(
                "7",
                MessageState.UNDELIVERABLE,
                datetime(2026, 8, 1, 12, 34, 56, tzinfo=UTC),
                DONE,
            ),
        ),
        (b"id:7", Receipt("7", MessageState.UNKNOWN)),
        (b"stat:EXPIRED id:7 err:1A", Receipt("7", MessageState.EXPIRED, error="1A")),
        (
            b"id:7 submit date:9999999999 done date:soon stat:WHAT text:id:8 stat:DELIVRD",
            Receipt("7", MessageState.UNKNOWN, text=b"id:8 stat:DELIVRD"),
        ),
        (b"id:7 sub:\xb2\xb2", Receipt("7", MessageState.UNKNOWN)),
        (b"Hello", None),
        (b"", None),
    ],
)
def test_read_loosely(text: bytes, receipt: Receipt | None) -> None:
    assert parse_receipt(DeliverSm(esm_class=0x04, short_message=text)) == receipt


def test_the_tlvs_are_right() -> None:
    tlvs = ((0x001E, b"8\0"), (0x0427, b"\x05"))
    pdu = DeliverSm(esm_class=0x04, short_message=TEXT, tlvs=tlvs)
    receipt = parse_receipt(pdu)
    assert receipt is not None
    assert (receipt.message_id, receipt.state) == ("8", MessageState.UNDELIVERABLE)
    pdu.tlvs = ((0x0427, b"\x63"),)
    receipt = parse_receipt(pdu)
    assert receipt is not None
    assert receipt.state is MessageState.DELIVERED, "an unknown state does not count"


@pytest.mark.parametrize(
    ("esm_class", "is_one"), [(0, False), (4, True), (0x20, True), (0x44, True), (0x08, False)]
)
def test_esm_class_says_so(esm_class: int, is_one: bool) -> None:
    pdu = DeliverSm(esm_class=esm_class, short_message=TEXT)
    assert is_receipt(pdu) is is_one
    assert (parse_receipt(pdu) is not None) is is_one


@given(st.binary(max_size=100))
def test_any_text_is_read(text: bytes) -> None:
    parse_receipt(DeliverSm(esm_class=4, short_message=text))


@pytest.mark.parametrize(
    ("registered_delivery", "on_success", "on_failure"),
    [(0, False, False), (1, True, True), (2, False, True), (3, True, False), (0x11, True, True)],
)
def test_who_wants_one(registered_delivery: int, on_success: bool, on_failure: bool) -> None:
    assert wants_receipt(registered_delivery, MessageState.DELIVERED) is on_success
    assert wants_receipt(registered_delivery, MessageState.EXPIRED) is on_failure
    assert not wants_receipt(registered_delivery, MessageState.ENROUTE)
    assert MessageState.ACCEPTED not in FINAL_STATES
