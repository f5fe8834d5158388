"""What an administrator does for one number as its own subscriber would (B16, B21, B38, K11).

The effect is the subscriber's; only the door is another. Forwarding stays inside the company
because it does so for every number of one (B23).
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.accounts.companies.office import as_member
from gateway.accounts.request import Effect
from gateway.accounts.services import forwarding, options, sim, tariffs

_EFFECTS: Mapping[str, Effect] = {
    **forwarding.EFFECTS,
    **options.EFFECTS,
    **sim.EFFECTS,
    **tariffs.EFFECTS,
}
AS_MEMBER: Mapping[str, str] = {
    "company.plans": "tariff.list",
    "company.tariff_quote": "tariff.quote",
    "company.tariff_change": "tariff.change",
    "company.services": "service.mine",
    "company.offers": "service.offers",
    "company.service_quote": "service.quote",
    "company.service_add": "service.add",
    "company.service_removal": "service.removal",
    "company.service_remove": "service.remove",
    "company.forward_quote": "forwarding.quote",
    "company.forward": "forwarding.apply",
    "company.forward_show": "forwarding.show",
    "company.sim_replace": "sim.replace",
}
"""Command of an administrator -> the subscriber's command it carries out."""

EFFECTS: Mapping[str, Effect] = {name: as_member(_EFFECTS[own]) for name, own in AS_MEMBER.items()}
