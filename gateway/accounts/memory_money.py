"""What the money services keep, in dictionaries."""

from __future__ import annotations

from dataclasses import replace

from gateway.accounts.books.money import Autopay, AutopayKind, Lot
from gateway.accounts.records import Charge, Package, Promise, Subscriber


class MemoryMoney:
    """Implements `MoneyBook`, over what the other halves hold."""

    numbers: dict[str, Subscriber]
    charge_rows: list[Charge]
    promises: dict[int, Promise]
    package_rows: dict[tuple[str, str], Package]

    def __init__(self) -> None:
        super().__init__()
        self.autopays: dict[tuple[int, str], Autopay] = {}
        self.point_lots: dict[tuple[int, float], int] = {}
        self.discounts: dict[int, int] = {}

    def owner(self, account: int) -> str:
        rows = self.numbers.values()
        return next((row.msisdn for row in rows if row.account == account and row.owner), "")

    def restrict(self, account: int, sim: str, to: str) -> int:
        rows = [r for r in self.numbers.values() if r.account == account and r.sim == sim]
        for row in rows:
            self.numbers[row.msisdn] = row._replace(sim=to)  # type: ignore[arg-type]
        return len(rows)

    def pay_promise(self, account: int, amount: int) -> None:
        promise = self.promises[account]
        self.promises[account] = replace(promise, paid=promise.paid + amount)

    def spent(self, account: int, since: float, before: float) -> int:
        return sum(
            row.amount
            for row in self.charge_rows
            if row.account == account and since <= row.at < before
        )

    def autopay(self, account: int, kind: AutopayKind) -> Autopay | None:
        return self.autopays.get((account, kind))

    def save_autopay(self, autopay: Autopay) -> None:
        self.autopays[autopay.account, autopay.kind] = autopay

    def drop_autopay(self, account: int, kind: AutopayKind) -> bool:
        return self.autopays.pop((account, kind), None) is not None

    def lots(self, account: int) -> tuple[Lot, ...]:
        rows = sorted((until, n) for (of, until), n in self.point_lots.items() if of == account)
        return tuple(Lot(until, points) for until, points in rows)

    def add_lot(self, account: int, lot: Lot) -> None:
        key = (account, lot.until)
        self.point_lots[key] = self.point_lots.get(key, 0) + lot.points

    def take_lot(self, account: int, lot: Lot) -> None:
        key = (account, lot.until)
        left = self.point_lots.pop(key) - lot.points
        assert left >= 0, "points are taken out of a lot that has them"
        if left:
            self.point_lots[key] = left

    def take_units(self, msisdn: str, kind: str, units: int, now: float) -> int:
        package = self.package_rows.get((msisdn, kind))
        if package is None or package.until <= now:
            return 0
        used = min(package.left, units)
        self.package_rows[msisdn, kind] = replace(package, left=package.left - used)
        return used

    def discount(self, account: int) -> int:
        return self.discounts.get(account, 0)

    def add_discount(self, account: int, amount: int) -> None:
        self.discounts[account] = self.discount(account) + amount

    def take_discount(self, account: int, fee: int) -> int:
        taken = min(self.discount(account), fee)
        if taken:
            self.discounts[account] -= taken
        return taken
