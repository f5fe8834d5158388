"""The small shop menu of `data/shop`, and ways to break it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gateway.domain.catalogue import Type
from gateway.menu.engine import MenuSet
from gateway.menu.lengths import Pages
from gateway.menu.loader import load_menus
from gateway.menu.source import Problem, render
from tests.menu.catalogue import COMMANDS

SHOP = Path(__file__).parent / "data" / "shop"


def shop() -> MenuSet:
    """The menu as it stands: without a mistake, and without a warning."""
    menus, problems = load_menus(SHOP, COMMANDS)
    assert render(problems) == ""
    assert menus is not None
    return menus


def broken_shop(
    directory: Path,
    edits: Mapping[str, str],
    roots: Mapping[str, Mapping[str, Type]] | None = None,
    pages: Pages | None = None,
) -> tuple[MenuSet | None, list[Problem]]:
    """The shop with pieces of its text replaced, each of which stands in one place."""
    left = dict(edits)
    for file in sorted(SHOP.glob("*.yaml")):
        text = file.read_text("utf-8")
        for old, new in edits.items():
            if text.count(old) == 1:
                text = text.replace(old, new)
                del left[old]
        (directory / file.name).write_text(text, "utf-8")
    assert not left, f"stands nowhere, or in several places: {left}"
    return load_menus(directory, COMMANDS, roots, pages)


def shown(problems: list[Problem], directory: Path) -> str:
    """Problems in caret form, with file names only."""
    return render(problems).replace(f"{directory}/", "")
