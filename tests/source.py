"""The source of the gateway as the tests of its shape see it: parsed once, named as modules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file: its dotted name, its text and its tree."""

    name: str
    text: str
    tree: ast.Module
    path: str = "<test>"
    is_package: bool = False

    def says(self, node: ast.AST | int, complaint: str) -> str:
        """`path:line: complaint`, which editors open."""
        line = node if isinstance(node, int) else getattr(node, "lineno", 1)
        return f"{self.path}:{line}: {complaint}"


def written(name: str, text: str, *, is_package: bool = False) -> Module:
    """A module of that name with that text, for a checker's own tests."""
    return Module(name, text, ast.parse(text), is_package=is_package)


@cache
def modules(folder: str = "gateway") -> tuple[Module, ...]:
    """Every Python module under a folder of the checkout, by name."""
    return tuple(_read(path) for path in sorted((ROOT / folder).rglob("*.py")))


def _read(path: Path) -> Module:
    relative = path.relative_to(ROOT)
    parts = relative.with_suffix("").parts
    is_package = parts[-1] == "__init__"
    text = path.read_text(encoding="utf-8")
    name = ".".join(parts[:-1] if is_package else parts)
    return Module(name, text, ast.parse(text, str(relative)), str(relative), is_package)


def under(name: str, prefixes: tuple[str, ...]) -> bool:
    """Whether a dotted name is one of the prefixes or lies below one."""
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)


def imports(module: Module) -> Iterator[tuple[ast.stmt, str, str]]:
    """Every import, wherever it stands: (statement, local name, dotted origin).

    `from a.b import c as d` gives `d` and `a.b.c`; relative imports are made absolute.
    """
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                yield node, alias.asname or top, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = _base(module, node)
            for alias in node.names:
                yield node, alias.asname or alias.name, f"{base}.{alias.name}"


def _base(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    parts = parts[: len(parts) - node.level + (1 if module.is_package else 0)]
    return ".".join([*parts, node.module] if node.module else parts)


def references(module: Module) -> Iterator[tuple[ast.expr, str]]:
    """Every use of an imported thing by its dotted origin: `dt.datetime.now` -> (node,
    `datetime.datetime.now`), whatever `dt` was called. A chain is told once, whole."""
    origins = {}
    for node, local, origin in imports(module):
        plain = isinstance(node, ast.Import) and local == origin.partition(".")[0]
        origins[local] = local if plain else origin
    pending: list[ast.AST] = [module.tree]
    while pending:
        node = pending.pop()
        dotted = _dotted(node)
        head, _, rest = dotted.partition(".")
        if head in origins:
            yield node, f"{origins[head]}.{rest}" if rest else origins[head]
        if not dotted:
            pending.extend(ast.iter_child_nodes(node))


def _dotted(node: ast.AST) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
