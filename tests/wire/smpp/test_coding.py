"""data_coding <-> text: total in, GSM 7-bit or UCS-2 out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.wire.smpp.coding import CODINGS, Coding, decode_text, encode_text


@pytest.mark.parametrize(
    ("data_coding", "octets", "text"),
    [
        (0x00, b"\x00 \x02 1", "@ $ 1"),
        (0x0F, b"Hi \x1b\x65", "Hi €"),
        (0x01, b"Hi @", "Hi @"),
        (0x03, b"caf\xe9", "café"),
        (0x06, "Баланс".encode("iso8859-5"), "Баланс"),
        (0x07, "שלום".encode("iso8859-8"), "שלום"),
        (0x08, "Баланс".encode("utf-16-be"), "Баланс"),
        (0x48, "Баланс".encode("utf-16-be"), "Баланс"),
        (0x11, "Баланс".encode("utf-16-be"), "Баланс"),
        (0x18, b"1", "1"),
        (0x04, b"\xff1", "ÿ1"),
        (0x44, b"1", "1"),
        (0x10, b"ru\rHi", "Hi"),
        (0x10, b"ru\nHi", "Hi"),
        (0x10, b"Hi", "Hi"),
        (0xF1, b"\x00", "@"),
        (0xF5, b"\xe9", "é"),
        (0x08, "1".encode("utf-16-be") + b"\0", "1"),
        (0x08, "1".encode("utf-16-be") + b"2", "1\ufffd"),
        (0x08, b"", ""),
    ],
)
def test_octets_to_text(data_coding: int, octets: bytes, text: str) -> None:
    assert decode_text(data_coding, octets) == text


@given(st.integers(0, 255), st.binary(max_size=40))
def test_every_octet_is_some_text(data_coding: int, octets: bytes) -> None:
    assert isinstance(decode_text(data_coding, octets), str)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff\x1b")))
def test_text_survives(text: str) -> None:
    data_coding, octets = encode_text(text, gsm7=0x0F, ucs2=0x48)
    assert data_coding in (0x0F, 0x48)
    assert decode_text(data_coding, octets) == text


def test_gsm_where_it_holds_the_text_else_ucs2() -> None:
    assert encode_text("Balance: 5 €") == (0x00, b"Balance: 5 \x1be")
    assert encode_text("Баланс") == (0x08, "Баланс".encode("utf-16-be"))
    assert encode_text("Hi", gsm7=0x0F)[0] == 0x0F


def test_every_value_means_something() -> None:
    assert len(CODINGS) == 256
    assert {CODINGS[value] for value in (0x50, 0x51, 0x9C)} == {Coding.GSM7}
    assert CODINGS[0x58] is Coding.UCS2
    assert CODINGS[0x94] is Coding.BINARY
