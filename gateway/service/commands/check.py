"""`gateway check`: every mistake of menus, short codes, prompts, flows and settings, in place."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.service.commands.options import WHERE_FILES_ARE, loaded, settings
from gateway.service.errors import FAILED, USAGE, Fault

if TYPE_CHECKING:
    from gateway.charging.tariff import Terms
    from gateway.menu.problems import Problem
    from gateway.service.config import Config

YAML = (".yaml", ".yml")


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATHS]")
@settings(*WHERE_FILES_ARE, "prompts")
def command(paths: tuple[Path, ...], config_file: Path | None, **given: str | None) -> None:
    """Find every mistake in menus, short codes, prompts and settings.

    Without PATHS: the configured menus, short codes and prompts, and the --config file. A PATH is a
    directory of menus, a file in one, or a short_codes.yaml; each is checked with what it leads
    to, and only what stands in PATHS is reported. A *.flow.yaml, or a directory of them, is checked
    by itself; rules and prompts it expects are looked up in the configured ones.

    Exit status: 0 nothing wrong (warnings may be), 1 mistakes.
    """
    config = loaded(config_file, given)
    for path in paths:
        if not path.exists():
            raise Fault(f"{path}: there is no such file or directory", USAGE)
    from gateway.menu.problems import failed, render
    from gateway.replay.script import flow_files
    from gateway.service.config import PACKAGE
    from gateway.service.content import load_content
    from gateway.service.prompts_check import check_prompts
    from gateway.service.rules import need_policy, need_terms

    terms = need_terms(config.tariffs)
    need_policy(config.policy)

    flows = tuple(path for path in paths if flow_files([path]))
    problems = _of_flows(flows, config, terms) if flows else []
    for menus, short_codes in _pairs(paths, flows, config):
        content, found = load_content(menus, short_codes)
        problems += found
        if content is not None:
            problems += check_prompts(menus, content.codes, config.prompts)
    chosen = [problem for problem in dict.fromkeys(problems) if _stands_in(problem, paths)]
    if chosen:
        sys.stdout.write(render(chosen).rstrip("\n") + "\n\n")
    if not paths and config.sources["menus"] == PACKAGE:
        click.echo(f"no menus here; checked are those of the package, {config.menus}")
    click.echo(_summary(chosen))
    if failed(chosen):
        raise SystemExit(FAILED)


def _of_flows(paths: tuple[Path, ...], config: Config, terms: Terms) -> list[Problem]:
    from gateway.replay.known import check_known
    from gateway.replay.script import load_all
    from gateway.service.content import load_content
    from gateway.service.rehearsal import recordings
    from gateway.service.rules import charge_rules

    flows, problems = load_all(paths)
    content, _ = load_content(config.menus, config.short_codes, advice=False)
    if content is None:  # that is told where the menus are checked
        return problems
    prompts = set(recordings(config.prompts).values())
    return [*problems, *check_known(flows, charge_rules(content.codes, terms), prompts)]


def _pairs(
    paths: tuple[Path, ...], flows: tuple[Path, ...], config: Config
) -> Iterable[tuple[Path, Path]]:
    """Which menus to read with which short codes, each pair once."""
    if not paths:
        return [(config.menus, config.short_codes)]
    return dict.fromkeys(_pair(path, config) for path in paths if path not in flows)


def _pair(path: Path, config: Config) -> tuple[Path, Path]:
    if path.is_dir():
        return path, config.short_codes
    if path.suffix not in YAML:
        raise Fault(f"{path}: is no YAML file", USAGE)
    if path.name.startswith(config.short_codes.stem):
        return config.menus, path
    return path.parent, config.short_codes


def _stands_in(problem: Problem, paths: tuple[Path, ...]) -> bool:
    at = Path(problem.path).resolve()
    return not paths or any(at == each or each in at.parents for each in map(Path.resolve, paths))


def _summary(problems: list[Problem]) -> str:
    errors = sum(problem.severity == "error" for problem in problems)
    counted = ((errors, "error"), (len(problems) - errors, "warning"))
    words = [f"{count} {word}{'s' * (count > 1)}" for count, word in counted if count]
    return ", ".join(words) or "nothing wrong"
