"""Passwords issued by SMS, permanent and one-time side by side (K03-K06).

Whatever is issued clears the failures, so a lock is opened by asking for a new password; while
locked, anything issued kills every earlier password (A16). An issued code is minted beforehand:
a turn never waits for a slow hash.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from gateway.accounts.book import Credential
from gateway.accounts.request import Effect, Reply, Request, Secret, done, refuse
from gateway.domain.numbers import local_digits
from gateway.domain.port import Message
from gateway.domain.values import Value

Kind = Literal["permanent", "one_time"]

_ISSUES = "password"


def _new(request: Request) -> Reply:
    """`*105*00#`: permanent, unless the subscriber has his own; then a one-time one (K05)."""
    if _locked(request):
        return _issue_new(request, "permanent", "sms.unlock")
    standing = request.book.credential(request.subscriber.msisdn, "permanent")
    if standing is not None and standing.own:
        return _issue_new(request, "one_time", "sms.otp")
    kind = request.core.options.issue_kind
    return _issue_new(request, kind, "sms.pwd" if kind == "permanent" else "sms.otp")


def _issue_new(request: Request, kind: Kind, text_id: str) -> Reply:
    minutes = _one_time_minutes(request) if kind == "one_time" else 0
    return _issue_by_sms(request, kind, text_id, kind=kind, minutes=minutes)


def _one_time(request: Request) -> Reply:
    return _issue_by_sms(request, "one_time", "sms.otp", minutes=_one_time_minutes(request))


def _unlock(request: Request) -> Reply:
    return _issue_by_sms(request, "permanent", "sms.unlock")


def _locked(request: Request) -> bool:
    failures = request.book.failures(request.subscriber.msisdn)
    return failures >= request.terms.password.failures_max


def _one_time_minutes(request: Request) -> int:
    return request.terms.password.one_time_seconds_max // 60


def _issue_by_sms(request: Request, kind: Kind, text_id: str, /, **values: Value) -> Reply:
    terms, msisdn = request.terms.password, request.subscriber.msisdn
    issued = request.book.count_attempt(_ISSUES, msisdn, request.now, terms.window_seconds)
    if issued > terms.issues_per_window_max:
        return refuse("password_too_often")
    return done(issue(request, kind, text_id), **values)


def issue(request: Request, kind: Kind, text_id: str) -> Message:
    """Issue a password, kill the old one, open the lock. The SMS that carries it."""
    book, msisdn, now = request.book, request.subscriber.msisdn, request.now
    minutes = _one_time_minutes(request)
    if kind == "permanent" or _locked(request):
        book.drop_credential(msisdn, "one_time")
        book.drop_credential(msisdn, "permanent")
    plain, digest = request.core.hasher.mint(msisdn)
    expires_at = now + minutes * 60 if kind == "one_time" else None
    book.save_credential(Credential(msisdn, kind, digest, now, expires_at))
    book.clear_failures(msisdn)
    return request.message(
        text_id,
        secret=True,
        password=Secret(plain),
        login=local_digits(msisdn),
        minutes=minutes,
    )


def _alert_state(request: Request) -> Reply:
    return done(on=request.subscriber.login_alert)


def _alert_switch(request: Request) -> Reply:
    on = bool(request.arguments["on"])
    request.book.update_subscriber(request.subscriber.msisdn, {"login_alert": on})
    return done(on=on)


def _logins(request: Request) -> Reply:
    """When and by what, never who (A21)."""
    limit = request.terms.limits.logins_shown_max
    rows: list[Mapping[str, Value]] = [
        {"at": int(row.at), "channel": row.channel}
        for row in request.book.logins(request.subscriber.msisdn, limit)
    ]
    return done(logins=tuple(rows))


EFFECTS: Mapping[str, Effect] = {
    "password.new": _new,
    "password.one_time": _one_time,
    "password.unlock": _unlock,
    "alert.state": _alert_state,
    "alert.switch": _alert_switch,
    "logins.show": _logins,
}
