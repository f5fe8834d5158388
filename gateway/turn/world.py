"""The world a turn is taken in: the menus and codes in force, the account core, the limits.

A reload makes a new `World`; dialogues under way keep the menus they began with, which
`MenuVersions` remembers.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from gateway.accounts.answers import Accounts
from gateway.charging.rating import Rater
from gateway.menu.engine import MenuSet
from gateway.turn.short_codes import ShortCodes

MENU_VERSIONS_MAX = 16


class MenuVersions:
    """The menus in force, and the earlier ones that dialogues may still stand on."""

    def __init__(self, current: MenuSet, earlier: Mapping[str, MenuSet] | None = None) -> None:
        """The oldest of more than `MENU_VERSIONS_MAX` are forgotten."""
        self._current = current
        self._known = OrderedDict(earlier or {})
        self._known[current.version] = current
        self._known.move_to_end(current.version)
        while len(self._known) > MENU_VERSIONS_MAX:
            self._known.popitem(last=False)

    @property
    def current(self) -> MenuSet:
        """The menus that new dialogues begin with."""
        return self._current

    def followed_by(self, menus: MenuSet) -> MenuVersions:
        """The same with `menus` as the current ones."""
        return MenuVersions(menus, self._known)

    def find(self, version: str) -> MenuSet | None:
        """The menus of that version, if still remembered."""
        return self._known.get(version)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a turn may use up."""

    queries_max: int = 16
    """Questions to the account core in one turn."""
    replay_seconds_max: float = 86_400.0
    """How long a message's identity is remembered against repetition."""
    sms_idle_seconds_max: float = 600.0
    """How long an SMS conversation waits for the next answer."""
    ussd_octets_max: int = 160
    ussd_octets_max_by_link: Mapping[str, int] = field(default_factory=dict)
    """Links whose network carries less than a full USSD string."""


def nobody_listens() -> bool:
    """Turns need tell nothing of themselves."""
    return False


@dataclass(frozen=True, slots=True)
class World:
    """What every turn is given; a reload puts another in its place, whole."""

    menus: MenuVersions
    codes: ShortCodes
    rater: Rater
    accounts: Accounts
    limits: Limits = Limits()
    sms_sender: str = "000105"
    """The short number shown by an SMS that answers no SMS."""
    watched: Callable[[], bool] = nobody_listens
    """Whether turns are to tell what they asked and changed (`Outcome.told`)."""
