"""A directory of YAML -> a menu set, or every mistake in it.

Rule: all files together are one flat namespace of states; the set's version is a hash of their
names and octets, so the same files are the same version everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from gateway.domain.catalogue import Command
from gateway.menu.checks import CHECKS, LOCAL_CHECKS, Context, Roots
from gateway.menu.compile import compile_set
from gateway.menu.draft import Draft
from gateway.menu.engine import MenuSet
from gateway.menu.lengths import Pages, check_lengths
from gateway.menu.problems import Problem, failed
from gateway.menu.source import Source, load

FILES_MAX = 200


def load_menus(
    directory: Path,
    commands: Mapping[str, Command],
    roots: Roots | None = None,
    pages: Pages | None = None,
) -> tuple[MenuSet | None, list[Problem]]:
    """The set and its problems; None where one of them is an error (with warnings it serves).

    `roots`: state -> the variables it is given, for states entered from outside (routes of short
    codes) beside settings.start. `pages`: counts pages of a worst-case screen per channel.
    Never raises for what a file holds.
    """
    files = menu_files(directory)
    if not files or len(files) > FILES_MAX:
        return None, [_no_files(directory, len(files))]
    draft, sources = read_draft(files)
    if draft.settings is None and not failed(draft.problems):
        draft.problems.append(_no_settings(directory))
    context = Context(draft, commands, _known(draft, roots or {}))
    problems = list(draft.problems)
    whole = all(source.data is not None for source in sources)
    for check in CHECKS if whole else LOCAL_CHECKS:
        problems += check(context)
    if failed(problems):
        return None, problems
    compiled = compile_set(draft, commands, _version(files, sources))
    if pages:
        problems += check_lengths(context, compiled, pages)
    return MenuSet(compiled), problems


def menu_files(directory: Path) -> list[Path]:
    """The files of a set, in their order."""
    return sorted(directory.glob("*.yaml")) if directory.is_dir() else []


def read_draft(files: Sequence[Path]) -> tuple[Draft, list[Source]]:
    """What is written in files, as far as it can be read, and the files as data."""
    draft, sources = Draft(), [load(file) for file in files]
    for source in sources:
        draft.add(source)
    return draft, sources


def _version(files: Sequence[Path], sources: Sequence[Source]) -> str:
    digest = sha256()
    for file, source in zip(files, sources, strict=True):
        digest.update(f"{file.name}\n{source.text}\n".encode())
    return digest.hexdigest()[:12]


def _known(draft: Draft, roots: Roots) -> Roots:
    """A root that is no state is the mistake of who names it."""
    return {name: given for name, given in roots.items() if draft.known(name)}


def _no_files(directory: Path, count: int) -> Problem:
    message = f"more than {FILES_MAX} files" if count else "there are no *.yaml files here"
    return Problem(str(directory), 1, 1, "M100", message)


def _no_settings(directory: Path) -> Problem:
    message = "no file has settings: one must"
    return Problem(str(directory), 1, 1, "M107", message, "add settings: with start: STATE")
