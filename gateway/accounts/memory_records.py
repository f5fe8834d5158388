"""The half of the book in dictionaries that holds no money: charges, credentials, services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gateway.accounts.book import (
    Charge,
    Credential,
    Login,
    Package,
    PendingCode,
    Promise,
    Registration,
    Spending,
    Voucher,
)

State = dict[str, Any]
Attempt = tuple[float, int]
"""When the window began, and how many attempts are in it."""


class MemoryRecords:
    """Every operation of `Book` that touches no balance."""

    def __init__(self) -> None:
        super().__init__()
        self.charge_rows: list[Charge] = []
        self.credentials: dict[tuple[str, str], Credential] = {}
        self.failed: dict[str, int] = {}
        self.login_rows: list[Login] = []
        self.windows: dict[tuple[str, str], Attempt] = {}
        self.codes: dict[tuple[str, str], PendingCode] = {}
        self.vouchers: dict[str, Voucher] = {}
        self.promises: dict[int, Promise] = {}
        self.package_rows: dict[tuple[str, str], Package] = {}
        self.forwardings: dict[str, dict[str, str]] = {}
        self.barrings: dict[str, frozenset[str]] = {}
        self.barring_passwords: dict[str, str] = {}
        self.registration_rows: dict[str, Registration] = {}
        self.questions: list[tuple[str, str, float]] = []

    # charges

    def record_charge(self, charge: Charge) -> None:
        self.charge_rows.append(charge)

    def charges(self, msisdn: str, limit: int, only_paid: bool = False) -> tuple[Charge, ...]:
        rows = [
            row
            for row in reversed(self.charge_rows)
            if row.msisdn == msisdn and (row.amount > 0 or not only_paid)
        ]
        return tuple(rows[:limit])

    def spending(self, msisdn: str, since: float) -> Spending:
        sums: dict[str, int] = {}
        for row in self.charge_rows:
            if row.msisdn == msisdn and row.at >= since and row.amount > 0:
                sums[row.category] = sums.get(row.category, 0) + row.amount
        return Spending(sum(sums.values()), sums)

    # credentials

    def credential(self, msisdn: str, kind: str) -> Credential | None:
        return self.credentials.get((msisdn, kind))

    def save_credential(self, credential: Credential) -> None:
        self.credentials[credential.msisdn, credential.kind] = credential

    def drop_credential(self, msisdn: str, kind: str) -> None:
        self.credentials.pop((msisdn, kind), None)

    def failures(self, msisdn: str) -> int:
        return self.failed.get(msisdn, 0)

    def count_failure(self, msisdn: str, now: float) -> int:
        self.failed[msisdn] = self.failures(msisdn) + 1
        return self.failed[msisdn]

    def clear_failures(self, msisdn: str) -> None:
        self.failed.pop(msisdn, None)

    def add_login(self, login: Login) -> None:
        self.login_rows.append(login)

    def logins(self, msisdn: str, limit: int) -> tuple[Login, ...]:
        rows = [row for row in reversed(self.login_rows) if row.msisdn == msisdn]
        return tuple(rows[:limit])

    def count_attempt(self, purpose: str, msisdn: str, now: float, window_seconds: float) -> int:
        began, count = self.windows.get((purpose, msisdn), (now, 0))
        if now - began >= window_seconds:
            began, count = now, 0
        self.windows[purpose, msisdn] = (began, count + 1)
        return count + 1

    def attempts(self, purpose: str, msisdn: str, now: float, window_seconds: float) -> int:
        began, count = self.windows.get((purpose, msisdn), (now, 0))
        return count if now - began < window_seconds else 0

    def clear_attempts(self, purpose: str, msisdn: str) -> None:
        self.windows.pop((purpose, msisdn), None)

    # one-operation codes

    def save_code(self, code: PendingCode) -> None:
        self.codes[code.msisdn, code.purpose] = code

    def code(self, msisdn: str, purpose: str) -> PendingCode | None:
        return self.codes.get((msisdn, purpose))

    def drop_code(self, msisdn: str, purpose: str) -> None:
        self.codes.pop((msisdn, purpose), None)

    # vouchers, promises, packages

    def add_voucher(self, voucher: Voucher) -> None:
        self.vouchers[voucher.digest] = voucher

    def voucher(self, digest: str) -> Voucher | None:
        return self.vouchers.get(digest)

    def use_voucher(self, digest: str, msisdn: str, at: float) -> bool:
        voucher = self.vouchers.get(digest)
        if voucher is None or voucher.used_at is not None:
            return False
        self.vouchers[digest] = replace(voucher, used_by=msisdn, used_at=at)
        return True

    def promise(self, account: int) -> Promise | None:
        return self.promises.get(account)

    def open_promise(self, promise: Promise) -> bool:
        if promise.account in self.promises:
            return False
        self.promises[promise.account] = promise
        return True

    def close_promise(self, account: int) -> None:
        self.promises.pop(account, None)

    def packages(self, msisdn: str) -> tuple[Package, ...]:
        return tuple(row for row in self.package_rows.values() if row.msisdn == msisdn)

    def add_package(self, package: Package) -> None:
        key = (package.msisdn, package.kind)
        old = self.package_rows.get(key)
        if old is not None:
            package = replace(
                package,
                left=old.left + package.left,
                total=old.total + package.total,
                until=max(old.until, package.until),
            )
        self.package_rows[key] = package

    def drop_packages(self, msisdn: str, now: float) -> None:
        kept = {k: v for k, v in self.package_rows.items() if v.msisdn != msisdn or v.until > now}
        self.package_rows = kept

    # supplementary services

    def forwarding(self, msisdn: str) -> Mapping[str, str]:
        return dict(self.forwardings.get(msisdn, {}))

    def set_forwarding(self, msisdn: str, kind: str, number: str) -> None:
        active = dict(self.forwardings.get(msisdn, {}))
        active.pop(kind, None)
        if number:
            active[kind] = number
        self.forwardings[msisdn] = active

    def barring(self, msisdn: str) -> frozenset[str]:
        return self.barrings.get(msisdn, frozenset())

    def set_barring(self, msisdn: str, kind: str, on: bool) -> None:
        active = self.barring(msisdn)
        self.barrings[msisdn] = active | {kind} if on else active - {kind}

    def barring_password(self, msisdn: str) -> str:
        return self.barring_passwords.get(msisdn, "")

    def set_barring_password(self, msisdn: str, digest: str) -> None:
        self.barring_passwords[msisdn] = digest

    # requests

    def registration(self, msisdn: str) -> Registration | None:
        return self.registration_rows.get(msisdn)

    def save_registration(self, registration: Registration) -> None:
        self.registration_rows[registration.msisdn] = registration

    def add_question(self, msisdn: str, text: str, at: float) -> None:
        self.questions.append((msisdn, text, at))
