"""Companies: registration, and what an administrator does for his numbers."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.domain.catalogue.command import Command

COMMANDS: Mapping[str, Command] = {
    "company.register": Command("view", refusals=("company_none", "company_already")),
}
