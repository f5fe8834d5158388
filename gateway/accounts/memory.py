"""A Book in dictionaries: the reference model of the SQL one, and the Book of tests.

It is two halves: money here, everything else in `memory_records`. The values are frozen, so a
snapshot is a copy of the dictionaries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gateway.accounts.book import (
    SYSTEM_ACCOUNTS_MAX,
    Hold,
    HoldOutcome,
    Leg,
    Subscriber,
    SubscriberField,
    Transfer,
    TransferOutcome,
)
from gateway.accounts.ledger import assert_balanced
from gateway.accounts.memory_access import MemoryAccess
from gateway.accounts.memory_companies import MemoryCompanies
from gateway.accounts.memory_jobs import MemoryJobs
from gateway.accounts.memory_money import MemoryMoney
from gateway.accounts.memory_records import State
from gateway.accounts.memory_services import MemoryServices


@dataclass(frozen=True, slots=True)
class Account:
    """An account's row: kopecks and points."""

    balance: int = 0
    held: int = 0
    credit: int = 0
    points: int = 0

    @property
    def available(self) -> int:
        """What may be spent: balance - held + credit."""
        return self.balance - self.held + self.credit


class MemoryBook(MemoryCompanies, MemoryJobs, MemoryMoney, MemoryAccess, MemoryServices):
    """Implements `BookAdmin`. `journal` and `holds` are open to tests."""

    def __init__(self) -> None:
        super().__init__()
        self.accounts: dict[int, Account] = {}
        self.journal: dict[str, Transfer] = {}
        self.holds: dict[str, Hold] = {}

    # numbers and accounts

    def subscriber(self, msisdn: str) -> Subscriber | None:
        row = self.numbers.get(msisdn)
        if row is None:
            return None
        money = self.accounts[row.account]
        return row._replace(
            balance=money.balance,
            held=money.held,
            credit=money.credit,
            points=money.points,
        )

    def update_subscriber(self, msisdn: str, changes: Mapping[SubscriberField, str | bool]) -> bool:
        row = self.numbers.get(msisdn)
        if row is None:
            return False
        self.numbers[msisdn] = row._replace(**changes)  # type: ignore[arg-type]
        return True

    def add_account(self, account: int, credit: int, at: float) -> None:
        assert account > SYSTEM_ACCOUNTS_MAX, "subscribers' accounts begin above the system's"
        assert account not in self.accounts, "the account exists"
        self.accounts[account] = Account(credit=credit)

    def balance_of(self, account: int) -> tuple[int, int]:
        row = self.accounts[account]
        return row.balance, row.credit

    def set_credit(self, account: int, credit: int) -> bool:
        row = self.accounts.get(account)
        if row is None or row.balance - row.held + credit < 0:
            return False
        self.accounts[account] = replace(row, credit=credit)
        return True

    def add_subscriber(self, subscriber: Subscriber) -> None:
        assert subscriber.account in self.accounts, "the account is added first"
        assert subscriber.msisdn not in self.numbers, "the number exists"
        self.numbers[subscriber.msisdn] = subscriber

    def subscribers(self, after: str, limit: int) -> tuple[Subscriber, ...]:
        chosen = sorted(msisdn for msisdn in self.numbers if msisdn > after)[:limit]
        return tuple(row for row in map(self.subscriber, chosen) if row)

    def is_empty(self) -> bool:
        return not self.numbers and not self.accounts

    # money

    def transfer(self, transfer: Transfer) -> TransferOutcome:
        assert_balanced(transfer)
        if transfer.key in self.journal:
            return "exists"
        before = dict(self.accounts)
        for leg in transfer.legs:
            refused = self._apply(leg)
            if refused is not None:
                self.accounts = before
                return refused
        self.journal[transfer.key] = transfer
        return "ok"

    def _apply(self, leg: Leg) -> TransferOutcome | None:
        if leg.account <= SYSTEM_ACCOUNTS_MAX:
            return None
        account = self.accounts.get(leg.account)
        if account is None:
            return "account_unknown"
        spendable = account.available if leg.unit == "RUB" else account.points
        if leg.amount < 0 and spendable < -leg.amount:
            return "insufficient_balance"
        changed = (
            replace(account, balance=account.balance + leg.amount)
            if leg.unit == "RUB"
            else replace(account, points=account.points + leg.amount)
        )
        self.accounts[leg.account] = changed
        return None

    def reserve(self, hold: Hold) -> HoldOutcome:
        if hold.key in self.holds:
            return "exists"
        account = self.accounts.get(hold.account)
        if account is None:
            return "account_unknown"
        if account.available < hold.amount:
            return "insufficient_balance"
        self.accounts[hold.account] = replace(account, held=account.held + hold.amount)
        self.holds[hold.key] = hold
        return "ok"

    def extend_hold(self, key: str, amount: int) -> HoldOutcome:
        refused = self._not_held(key, 0.0)
        if refused is not None:
            return refused
        hold = self.holds[key]
        account = self.accounts[hold.account]
        if account.available < amount:
            return "insufficient_balance"
        self.accounts[hold.account] = replace(account, held=account.held + amount)
        self.holds[key] = replace(hold, amount=hold.amount + amount)
        return "ok"

    def post_hold(self, key: str, amount: int, to: int, at: float) -> HoldOutcome:
        assert amount >= 0, "a hold is posted with what was used"
        refused = self._not_held(key, at)
        if refused is not None:
            return refused
        hold = self.holds[key]
        if amount > hold.amount:
            return "exceeds_hold"
        self._release(hold, replace(hold, state="posted", posted=amount))
        legs = (Leg(hold.account, -amount), Leg(to, amount))
        outcome = self.transfer(Transfer(f"{key}:post", hold.kind, at, legs))
        assert outcome == "ok", f"a posted hold was {outcome}"
        return "ok"

    def void_hold(self, key: str, at: float) -> HoldOutcome:
        refused = self._not_held(key, at)
        if refused is not None:
            return refused
        self._release(self.holds[key], replace(self.holds[key], state="voided"))
        return "ok"

    def expire_holds(self, now: float) -> int:
        late = [h for h in self.holds.values() if h.state == "held" and h.expires_at <= now]
        for hold in late:
            self._release(hold, replace(hold, state="expired"))
        return len(late)

    def _not_held(self, key: str, at: float) -> HoldOutcome | None:
        hold = self.holds.get(key)
        if hold is None:
            return "hold_unknown"
        if hold.state == "posted":
            return "hold_already_posted"
        if hold.state == "voided":
            return "hold_already_voided"
        # a hold is over at its moment, whether or not the sweep has been
        return "hold_expired" if hold.state == "expired" or hold.expires_at <= at else None

    def _release(self, hold: Hold, resolved: Hold) -> None:
        account = self.accounts[hold.account]
        self.accounts[hold.account] = replace(account, held=account.held - hold.amount)
        self.holds[hold.key] = resolved

    # undoing

    def snapshot(self) -> State:
        """All that the Book holds now, for `restore`."""
        return _copy(vars(self))

    def restore(self, state: State) -> None:
        """Put back a snapshot: what was done since is undone."""
        vars(self).update(_copy(state))


def _copy(state: State) -> State:
    return {name: value.copy() for name, value in state.items()}
