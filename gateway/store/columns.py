"""The kinds of columns the tables are made of: alike in both dialects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, Text, text

# SQLite counts rows by itself only in a column spelt INTEGER (which is 64 bits wide there).
_SERIAL = BigInteger().with_variant(Integer(), "sqlite")


def serial(name: str = "id") -> Column[int]:
    return Column(name, _SERIAL, primary_key=True, autoincrement=True)


def words(name: str, key: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=False)


def money(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def moment(name: str, nullable: bool = False) -> Column[float]:
    return Column(name, Double, nullable=nullable)


def flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False)


def each(make: Callable[[str], Column[Any]], *names: str) -> Iterator[Column[Any]]:
    return (make(name) for name in names)


def partial(condition: str, *columns: str) -> Index:
    """An index of the rows that meet `condition`, alike in both dialects."""
    return Index(None, *columns, sqlite_where=text(condition), postgresql_where=text(condition))
