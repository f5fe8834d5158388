"""Passwords hashed in the thread pool: outside any turn, and off the reactor's thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from twisted.internet.threads import deferToThreadPool

from gateway.accounts.access.login import LoginAttempt
from gateway.accounts.book import Credential
from gateway.service.secrets import Argon2Hasher


class Verifier:
    """The hasher, in threads; each call gives a Deferred."""

    def __init__(self, hasher: Argon2Hasher, reactor: Any) -> None:
        self._hasher = hasher
        self._reactor = reactor

    def matching(self, attempt: LoginAttempt, password: str) -> Any:
        """The candidate whose password it is, or None."""
        return self._in_pool(self._matching, attempt, password)

    def right(self, msisdn: str, digests: Sequence[str], password: str) -> Any:
        """The digest whose password it is, or an empty text."""
        return self._in_pool(self._right, msisdn, digests, password)

    def digest(self, password: str, msisdn: str) -> Any:
        """The digest of a password somebody chose."""
        return self._in_pool(self._hasher.digest, password, msisdn)

    def _matching(self, attempt: LoginAttempt, password: str) -> Credential | None:
        digests = [candidate.digest for candidate in attempt.candidates]
        right = self._right(attempt.msisdn, digests, password)
        return next((one for one in attempt.candidates if one.digest == right), None)

    def _right(self, msisdn: str, digests: Sequence[str], password: str) -> str:
        """In a thread. An unknown number costs as much as a known one."""
        if not digests:
            self._hasher.verify(self._hasher.nobody, password, msisdn)
        verify = self._hasher.verify
        return next((each for each in digests if verify(each, password, msisdn)), "")

    def _in_pool(self, work: Callable[..., Any], *arguments: Any) -> Any:
        pool = self._reactor.getThreadPool()
        return deferToThreadPool(self._reactor, pool, work, *arguments)
