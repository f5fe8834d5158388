"""Content: the menus and the short codes that lead into them, read together or refused together.

Each is checked against the other, so neither is taken alone. `gateway check`, the start and a
reload all read by this one function.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gateway.domain.catalogue import COMMANDS
from gateway.menu.engine import MenuSet
from gateway.menu.loader import load_menus
from gateway.menu.problems import Problem, render
from gateway.render.check import COUNTS
from gateway.service.errors import BAD_FILE, Fault
from gateway.turn.short_codes import ShortCodes, load_short_codes

UNREACHED = "M401"
"""Says nothing while the short codes, which reach states too, cannot be read."""


@dataclass(frozen=True, slots=True)
class Content:
    """Menus and short codes that fit each other."""

    menus: MenuSet
    codes: ShortCodes


def load_content(
    menus: Path, short_codes: Path, *, advice: bool = True
) -> tuple[Content | None, list[Problem]]:
    """Both, or None where one of the problems is an error; all mistakes at once. Never raises.

    `advice`: the lengths of screens are counted too, for warnings; a service that starts or reads
    its menus again does not wait for that.
    """
    alone, _ = load_short_codes(short_codes, _Anything())
    roots = alone.roots() if alone else None
    found, problems = load_menus(menus, COMMANDS, roots, COUNTS if advice else None)
    if alone is None:
        problems = [problem for problem in problems if problem.code != UNREACHED]
    codes, mistakes = load_short_codes(short_codes, found or _Anything())
    content = Content(found, codes) if found and codes else None
    return content, problems + mistakes


def need_content(menus: Path, short_codes: Path) -> Content:
    """Both. Raises Fault with every mistake in caret form."""
    content, problems = load_content(menus, short_codes, advice=False)
    if content is None:
        raise Fault(render(problems).rstrip("\n"), BAD_FILE)
    return content


class _Anything:
    """Menus that cannot be read: what is missing from them is not told a second time."""

    def has_state(self, state: str) -> bool:
        return True

    def has_text(self, text_id: str) -> bool:
        return True

    def reads(self, variable: str) -> bool:
        return True
