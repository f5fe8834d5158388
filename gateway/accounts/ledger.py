"""The ledger's vocabulary: transfers as the core writes them, and what must hold of each.

Double entry: every business fact is one transfer whose legs sum to zero per unit; a leg takes
from an account only if what is available covers it, in the order of the legs.
"""

from __future__ import annotations

from gateway.accounts.book import Leg, Transfer, Unit


def assert_balanced(transfer: Transfer) -> None:
    """A transfer whose legs do not sum to zero per unit is a bug, never a refusal."""
    sums: dict[Unit, int] = {}
    for leg in transfer.legs:
        sums[leg.unit] = sums.get(leg.unit, 0) + leg.amount
    assert not any(sums.values()), f"the legs of {transfer.key} do not sum to zero: {sums}"


def move(
    key: str, kind: str, at: float, source: int, target: int, amount: int, memo: str = ""
) -> Transfer:
    """`amount` kopecks from one account to another."""
    return Transfer(key, kind, at, (Leg(source, -amount), Leg(target, amount)), memo)
