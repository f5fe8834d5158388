"""Money: transfers and holds. No amount is read, changed in Python and written back.

A key is inserted first, so a repeated one is known at once and a racing one waits for it; then each
leg is one conditional UPDATE. A leg that refuses is answered after the legs before it were given
back and the key deleted: nothing else has been written yet, so no savepoint is needed.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Literal

from sqlalchemy import Column, Insert, Update, delete, literal_column, select, update

from gateway.accounts.book import (
    SYSTEM_ACCOUNTS_MAX,
    Hold,
    HoldOutcome,
    Leg,
    Transfer,
    TransferOutcome,
)
from gateway.accounts.ledger import assert_balanced
from gateway.store.schema.core import account, entry, hold, txn
from gateway.store.statements import Insert as DialectInsert
from gateway.store.statements import (
    Operations,
    Row,
    Statement,
    limited,
    names,
    parameter,
    row,
    statement,
)

LEGS_MAX = 8

_hold_values = attrgetter(*names(hold))
_ID = parameter("id_")
_AMOUNT = parameter("amount_")
_NEED = parameter("need")
_AVAILABLE = account.c.balance - account.c.held + account.c.credit
_RESOLVED: dict[str, HoldOutcome] = {
    "posted": "hold_already_posted",
    "voided": "hold_already_voided",
    "expired": "hold_expired",
}


def _add(column: Column[int]) -> Update:
    return (
        update(account)
        .values({column: column + _AMOUNT})
        .where(account.c.id == _ID)
        .returning(account.c.id)
    )


_INSERT_TXN = statement(
    lambda insert: (
        row(insert, txn).on_conflict_do_nothing(index_elements=["key"]).returning(txn.c.id)
    ),
    *names(txn),
)
_DELETE_TXN = statement(lambda _: delete(txn).where(txn.c.id == _ID), "id_")
_GIVE = {
    "RUB": statement(lambda _: _add(account.c.balance), "amount_", "id_"),
    "PTS": statement(lambda _: _add(account.c.points), "amount_", "id_"),
}
_TAKE = {
    "RUB": statement(
        lambda _: _add(account.c.balance).where(_AVAILABLE >= _NEED), "amount_", "id_", "need"
    ),
    "PTS": statement(
        lambda _: _add(account.c.points).where(account.c.points >= _NEED),
        "amount_",
        "id_",
        "need",
    ),
}
_EXISTS = statement(lambda _: select(account.c.id).where(account.c.id == _ID), "id_")


def _entries(legs: int) -> Statement:
    columns = names(entry)
    parameters = [[f"{name}_{leg}" for name in columns] for leg in range(legs)]

    def build(insert: DialectInsert) -> Insert:
        rows = [dict(zip(columns, map(parameter, leg), strict=True)) for leg in parameters]
        return insert(entry).values(rows)

    return statement(build, *(name for leg in parameters for name in leg))


_INSERT_ENTRIES = {legs: _entries(legs) for legs in range(1, LEGS_MAX + 1)}

_INSERT_HOLD = statement(
    lambda insert: (
        row(insert, hold).on_conflict_do_nothing(index_elements=["key"]).returning(hold.c.key)
    ),
    *names(hold),
)
_SET_ASIDE = statement(
    lambda _: _add(account.c.held).where(_AVAILABLE >= _NEED), "amount_", "id_", "need"
)
_RELEASE = statement(lambda _: _add(account.c.held), "amount_", "id_")
_RESOLVE = statement(
    lambda _: (
        update(hold)
        .values(state=parameter("state_"), posted=parameter("posted_"))
        .where(
            hold.c.key == parameter("key_"),
            hold.c.state == literal_column("'held'"),
            hold.c.expires_at > parameter("now"),
            hold.c.amount >= parameter("least"),
        )
        .returning(hold.c.account, hold.c.amount, hold.c.kind)
    ),
    "state_",
    "posted_",
    "key_",
    "now",
    "least",
)
_GROW = statement(
    lambda _: (
        update(hold)
        .values(amount=hold.c.amount + parameter("more"))
        .where(hold.c.key == parameter("key_"), hold.c.state == literal_column("'held'"))
        .returning(hold.c.account)
    ),
    "more",
    "key_",
)
_EXPIRE = statement(
    lambda _: (
        update(hold)
        .values(state=parameter("state_"))
        .where(
            hold.c.state == literal_column("'held'"),
            hold.c.key.in_(
                limited(
                    select(hold.c.key)
                    .where(
                        hold.c.state == literal_column("'held'"),
                        hold.c.expires_at <= parameter("now"),
                    )
                    .order_by(hold.c.expires_at)
                ).scalar_subquery()
            ),
        )
        .returning(hold.c.account, hold.c.amount)
    ),
    "state_",
    "now",
    "limit",
)
_HOLD_STATE = statement(
    lambda _: select(hold.c.state, hold.c.expires_at).where(hold.c.key == parameter("key_")),
    "key_",
)
EXPIRED_HOLDS_MAX = 1_000
"""Holds expired by one call, so that a long backlog does not hold up the turns behind it."""


class Money(Operations):
    """Rows `txn`, `entry` and `hold`, and the sums cached in `account`."""

    __slots__ = ()

    def transfer(self, transfer: Transfer) -> TransferOutcome:
        assert_balanced(transfer)
        assert 0 < len(transfer.legs) <= LEGS_MAX, f"1 to {LEGS_MAX} legs"
        legs, dialect, execute = transfer.legs, self._dialect, self._execute
        row = execute(
            _INSERT_TXN[dialect], (transfer.key, transfer.kind, transfer.at, transfer.memo)
        ).fetchone()
        if row is None:
            return "exists"
        identity = row[0]
        for done, leg in enumerate(legs):
            refused = self._apply(leg)
            if refused is not None:
                self._undo(identity, legs[:done])
                return refused
        values: list[int | str] = []
        for place, leg in enumerate(legs):
            values += (identity, place, leg.account, leg.unit, leg.amount)
        execute(_INSERT_ENTRIES[len(legs)][dialect], values)
        return "ok"

    def _apply(self, leg: Leg) -> TransferOutcome | None:
        account, amount = leg.account, leg.amount
        if account <= SYSTEM_ACCOUNTS_MAX:
            return None
        if amount >= 0:
            parameters: tuple[int, ...] = (amount, account)
            change = _GIVE[leg.unit]
        else:
            parameters = (amount, account, -amount)
            change = _TAKE[leg.unit]
        if self._execute(change[self._dialect], parameters).fetchone() is not None:
            return None
        return self._refusal(account)

    def _refusal(self, account: int) -> Literal["insufficient_balance", "account_unknown"]:
        known = self._execute(_EXISTS[self._dialect], (account,)).fetchone()
        return "account_unknown" if known is None else "insufficient_balance"

    def _undo(self, identity: int, applied: tuple[Leg, ...]) -> None:
        for leg in reversed(applied):
            if leg.account > SYSTEM_ACCOUNTS_MAX:
                change = _GIVE[leg.unit][self._dialect]
                self._execute(change, (-leg.amount, leg.account)).fetchone()
        self._execute(_DELETE_TXN[self._dialect], (identity,))

    def reserve(self, hold: Hold) -> HoldOutcome:
        execute, dialect, amount = self._execute, self._dialect, hold.amount
        assert amount >= 0, "a hold sets money aside"
        # the account first: a hold of an unknown one would break its foreign key
        if execute(_SET_ASIDE[dialect], (amount, hold.account, amount)).fetchone() is None:
            known = execute(_HOLD_STATE[dialect], (hold.key,)).fetchone()
            return self._refusal(hold.account) if known is None else "exists"
        if execute(_INSERT_HOLD[dialect], _hold_values(hold)).fetchone() is None:
            execute(_RELEASE[dialect], (-amount, hold.account)).fetchone()
            return "exists"
        return "ok"

    def extend_hold(self, key: str, amount: int) -> HoldOutcome:
        execute, dialect = self._execute, self._dialect
        assert amount >= 0, "a hold grows"
        row = execute(_GROW[dialect], (amount, key)).fetchone()
        if row is None:
            return self._not_held(key, 0.0)
        if execute(_SET_ASIDE[dialect], (amount, row[0], amount)).fetchone() is None:
            execute(_GROW[dialect], (-amount, key)).fetchone()
            return "insufficient_balance"
        return "ok"

    def post_hold(self, key: str, amount: int, to: int, at: float) -> HoldOutcome:
        assert amount >= 0, "a hold is posted with what was used"
        row = self._resolve("posted", key, amount, at)
        if row is None:
            return self._not_held(key, at)
        account, held, kind = row
        self._execute(_RELEASE[self._dialect], (-held, account)).fetchone()
        legs = (Leg(account, -amount), Leg(to, amount))
        outcome = self.transfer(Transfer(f"{key}:post", kind, at, legs))
        assert outcome == "ok", f"a posted hold was {outcome}"
        return "ok"

    def void_hold(self, key: str, at: float) -> HoldOutcome:
        row = self._resolve("voided", key, 0, at)
        if row is None:
            return self._not_held(key, at)
        self._execute(_RELEASE[self._dialect], (-row[1], row[0])).fetchone()
        return "ok"

    def expire_holds(self, now: float) -> int:
        """At most EXPIRED_HOLDS_MAX of those whose moment has come; how many they were."""
        rows = self._execute(_EXPIRE[self._dialect], ("expired", now, EXPIRED_HOLDS_MAX)).fetchall()
        for owner, amount in rows:
            self._execute(_RELEASE[self._dialect], (-amount, owner)).fetchone()
        return len(rows)

    def _resolve(self, state: str, key: str, posted: int, at: float) -> Row | None:
        return self._execute(_RESOLVE[self._dialect], (state, posted, key, at, posted)).fetchone()

    def _not_held(self, key: str, at: float) -> HoldOutcome:
        row = self._execute(_HOLD_STATE[self._dialect], (key,)).fetchone()
        if row is None:
            return "hold_unknown"
        state, expires_at = row
        if state in _RESOLVED:
            return _RESOLVED[state]
        # a hold is over at its moment, whether or not the sweep has been
        return "hold_expired" if expires_at <= at else "exceeds_hold"
