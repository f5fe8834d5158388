"""3GPP TS 23.038: the alphabets of SMS and USSD, and the packing of septets.

Encoding is strict (a character the alphabet lacks is a `NotInAlphabet`), decoding is total:
whatever a peer sends becomes text, with U+FFFD where it means nothing. Unpacked GSM 7-bit is one
septet an octet, which is how SMPP carries it; packed is how the radio side and GSUP carry it.
"""

from __future__ import annotations

import codecs
from functools import lru_cache

GSM7_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet, by septet (§6.2.1); 0x1B is the escape to the extension table."""

GSM7_EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
"""The extension table, by the septet after the escape (§6.2.1.1); each costs two septets."""

ESCAPE = 0x1B
_UNKNOWN = "\ufffd"
_UNMAPPED = 0xFF  # no septet has its high bit set, so it can mark what the quick table lacks

_BASIC_256 = GSM7_BASIC + _UNKNOWN * 128
# After an escape: the extension's character, else the default alphabet's; a second escape is
# reserved for another table and shown as a space (§6.2.1.1).
_AFTER_ESCAPE = [GSM7_EXTENSION.get(septet, char) for septet, char in enumerate(_BASIC_256)]
_AFTER_ESCAPE[ESCAPE] = " "

_TO_SEPTETS: dict[int, bytes] = {
    ord(char): bytes((septet,)) for septet, char in enumerate(GSM7_BASIC) if septet != ESCAPE
} | {ord(char): bytes((ESCAPE, septet)) for septet, char in GSM7_EXTENSION.items()}
_CHARACTERS = frozenset(map(chr, _TO_SEPTETS))
_LATIN1_TO_SEPTET = bytes(
    mapped[0] if len(mapped := _TO_SEPTETS.get(code, b"")) == 1 else _UNMAPPED
    for code in range(256)
)


class NotInAlphabet(ValueError):
    """A text holds a character its alphabet lacks: `character` at index `position`."""

    def __init__(self, alphabet: str, character: str, position: int) -> None:
        super().__init__(f"{character!r} at {position} is not in {alphabet}")
        self.alphabet = alphabet
        self.character = character
        self.position = position


def encode_gsm7(text: str) -> bytes:
    """Septets, one an octet, an extension character as its escape pair (3GPP TS 23.038 §6.2.1).

    Raises `NotInAlphabet` with the first character that GSM 7-bit lacks.
    """
    try:
        # Nearly every GSM-7 text is Latin-1 without extension characters: one table, no loop.
        octets = text.encode("latin-1").translate(_LATIN1_TO_SEPTET)
        if _UNMAPPED not in octets:
            return octets
        return codecs.charmap_encode(text, "strict", _TO_SEPTETS)[0]
    except UnicodeEncodeError:
        pass
    try:
        return codecs.charmap_encode(text, "strict", _TO_SEPTETS)[0]
    except UnicodeEncodeError as error:
        raise NotInAlphabet("GSM 7-bit", text[error.start], error.start) from None


def decode_gsm7(octets: bytes) -> str:
    """Text of unpacked septets; total. An escape before a code without an extension character
    gives the default alphabet's, a double or last escape a space (3GPP TS 23.038 §6.2.1.1), an
    octet above 0x7F U+FFFD."""
    text = codecs.charmap_decode(octets, "strict", _BASIC_256)[0]
    if "\x1b" not in text:
        return text
    rest = iter(octets)
    return "".join(
        [
            _BASIC_256[octet] if octet != ESCAPE else _AFTER_ESCAPE[next(rest, ESCAPE)]
            for octet in rest
        ]
    )


def is_gsm7(text: str) -> bool:
    """Whether every character is in the default alphabet or its extension."""
    if text.isascii() and _UNMAPPED not in text.encode("ascii").translate(_LATIN1_TO_SEPTET):
        return True
    return _CHARACTERS.issuperset(text)


def septets(text: str) -> int:
    """How many septets the text takes: two for an extension character. Raises `NotInAlphabet`."""
    return len(encode_gsm7(text))


# --- packing, 8 septets in 7 octets (§6.1.2.1) -------------------------------------------------
# A whole text is one integer of 64-bit lanes, and lanes are closed up by 1, 2 and 4 bits: the
# number of steps does not grow with the text.

_LANES = ((0x007F007F007F007F, 1), (0x00003FFF00003FFF, 2), (0x000000000FFFFFFF, 4))


@lru_cache(maxsize=64)
def _masks(groups: int) -> tuple[tuple[int, int, int], ...]:
    """(low lanes, high lanes, bits between) of each step, for so many groups of 8 octets."""
    ones = int.from_bytes(b"\x01\0\0\0\0\0\0\0" * groups, "little")
    return tuple((ones * low, ones * (low << 8 * gap), gap) for low, gap in _LANES)


def pack_gsm7(unpacked: bytes) -> bytes:
    """Septets (one an octet, each below 0x80) -> packed octets, as SMS carries them: spare bits
    are 0 (3GPP TS 23.038 §6.1.2.1)."""
    groups = -(-len(unpacked) // 8)
    value = int.from_bytes(unpacked, "little")
    for low, high, gap in _masks(groups):
        value = value & low | (value & high) >> gap
    octets = bytearray(value.to_bytes(groups * 8, "little"))
    del octets[7::8]
    return bytes(octets[: -(-len(unpacked) * 7 // 8)])


def unpack_gsm7(packed: bytes, count: int) -> bytes:
    """Packed octets -> `count` septets, one an octet; fewer where the octets hold fewer
    (3GPP TS 23.038 §6.1.2.1)."""
    groups = -(-len(packed) // 7)
    padded = packed.ljust(groups * 7, b"\0")
    lanes = bytearray(groups * 8)
    for place in range(7):
        lanes[place::8] = padded[place::7]
    value = int.from_bytes(lanes, "little")
    for low, high, gap in reversed(_masks(groups)):
        value = value & low | value << gap & high
    return value.to_bytes(groups * 8, "little")[: min(count, len(packed) * 8 // 7)]


def pack_ussd(unpacked: bytes) -> bytes:
    """As `pack_gsm7`, but 7 spare bits carry a CR, and a text that itself ends in CR on an octet
    boundary gets a second one (3GPP TS 23.038 §6.1.2.3.1)."""
    spare = len(unpacked) % 8
    if spare == 7 or (spare == 0 and unpacked.endswith(b"\r")):
        unpacked += b"\r"
    return pack_gsm7(unpacked)


def unpack_ussd(packed: bytes) -> bytes:
    """Packed octets of a ussd-String -> septets, one an octet, without the CR that fills the last
    octet (3GPP TS 23.038 §6.1.2.3.1)."""
    unpacked = unpack_gsm7(packed, len(packed) * 8 // 7)
    if len(unpacked) % 8 == 0 and unpacked.endswith(b"\r"):
        return unpacked[:-1]
    return unpacked


# --- the other alphabets -----------------------------------------------------------------------


def encode_ucs2(text: str) -> bytes:
    """Big-endian 16-bit units; a character beyond U+FFFF is a surrogate pair, a lone surrogate
    `?` (3GPP TS 23.038 §6.2.3)."""
    return text.encode("utf-16-be", "replace")


def decode_ucs2(octets: bytes) -> str:
    """Text of big-endian 16-bit units; total. A byte order mark in front is dropped; a lone
    surrogate or an odd last octet is U+FFFD (3GPP TS 23.038 §6.2.3)."""
    return octets.decode("utf-16-be", "replace").removeprefix("\ufeff")


def encode_latin1(text: str) -> bytes:
    """ISO 8859-1. Raises `NotInAlphabet` with the first character it lacks."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError as error:
        raise NotInAlphabet("Latin-1", text[error.start], error.start) from None


def decode_latin1(octets: bytes) -> str:
    """ISO 8859-1: every octet is its own code point; total."""
    return octets.decode("latin-1")
