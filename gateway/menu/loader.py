"""A directory of YAML -> a menu set, or every mistake in it (signature; the rest follows)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from gateway.domain.catalogue import Command
from gateway.domain.port import Channel, Screen
from gateway.menu.menuset import MenuSet
from gateway.menu.problems import Problem

Pages = Mapping[Channel, Callable[[Screen], int]]
"""How many pages (USSD) or segments (SMS) a screen takes; given by `render`."""


def load_menus(
    directory: Path,
    commands: Mapping[str, Command],
    roots: Collection[str] = (),
    pages: Pages | None = None,
) -> tuple[MenuSet | None, list[Problem]]:
    """All mistakes at once; the set is None where one of them is an error (warnings serve).

    `roots`: states reached from outside (routes of short codes), beside settings.start.
    """
    raise NotImplementedError
