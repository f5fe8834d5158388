"""Payment cards: a code is good once, and five wrong ones pause it for an hour.

The pause begins with the last wrong code, so it has a window of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.accounts.book import VOUCHERS, Book
from gateway.accounts.request import Effect, Hasher, Reply, Request, refuse
from gateway.accounts.topups import credit, credited

_WRONG = "voucher_wrong"
_PAUSE = "voucher_pause"


def voucher_digest(hasher: Hasher, code: str) -> str:
    """How a card's code is kept: a peppered HMAC, never the code."""
    return hasher.quick(f"voucher:{code}")


def _top_up(request: Request) -> Reply:
    book, subscriber, now = request.book, request.subscriber, request.now
    pause = request.terms.voucher.pause_seconds
    if book.attempts(_PAUSE, subscriber.msisdn, now, pause):
        return refuse("voucher_paused")
    digest = voucher_digest(request.core.hasher, request.text("code"))
    receiver = request.recipient()
    if receiver is None:
        return refuse("recipient_unknown")
    voucher = book.voucher(digest)
    if voucher is None:
        return _wrong(request, "voucher_unknown")
    if not book.use_voucher(digest, subscriber.msisdn, now):
        return _wrong(request, "voucher_used")
    book.clear_attempts(_WRONG, subscriber.msisdn)
    key = request.key("voucher")
    credit(request.core, book, receiver, VOUCHERS, voucher.amount, now, key)
    return credited(request, receiver, voucher.amount)


def _wrong(request: Request, outcome: str) -> Reply:
    book: Book = request.book
    msisdn, now, terms = request.subscriber.msisdn, request.now, request.terms.voucher
    if book.count_attempt(_WRONG, msisdn, now, terms.pause_seconds) >= terms.tries_max:
        book.clear_attempts(_WRONG, msisdn)
        book.count_attempt(_PAUSE, msisdn, now, terms.pause_seconds)
    return refuse(outcome)


EFFECTS: Mapping[str, Effect] = {"account.topup_voucher": _top_up}
