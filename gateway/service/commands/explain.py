"""`gateway explain`: what a number was charged, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.service.commands.options import WHERE_DATA_IS, loaded, number_of, settings
from gateway.service.errors import Fault

if TYPE_CHECKING:
    from gateway.accounts.book import Charge

LAST_MAX = 1000


@click.command()
@click.argument("msisdn")
@click.option("--last", type=click.IntRange(1, LAST_MAX), default=10, help="how many  [10]")
@settings(*WHERE_DATA_IS, "utc_offset")
def command(msisdn: str, last: int, config_file: Path | None, **given: str | None) -> None:
    """Show what a number was charged, and why.

    The newest are last. A refusal to charge and a free use are rows of 0.00 with their reason.
    Reads the database itself: the service may run or not.
    """
    from gateway.service.commands.database import looked_up, opened

    number = number_of(msisdn)
    config = loaded(config_file, given)
    with opened(config) as database:
        known, charges = looked_up(
            database,
            lambda unit: (unit.book.subscriber(number), unit.book.charges(number, last)),
        )
    if known is None:
        raise Fault(f"there is no subscriber {number}")
    for charge in reversed(charges):
        click.echo(_shown(charge, config.utc_offset))
    if not charges:
        click.echo("nothing was charged or refused yet")


def _shown(charge: Charge, utc_offset: int) -> str:
    from gateway.domain.moments import local
    from gateway.domain.money import roubles

    at = local(charge.at, utc_offset).strftime("%Y-%m-%d %H:%M:%S")
    refused = "  refused" if charge.refused else ""
    return (
        f"{at}  {charge.channel} {charge.address or '-'}  {charge.zone}  {charge.rule}"
        f"  {roubles(charge.amount)}{refused}\n    {charge.explanation}"
    )
