"""`gateway config`: every setting, its value, and where that came from."""

from __future__ import annotations

from pathlib import Path

import click

from gateway.service.commands.options import loaded, settings


@click.command()
@settings()
def command(config_file: Path | None, **given: str | None) -> None:
    """Show every setting and where its value came from.

    Takes the options of `serve`; secrets are shown as ***.
    """
    from gateway.service.config import describe

    rows = describe(loaded(config_file, given))
    names = max(len(name) for name, _, _ in rows)
    values = max(len(value) for name, value, _ in rows if not name.startswith("smpp_"))
    for name, value, source in rows:
        click.echo(f"{name:{names}}  {value or '-':{values}}  {source}")
