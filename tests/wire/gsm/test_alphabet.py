"""23.038: golden vectors both ways (libosmocore's among them), and what must hold for any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.wire.gsm.alphabet import (
    GSM7_BASIC,
    GSM7_EXTENSION,
    NotInAlphabet,
    decode_gsm7,
    decode_latin1,
    decode_ucs2,
    encode_gsm7,
    encode_latin1,
    encode_ucs2,
    is_gsm7,
    pack_gsm7,
    pack_ussd,
    septets,
    unpack_gsm7,
    unpack_ussd,
)

LETTERS = GSM7_BASIC.replace("\x1b", "") + "".join(GSM7_EXTENSION.values())
gsm_text = st.text(st.sampled_from(LETTERS), max_size=400)

# Text, and its ussd-String. From Debian's libosmogsm, and from upstream libosmocore's own tests.
VECTORS = [
    ("*105#", "aa18ac3602"),
    ("*100#", "aa180c3602"),
    ("*105*00#", "aa18aca682c146"),
    ("*111*2313#", "aa582ca692cd62b311"),
    ("1234567", "31d98c56b3dd1a"),
    ("12345678", "31d98c56b3dd70"),
    ("123456\r", "31d98c56b3351a"),
    ("1234567\r", "31d98c56b3dd1a0d"),
    ("1234567@", "31d98c56b3dd00"),
    ("A" * 15, "c16030180c0683c16030180c061b"),
    ("{}[]^|~\\", "1bd426b5e16d7c1bca06b8e96d5e"),
    ("1 Balance\n2 Tariff\n0 Exit", "319030cc0ebbc765850c440dcbd366b302062ae2d374"),
    ("Balance: 12.34", "c2303bec1e9775a098cc35a301"),
    ("01234567", "b0986c46abd96e"),
    ("0123456", "b0986c46abd91a"),
    ("01234567\r", "b0986c46abd96e0d"),
    ("0123456\r", "b0986c46abd91a0d"),
    ("012345\r", "b0986c46ab351a"),
    ("forty-two", "e6b79c9e6fd1ef6f"),
]
# Only these are packed otherwise for SMS: the spare septet is 0, and a last CR stands alone.
SMS_VECTORS = {
    "1234567": "31d98c56b3dd00",
    "123456\r": "31d98c56b33500",
    "1234567\r": "31d98c56b3dd1a",
    "A" * 15: "c16030180c0683c16030180c0601",
    "0123456": "b0986c46abd900",
    "0123456\r": "b0986c46abd91a",
    "012345\r": "b0986c46ab3500",
}


@pytest.mark.parametrize(("text", "octets"), VECTORS)
def test_golden_ussd_strings(text: str, octets: str) -> None:
    unpacked = encode_gsm7(text)
    assert pack_ussd(unpacked).hex() == octets
    doubled = text.endswith("\r") and len(text) % 8 == 0
    assert decode_gsm7(unpack_ussd(bytes.fromhex(octets))) == text + "\r" * doubled


@pytest.mark.parametrize(("text", "octets"), [(t, SMS_VECTORS.get(t, o)) for t, o in VECTORS])
def test_golden_sms_user_data(text: str, octets: str) -> None:
    unpacked = encode_gsm7(text)
    assert pack_gsm7(unpacked).hex() == octets
    assert unpack_gsm7(bytes.fromhex(octets), len(unpacked)) == unpacked


def test_a_ussd_string_of_160_octets_holds_182_septets() -> None:
    assert len(pack_ussd(b"A" * 182)) == 160
    assert len(pack_ussd(b"A" * 183)) == 161


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        ("@", "00"),
        ("", ""),
        ("€", "1b65"),
        ("a\fb", "611b0a62"),
        ("ΔΞ", "101a"),
        ("§à¿", "5f7f60"),
        ("[x]", "1b3c781b3e"),
    ],
)
def test_encoding(text: str, octets: str) -> None:
    assert encode_gsm7(text).hex() == octets
    assert decode_gsm7(bytes.fromhex(octets)) == text


@pytest.mark.parametrize(
    ("text", "character", "position"),
    [("abв", "в", 2), ("`", "`", 0), ("€ и", "и", 2), ("a\x1b", "\x1b", 1), ("ç", "ç", 0)],
)
def test_the_first_character_outside_is_named(text: str, character: str, position: int) -> None:
    with pytest.raises(NotInAlphabet) as caught:
        encode_gsm7(text)
    assert (caught.value.character, caught.value.position) == (character, position)
    assert not is_gsm7(text)


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        ("1b41", "A"),  # no extension character there: the default alphabet's
        ("1b1b41", " A"),  # reserved for another extension table
        ("411b", "A "),  # nothing follows
        ("80ff41", "\ufffd\ufffdA"),
        ("1b80", "\ufffd"),
    ],
)
def test_decoding_is_total(octets: str, text: str) -> None:
    assert decode_gsm7(bytes.fromhex(octets)) == text


def test_tables_are_whole() -> None:
    assert len(GSM7_BASIC) == len(set(GSM7_BASIC)) == 128
    assert not set(GSM7_EXTENSION.values()) & set(GSM7_BASIC)
    assert all(is_gsm7(char) for char in LETTERS)
    outside = [chr(code) for code in range(0x500) if chr(code) not in LETTERS]
    assert not any(is_gsm7(char) for char in outside)


@given(gsm_text)
def test_gsm7_round_trip(text: str) -> None:
    unpacked = encode_gsm7(text)
    assert decode_gsm7(unpacked) == text
    assert septets(text) == len(unpacked) == len(text) + sum(c in "\f^{}\\[~]|€" for c in text)
    assert unpack_gsm7(pack_gsm7(unpacked), len(unpacked)) == unpacked
    got = unpack_ussd(pack_ussd(unpacked))
    ambiguous = text.endswith("\r") and len(unpacked) % 8 == 0
    assert got == unpacked + b"\r" * ambiguous


@given(st.lists(st.integers(0, 127), max_size=300).map(bytes))
def test_packing_is_the_rule_bit_by_bit(unpacked: bytes) -> None:
    value = sum(septet << 7 * place for place, septet in enumerate(unpacked))
    packed = value.to_bytes((len(unpacked) * 7 + 7) // 8, "little")
    assert pack_gsm7(unpacked) == packed


@given(st.binary(max_size=200), st.integers(0, 300))
def test_every_decoder_takes_any_octets(octets: bytes, count: int) -> None:
    for text in (decode_gsm7(octets), decode_ucs2(octets), decode_latin1(octets)):
        text.encode("utf-8")
    assert len(unpack_gsm7(octets, count)) == min(count, len(octets) * 8 // 7)
    decode_gsm7(unpack_ussd(octets))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=100))
def test_ucs2_round_trip(text: str) -> None:
    expected = text.removeprefix("\ufeff")
    assert decode_ucs2(encode_ucs2(text)) == expected


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        ("04110430", "Ба"),
        ("d83dde00", "😀"),
        ("d83d", "\ufffd"),
        ("0431d83d0431", "б\ufffdб"),
        ("043104", "б\ufffd"),
        ("feff0431", "б"),
    ],
)
def test_ucs2_policies(octets: str, text: str) -> None:
    assert decode_ucs2(bytes.fromhex(octets)) == text


def test_latin1() -> None:
    assert decode_latin1(encode_latin1("Ça coûte 5£")) == "Ça coûte 5£"
    with pytest.raises(NotInAlphabet, match="Latin-1"):
        encode_latin1("5 €")


@given(st.text(max_size=100))
def test_is_gsm7_is_what_encodes(text: str) -> None:
    try:
        encode_gsm7(text)
        encodes = True
    except NotInAlphabet:
        encodes = False
    assert is_gsm7(text) == encodes
