"""E-mail addresses: what we take for one, and how one is shown."""

from __future__ import annotations

import re

LOCAL_CHARACTERS_MAX = 64
"""RFC 5321 §4.5.3.1.1."""
EMAIL_CHARACTERS_MAX = 254
"""RFC 5321 §4.5.3.1.3: a path of 256 octets with its brackets."""

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@((?:{_LABEL}\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9])")


def normalise_email(text: str) -> str | None:
    """`Buh@Firma.RU` -> `Buh@firma.ru`; None where it is no dot-atom address with a
    full domain (RFC 5321 §4.1.2; quoted local parts and address literals are not taken)."""
    match = _EMAIL.fullmatch(text.strip())
    if match is None or len(match[0]) > EMAIL_CHARACTERS_MAX:
        return None
    local, domain = match.groups()
    return f"{local}@{domain.lower()}" if len(local) <= LOCAL_CHARACTERS_MAX else None


def mask_email(email: str) -> str:
    """`buh@firma.ru` -> `b***@firma.ru`: how an address stands in logs and on screens."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}***@{domain}" if domain else "***"
