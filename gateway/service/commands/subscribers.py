"""`gateway subscribers`: the numbers there are, one of them, and a new one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.service.commands.asking import ask, show, where
from gateway.service.commands.options import WHERE_DATA_IS, loaded, number_of, settings
from gateway.service.errors import Fault

if TYPE_CHECKING:
    from gateway.accounts.book import Subscriber
    from gateway.store.engine import Database
    from gateway.store.unit import SqlUnit

_PART = 500
"""Numbers read at once."""
_COLUMNS = (
    ("msisdn", 15),
    ("account", 10),
    ("balance", 12),
    ("zone", 8),
    ("tariff", 10),
    ("language", 8),
    ("sim", 9),
    ("company", 0),
)
_as_json = click.option("--json", "as_json", is_flag=True, help="a JSON object a line")


@click.group()
def command() -> None:
    """List the subscribers, show one, sign up a new one.

    `list` and `show` read the database itself: the service may run or not. `add` asks the service
    that runs; exit status 1 where it refuses, 4 without a connection.
    """


@command.command("list")
@click.option("--after", default="", metavar="MSISDN", help="only numbers behind this one")
@click.option("--limit", type=click.IntRange(1), help="how many at most  [all]")
@_as_json
@settings(*WHERE_DATA_IS)
def list_(
    after: str, limit: int | None, as_json: bool, config_file: Path | None, **given: str | None
) -> None:
    """Subscribers, a line each, in the order of their numbers."""
    from gateway.service.commands.database import opened

    start = number_of(after, "--after") if after else ""
    with opened(loaded(config_file, given)) as database:
        if not as_json:
            click.echo(_line({name: name.upper() for name, _ in _COLUMNS}))
        for subscriber in islice(_all(database, start), limit):
            row = _row(subscriber)
            click.echo(json.dumps(row, ensure_ascii=False) if as_json else _line(row))


@command.command("show")
@click.argument("msisdn")
@_as_json
@settings(*WHERE_DATA_IS, "policy")
def show_(msisdn: str, as_json: bool, config_file: Path | None, **given: str | None) -> None:
    """One subscriber, whole: money, place, SIM card, services."""
    from gateway.channels.http_views import to_json
    from gateway.channels.refusals import Refusal
    from gateway.service.commands.database import looked_up, opened
    from gateway.service.rules import need_policy
    from gateway.service.views import subscriber_view

    number = number_of(msisdn)
    config = loaded(config_file, given)
    policy = need_policy(config.policy)
    with opened(config) as database:
        found = looked_up(database, lambda unit: subscriber_view(unit, number, policy))
    if isinstance(found, Refusal):
        raise Fault(f"there is no subscriber {number}")
    view = to_json(found)
    click.echo(json.dumps(view, ensure_ascii=False)) if as_json else show(view)


@command.command()
@click.argument("msisdn")
@click.option("--tariff", default="simple", help="a plan that is sold  [simple]")
@click.option("--language", metavar="ru|en|ru-Latn", help="of menus and messages  [ru]")
@click.option("--balance", metavar="ROUBLES", help="paid with the SIM card, as 100.00")
@where
def add(
    msisdn: str,
    tariff: str,
    language: str | None,
    balance: str | None,
    config_file: Path | None,
    **given: str | None,
) -> None:
    """Sign up a private subscriber, with an account of its own."""
    body = {"msisdn": msisdn, "tariff": tariff, "language": language, "balance": balance}
    show(ask(config_file, given, "POST", "/v1/subscribers", body))


def _all(database: Database, after: str) -> Iterator[Subscriber]:
    from gateway.service.commands.database import looked_up

    def read(unit: SqlUnit) -> tuple[Subscriber, ...]:
        return unit.book.subscribers(after, _PART)

    while part := looked_up(database, read):
        yield from part
        after = part[-1].msisdn


def _row(subscriber: Subscriber) -> dict[str, Any]:
    from gateway.domain.money import roubles

    row = {name: getattr(subscriber, name) for name, _ in _COLUMNS}
    return {**row, "balance": roubles(subscriber.balance)}


def _line(row: dict[str, Any]) -> str:
    return "  ".join(f"{row[name]:{width or ''}}" for name, width in _COLUMNS).rstrip()
