"""Services that are on for a number: options, subscriptions, bans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Connected:
    """A service that is on. What it costs and until when it is paid its job knows."""

    msisdn: str
    service: str
    """Its id in the catalogue of `tariffs.yaml`."""
    since: float
    suspended: bool = False
    """Its last fee was not paid: it does not work until it is."""


class ServicesBook(Protocol):
    """What is on, and what of packages has ended."""

    def services(self, msisdn: str) -> tuple[Connected, ...]:
        """By their ids."""
        ...

    def save_service(self, service: Connected) -> None:
        """Put it on, or in the place of the one that is on."""
        ...

    def drop_service(self, msisdn: str, service: str) -> bool:
        """Take it off; False where it was not on."""
        ...

    def drop_packages(self, msisdn: str, now: float) -> None:
        """Forget what had ended by `now`: its units are nobody's any more."""
        ...
