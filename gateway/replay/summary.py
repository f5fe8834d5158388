"""The JSON report: the same groups for programs, with the shape's version in it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from gateway.domain.money import roubles
from gateway.replay.groups import Group, Result
from gateway.replay.recording import Done

VERSION = 1


def summary(results: Iterable[Result], seconds: float) -> str:
    """A JSON document: `version, seconds, flows: [{name, path, line, groups: [...]}]`."""
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
    document = {"version": VERSION, "seconds": round(seconds, 3), "flows": flows}
    return json.dumps(document, ensure_ascii=True, indent=1) + "\n"


def _group(group: Group) -> dict[str, Any]:
    told: dict[str, Any] = {
        "passed": group.passed,
        "msisdns": [each.msisdn for each in group.played],
        "steps": [_step(done) for done in group.played[0].done],
    }
    if group.error:
        told["error"] = group.error
    if group.difference is not None:
        told["difference"] = {
            "step": group.difference.step,
            "what": group.difference.check.what,
            "place": group.place,
            "expected": group.difference.expected,
            "got": group.difference.got,
        }
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
