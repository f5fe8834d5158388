"""The JSON report: the same groups for programs, with the shape's version in it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from gateway.domain.money import roubles
from gateway.replay.about import About
from gateway.replay.frames import place
from gateway.replay.groups import Group, Result
from gateway.replay.recording import Done

VERSION = 1


def summary(results: Iterable[Result], about: About) -> str:
    """A JSON document: `version, began, seconds, where, unfinished, flows: [{name, path, line,
    groups: [...]}]`."""
    flows = [
        {
            "name": result.flow.name,
            "path": result.flow.path,
            "line": result.flow.line,
            "passed": result.passed,
            "plays": result.plays,
            "groups": [_group(group) for group in result.groups],
        }
        for result in results
    ]
    document = {
        "version": VERSION,
        "began": about.began,
        "seconds": round(about.seconds, 3),
        "where": about.where,
        "unfinished": about.unfinished,
        **about.facts,
        "flows": flows,
    }
    return json.dumps(document, ensure_ascii=True, indent=1) + "\n"


def _group(group: Group) -> dict[str, Any]:
    told: dict[str, Any] = {
        "passed": group.passed,
        "verdict": group.verdict,
        "msisdns": [each.msisdn for each in group.played],
        "steps": [_step(done) for done in group.played[0].done],
    }
    if group.passed:
        return told
    told["place"], told["headline"] = group.place, group.headline
    flow = group.played[0].flow
    told["differences"] = [
        {
            "step": each.step,
            "what": each.check.what,
            "place": place(flow, each),
            "expected": each.expected,
            "got": each.got if each.came else None,
        }
        for each in group.differences
    ]
    return told


def _step(done: Done) -> dict[str, Any]:
    seen = done.seen
    return {
        "action": str(done.action),
        "text": seen.text,
        "more": seen.more,
        "sms": [{"from": one.sender, "text": one.text} for one in seen.sms],
        "charges": [{"rule": one.rule, "amount": roubles(one.amount)} for one in seen.charges],
    }
