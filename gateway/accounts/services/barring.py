"""Call barring (3GPP TS 22.088; procedures of TS 22.030 annex B), under its own password.

Of the outgoing programs one is active at a time, and one of the incoming: the next overrides it
(TS 22.088 §1.2.1, §2.2.1). A group is activated by its widest program and deactivated as a whole.
Three wrong passwords lock it until support helps; the right one no longer opens it. It is not
turned on while calls are forwarded (R38).

Its password is changed by one code that brings all three entries, or entry by entry: then none
waits in a session. The old one, once it was right, opens the change for minutes; the new one is
proposed as a digest, and set when it is given alike again.
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.accounts.book import PendingCode
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
_OPEN, _PROPOSED = "barring_open", "barring_proposed"
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
    new = request.text("new")
    if new != request.text("again") or not _fits(request, new):
        return refuse("barring_password_unfit")
    request.book.set_barring_password(request.subscriber.msisdn, _digest(request, new))
    return done()


def _prove(request: Request) -> Reply:
    """The first entry: the old password opens the change."""
    if refused := _password_refused(request, "password"):
        return refuse(refused)
    _keep(request, _OPEN, "")
    return done()


def _propose(request: Request) -> Reply:
    """The second: the new one."""
    new = request.text("password")
    if _kept(request, _OPEN) is None:
        return refuse("barring_change_expired")
    if not _fits(request, new):
        return refuse("barring_password_unfit")
    _keep(request, _PROPOSED, _digest(request, new))
    return done()


def _renew(request: Request) -> Reply:
    """The third: the new one again. Whatever comes of it, the change is closed."""
    book, msisdn = request.book, request.subscriber.msisdn
    proposed = _kept(request, _PROPOSED)
    for purpose in (_OPEN, _PROPOSED):
        book.drop_code(msisdn, purpose)
    if proposed is None:
        return refuse("barring_change_expired")
    if proposed.digest != _digest(request, request.text("password")):
        return refuse("barring_password_unfit")
    book.set_barring_password(msisdn, proposed.digest)
    return done()


def _keep(request: Request, purpose: str, digest: str) -> None:
    until = request.now + request.terms.password.proposed_seconds_max
    request.book.save_code(PendingCode(request.subscriber.msisdn, purpose, digest, {}, until))


def _kept(request: Request, purpose: str) -> PendingCode | None:
    kept = request.book.code(request.subscriber.msisdn, purpose)
    return kept if kept and kept.expires_at > request.now else None


def _digest(request: Request, password: str) -> str:
    return barring_digest(request.core.hasher, request.subscriber.msisdn, password)


def _fits(request: Request, password: str) -> bool:
    digits = request.terms.barring.password_digits
    return len(password) == digits and password.isascii() and password.isdigit()


EFFECTS: Mapping[str, Effect] = {
    "barring.apply": _apply,
    "barring.show": _show,
    "barring.password": _password,
    "barring.prove": _prove,
    "barring.propose": _propose,
    "barring.renew": _renew,
}
