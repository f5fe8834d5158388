"""The checks: every mistake of a set at once, each at its place, in words that say what to do.

Rule: one module per matter. Shape was checked before (`validate.py`); here are references,
reachability, variables, texts, money and time. `CHECKS` is the whole list.
"""

from __future__ import annotations

from gateway.menu.checks.answers import check_asks, check_keys, check_timers
from gateway.menu.checks.calls import check_calls
from gateway.menu.checks.context import Check, Context, Roots
from gateway.menu.checks.flow import check_dead_ends, check_loops, check_reachable
from gateway.menu.checks.money import check_confirmed
from gateway.menu.checks.references import check_commands, check_settings, check_targets
from gateway.menu.checks.texts import check_catalogue, check_texts

__all__ = ["CHECKS", "LOCAL_CHECKS", "Check", "Context", "Roots"]

LOCAL_CHECKS: tuple[Check, ...] = (check_commands, check_keys, check_asks, check_timers)
"""Those that see one state at a time: all that can be said where a file could not be read."""

CHECKS: tuple[Check, ...] = (
    *LOCAL_CHECKS,
    check_settings,
    check_targets,
    check_reachable,
    check_dead_ends,
    check_loops,
    check_catalogue,
    check_texts,
    check_confirmed,
    check_calls,
)
