"""Terms of the money services: top-ups by card, autopay, requests for money, bonus points.

Money is kopecks. Points are earned by rules, a list in `tariffs.yaml` (F17): each gives so many
points for every whole `per` of what it counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any, Literal

from gateway.charging.rows import MONEY, read_row
from gateway.domain.catalogue.money import REWARD_KINDS

_MONEY = MONEY | {"threshold_min", "threshold_max", "per"}

EARNED_BY = ("top_up", "spending", "device")


@dataclass(frozen=True, slots=True)
class TopUpTerms:
    """Top-ups from the linked bank card, of one's own account or another's."""

    amount_min: int
    amount_max: int
    per_day_max: int


@dataclass(frozen=True, slots=True)
class AutopayTerms:
    """Top-ups that happen of themselves (F07, F08, K23)."""

    amount_min: int
    amount_max: int
    threshold_min: int
    threshold_max: int
    per_day_max: int
    """How often a day a low balance is filled, or tried to be."""


@dataclass(frozen=True, slots=True)
class AskTerms:
    """Requests for money (R30)."""

    amount_min: int
    amount_max: int
    per_day_max: int
    per_month_max: int
    hours_max: int
    """How long one waits for its answer."""


@dataclass(frozen=True, slots=True)
class Accrual:
    """A rule by which points are earned."""

    by: Literal["top_up", "spending", "device"]
    points: int
    per: int
    """Kopecks."""

    def earned(self, amount: int) -> int:
        """Points for `amount` kopecks; what is left of a whole `per` earns nothing."""
        return amount // self.per * self.points


@dataclass(frozen=True, slots=True)
class Reward:
    """What points buy (R35). A discount's units are roubles off the next fee."""

    code: str
    kind: str
    units: int
    points: int
    days: int = 0
    """How long a package lasts; a discount waits for the next fee."""


@dataclass(frozen=True, slots=True)
class BonusTerms:
    """Bonus points (F17, F18, R34)."""

    roles: tuple[str, ...]
    """The roles of numbers that earn and spend points (K28)."""
    months: int
    """How long a point lives; it goes at the beginning of a month."""
    gift_max: int
    """The most points given at once."""
    expiring_shown_max: int
    accruals: tuple[Accrual, ...]
    rewards: Mapping[str, Reward]

    def earned(self, by: str, amount: int) -> int:
        """Points of all rules of that kind for `amount` kopecks."""
        return sum(rule.earned(amount) for rule in self.accruals if rule.by == by)


@dataclass(frozen=True, slots=True)
class MoneyTerms:
    """The section `money` of `tariffs.yaml`."""

    top_up: TopUpTerms
    autopay: AutopayTerms
    ask: AskTerms
    bonus: BonusTerms
    promised_age_days_min: int
    """How long a number has been in use before it is lent money."""


def read_money(raw: Any) -> MoneyTerms:
    """The section, checked. Raises ValueError that names the key."""
    return MoneyTerms(
        top_up=read_row(TopUpTerms, raw["top_up"], "money.top_up"),
        autopay=read_row(AutopayTerms, raw["autopay"], "money.autopay", _MONEY),
        ask=read_row(AskTerms, raw["ask"], "money.ask"),
        bonus=_bonus(raw["bonus"]),
        promised_age_days_min=raw["promised_age_days_min"],
    )


def _known(found: Set[str], words: tuple[str, ...], where: str) -> None:
    if wrong := found - set(words):
        raise ValueError(f"{where}: {min(wrong)} is none of {', '.join(words)}")


def _bonus(raw: Any) -> BonusTerms:
    where = "money.bonus"
    accruals = tuple(read_row(Accrual, row, f"{where}.accruals", _MONEY) for row in raw["accruals"])
    rewards = [read_row(Reward, row, f"{where}.rewards") for row in raw["rewards"]]
    _known({rule.by for rule in accruals}, EARNED_BY, f"{where}.accruals")
    _known({reward.kind for reward in rewards}, REWARD_KINDS, f"{where}.rewards")
    by_code = {reward.code: reward for reward in rewards}
    if len(by_code) < len(rewards):
        raise ValueError(f"{where}.rewards: a code stands there twice")
    return read_row(BonusTerms, {**raw, "accruals": accruals, "rewards": by_code}, where)
