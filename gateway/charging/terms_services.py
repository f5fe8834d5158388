"""Terms of the services of a number: the catalogue of services, a change of plan, the SIM.

A service is asked for by its `code`, on every channel the same (`*105*3361#`, SMS `3361`). What it
costs is a price once, a fee each period, or both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from gateway.charging.rows import Named, read_row

ServiceKind = Literal["option", "roaming", "pack", "content", "ban"]
"""`pack`: units bought once, nothing stays on; `content`: a paid subscription; `ban`: no paid
content (or nothing paid at all) while it is on."""
Period = Literal["month", "day"]
_BLOCKED = frozenset({"suspended", "lost", "debt"})


@dataclass(frozen=True, slots=True)
class Service(Named):
    """A service that can be on for a number."""

    code: str
    kind: ServiceKind
    price: int = 0
    """Once, when it is connected."""
    fee: int = 0
    """Each period, the first when it is connected."""
    period: Period = "month"
    days: int = 0
    """It ends by itself after so many; 0: it stays until it is removed."""
    minutes: int = 0
    sms: int = 0
    megabytes: int = 0
    tariffs: tuple[str, ...] = ()
    """The plans that have it; empty: all (C08)."""

    @property
    def paid(self) -> bool:
        """Whether it costs anything."""
        return bool(self.price or self.fee)


@dataclass(frozen=True, slots=True)
class ChangeTerms:
    """A change of the tariff plan: its price, unless it is the first in so many days."""

    price: int
    free_days: int


@dataclass(frozen=True, slots=True)
class SimTerms:
    """The SIM: a suspension is paid for each period; a replacement is ready and collected after
    so many seconds at one of the offices."""

    fee: int
    period: Period
    ready_seconds: int
    collect_seconds: int
    offices_max: int
    fees_rest: tuple[str, ...]
    """What a SIM is while the fees of plan and services are not taken: of `suspended`, `lost`,
    `debt`."""
    unblock_lost: bool
    """Whether whoever has a SIM that was blocked as lost may unblock it, as a suspended one."""


@dataclass(frozen=True)
class ServicesTerms:
    """All of them."""

    catalogue: Mapping[str, Service]
    """Id -> service."""
    change: ChangeTerms
    sim: SimTerms
    forwarding_price: int
    """A forwarded minute, kopecks."""

    @cached_property
    def by_code(self) -> Mapping[str, tuple[str, Service]]:
        """Code -> id and service."""
        return {service.code: (id, service) for id, service in self.catalogue.items()}


def read_services(raw: Mapping[str, Any]) -> ServicesTerms:
    """The sections `services`, `tariff_change`, `sim` and `forwarding`. Raises ValueError that
    names the key, or a code given twice."""
    catalogue = {
        id: read_row(Service, row, f"services.{id}") for id, row in raw["services"].items()
    }
    terms = ServicesTerms(
        catalogue=catalogue,
        change=read_row(ChangeTerms, raw["tariff_change"], "tariff_change"),
        sim=read_row(SimTerms, raw["sim"], "sim"),
        forwarding_price=read_row(_Forwarding, raw["forwarding"], "forwarding").price,
    )
    if strange := set(terms.sim.fees_rest) - _BLOCKED:
        raise ValueError(f"sim.fees_rest: {min(strange)} is none of {', '.join(sorted(_BLOCKED))}")
    if len(terms.by_code) < len(catalogue):
        raise ValueError("services: a code stands twice")
    unknown = {plan for each in catalogue.values() for plan in each.tariffs} - set(raw["plans"])
    if unknown:
        raise ValueError(f"services: there is no plan {min(unknown)}")
    return terms


@dataclass(frozen=True, slots=True)
class _Forwarding:
    price: int
