"""The rules of the account core: prices and terms, and who may do what; packaged, or one's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from gateway.accounts.companies.limits import LIMIT_RULE
from gateway.accounts.operations import OPERATION_RULE
from gateway.accounts.policy import Policy, default_policy, load_policy
from gateway.accounts.usage import SHORTAGE_RULE
from gateway.charging.explain import REASONS
from gateway.charging.rating import NO_RULE
from gateway.charging.tariff import Terms, default_terms, load_terms
from gateway.service.errors import BAD_FILE, Fault
from gateway.turn.short_codes import ShortCodes

T = TypeVar("T")


def need_terms(file: Path | None) -> Terms:
    """Prices and terms. Raises Fault that names the file and the key."""
    return default_terms() if file is None else _read(file, load_terms)


def need_policy(file: Path | None) -> Policy:
    """Levels by way in. Raises Fault that names the file and the row."""
    return default_policy() if file is None else _read(file, load_policy)


def charge_rules(codes: ShortCodes, terms: Terms) -> set[str]:
    """Ids of all rules that rows of charges are written by."""
    own = {cell.rule for row in codes.charge_table.values() for cell in row.values()}
    better = {each.rule for each in terms.company.preferences}
    others = (NO_RULE, OPERATION_RULE, SHORTAGE_RULE, LIMIT_RULE)
    return own.union(better, REASONS, others)


def _read(file: Path, load: Callable[[str], T]) -> T:
    try:
        return load(file.read_text("utf-8"))
    except (ValueError, KeyError, TypeError) as error:  # a key that is missing names itself
        why = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise Fault(f"{file}: {why}", BAD_FILE) from None
    except OSError as error:
        raise Fault(f"{file}: {error.strerror}", BAD_FILE) from None
