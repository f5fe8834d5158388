"""Terms of corporate clients: who may be one, their preferential prices, orders for many numbers.

A preference is a row of data: which uses of a number on a corporate plan cost what part of the
price. The first that matches is the one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.charging.rows import MONEY, read_row

_MONEY = MONEY | {"deposit_min"}


@dataclass(frozen=True, slots=True)
class Preference:
    """One rule: `percent` of the price in these zones, of these classes of use, to a number that
    stands in one of these regions. What it does not name it does not ask."""

    rule: str
    percent: int
    zones: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()

    def fits(self, charge_class: str, zone: str, region: str) -> bool:
        """Whether it speaks of this use."""
        asked = (charge_class, self.classes), (zone, self.zones), (region, self.regions)
        return all(what in named for what, named in asked if named)


@dataclass(frozen=True, slots=True)
class Discount:
    """A company of so many numbers pays less for its plans (B34, K28)."""

    numbers_min: int
    percent: int


@dataclass(frozen=True, slots=True)
class CompanyTerms:
    """The section `company`."""

    deposit_min: int
    branches_min: int
    documents: Mapping[str, tuple[str, ...]]
    """Client kind -> what it must bring (B09, B10)."""
    preferences: tuple[Preference, ...]
    discounts: tuple[Discount, ...]
    report_seconds_min: int
    report_seconds_max: int
    report_numbers_max: int
    report_charges_max: int
    vat_percent: int
    batch_numbers: int
    """Numbers of an order carried out in one turn."""
    shown_numbers_max: int
    shown_orders_max: int
    sims_per_order_max: int

    def discount(self, numbers: int) -> int:
        """Percent off the fees of a company's plans."""
        fitting = [each.percent for each in self.discounts if numbers >= each.numbers_min]
        return max(fitting, default=0)


def read_companies(raw: Mapping[str, Any]) -> CompanyTerms:
    """The section `company`. Raises ValueError that names the key."""
    section = dict(raw["company"])
    section["documents"] = {kind: tuple(each) for kind, each in section["documents"].items()}
    section["preferences"] = [
        read_row(Preference, row, "company.preferences") for row in section["preferences"]
    ]
    section["discounts"] = [
        read_row(Discount, row, "company.discounts") for row in section["discounts"]
    ]
    return read_row(CompanyTerms, section, "company", _MONEY)
