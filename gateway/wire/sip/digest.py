"""Digest authentication of callers (RFC 3261 §22, RFC 7616, RFC 8760): SHA-256 and MD5, qop auth.

A nonce is its time, a token and the HMAC of both, so nothing is kept of a challenge that is never
answered. Of nonces in use the last nonce count is kept, so that a request seen on the wire cannot
be sent again.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import md5, sha256
from typing import Final

from gateway.wire.sip.errors import Fields, ProtocolError
from gateway.wire.sip.grammar import parse_params, split_list, unquote_string
from gateway.wire.sip.message import Request

Hash = Callable[[bytes], str]

_SCHEME: Final = "digest"
_COUNT_CHARACTERS: Final = 8


def _md5(data: bytes) -> str:
    return md5(data, usedforsecurity=False).hexdigest()


def _sha256(data: bytes) -> str:
    return sha256(data).hexdigest()


ALGORITHMS: Final[dict[str, Hash]] = {"SHA-256": _sha256, "MD5": _md5}
"""The one preferred first (RFC 8760 §2.4)."""


def parse_digest(row: str) -> dict[str, str] | None:
    """The parameters of a challenge or of credentials without their quotes, their names in lower
    case; None where they are no digest or cannot be read."""
    scheme, _, rest = row.strip().partition(" ")
    if scheme.lower() != _SCHEME:
        return None
    try:
        params = parse_params(";".join(split_list(rest)))
    except ProtocolError:
        return None
    return {name: unquote_string(value or "") for name, value in params.items()}


def digest_of(algorithm: Hash, who: str, fresh: tuple[str, str, str, str], what: str) -> str:
    """The response of RFC 7616 §3.4.1: `who` is user:realm:password, `fresh` nonce, nonce count,
    cnonce and qop, `what` method:uri."""
    parts = (algorithm(_octets(who)), *fresh, algorithm(_octets(what)))
    return algorithm(_octets(":".join(parts)))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nobody is let in: "missing", "wrong", "stale" or "replayed"."""

    reason: str


class Guard:
    """Asks callers of one realm who they are, and says whether they are it."""

    def __init__(
        self,
        realm: str,
        secret: bytes,
        passwords: Callable[[str], str | None],
        ids: Callable[[], str],
        nonce_seconds_max: float = 300.0,
        nonces_max: int = 10_000,
    ) -> None:
        """`passwords` gives a user's password, None for a stranger; `ids` new tokens."""
        assert '"' not in realm, "a realm without quotes"
        self._realm = realm
        self._secret = secret
        self._passwords = passwords
        self._ids = ids
        self._nonce_seconds_max = nonce_seconds_max
        self._nonces_max = nonces_max
        self._counts: dict[str, int] = {}
        self._forgotten = -1
        """When the youngest nonce was issued whose count is no longer kept."""

    def challenge(self, now: float, *, stale: bool = False) -> Fields:
        """The WWW-Authenticate fields of a 401, one an algorithm, the better one first."""
        nonce = self._nonce(f"{int(now):x}.{self._ids()}")
        end = ", stale=true" if stale else ""
        return tuple(
            (
                "WWW-Authenticate",
                f'Digest realm="{self._realm}", nonce="{nonce}", algorithm={algorithm}, '
                f'qop="auth"{end}',
            )
            for algorithm in ALGORITHMS
        )

    def verify(self, request: Request, now: float) -> str | Refusal:
        """The user who sent a request, by its Authorization of this realm (RFC 7616 §3.4).

        Strangers and wrong passwords are told apart by nobody: both are "wrong". "stale" is said
        only of credentials that are right.
        """
        credentials = self._credentials(request)
        if credentials is None:
            return Refusal("missing")
        user, nonce = credentials.get("username", ""), credentials.get("nonce", "")
        right = self._is_right(credentials, request.method, self._passwords(user))
        if not right or credentials.get("uri") != request.uri:
            return Refusal("wrong")
        if not self._is_ours(nonce):
            return Refusal("stale")
        issued = _issued(nonce)
        forgotten = nonce not in self._counts and issued <= self._forgotten
        if forgotten or not 0 <= now - issued <= self._nonce_seconds_max:
            return Refusal("stale")
        return user if self._counted(nonce, credentials["nc"]) else Refusal("replayed")

    def _credentials(self, request: Request) -> dict[str, str] | None:
        """The parameters of the Authorization row of this realm, without their quotes."""
        for row in request.headers.all("authorization"):
            credentials = parse_digest(row)
            if credentials is not None and credentials.get("realm") == self._realm:
                return credentials
        return None

    def _is_right(self, given: dict[str, str], method: str, password: str | None) -> bool:
        algorithm = ALGORITHMS.get(given.get("algorithm", "MD5").upper())
        count = given.get("nc", "")
        if algorithm is None or given.get("qop", "").lower() != "auth":
            return False
        if len(count) != _COUNT_CHARACTERS or not _is_hexadecimal(count):
            return False
        # a stranger costs as much time as a subscriber
        who = f"{given.get('username')}:{self._realm}:{password or self._ids()}"
        fresh = (given.get("nonce", ""), count, given.get("cnonce", ""), given["qop"])
        expected = digest_of(algorithm, who, fresh, f"{method}:{given.get('uri')}")
        response = given.get("response", "").lower()
        return hmac.compare_digest(_octets(expected), _octets(response)) and password is not None

    def _nonce(self, stem: str) -> str:
        mac = hmac.digest(self._secret, _octets(f"{self._realm}:{stem}"), "sha256")
        return f"{stem}.{mac.hex()[:32]}"

    def _is_ours(self, nonce: str) -> bool:
        stem, _, _ = nonce.rpartition(".")
        return hmac.compare_digest(_octets(self._nonce(stem)), _octets(nonce))

    def _counted(self, nonce: str, count: str) -> bool:
        """Take a nonce count that is higher than the last of its nonce (RFC 7616 §3.4)."""
        number = int(count, 16)
        if number <= self._counts.get(nonce, 0):
            return False
        if nonce not in self._counts and len(self._counts) >= self._nonces_max:
            oldest = next(iter(self._counts))
            del self._counts[oldest]
            self._forgotten = max(self._forgotten, _issued(oldest))
        self._counts[nonce] = number
        return True


def _issued(nonce: str) -> int:
    """When a nonce of ours was made, epoch seconds."""
    return int(nonce.partition(".")[0], 16)


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _is_hexadecimal(text: str) -> bool:
    return all(character in "0123456789abcdefABCDEF" for character in text)
