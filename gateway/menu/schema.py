"""The JSON Schema of a file of ours, for editors: completion, hover texts, red lines as one types.

Rule: it is made of the shape the loader checks with, so the two cannot differ. The titles that
pydantic makes of names say nothing and are left out; descriptions stay.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from gateway.menu.model import MenuFile

SCHEMA = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """JSON Schema of a menu file, draft 2020-12, ready for `json.dumps`."""
    return schema_of(MenuFile, "Menus of the channel gateway")


def schema_of(model: type[BaseModel], title: str) -> dict[str, Any]:
    """The same of any file that is read into a model."""
    return {"$schema": SCHEMA, "title": title, **_without_titles(model.model_json_schema())}


def _without_titles(node: Any) -> Any:
    """A copy without `title` keywords (a property that is called title is none)."""
    if isinstance(node, list):
        return [_without_titles(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _without_titles(value)
        for key, value in node.items()
        if not (key == "title" and isinstance(value, str))
    }
