"""What every check sees: the draft, the catalogue, who enters from outside, the edges.

Rule: a check is a function from a `Context` to problems; it stops at nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from gateway.domain.catalogue import Command, Type
from gateway.menu.draft import Draft
from gateway.menu.edges import Way, ways
from gateway.menu.model_settings import KeySettings, Nav, Refusals, SettingsShape
from gateway.menu.problems import Problem
from gateway.menu.shape import Words

Roots = Mapping[str, Mapping[str, Type]]
"""State that is entered from outside -> the variables it is given."""

_BLANK = Words(ru="", en="")
_STAND_IN = SettingsShape.model_construct(
    start="",
    keys=KeySettings(),
    nav=Nav(back=_BLANK, more=_BLANK),
    choice_error="",
    tries="",
    timeout="",
    exit=None,
    refusals=Refusals.model_construct(level_too_low="", number_blocked="", else_=""),
)
"""Where the settings are missing (a mistake of its own), states are checked all the same."""


@dataclass
class Context:
    """What a check sees."""

    draft: Draft
    commands: Mapping[str, Command]
    outside: Roots

    @cached_property
    def settings(self) -> SettingsShape:
        """The settings, or a stand-in whose targets are empty."""
        return self.draft.settings.shape if self.draft.settings else _STAND_IN

    @cached_property
    def ways(self) -> Mapping[str, list[Way]]:
        """State -> its edges."""
        return {
            name: ways(entry.shape, self.settings, self.commands)
            for name, entry in self.draft.states.items()
        }

    @cached_property
    def roots(self) -> Roots:
        """All states that are entered from outside: a dialogue begins there."""
        return {self.settings.start: {}, **self.outside}


Check = Callable[[Context], Iterator[Problem]]
