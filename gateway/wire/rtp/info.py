"""Key presses in the body of a SIP INFO: `application/dtmf-relay` and `application/dtmf`.

No standard defines either; what is read is what phones are seen to send.
"""

from __future__ import annotations

from typing import Final

from gateway.wire.rtp.telephone_event import KEYS

CONTENT_TYPES: Final = frozenset({"application/dtmf-relay", "application/dtmf"})
BODY_OCTETS_MAX: Final = 256
_NAMES: Final = frozenset({"signal", "d"})
_SIGNALS: Final = {key: key for key in KEYS} | {str(code): KEYS[code] for code in range(10, 16)}


def parse(content_type: str, body: bytes) -> str | None:
    """The key of an INFO's body: `Signal=5` or `d=5` among other lines, or the key alone; `10` to
    `15` are `*`, `#`, `A` to `D` as in RFC 4733. None where it tells of no key."""
    if content_type.partition(";")[0].strip().lower() not in CONTENT_TYPES:
        return None
    for line in body[:BODY_OCTETS_MAX].decode("ascii", "replace").splitlines():
        name, separator, value = line.partition("=")
        if separator and name.strip().lower() not in _NAMES:
            continue
        key = _SIGNALS.get((value if separator else line).strip().upper())
        if key is not None:
            return key
    return None
