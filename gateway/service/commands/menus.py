"""`gateway menus`: what the menus look like, and what a file of them may hold."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.service.commands.options import WHERE_FILES_ARE, loaded, settings
from gateway.service.errors import USAGE, Fault

if TYPE_CHECKING:
    from gateway.replay.coverage import Visited
    from gateway.service.config import Config
    from gateway.service.content import Content


@click.group()
def command() -> None:
    """Draw the menus, print what they reach, or the schema of a file."""


@command.command()
@click.argument("root", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["tree", "mermaid", "svg"]),
    help="of the drawing  [tree on a terminal, else mermaid]",
)
@click.option(
    "--visited",
    "flows",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="PATH",
    help="play these flows, and mark where they went; repeatable",
)
@settings(*WHERE_FILES_ARE)
def graph(
    root: str | None,
    form: str | None,
    flows: tuple[Path, ...],
    config_file: Path | None,
    **given: str | None,
) -> None:
    """Draw the menus from the state ROOT on, or all of them.

    Flows are played in process, on demo data. A tree has a tick where they went; an SVG is grey
    where they did not.
    """
    from gateway.menu.graph import mermaid, svg
    from gateway.service.content import need_content

    form = form or ("tree" if sys.stdout.isatty() else "mermaid")
    if flows and form == "mermaid":
        raise Fault("--visited: of a tree or an SVG: give --format", USAGE)
    config = loaded(config_file, given)
    content = need_content(config.menus, config.short_codes)
    menus = content.menus
    if root is not None and not menus.has_state(root):
        from gateway.menu.problems import suggest

        hint = suggest(root, menus.compiled.states, "states")
        raise Fault(f"there is no state '{root}': {hint}", USAGE)
    visited = _visited(config, flows) if flows else None
    if form == "tree":
        _print_tree(config, content, root, visited)
    elif form == "svg":
        reached = None if visited is None else visited.nodes
        click.echo(svg(menus, root, reached=reached), nl=False)
    else:
        click.echo(mermaid(menus, root), nl=False)


def _visited(config: Config, paths: tuple[Path, ...]) -> Visited:
    """What flows go through; those that see something else than they expect are counted aloud."""
    from gateway.replay.cast import cast
    from gateway.replay.coverage import Visited
    from gateway.service.commands.flows import read_flows
    from gateway.service.progress import Progress
    from gateway.service.rehearsing import rehearse

    plays, visited = cast(read_flows(paths), []), Visited()
    progress = Progress(len(plays))
    try:
        played = rehearse(config, plays, 1, progress, visited)
    finally:
        progress.end()
    differ = sum(not each.passed for each in played)
    if differ:
        click.echo(f"{differ} of {len(played)} flows differ: gateway replay tells how", err=True)
    return visited


def _print_tree(
    config: Config, content: Content, root: str | None, visited: Visited | None
) -> None:
    import shutil

    from gateway.menu.loader import menu_files
    from gateway.menu.tree import Taken, tree
    from gateway.replay.places import places_of
    from gateway.service.menu_lines import groups_of, is_colourful, told

    groups = groups_of(content.menus, content.codes) if root is None else (("", (root,)),)
    places = {
        state: place
        for (state, trigger), place in places_of(menu_files(config.menus)).items()
        if not trigger
    }
    taken = None if visited is None else Taken(visited.nodes, visited.edges)
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for line in told(tree(content.menus, groups, places, taken), columns):
        click.echo(line, color=is_colourful())


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
