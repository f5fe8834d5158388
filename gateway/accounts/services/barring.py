"""Call barring (3GPP TS 22.088; procedures of TS 22.030 annex B), under its own password.

Three wrong passwords lock it until support helps; the right one no longer opens it. It is not
turned on while calls are forwarded (R38).
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.accounts.request import Effect, Hasher, Reply, Request, done, refuse

KINDS = (
    "outgoing",
    "international",
    "international_except_home",
    "incoming",
    "incoming_roaming",
)
_GROUPS: Mapping[str, tuple[str, ...]] = {**{kind: (kind,) for kind in KINDS}, "every": KINDS}
_TRIES = "barring"
_FOR_EVER_SECONDS = 1e12  # the lock has no end of its own


def barring_digest(hasher: Hasher, msisdn: str, password: str) -> str:
    """How a barring password is kept; four digits are not worth a slow hash."""
    return hasher.quick(f"barring:{msisdn}:{password}")


def _apply(request: Request) -> Reply:
    action = request.text("action")
    if action == "interrogate":
        return _answer(request)
    if refused := _password_refused(request):
        return refuse(refused)
    msisdn, on = request.subscriber.msisdn, action in ("activate", "register")
    if on and request.book.forwarding(msisdn):
        return refuse("barring_forwarding_on")
    for kind in _GROUPS[request.text("kind")]:
        request.book.set_barring(msisdn, kind, on)
    return _answer(request)


def _password_refused(request: Request) -> str:
    book, msisdn, terms = request.book, request.subscriber.msisdn, request.terms.barring
    if book.attempts(_TRIES, msisdn, request.now, _FOR_EVER_SECONDS) >= terms.tries_max:
        return "barring_locked"
    hasher, given = request.core.hasher, request.text("password")
    kept = book.barring_password(msisdn)
    if barring_digest(hasher, msisdn, given) == (
        kept or barring_digest(hasher, msisdn, terms.first_password)
    ):
        book.clear_attempts(_TRIES, msisdn)
        return ""
    tries = book.count_attempt(_TRIES, msisdn, request.now, _FOR_EVER_SECONDS)
    return "barring_locked" if tries >= terms.tries_max else "barring_password_wrong"


def _answer(request: Request) -> Reply:
    active = request.book.barring(request.subscriber.msisdn)
    kind = request.text("kind")
    return done(kind=kind, on=any(one in active for one in _GROUPS[kind]))


EFFECTS: Mapping[str, Effect] = {"barring.apply": _apply}
