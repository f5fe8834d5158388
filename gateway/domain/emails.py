"""E-mail addresses: read into one form, masked for screens and logs (RFC 5321 §4.1.2, §4.5.3.1)."""

from __future__ import annotations

import re

ADDRESS_OCTETS_MAX = 254
LOCAL_OCTETS_MAX = 64

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@((?:{_LABEL}\.)+{_LABEL})")


def normalise_email(text: str) -> str | None:
    """The address with its domain in small letters; None where it is none that a relay would take:
    one `@`, a dot-string before it, a full domain name behind it, nothing that could end a line."""
    found = _ADDRESS.fullmatch(text.strip(" "))
    if found is None or len(found[0]) > ADDRESS_OCTETS_MAX or len(found[1]) > LOCAL_OCTETS_MAX:
        return None
    return f"{found[1]}@{found[2].lower()}"


def mask_email(address: str) -> str:
    """`b***@firma.ru`."""
    local, at, domain = address.partition("@")
    return f"{local[:1]}***{at}{domain}"
