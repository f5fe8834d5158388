"""How the demo data have a number on their first day, as far as a flow can make it so.

Rule: flows are played on data as new, so what a phone saves begins with what differs from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gateway.replay.handset import Action

_USUAL: Final = ("ru", "HOME")
_DAYS: Final[Mapping[str, tuple[str, str]]] = {
    "79220000002": ("en", "HOME"),
    "79220000003": ("ru-Latn", "HOME"),
    "79220000004": ("ru", "EUROPE"),
    "79220000005": ("en", "WORLD"),
    "79220000006": ("ru", "RU_OTHER"),
    "79220000010": ("ru", "RU_NET"),
    "79220000013": ("ru", "RU_NET"),
}


def first_day(msisdn: str) -> tuple[str, str]:
    """Its language and zone."""
    return _DAYS.get(msisdn, _USUAL)


def made_as_now(msisdn: str, profile: Mapping[str, Any]) -> Iterator[Action]:
    """What makes a number of the first day as its profile is; nothing without a profile."""
    language, zone = first_day(msisdn)
    if profile and profile["language"] != language:
        yield Action("language", profile["language"])
    if profile and profile["zone"] != zone:
        yield Action("move", profile["plmn"], profile["region"])
