"""What a turn changes in the book, told where somebody listens.

Rule: of a row only the fields that the table here names are told, and none of them is a secret.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from gateway.accounts.book import Book, Hold, Transfer
from gateway.domain.moments import rfc3339
from gateway.domain.money import roubles
from gateway.turn.told import HIDDEN, Row, Told


def watched(book: Book, told: Told) -> Book:
    """The same book; what is changed in it is told."""
    return cast(Book, _Watched(book, told))


class _Watched:
    """Forwards every operation; those of `CHANGES` are told once they have succeeded."""

    __slots__ = ("_book", "_told")

    def __init__(self, book: Book, told: Told) -> None:
        self._book = book
        self._told = told

    def __getattr__(self, name: str) -> Any:
        operation = getattr(self._book, name)
        change = CHANGES.get(name)
        if change is None:
            return operation

        def call(*arguments: Any, **named: Any) -> Any:
            result = operation(*arguments, **named)
            if result is None or result is True or result == "ok":
                effect, fields = change
                self._told.changed(effect, **fields(*arguments, **named))
            return result

        return call


def _transfer(transfer: Transfer) -> Row:
    legs = transfer.legs
    units = {
        unit: sum(leg.amount for leg in legs if leg.unit == unit and leg.amount > 0)
        for unit in dict.fromkeys(leg.unit for leg in legs)
    }
    return {
        "kind": transfer.kind,
        "from": [leg.account for leg in legs if leg.amount < 0],
        "to": [leg.account for leg in legs if leg.amount > 0],
        **{_UNITS[unit][0]: _UNITS[unit][1](amount) for unit, amount in units.items()},
    }


_UNITS: Mapping[str, tuple[str, Callable[[int], object]]] = {
    "RUB": ("amount", roubles),
    "PTS": ("points", int),
}
"""Unit of the ledger -> the name it is told by, and how."""


def _subscriber(msisdn: str, changes: Mapping[str, str | bool]) -> Row:
    told = {name: HIDDEN if name == "card" and value else value for name, value in changes.items()}
    return {"msisdn": msisdn, "changes": told}


def _hold(hold: Hold) -> Row:
    return {"kind": hold.kind, "account": hold.account, "amount": roubles(hold.amount)}


def _row(*names: str, **money: str) -> Callable[..., Row]:
    """Some fields of a row; `money`: how those in kopecks are called."""

    def fields(row: Any) -> Row:
        told: Row = {name: getattr(row, name) for name in names}
        return told | {name: roubles(getattr(row, of)) for name, of in money.items()}

    return fields


CHANGES: Mapping[str, tuple[str, Callable[..., Row]]] = {
    "transfer": ("transfer", _transfer),
    "reserve": ("hold", _hold),
    "post_hold": ("hold_posted", lambda key, amount, to, at: {"amount": roubles(amount), "to": to}),
    "void_hold": ("hold_voided", lambda key, at: {}),
    "update_subscriber": ("subscriber", _subscriber),
    "add_package": ("package", _row("kind", "left")),
    "save_service": ("service", lambda row: {"service": row.service, "on": not row.suspended}),
    "drop_service": ("service", lambda msisdn, service: {"service": service, "on": False}),
    "set_forwarding": ("forwarding", lambda msisdn, kind, number: {"kind": kind, "number": number}),
    "set_barring": ("barring", lambda msisdn, kind, on: {"kind": kind, "on": on}),
    "set_barring_password": ("password", lambda msisdn, digest: {"kind": "barring"}),
    "save_credential": ("password", _row("kind")),
    "drop_credential": ("password", lambda msisdn, kind: {"kind": kind, "dropped": True}),
    "open_promise": ("promise", _row(amount="amount", fee="fee")),
    "close_promise": ("promise", lambda account: {"closed": True}),
    "use_voucher": ("voucher", lambda digest, msisdn, at: {"msisdn": msisdn}),
    "schedule": ("job", lambda job: {"kind": job.kind, "due": rfc3339(job.due)}),
    "cancel_job": ("job", lambda key: {"cancelled": True}),
    "add_question": ("question", lambda msisdn, text, at: {}),
    "save_registration": ("registration", _row("company", "state")),
    "save_autopay": ("autopay", _row("kind", amount="amount")),
    "drop_autopay": ("autopay", lambda account, kind: {"kind": kind, "dropped": True}),
    "save_company": ("company", _row("name")),
    "update_member": ("member", lambda msisdn, changes: {"msisdn": msisdn}),
    "update_order": ("order", lambda id, state, at, payload: {"order": id, "state": state}),
}
"""Operation of the book -> the effect's name and what is told of its arguments."""
