"""Paths of the API: a template of the table of calls, and what a request's path names in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gateway.channels.http_routes import Route

Methods = Mapping[str, Route]


class Paths:
    """The calls by path. A template's `{name}` takes one part of a path that is not empty."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._fixed: dict[str, dict[str, Route]] = {}
        self._templates: dict[tuple[str, ...], dict[str, Route]] = {}
        for route in routes:
            if "{" in route.path:
                methods = self._templates.setdefault(tuple(route.path.split("/")), {})
            else:
                methods = self._fixed.setdefault(route.path, {})
            methods[route.method] = route

    def find(self, path: str) -> tuple[Methods, Mapping[str, str]]:
        """The calls of a path by method (none: no such path), and what it names."""
        if path in self._fixed:
            return self._fixed[path], {}
        parts = path.split("/")
        for template, methods in self._templates.items():
            if len(template) == len(parts) and all(map(_fits, template, parts)):
                pairs = zip(template, parts, strict=True)
                return methods, {name[1:-1]: part for name, part in pairs if name[:1] == "{"}
        return {}, {}


def _fits(name: str, part: str) -> bool:
    return bool(part) if name[:1] == "{" else name == part
