"""Filters: how a variable is written in a text. One row each: what it takes, and how wide it gets.

Rule: a filter is made once per text, language and argument; at run time it is one call on the
value. A wrong argument is a ValueError with words for the author. Types are those of the catalogue
(`gateway/domain/catalogue.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.domain.moments import local
from gateway.domain.numbers import local_digits
from gateway.domain.plurals import PLURALS
from gateway.domain.values import Value

Convert = Callable[[Any], str]

WORST_MONEY = 9_999_999
"""Kopecks: 99 999,99 р., for the longest a text can get."""
WORST_COUNT = 99_999


@dataclass(frozen=True, slots=True)
class Environment:
    """What filters need beside the value."""

    utc_offset_seconds: int = 0
    labels: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    """Group -> word of the enumeration -> language -> label."""


Make = Callable[[str, str, Environment], Convert]
"""(argument, language, environment) -> the conversion. Raises ValueError."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One row of the table."""

    make: Make
    takes: frozenset[str]
    """Catalogue types it fits; `word` is an enumeration."""
    argument: bool = False
    words: bool = False
    """What it writes is words: they are spoken as they are written."""


def _split(kopecks: int) -> tuple[str, int, int]:
    whole, part = divmod(abs(kopecks), 100)
    return ("-" if kopecks < 0 else ""), whole, part


def _decimal_ru(value: int) -> str:
    sign, whole, part = _split(value)
    return f"{sign}{whole},{part:02d}"


def _decimal_en(value: int) -> str:
    sign, whole, part = _split(value)
    return f"{sign}{whole}.{part:02d}"


def _money_ru(value: int) -> str:
    return f"{_decimal_ru(value)} р."


def _money_en(value: int) -> str:
    return f"RUB {_decimal_en(value)}"


def _bare_ru(value: int) -> str:
    return _decimal_ru(value).removesuffix(",00")


def _bare_en(value: int) -> str:
    return _decimal_en(value).removesuffix(".00")


def _sum_ru(value: int) -> str:
    return f"{_bare_ru(value)} р."


def _sum_en(value: int) -> str:
    return f"RUB {_bare_en(value)}"


def _by_language(ru: Convert, en: Convert) -> Make:
    return lambda argument, language, environment: ru if language == "ru" else en


def _moment(form: str) -> Make:
    def make(argument: str, language: str, environment: Environment) -> Convert:
        offset = environment.utc_offset_seconds
        return lambda value: local(value, offset).strftime(form)

    return make


def _msisdn(argument: str, language: str, environment: Environment) -> Convert:
    return lambda value: local_digits(str(value))


def _label(argument: str, language: str, environment: Environment) -> Convert:
    group = environment.labels.get(argument)
    if group is None:
        raise ValueError(f"there are no labels '{argument}'")
    words = {name: texts[language] for name, texts in group.items()}
    return lambda value: words.get(plain(value), plain(value))


def _plural(argument: str, language: str, environment: Environment) -> Convert:
    count, form = PLURALS[language]
    words = argument.split(",")
    if len(words) != count or not all(words):
        raise ValueError(f"plural wants {count} words in {language}, separated by commas")
    return lambda value: words[form(int(value))]


def plain(value: object) -> str:
    """A value without a filter."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


_MONEY, _MOMENT = frozenset({"money"}), frozenset({"moment"})

FILTERS: Mapping[str, Filter] = {
    "money": Filter(_by_language(_money_ru, _money_en), _MONEY),
    "sum": Filter(_by_language(_sum_ru, _sum_en), _MONEY),
    "sum_genitive": Filter(_by_language(_sum_ru, _sum_en), _MONEY),  # spoken so: `ста рублей`
    "decimal": Filter(_by_language(_decimal_ru, _decimal_en), _MONEY),
    "bare": Filter(_by_language(_bare_ru, _bare_en), _MONEY),
    "date": Filter(_moment("%d.%m"), _MOMENT),
    "datetime": Filter(_moment("%d.%m %H:%M"), _MOMENT),
    "full_date": Filter(_moment("%d.%m.%Y"), _MOMENT),
    "full_datetime": Filter(_moment("%d.%m.%Y %H:%M"), _MOMENT),
    "time": Filter(_moment("%H:%M"), _MOMENT),
    "msisdn": Filter(_msisdn, frozenset({"msisdn"})),
    "label": Filter(_label, frozenset({"word", "flag", "text"}), argument=True, words=True),
    "plural": Filter(_plural, frozenset({"count"}), argument=True, words=True),
}

UNFILTERED: frozenset[str] = frozenset({"count", "number", "digits", "msisdn", "text", "word"})
"""Types that can be read without a filter."""

_ROW: Mapping[str, Value] = {"at": 0, "amount": WORST_MONEY, "category": "internet"}

WORST: Mapping[str, tuple[Value, ...]] = {
    "money": (WORST_MONEY,),
    "count": (WORST_COUNT, 11, 2),
    "moment": (0,),
    "msisdn": ("79220000001",),
    "digits": ("0" * 16,),
    "text": ("Щ" * 24,),
    "flag": (True, False),
    "number": (WORST_MONEY,),
    "rows": ((_ROW,) * 5,),
}
"""Type -> values among which is the widest once written."""
