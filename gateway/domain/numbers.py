"""Numbers as people write them, and the one form we keep.

An MSISDN is kept as `7` + ten digits (E.164 without `+`). Short numbers and service codes keep
their leading zeros and lose what people put between digits (K02: `000-110`, `50-05`).
"""

from __future__ import annotations

import re

_FILLING = re.compile(r"[\s\-().\u00a0]")
_MSISDN = re.compile(r"(?:\+?7|8)?([0-9]{10})")


PLMN_PATTERN = "(001|[2-7][0-9]{2}|901|999)[0-9]{2,3}"
"""MCC and MNC: a country's, a test network's, a shared or a private one's (ITU-T E.212 annex A)."""
_PLMN = re.compile(PLMN_PATTERN)


def is_plmn(text: str) -> bool:
    """Whether it can be a network's MCC and MNC."""
    return _PLMN.fullmatch(text) is not None


def normalise_msisdn(text: str) -> str | None:
    """`+7 922 000-00-01`, `89220000001`, `9220000001` -> `79220000001`; None where it is none."""
    match = _MSISDN.fullmatch(_FILLING.sub("", text))
    return f"7{match[1]}" if match else None


def normalise_short_number(text: str) -> str:
    """`000-110` -> `000110`; letters and signs that are not filling stay."""
    return _FILLING.sub("", text)


def service_code(address: str) -> str:
    """What was dialled, without what follows the code: `*33*0000#` -> `*33#` (that is a password);
    `105`, `*105#` and short numbers stay as they are."""
    rest = address.lstrip("*#")
    code = rest.replace("#", "*").partition("*")[0]
    prefix = address[: len(address) - len(rest)]
    return address if rest.rstrip("#") == code else f"{prefix}{code}#"


def local_digits(msisdn: str) -> str:
    """`79220000001` -> `9220000001`: the login, and how a number is shown on a small screen."""
    return msisdn[-10:]


def mask(msisdn: str) -> str:
    """`79220000001` -> `7922***0001`: how a number stands in a log."""
    return f"{msisdn[:4]}***{msisdn[-4:]}" if len(msisdn) >= 9 else "***"
