"""`gateway dashboards`: the dashboard of Grafana and the alerting rules of Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import click

from gateway.service.errors import USAGE, Fault


def _grafana() -> str:
    from json import dumps

    from gateway.dashboards.grafana import dashboard

    return dumps(dashboard(), indent=2) + "\n"


def _alerts() -> str:
    from importlib.resources import files

    return files("gateway.dashboards").joinpath(ALERTS).read_text("utf-8")


ALERTS = "alerts.yml"
FILES: Mapping[str, tuple[str, Callable[[], str]]] = {
    "grafana": ("channel-gateway.json", _grafana),
    "alerts": (ALERTS, _alerts),
}
"""What -> the name of its file, and what makes it."""


@click.command()
@click.argument("what", type=click.Choice(list(FILES)), required=False)
@click.option(
    "--to",
    "folder",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="write files there instead",
)
def command(what: str | None, folder: Path | None) -> None:
    """Print or write a Grafana dashboard and Prometheus alerts.

    The dashboard wants a Prometheus data source; it is imported in Grafana under Dashboards, New,
    Import. The alerts want a scrape job named channel-gateway; prometheus.yml names their file
    under rule_files.
    """
    if what is None and folder is None:
        raise Fault(f"name one of: {', '.join(FILES)}; or both go to a directory by --to", USAGE)
    for name in [what] if what else FILES:
        file, made = FILES[name]
        if folder is None:
            click.echo(made(), nl=False)
            continue
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(made(), "utf-8")
        except OSError as fault:
            raise Fault(f"--to {folder}: {fault.strerror}", USAGE) from None
        click.echo(folder / file)
