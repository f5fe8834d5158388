"""What may stand in a log: MSISDNs and addresses cut, secrets never."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gateway.domain.emails import mask_email

_MSISDN = re.compile(r"(?<![0-9])(\+?)((?:[78][0-9]{10})|(?:9[0-9]{9}))(?![0-9])")
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
_MMI = re.compile(r"[*#]{1,3}[0-9][0-9*#]{2,180}#")
_LONG_FIELD = re.compile(r"[0-9]{4,}")
_SECRET_WORDS = ("password", "secret", "token", "pepper")
"""A field whose name holds one of these is never written."""
_SECRET_NAMES = frozenset({"pin", "code", "text", "digits", "authorization", "short_message"})
"""Nor one of exactly these names: what a subscriber typed may be a password."""


def mask_text(text: str) -> str:
    """`+79220000001` -> `+7922***0001`; `buh@firma.ru` -> `b***@firma.ru`; `*105*482913#` ->
    `*105****#` (a field may be a secret)."""
    if "#" in text:
        text = _MMI.sub(lambda found: _LONG_FIELD.sub("***", found[0]), text)
    if "@" in text:
        text = _EMAIL.sub(lambda found: mask_email(found[0]), text)
    return _MSISDN.sub(lambda found: f"{found[1]}{found[2][:4]}***{found[2][-4:]}", text)


def mask_fields(fields: Mapping[str, object]) -> dict[str, object]:
    """The same keys; texts masked, secrets as `***`."""
    masked: dict[str, object] = {}
    for name, value in fields.items():
        if name in _SECRET_NAMES or any(word in name for word in _SECRET_WORDS):
            masked[name] = "***"
        else:
            masked[name] = mask_text(value) if isinstance(value, str) else value
    return masked
