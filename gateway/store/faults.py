"""Telling a database that failed from a turn that did, by the driver's own codes."""

from __future__ import annotations

import sqlite3

import psycopg

_SQLITE_FAULTS = frozenset(
    (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    )
)
_POSTGRES_FAULTS = ("08", "53", "55", "57", "58", "XX", "25006")
"""Beginnings of SQLSTATE: connection, resources, locks, shutdown, system, internal, read-only."""
_POSTGRES_CONTENTION = ("40001", "40P01")


def is_fault(error: BaseException) -> bool:
    """Whether the database failed (disk, I/O, lock, connection), whatever the turn was."""
    if isinstance(error, sqlite3.Error):
        # the primary code; extended ones tell more in their upper bits
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in _SQLITE_FAULTS
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        state = error.sqlstate
        # without a state the connection itself is gone
        return state is None or state.startswith(_POSTGRES_FAULTS)
    return isinstance(error, psycopg.InternalError) and bool(
        (error.sqlstate or "").startswith(_POSTGRES_FAULTS)
    )


def is_contention(error: BaseException) -> bool:
    """Whether another process got in the way, so that the same turn may succeed at once."""
    return isinstance(error, psycopg.Error) and error.sqlstate in _POSTGRES_CONTENTION


def in_a_line(error: BaseException) -> str:
    """`OperationalError: database or disk is full`."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
