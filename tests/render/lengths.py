"""The length of a text in the alphabet it needs (3GPP TS 23.038), measured beside the pages."""

from __future__ import annotations

from typing import NamedTuple

from gateway.wire.gsm.alphabet import encode_ucs2, is_gsm7, septets
from gateway.wire.gsm.segments import Alphabet


class Lengths(NamedTuple):
    """`units` are septets or UTF-16 units; `octets` is what they take (septets packed)."""

    alphabet: Alphabet
    units: int
    octets: int


def lengths(text: str) -> Lengths:
    """The alphabet a text needs, and its length in it."""
    if is_gsm7(text):
        units = septets(text)
        return Lengths("gsm7", units, -(-units * 7 // 8))
    octets = len(encode_ucs2(text))
    return Lengths("ucs2", octets // 2, octets)
