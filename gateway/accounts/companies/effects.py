"""Every effect of the companies' commands, and of their jobs."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.accounts.companies import batches, numbers, personal, registration, reports, sims
from gateway.accounts.dated import DatedEffect
from gateway.accounts.request import Effect

EFFECTS: Mapping[str, Effect] = {
    **registration.EFFECTS,
    **numbers.EFFECTS,
    **personal.EFFECTS,
    **sims.EFFECTS,
    **batches.EFFECTS,
    **reports.EFFECTS,
}
DATED: Mapping[str, DatedEffect] = {**batches.DATED, **reports.DATED}
