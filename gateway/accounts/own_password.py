"""The subscriber's own password, given twice; the SIM is its proof, the old one is not asked (K07).
The policy may want it in a call: then a menu asks for it before the first entry.

Neither entry waits in a session: the first is proposed and kept as a peppered digest for minutes,
the second is compared with it and then set. A proposal is good for one comparison.
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.accounts.book import Credential, PendingCode
from gateway.accounts.request import Effect, Reply, Request, done, refuse

_PURPOSE = "own_password"
_RUNS = ("0123456789", "9876543210")


def _propose(request: Request) -> Reply:
    password, msisdn = request.text("password"), request.subscriber.msisdn
    if not _strong_enough(request, password):
        return refuse("password_too_weak")
    seconds = request.terms.password.proposed_seconds_max
    digest = _quick_digest(request, password)
    request.book.save_code(PendingCode(msisdn, _PURPOSE, digest, {}, request.now + seconds))
    return done(minutes=seconds // 60)


def _set(request: Request) -> Reply:
    """What is set is checked here, whatever was proposed."""
    password, msisdn = request.text("password"), request.subscriber.msisdn
    book, now = request.book, request.now
    proposed = book.code(msisdn, _PURPOSE)
    book.drop_code(msisdn, _PURPOSE)
    if not _strong_enough(request, password):
        return refuse("password_too_weak")
    if proposed is None or proposed.expires_at <= now:
        return refuse("password_expired")
    if proposed.digest != _quick_digest(request, password):
        return refuse("password_differs")
    book.drop_credential(msisdn, "one_time")
    digest = request.core.hasher.digest(password, msisdn)
    book.save_credential(Credential(msisdn, "permanent", digest, now, own=True))
    book.clear_failures(msisdn)
    return done()


def _quick_digest(request: Request, password: str) -> str:
    return request.core.hasher.quick(f"{_PURPOSE}:{request.subscriber.msisdn}:{password}")


def _strong_enough(request: Request, password: str) -> bool:
    """Six to ten digits (K16), not one digit repeated, no run, no part of the number itself."""
    terms = request.terms.password
    return (
        password.isascii()
        and password.isdigit()
        and terms.digits_min <= len(password) <= terms.digits_max
        and len(set(password)) > 1
        and not any(password in run for run in _RUNS)
        and password not in request.subscriber.msisdn
    )


EFFECTS: Mapping[str, Effect] = {"password.propose": _propose, "password.set": _set}
