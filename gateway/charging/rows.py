"""Rows of `tariffs.yaml`: a mapping becomes a frozen value, or a ValueError that names the key.

Money is written as quoted roubles (`"1.80"`), because YAML would make a float of it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, TypeVar

from gateway.domain.money import kopecks
from gateway.domain.port import Language

MONEY = frozenset(
    {"out", "out_other", "incoming", "month_fee", "price", "amount", "fee", "floor"}
    | {"amount_min", "amount_max", "fee_min", "remaining_min"}
)
"""Fields written as quoted roubles wherever they stand; `sms` is money only in a zone."""

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Named:
    """What people know by a name."""

    ru: str
    en: str

    def name(self, language: Language) -> str:
        """Its name; `ru-Latn` is transliterated from the Russian when rendered."""
        return self.en if language == "en" else self.ru


def read_row(kind: type[Row], raw: Any, where: str, money: frozenset[str] = MONEY) -> Row:
    """One frozen row from a mapping. Raises ValueError naming the key that is wrong."""
    if not isinstance(raw, dict):
        raise ValueError(f"{where}: a mapping is needed")
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    if extra := sorted(set(raw) - known):
        raise ValueError(f"{where}: unknown key {extra[0]}")
    try:
        return kind(**{key: _value(key, raw[key], where, money) for key in raw})
    except TypeError as error:
        raise ValueError(f"{where}: {error}") from None


def _value(key: str, raw: Any, where: str, money: frozenset[str]) -> Any:
    if key not in money:
        return tuple(raw) if isinstance(raw, list) else raw
    if not isinstance(raw, str):
        raise ValueError(f'{where}.{key}: write money as quoted roubles, like "1.80"')
    return kopecks(raw)
