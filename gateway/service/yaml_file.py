"""Read a YAML file of ours into a model, with every mistake at its line.

Rule: what stands under the key of a secret is shown as stars, whatever the mistake.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from gateway.menu.marks import Source
from gateway.menu.problems import Problem, failed, render
from gateway.menu.source import load, validate
from gateway.service.errors import BAD_FILE, Fault

Model = TypeVar("Model", bound=BaseModel)
Check = Callable[[Source, Model], list[Problem]]
"""Finds what the shape of a file cannot say."""


_SECRET = re.compile(r"""(\b\w*(?:password|token)["']?\s*:\s*)("[^"]*"?|'[^']*'?|[^\s,}]+)""")
"""The key of a secret and its value, as a line shows them."""


def _discreet(problem: Problem) -> Problem:
    """It, the secrets of its line masked."""
    line, message = problem.source_line, problem.message
    for found in _SECRET.finditer(line):
        message = message.replace(repr(found[2].strip("\"'")), "***")
    line = _SECRET.sub(lambda found: found[1] + "*" * len(found[2]), line)
    return replace(problem, source_line=line, message=message)


def _nothing(_source: Source, _model: BaseModel) -> list[Problem]:
    return []


def check_yaml(
    file: Path, model: type[Model], check: Check[Model] = _nothing
) -> tuple[Model | None, list[Problem]]:
    """The file as `model`, or None and its mistakes. An empty file is an empty mapping."""
    source = load(file)
    if failed(source.problems):
        return None, [_discreet(each) for each in source.problems]
    if source.data is None:
        source.data = {}
    value, mistakes = validate(source, model)
    if value is not None:
        mistakes = check(source, value)
    found = [_discreet(each) for each in (*source.problems, *mistakes)]
    return None if failed(mistakes) else value, found


def read_yaml(file: Path, model: type[Model], check: Check[Model] = _nothing) -> Model:
    """The file as `model`. Raises Fault with all mistakes in caret form."""
    value, mistakes = check_yaml(file, model, check)
    if value is None:
        raise Fault(render(mistakes).rstrip("\n"), BAD_FILE)
    return value
