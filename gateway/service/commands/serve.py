"""`gateway serve`: the service, until it is stopped."""

from __future__ import annotations

import os
from pathlib import Path

import click

from gateway.service.commands.options import loaded, settings


@click.command()
@settings()
def command(config_file: Path | None, **given: str | None) -> None:
    """Serve USSD, SMS, calls and the HTTP API until stopped.

    Prints a line per open port, then `ready`. Every option is also a variable GATEWAY_NAME and a
    key of the --config file; `gateway config` shows what is in force.
    """
    os.umask(0o077)  # what is kept holds e-mails, hashes, words of subscribers
    config = loaded(config_file, given)
    from gateway.service.compose import serve

    serve(config)
