"""Statements: written in SQLAlchemy Core, compiled once per dialect, run on the driver's cursor.

A statement is the pair of its two texts, taken by index: `FIND[self._dialect]`. Both drivers get
positional parameters, in the order in which the definition names them; a definition whose order is
not that of its SQL does not import. (Measured: Core's execution costs four times the driver's.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from sqlalchemy import Select, Table, bindparam, literal_column, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.sql.expression import BindParameter, ClauseElement, ColumnElement

SQLITE = 0
POSTGRESQL = 1
DIALECTS = ("sqlite", "postgresql")
"""Index of a statement's text by SQLAlchemy's name of the dialect."""

Statement = tuple[str, str]
"""The SQL for SQLite and for PostgreSQL."""

Insert = Callable[[Table], sqlite.Insert]
"""`insert` of the dialect at hand: only these know ON CONFLICT."""

Row = Sequence[Any]


class Result(Protocol):
    """What a driver's cursor gives back."""

    @property
    def rowcount(self) -> int: ...
    def fetchone(self) -> Row | None: ...
    def fetchall(self) -> list[Row]: ...


Execute = Callable[[str, Sequence[Any]], Result]
"""`cursor.execute` of sqlite3 or psycopg."""

_psycopg: Any = psycopg.dialect
_COMPILERS: tuple[tuple[Any, Any], ...] = (
    (sqlite.dialect(paramstyle="qmark"), sqlite.insert),
    (_psycopg(paramstyle="format"), postgresql.insert),
)


ZERO: ColumnElement[Any] = literal_column("0")
ONE: ColumnElement[Any] = literal_column("1")
EMPTY: ColumnElement[Any] = literal_column("''")


def parameter(name: str) -> BindParameter[Any]:
    """A parameter of that name. SQLAlchemy keeps a column's own name for INSERT's values, so
    elsewhere it ends in an underscore."""
    return bindparam(name)


def names(table: Table) -> tuple[str, ...]:
    """The table's columns in order, without a serial number the database gives."""
    serial = table.autoincrement_column
    return tuple(column.name for column in table.columns if column is not serial)


def row(insert: Insert, table: Table) -> sqlite.Insert:
    """Insert a whole row; the parameters are `names(table)`."""
    return insert(table).values({name: bindparam(name) for name in names(table)})


def clean(words: str) -> str:
    """What people wrote, without what a database refuses: NUL and halves of surrogate pairs."""
    return words.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def limited(query: Select[Any]) -> Select[Any]:
    """`query` with a last parameter `limit`; SQLite's own LIMIT clause would bind an OFFSET too."""
    return query.suffix_with(text("LIMIT :limit"))


def upsert(insert: Insert, table: Table) -> sqlite.Insert:
    """Insert a whole row, or put it in the place of the one with its primary key."""
    made = row(insert, table)
    keys = [column.name for column in table.primary_key]
    changed = {name: made.excluded[name] for name in names(table) if name not in keys}
    return made.on_conflict_do_update(index_elements=keys, set_=changed)


def statement(build: Callable[[Insert], ClauseElement], *names: str) -> Statement:
    """Compile `build(insert)` for both dialects; `names` are its parameters in SQL order.

    Raises AssertionError where the order differs from that of the compiled text.
    """
    texts = []
    for dialect, insert in _COMPILERS:
        compiled: Any = build(insert).compile(dialect=dialect)
        order = tuple(compiled.positiontup)
        assert order == names, f"parameters are {order}, not {names}: {compiled}"
        texts.append(str(compiled))
    return texts[0], texts[1]


class Operations:
    """Base of every group of operations: the cursor's `execute` and the dialect's index."""

    __slots__ = ("_dialect", "_execute")

    def __init__(self, execute: Execute, dialect: int) -> None:
        self._execute = execute
        self._dialect = dialect
