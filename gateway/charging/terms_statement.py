"""Terms of statements: what each period costs, who pays nothing, when an e-mail is ready."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.charging.rows import read_row
from gateway.domain.catalogue.statements import PERIODS


@dataclass(frozen=True, slots=True)
class Period:
    """One period: its price in kopecks, and how far back it reaches."""

    price: int
    days: int


@dataclass(frozen=True, slots=True)
class StatementTerms:
    """The section `statement` (F14, R33)."""

    periods: Mapping[str, Period]
    free_by_email: tuple[str, ...]
    """Roles of numbers whose e-mails cost nothing."""
    ready_seconds_min: int
    """An e-mail is ready so long after its order (B24)."""
    ready_seconds_max: int
    charges_max: int
    """Rows of one statement, the newest."""
    shown_orders_max: int

    def price(self, period: str, delivery: str, role: str) -> int:
        """Kopecks for a statement."""
        free = delivery == "email" and role in self.free_by_email
        return 0 if free else self.periods[period].price


def read_statement(raw: Any) -> StatementTerms:
    """The section, checked. Raises ValueError that names the key."""
    section = dict(raw["statement"])
    periods = {
        name: read_row(Period, row, f"statement.periods.{name}")
        for name, row in section["periods"].items()
    }
    if missing := set(PERIODS) ^ set(periods):
        raise ValueError(f"statement.periods: {min(missing)} is missing or unknown")
    return read_row(StatementTerms, {**section, "periods": periods}, "statement")
