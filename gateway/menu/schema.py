"""The JSON Schema of a menu file, for editors: completion, hover texts, red lines as one types.

Rule: it is made of the shape the loader checks with, so the two cannot differ. The titles that
pydantic makes of names say nothing and are left out; descriptions stay.
"""

from __future__ import annotations

from typing import Any

from gateway.menu.model import MenuFile

SCHEMA = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """JSON Schema, draft 2020-12, ready for `json.dumps`."""
    made = _without_titles(MenuFile.model_json_schema())
    return {"$schema": SCHEMA, "title": "Menus of the channel gateway", **made}


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
