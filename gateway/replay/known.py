"""What flows expect, held against what this gateway has: rules of charge, ids of recordings.

Rule: a flow may be of another gateway, so these are warnings, told by `gateway check` alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from gateway.menu.marks import Where
from gateway.menu.problems import Problem, suggest
from gateway.menu.source import load
from gateway.replay.script import Flow


def check_known(
    flows: Iterable[Flow], rules: Iterable[str], prompts: Iterable[str]
) -> Iterator[Problem]:
    """F401 for a rule and F402 for a prompt that is none of these; of no prompts at all nothing
    is said."""
    all_rules, all_prompts = frozenset(rules), frozenset(prompts)
    for flow in flows:
        for check in (check for step in flow.steps for check in step.checks):
            if check.what.endswith(" rule") and check.how == "equal" and "<" not in check.expected:
                yield from _unknown(flow, check.where, "F401", "rule", check.expected, all_rules)
            elif check.what == "prompts" and all_prompts:
                for at, prompt in enumerate(check.expected.split()):
                    where = (*check.where, at)
                    yield from _unknown(flow, where, "F402", "prompt", prompt, all_prompts)


def _unknown(
    flow: Flow, where: Where, code: str, what: str, name: str, known: frozenset[str]
) -> Iterator[Problem]:
    if name not in known:
        message, help_ = f"there is no {what} '{name}'", suggest(name, known, f"{what}s")
        yield load(Path(flow.path)).problem(code, where, message, help_, severity="warning")
