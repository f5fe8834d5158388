"""Read a YAML file of ours into a model, with every mistake at its line."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from gateway.menu.problems import Problem, failed, render
from gateway.menu.source import load, validate
from gateway.service.errors import BAD_FILE, Fault

Model = TypeVar("Model", bound=BaseModel)


def check_yaml(file: Path, model: type[Model]) -> tuple[Model | None, list[Problem]]:
    """The file as `model`, or None and its mistakes. An empty file is an empty mapping."""
    source = load(file)
    if failed(source.problems):
        return None, source.problems
    if source.data is None:
        source.data = {}
    value, mistakes = validate(source, model)
    return value, source.problems + mistakes


def read_yaml(file: Path, model: type[Model]) -> Model:
    """The file as `model`. Raises Fault with all mistakes in caret form."""
    value, mistakes = check_yaml(file, model)
    if value is None:
        raise Fault(render(mistakes).rstrip("\n"), BAD_FILE)
    return value
