"""Digest authentication as a caller answers it (RFC 3261 §22.2, RFC 7616 §3.4): qop auth, SHA-256
and MD5. `digest.py` is the other side, and has the sums of both.

Rule: a nonce is used once, so the nonce count is always 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from gateway.wire.sip.digest import ALGORITHMS, digest_of, parse_digest
from gateway.wire.sip.message import Response

_COUNT: Final = "00000001"
_FIELDS: Final = {
    401: ("www-authenticate", "Authorization"),
    407: ("proxy-authenticate", "Proxy-Authorization"),
}


@dataclass(frozen=True, slots=True)
class Login:
    """A user of a SIP account and the password."""

    user: str
    password: str = field(repr=False)

    def answer(
        self, challenge: Response, method: str, uri: str, cnonce: str
    ) -> tuple[str, str] | None:
        """The header field by which a request challenged with 401 or 407 is to be sent again, for
        the first challenge of a kind we know; None where there is none."""
        asked, answered = _FIELDS.get(challenge.status, ("", ""))
        for row in challenge.headers.all(asked):
            given = parse_digest(row)
            if given is None or "auth" not in given.get("qop", "").lower().split(","):
                continue
            algorithm = given.get("algorithm", "MD5")
            if algorithm.upper() not in ALGORITHMS:
                continue
            realm, nonce = given.get("realm", ""), given.get("nonce", "")
            digest = digest_of(
                ALGORITHMS[algorithm.upper()],
                f"{self.user}:{realm}:{self.password}",
                (nonce, _COUNT, cnonce, "auth"),
                f"{method}:{uri}",
            )
            opaque = f', opaque="{given["opaque"]}"' if "opaque" in given else ""
            return answered, (
                f'Digest username="{self.user}", realm="{realm}", nonce="{nonce}", uri="{uri}", '
                f'response="{digest}", algorithm={algorithm}, qop=auth, nc={_COUNT}, '
                f'cnonce="{cnonce}"{opaque}'
            )
        return None
