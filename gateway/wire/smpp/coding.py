"""data_coding <-> text (v3.4 §5.2.19, v5.0 §4.7.7; USSD gateways put a CBS DCS there, 23.038 §5).

- GSM 7-bit is one septet an octet in SMPP, never packed.
- Every value decodes, whatever the octets: a value nobody assigned is the default alphabet.
- UCS-2 of odd length: a last octet of 0 is padding and is dropped; any other is shown as U+FFFD.
- IA5 above 0x7F and 8-bit data are read as Latin-1, the commonest mistake.
- 0x11 (UCS-2 after a language) is plain UCS-2 on the wire of those that send it; 0x10 begins with
  two letters and CR (some send LF), which are dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Final

from gateway.wire.gsm.alphabet import NotInAlphabet, decode_gsm7, decode_ucs2, encode_gsm7


class Coding(Enum):
    """What octets of a message are."""

    GSM7 = "GSM 7-bit, unpacked"
    GSM7_LANGUAGE = "GSM 7-bit after two letters and CR"
    LATIN1 = "IA5 or Latin-1"
    CYRILLIC = "ISO 8859-5"
    HEBREW = "ISO 8859-8"
    UCS2 = "UCS-2"
    BINARY = "8-bit data"


# SMPP's own values win over the CBS ones below 0x10 (0x08 in CBS is Portuguese, not UCS-2).
_SMPP: Final = {
    0x00: Coding.GSM7,
    0x01: Coding.LATIN1,
    0x02: Coding.BINARY,
    0x03: Coding.LATIN1,
    0x04: Coding.BINARY,
    0x06: Coding.CYRILLIC,
    0x07: Coding.HEBREW,
    0x08: Coding.UCS2,
    0x0F: Coding.GSM7,
    0x10: Coding.GSM7_LANGUAGE,
    0x11: Coding.UCS2,
}
_CBS_ALPHABETS: Final = (Coding.GSM7, Coding.BINARY, Coding.UCS2, Coding.GSM7)


def _coding(data_coding: int) -> Coding:
    group = data_coding >> 4
    if 0x4 <= group <= 0x7 or group == 0x9:  # general and UDH groups: bits 3-2 name the alphabet
        return _CBS_ALPHABETS[data_coding >> 2 & 3]
    if group == 0xF:  # message class group: bit 2 is 8-bit data
        return Coding.BINARY if data_coding & 4 else Coding.GSM7
    return _SMPP.get(data_coding, Coding.GSM7)


CODINGS: Final = tuple(_coding(data_coding) for data_coding in range(256))


def _decode_ucs2(octets: bytes) -> str:
    if len(octets) % 2 and octets[-1] == 0:
        octets = octets[:-1]
    return decode_ucs2(octets)


def _decode_after_language(octets: bytes) -> str:
    return decode_gsm7(octets[3:] if octets[2:3] in (b"\r", b"\n") else octets)


_DECODERS: Final[dict[Coding, Callable[[bytes], str]]] = {
    Coding.GSM7: decode_gsm7,
    Coding.GSM7_LANGUAGE: _decode_after_language,
    Coding.LATIN1: lambda octets: octets.decode("latin-1"),
    Coding.CYRILLIC: lambda octets: octets.decode("iso8859-5", "replace"),
    Coding.HEBREW: lambda octets: octets.decode("iso8859-8", "replace"),
    Coding.UCS2: _decode_ucs2,
    Coding.BINARY: lambda octets: octets.decode("latin-1"),
}
_DECODE: Final = tuple(_DECODERS[coding] for coding in CODINGS)


def decode_text(data_coding: int, octets: bytes) -> str:
    """The text of a message's octets (without user data header); total: never raises."""
    return _DECODE[data_coding](octets)


def encode_text(text: str, gsm7: int = 0x00, ucs2: int = 0x08) -> tuple[int, bytes]:
    """`(data_coding, octets)`: GSM 7-bit under the value `gsm7` where it holds the whole text,
    else UCS-2 under the value `ucs2`. A lone surrogate becomes `?`."""
    try:
        return gsm7, encode_gsm7(text)
    except NotInAlphabet:
        return ucs2, text.encode("utf-16-be", "replace")
