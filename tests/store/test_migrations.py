"""Migrations: there and back on both databases, equal to the schema; a newer one is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from gateway.store import migrate
from gateway.store.engine import create, open_database
from gateway.store.errors import SchemaTooNew
from gateway.store.schema import metadata
from tests.store.turns import Turns, debit, opened


def reflected(engine: Engine) -> dict[str, Any]:
    """Tables with their columns, keys, indexes and checks, as the database tells them."""
    look = inspect(engine)
    return {
        table: (
            sorted((column["name"], str(column["type"]), column["nullable"]) for column in columns),
            look.get_pk_constraint(table),
            sorted(map(_index, look.get_indexes(table))),
            sorted(map(str, look.get_check_constraints(table))),
            sorted(map(str, look.get_foreign_keys(table))),
            sorted(map(str, look.get_unique_constraints(table))),
        )
        for table in look.get_table_names()
        if (columns := look.get_columns(table))
    }


def _index(index: Any) -> str:
    """With the condition of a partial one as text, not as an object with an address."""
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return str({**index, "dialect_options": options})


@pytest.fixture
def engine(new_url: str) -> Any:
    made = create(new_url)
    yield made
    made.dispose()


def test_there_and_back_and_there_again(engine: Engine) -> None:
    migrate.upgrade(engine)
    first = reflected(engine)
    assert set(metadata.tables) < set(first)
    migrate.downgrade(engine, "base")
    assert set(reflected(engine)) == {"alembic_version"}
    migrate.upgrade(engine)
    assert reflected(engine) == first


def test_the_migrations_make_the_schema(engine: Engine) -> None:
    migrate.upgrade(engine)
    migrated = reflected(engine)
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    migrate.downgrade(engine, "base")
    metadata.create_all(engine)
    assert reflected(engine) == migrated, "constraints and partial indexes too"


def test_the_comparison_can_fail(engine: Engine) -> None:
    migrate.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_charge_msisdn_at"))
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) != []


def test_opening_again_keeps_what_there_is(new_url: str) -> None:
    for start in range(2):
        database = open_database(new_url)
        turns = Turns(database)
        turns.writer.start()
        if not start:
            turns.run(opened(100))
        assert turns.run(debit("sms:1")) == ("exists" if start else "ok")
        turns.writer.close()
        database.close()


def test_a_newer_schema_is_refused_and_untouched(new_url: str) -> None:
    open_database(new_url).close()
    engine = create(new_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = reflected(engine)
    with pytest.raises(SchemaTooNew, match=r"revision 9999, which this version .* newer gateway"):
        open_database(new_url)
    assert reflected(engine) == before
    engine.dispose()


def test_processes_that_start_together_migrate_once(new_url: str) -> None:
    with ThreadPoolExecutor(2) as pool:
        for database in pool.map(open_database, [new_url] * 2):
            assert set(metadata.tables) < set(reflected(database.engine))
            database.close()
