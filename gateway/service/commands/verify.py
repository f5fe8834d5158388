"""`gateway verify`: whether every balance is what its journal makes."""

from __future__ import annotations

from pathlib import Path

import click

from gateway.service.commands.options import WHERE_DATA_IS, loaded, settings
from gateway.service.errors import FAILED


@click.command()
@settings(*WHERE_DATA_IS)
def command(config_file: Path | None, **given: str | None) -> None:
    """Rebuild every balance from the journal and compare.

    Reads one moment of the database; the service may run or not. Exit status: 0 the books are
    right, 1 they are not, or cannot be read.
    """
    from gateway.service.commands.database import faults_said, opened
    from gateway.store.verify import verify

    with opened(loaded(config_file, given)) as database, faults_said():
        findings = verify(database)
    for finding in findings:
        click.echo(str(finding))
    if findings:
        raise SystemExit(FAILED)
    click.echo("every balance is its journal's")
