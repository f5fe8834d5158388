"""`gateway menus`: what the menus look like, and what a file of them may hold."""

from __future__ import annotations

from pathlib import Path

import click

from gateway.service.commands.options import WHERE_FILES_ARE, loaded, settings
from gateway.service.errors import USAGE, Fault


@click.group()
def command() -> None:
    """Draw the menus, print what they reach, or the schema of a file."""


@command.command()
@click.argument("root", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["mermaid", "svg"]),
    default="mermaid",
    help="of the drawing  [mermaid]",
)
@settings(*WHERE_FILES_ARE)
def graph(root: str | None, form: str, config_file: Path | None, **given: str | None) -> None:
    """Draw the menus from the state ROOT on, or from where *105# begins."""
    from gateway.menu.graph import mermaid, svg
    from gateway.service.content import need_content

    config = loaded(config_file, given)
    menus = need_content(config.menus, config.short_codes).menus
    if root is not None and not menus.has_state(root):
        from gateway.menu.problems import suggest

        hint = suggest(root, menus.compiled.states, "states")
        raise Fault(f"there is no state '{root}': {hint}", USAGE)
    draw = svg if form == "svg" else mermaid
    click.echo(draw(menus, root or menus.settings.start), nl=False)


@command.command()
@settings(*WHERE_FILES_ARE)
def commands(config_file: Path | None, **given: str | None) -> None:
    """Print the catalogue of commands: level, price, and the shortest way to each."""
    from gateway.domain.catalogue import COMMANDS
    from gateway.service.content import need_content
    from gateway.turn.reach import Ways, ways_to_commands

    config = loaded(config_file, given)
    content = need_content(config.menus, config.short_codes)
    ways = ways_to_commands(content.menus, content.codes)
    rows = [("COMMAND", "LEVEL", "PRICE", "YES", "USSD", "SMS")]
    for name, row in COMMANDS.items():
        yes = "yes" if row.confirm else ""
        rows.append((name, row.level, row.price, yes, *ways.get(name, Ways())))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for each in rows:
        line = (cell.ljust(width) for cell, width in zip(each, widths, strict=True))
        click.echo("  ".join(line).rstrip())


@command.command()
def schema() -> None:
    """Print the JSON Schema of a menu file, for editors.

    Save it, and name it in the first line of a file:
    # yaml-language-server: $schema=menu.schema.json
    """
    import json

    from gateway.menu.schema import schema as made

    click.echo(json.dumps(made(), ensure_ascii=False, indent=2))
