"""Call barring (3GPP TS 22.088; procedures of TS 22.030 annex B), under its own password.

Of the outgoing programs one is active at a time, and one of the incoming: the next overrides it
(TS 22.088 §1.2.1, §2.2.1). A group is activated by its widest program and deactivated as a whole.
Three wrong passwords lock it until support helps; the right one no longer opens it. It is not
turned on while calls are forwarded (R38).
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.accounts.request import Effect, Hasher, Reply, Request, done, refuse
from gateway.domain.catalogue import BARRING_PROGRAMS

_OUTGOING, _INCOMING = BARRING_PROGRAMS[:3], BARRING_PROGRAMS[3:]
"""Each with its widest program first."""
_GROUPS: Mapping[str, tuple[str, ...]] = {
    **{program: (program,) for program in BARRING_PROGRAMS},
    "every_outgoing": _OUTGOING,
    "every_incoming": _INCOMING,
    "every": BARRING_PROGRAMS,
}
_TRIES = "barring"
_FOR_EVER_SECONDS = 1e12  # the lock has no end of its own


def barring_digest(hasher: Hasher, msisdn: str, password: str) -> str:
    """How a barring password is kept; four digits are not worth a slow hash."""
    return hasher.quick(f"barring:{msisdn}:{password}")


def _apply(request: Request) -> Reply:
    action = request.text("action")
    if action == "interrogate":
        return _answer(request)
    if refused := _password_refused(request, "password"):
        return refuse(refused)
    if action not in ("activate", "register"):
        _switch(request, _GROUPS[request.text("kind")], on="")
    elif request.book.forwarding(request.subscriber.msisdn):
        return refuse("barring_forwarding_on")
    else:
        _activate(request, _GROUPS[request.text("kind")])
    return _answer(request)


def _activate(request: Request, group: tuple[str, ...]) -> None:
    for programs in (_OUTGOING, _INCOMING):
        widest = next((program for program in programs if program in group), "")
        if widest:
            _switch(request, programs, on=widest)


def _switch(request: Request, programs: tuple[str, ...], on: str) -> None:
    for program in programs:
        request.book.set_barring(request.subscriber.msisdn, program, program == on)


def _password_refused(request: Request, argument: str) -> str:
    book, msisdn, terms = request.book, request.subscriber.msisdn, request.terms.barring
    if book.attempts(_TRIES, msisdn, request.now, _FOR_EVER_SECONDS) >= terms.tries_max:
        return "barring_locked"
    hasher, given = request.core.hasher, request.text(argument)
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
    return done(kind=kind, on=any(program in active for program in _GROUPS[kind]))


def _show(request: Request) -> Reply:
    active = request.book.barring(request.subscriber.msisdn)
    return done(**{program: program in active for program in BARRING_PROGRAMS})


def _password(request: Request) -> Reply:
    """`**03*330*old*new*new#`: four digits, given twice alike (3GPP TS 22.030 §6.5.4)."""
    if refused := _password_refused(request, "old"):
        return refuse(refused)
    new, digits = request.text("new"), request.terms.barring.password_digits
    if new != request.text("again") or len(new) != digits or not (new.isascii() and new.isdigit()):
        return refuse("barring_password_unfit")
    msisdn = request.subscriber.msisdn
    digest = barring_digest(request.core.hasher, msisdn, new)
    request.book.set_barring_password(msisdn, digest)
    return done()


EFFECTS: Mapping[str, Effect] = {
    "barring.apply": _apply,
    "barring.show": _show,
    "barring.password": _password,
}
