"""What the money services keep: autopay, lots of points, discounts, what was repaid of a promise.

Points lie in lots by the moment at which they expire, so that the soonest go first; the journal's
PTS entries say how many there are, the lots only until when. Money is kopecks, times are epoch
seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

AutopayKind = Literal["period", "threshold"]


@dataclass(frozen=True, slots=True)
class Autopay:
    """A standing top-up of an account from the card of the number that set it."""

    account: int
    kind: AutopayKind
    msisdn: str
    """Whose card pays."""
    amount: int
    period: str
    """`month`, `week` or `days20`; empty where it waits for a low balance."""
    threshold: int
    """It pays when the balance is below; 0 where it goes by the calendar."""
    since: float
    """When it was set: what its period is counted from."""


@dataclass(frozen=True, slots=True)
class Lot:
    """Points of an account that expire together."""

    until: float
    points: int


class MoneyBook(Protocol):
    """Autopay, lots, discounts, and the accounts' owners."""

    def owner(self, account: int) -> str:
        """The MSISDN that owns the account, or empty."""
        ...

    def restrict(self, account: int, sim: str, to: str) -> int:
        """Every number of the account whose SIM is in the state `sim` goes to the state `to`;
        how many they were."""
        ...

    def pay_promise(self, account: int, amount: int) -> None:
        """So much more of the open promise has been paid back."""
        ...

    def spent(self, account: int, since: float, before: float) -> int:
        """What charges took from the account in that time, kopecks."""
        ...

    def autopay(self, account: int, kind: AutopayKind) -> Autopay | None: ...
    def save_autopay(self, autopay: Autopay) -> None:
        """Add it, or put it in the place of the one of its kind."""
        ...

    def drop_autopay(self, account: int, kind: AutopayKind) -> bool:
        """False where there was none."""
        ...

    def lots(self, account: int) -> tuple[Lot, ...]:
        """The account's lots, soonest first."""
        ...

    def add_lot(self, account: int, lot: Lot) -> None:
        """Add points to the lot of that moment."""
        ...

    def take_lot(self, account: int, lot: Lot) -> None:
        """Take points out of the lot of that moment, which has them; an empty one is gone."""
        ...

    def take_units(self, msisdn: str, kind: str, units: int, now: float) -> int:
        """Use so many units of a package that runs, or what is left of it; how many were used."""
        ...

    def discount(self, account: int) -> int:
        """What will be taken off the next fee, kopecks."""
        ...

    def add_discount(self, account: int, amount: int) -> None:
        """So much more is taken off the next fee."""
        ...

    def take_discount(self, account: int, fee: int) -> int:
        """Use it on a fee; what is taken off, at most the fee."""
        ...
