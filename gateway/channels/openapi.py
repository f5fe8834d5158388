"""The OpenAPI 3.1 document, made from the rows that serve the calls, so that it cannot drift."""

from __future__ import annotations

from typing import Any

from gateway.channels.http_calls import ROUTES
from gateway.channels.http_events import EVENT_SCHEMAS, FILTERS
from gateway.channels.http_fields import Field
from gateway.channels.http_routes import Route
from gateway.channels.problems import CONTENT_TYPE

_PROBLEM = {
    "type": "object",
    "description": "RFC 9457; `field` names what was wrong, `refusal` is its exact name",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "refusal": {"type": "string"},
        "field": {"type": "string"},
        "attempts_left": {"type": "integer"},
    },
    "required": ["type", "title", "status"],
}
_STREAM = {
    "summary": f"Server-sent events: {', '.join(EVENT_SCHEMAS)}",
    "operationId": "get_events",
    "parameters": [
        {
            "name": name,
            "in": "query",
            "description": f"tell only events of this {name}; may be given more than once",
            "schema": {"type": "array", "items": {"type": "string", "enum": list(values)}},
        }
        for name, values in FILTERS.items()
    ]
    + [
        {
            "name": "Last-Event-ID",
            "in": "header",
            "description": "the id of the last event heard: what was missed since is told first",
            "schema": {"type": "string"},
        }
    ],
    "responses": {
        "200": {
            "description": "a stream without end; the schema is that of each event's data",
            "content": {"text/event-stream": {"schema": {"$ref": "#/components/schemas/Event"}}},
        }
    },
}
_EVENTS = {f"{kind.capitalize()}Event": schema for kind, schema in EVENT_SCHEMAS.items()}
_EVENT = {
    "oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in _EVENTS],
    "discriminator": {
        "propertyName": "kind",
        "mapping": {
            kind: f"#/components/schemas/{name}"
            for kind, name in zip(EVENT_SCHEMAS, _EVENTS, strict=True)
        },
    },
}
_METRICS = {
    "summary": "Prometheus metrics",
    "operationId": "get_metrics",
    "security": [],
    "responses": {
        "200": {
            "description": "text exposition format",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        }
    },
}
_THIS = {
    "summary": "This document",
    "operationId": "get_openapi",
    "responses": {
        "200": {
            "description": "OpenAPI 3.1",
            "content": {"application/json": {"schema": {"type": "object"}}},
        }
    },
}


def openapi_document(version: str) -> dict[str, Any]:
    """The whole document as plain values."""
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    paths["/metrics"] = {"get": _METRICS}
    paths["/openapi.json"] = {"get": _THIS}
    paths["/v1/events"] = {"get": _STREAM}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Channel gateway", "version": version},
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Problem": _PROBLEM, "Event": _EVENT, **_EVENTS},
        },
        "security": [{"token": []}],
    }


def _operation(route: Route) -> dict[str, Any]:
    parts = route.path.split("/")
    words = [part for part in parts if part not in ("v1", "") and part[0] != "{"]
    if parts[-1][:1] == "{":  # one of many, as its own operation
        words.append(parts[-1][1:-1])
    named = [part[1:-1] for part in parts if part[:1] == "{"]
    answers = {str(route.status): _content("success", "application/json", dict(route.answer))}
    answers |= {
        str(status): _content(why, CONTENT_TYPE, {"$ref": "#/components/schemas/Problem"})
        for status, why in _refusals(route).items()
    }
    operation: dict[str, Any] = {
        "summary": route.summary,
        "operationId": f"{route.method.lower()}_{'_'.join(words)}",
        "responses": answers,
    }
    if named:
        operation["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in named
        ]
    if route.fields:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _body(route.fields)}},
        }
    if route.public:
        operation["security"] = []
    return operation


def _refusals(route: Route) -> dict[int, str]:
    if route.public:
        return {503: "not ready"} if route.path == "/readyz" else {}
    found = {401: "no token, a wrong one, or a wrong password", 503: "busy; try again"}
    if "{msisdn}" in route.path or any(field.name == "msisdn" for field in route.fields):
        found[404] = "no such subscriber"
    if route.fields:
        found |= {400: "not a JSON object", 413: "too long", 422: "a field is wrong, or refused"}
    return {**found, **route.refusals}


def _content(description: str, kind: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {kind: {"schema": schema}}}


def _body(fields: tuple[Field, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {field.name: field.schema() for field in fields},
        "required": [field.name for field in fields if field.required],
        "additionalProperties": False,
    }
