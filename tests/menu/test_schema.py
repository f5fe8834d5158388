"""The JSON Schema that editors complete from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from gateway.domain.catalogue import LEVELS, ZONES
from gateway.menu.model import Level, Zone
from gateway.menu.schema import schema
from tests.menu.shop import SHOP

MENUS = Path(__file__).parents[2] / "menus"


def test_the_schema_beside_the_menus_is_this_one() -> None:
    kept = json.loads((MENUS / "menu.schema.json").read_text("utf-8"))
    assert kept == schema(), "write it anew: gateway menus schema > menus/menu.schema.json"


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("file", sorted(SHOP.glob("*.yaml")), ids=lambda file: file.name)
def test_a_good_file_fits_it(file: Path) -> None:
    jsonschema.validate(yaml.safe_load(file.read_text("utf-8")), schema())


def test_a_bad_file_does_not() -> None:
    bad = {"menu": "x", "states": {"a": {"kind": "end", "txt": {}}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(bad, schema())


def test_no_titles_and_a_description_for_every_field_an_author_meets() -> None:
    made = schema()
    bare = [
        f"{name}.{key}"
        for name, shape in made["$defs"].items()
        for key, field in shape.get("properties", {}).items()
        if not {"description", "$ref", "const", "default"} & set(field)
    ]
    assert bare == []
    assert [node for node in nodes(made["$defs"]) if isinstance(node.get("title"), str)] == []


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node:
        if isinstance(child, (dict, list)):
            yield from nodes(child)


def test_the_words_are_those_of_the_catalogue() -> None:
    assert get_args(Zone) == ZONES
    assert get_args(Level) == LEVELS
