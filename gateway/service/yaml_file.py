"""Read a YAML file of ours into a model, with every mistake at its line."""

from __future__ import annotations

from collections.abc import Callable
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


def _nothing(_source: Source, _model: BaseModel) -> list[Problem]:
    return []


def check_yaml(
    file: Path, model: type[Model], check: Check[Model] = _nothing
) -> tuple[Model | None, list[Problem]]:
    """The file as `model`, or None and its mistakes. An empty file is an empty mapping."""
    source = load(file)
    if failed(source.problems):
        return None, source.problems
    if source.data is None:
        source.data = {}
    value, mistakes = validate(source, model)
    if value is not None:
        mistakes = check(source, value)
    return None if failed(mistakes) else value, source.problems + mistakes


def read_yaml(file: Path, model: type[Model], check: Check[Model] = _nothing) -> Model:
    """The file as `model`. Raises Fault with all mistakes in caret form."""
    value, mistakes = check_yaml(file, model, check)
    if value is None:
        raise Fault(render(mistakes).rstrip("\n"), BAD_FILE)
    return value
