"""The core's views as JSON and as JSON Schema: money as roubles, times as RFC 3339, one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

from gateway.domain.moments import rfc3339
from gateway.domain.money import roubles

_RENAMED = {"sender": "from"}
_MONEY = frozenset({"balance", "held", "price", "amount", "credit", "month_limit"})
_TIMES = frozenset({"at", "until", "changed_at"})

MONEY_SCHEMA = {"type": "string", "pattern": "^-?[0-9]+\\.[0-9]{2}$", "examples": ["250.00"]}
TIME_SCHEMA = {"type": "string", "format": "date-time"}
_SCALARS: Mapping[object, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
}


def to_json(view: Any) -> Any:
    """A view (dataclass, tuple, mapping or scalar) as plain JSON values."""
    if isinstance(view, tuple):
        return [to_json(each) for each in view]
    if isinstance(view, Mapping):
        return dict(view)
    if not is_dataclass(view):
        return view
    return {
        _RENAMED.get(each.name, each.name): _member(each.name, getattr(view, each.name))
        for each in fields(view)
    }


def _member(name: str, value: Any) -> Any:
    if name in _MONEY:
        return roubles(value)
    if name in _TIMES:
        return rfc3339(value)
    return to_json(value)


def schema_of(view: type) -> dict[str, Any]:
    """The JSON Schema of what `to_json` makes of a view class."""
    hints = get_type_hints(view)
    members = {_RENAMED.get(name, name): _member_schema(name, hint) for name, hint in hints.items()}
    return {"type": "object", "properties": members, "required": list(members)}


def _member_schema(name: str, hint: Any) -> dict[str, Any]:
    if name in _MONEY:
        return MONEY_SCHEMA
    if name in _TIMES:
        return TIME_SCHEMA
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _member_schema("", get_args(hint)[0])}
    if is_dataclass(hint):
        return schema_of(hint)  # type: ignore[arg-type]
    if hint in _SCALARS:
        return _SCALARS[hint]
    return {"type": "object", "additionalProperties": {"type": "string"}}
