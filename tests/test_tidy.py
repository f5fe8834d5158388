"""The house is tidy: sizes, promises, no dead code, no leftovers. Each checker is shown to fail."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.source import ROOT, Module, imports, modules, under, written

LINE_CHARACTERS_MAX = 100
FUNCTION_LINES_MAX = 50
NAME_SAYS_IT_LINES_MAX = 4  # a function this short needs no docstring
FILE_LINES_MAX = {"gateway": 300, "tests": 500}
WRITTEN_ONCE = ("gateway.store.migrations.versions",)  # a migration is history: of any length,
# and its names are for alembic

# modules that nobody imports, and who starts them
ENTRY_POINTS = (
    "gateway.__main__",  # the console script, python -m gateway
    "gateway.service.commands",  # by name, from the table in gateway.__main__
    "gateway.phone.demo",  # scripts/demo
    "gateway.pytest_plugin",  # loaded by pytest, by its entry point
    "gateway.store.migrations",  # run by alembic
)
FOR_TESTS = ("gateway.accounts.memory",)  # the Book in dictionaries, beside the one in SQL

# modules that print: the command line
PRINTERS = ("gateway.__main__", "gateway.service", "gateway.phone", "gateway.replay")

# Cyrillic stands in the texts of subscribers and in what reads them; not in code
CYRILLIC = (
    "gateway.menu.text",
    "gateway.render.speech",
    "gateway.turn.short_codes.grammar",
    "gateway.wire.gsm",
    "gateway.accounts.demo",
    "gateway.accounts.companies.demo",
)

LEFTOVERS = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b|breakpoint\(\)|^(?:<{7}|>{7}) ")
# each with a bracket, so that this file does not find itself
PLACES = re.compile(
    r"/[w]ork/|/[r]oot/|/[h]ome/[a-z]|\.[p]yenv"
    r"|[p]ypi\.org|[p]ythonhosted|[n]pmjs\.|deb\.[d]ebian"
)

# called by a framework through its own name
FRAMEWORK_METHODS = re.compile(
    r"render_[A-Z]+|(?:data|datagram|line)Received|connection(?:Made|Lost|Refused)"
    r"|buildProtocol|clientConnection\w+|(?:start|stop)(?:Factory|Protocol)|getChild"
    r"|gotLength|handleContentChunk|process|requestReceived|allHeadersReceived"
    r"|(?:list|get|resolve|format)_commands?|(?:pause|resume|stop)Producing|doRead|logPrefix"
    r"|upgrade|downgrade|emit|visit_\w+|pytest_\w+|collect|runtest|reportinfo|repr_failure"
    r"|connection_(?:made|lost)|(?:data|datagram|error)_received"
    r"|compose|render_line|on_(?:key|(?:un)?mount|resize|mouse_scroll_\w+)|action_\w+"
)


def long_lines(module: Module) -> list[str]:
    """Lines past the width of the page."""
    return [
        module.says(number, f"{len(line)} characters")
        for number, line in enumerate(module.text.splitlines(), 1)
        if len(line) > LINE_CHARACTERS_MAX
    ]


def long_functions(module: Module) -> list[str]:
    """Functions that do not fit on a screen."""
    if under(module.name, WRITTEN_ONCE):
        return []
    return [
        module.says(node, f"{node.name} has {lines} lines")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := line_count(node)) > FUNCTION_LINES_MAX
    ]


def line_count(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end of the body."""
    return (node.end_lineno or 0) - node.lineno + 1


def long_files(module: Module) -> list[str]:
    """Files that hold more than one thing."""
    lines = module.text.count("\n")
    limit = FILE_LINES_MAX[module.name.partition(".")[0]]
    if lines <= limit or under(module.name, WRITTEN_ONCE):
        return []
    return [module.says(1, f"{lines} lines, {limit} at most")]


def silent_modules(module: Module) -> list[str]:
    """Modules and packages that do not open by saying their rule."""
    if len(ast.get_docstring(module.tree) or "") >= 12:
        return []
    return [module.says(1, "does not open with its rule")]


def silent_functions(module: Module, told: frozenset[str]) -> list[str]:
    """Public functions and methods of some length without a docstring; `told` are the methods
    that a Protocol of ours has explained already."""
    return [
        module.says(node, f"{node.name} has no docstring")
        for node in _public(module.tree.body)
        if not ast.get_docstring(node)
        and line_count(node) > NAME_SAYS_IT_LINES_MAX
        and node.name not in told
        and not FRAMEWORK_METHODS.fullmatch(node.name)
    ]


def _public(body: Iterable[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if not node.name.startswith("_"):
                yield node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            if not is_protocol(node):
                yield from _public(node.body)
        elif isinstance(node, ast.If):
            yield from _public(node.body)


def is_protocol(node: ast.ClassDef) -> bool:
    """Whether a class only names methods."""
    return any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases)


@cache
def protocol_methods() -> frozenset[str]:
    """The methods named by our Protocols; whoever implements them need not explain them again."""
    return frozenset(
        method.name
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef) and is_protocol(node)
        for method in node.body
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def dead_modules(ours: Iterable[Module], others: Iterable[Module]) -> list[str]:
    """Modules that no module imports and nobody starts."""
    ours = tuple(ours)
    wanted = {origin for module in ours for _, _, origin in imports(module)}
    wanted |= {o for m in others for _, _, o in imports(m) if under(o, FOR_TESTS)}
    return [
        module.says(1, f"nobody imports {module.name}")
        for module in ours
        if not module.is_package
        and not under(module.name, ENTRY_POINTS)
        and not any(under(origin, (module.name,)) for origin in wanted)
    ]


def unused_names(ours: Iterable[Module], others: Iterable[Module]) -> list[str]:
    """Functions, classes and constants that are written down once and never named again."""
    ours = tuple(ours)
    named: set[str] = set()
    for module in (*ours, *others):
        named.update(_named(module.tree))
    return [
        module.says(node, f"nobody uses {name}")
        for module in ours
        if not under(module.name, WRITTEN_ONCE)
        for node, name in _defined(module.tree)
        if name not in named and not FRAMEWORK_METHODS.fullmatch(name)
    ]


def _named(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.name
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _defined(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    named = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    candidates: list[tuple[ast.AST, str]] = [
        (node, node.name)
        for node in ast.walk(tree)
        # what is decorated is often registered: click, pydantic
        if isinstance(node, named) and not node.decorator_list
    ]
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else ()
        targets = (node.target,) if isinstance(node, ast.AnnAssign) else targets
        candidates += [(node, target.id) for target in targets if isinstance(target, ast.Name)]
    for node, name in candidates:
        if not name.startswith("__"):
            yield node, name


def printing(module: Module) -> list[str]:
    """`print` outside the command line."""
    if under(module.name, PRINTERS):
        return []
    return [
        module.says(node, "prints")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Name) and node.id == "print"
    ]


def cyrillic(module: Module) -> list[str]:
    """Cyrillic outside the tables of texts."""
    if under(module.name, CYRILLIC):
        return []
    return [
        module.says(number, "Cyrillic outside the tables of texts")
        for number, line in enumerate(module.text.splitlines(), 1)
        if re.search("[\u0400-\u04ff]", line)
    ]


def found_in(text: str, pattern: re.Pattern[str], where: str = "<test>") -> list[str]:
    """Lines that hold what should not be there."""
    return [
        f"{where}:{number}: {match[0]!r}"
        for number, line in enumerate(text.splitlines(), 1)
        if (match := pattern.search(line))
    ]


@cache
def committed_texts() -> tuple[tuple[str, str], ...]:
    """Every text file that git knows: (path, text)."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return tuple(_readable(paths or (ROOT / "gateway").rglob("*.py")))


def _readable(paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    for path in paths:
        if path.is_file():
            data = path.read_bytes()
            if b"\0" not in data:
                yield str(path.relative_to(ROOT)), data.decode("utf-8")


def verdict(found: Iterable[str]) -> None:
    """Every complaint at once."""
    complaints = list(found)
    assert not complaints, "\n" + "\n".join(complaints)


@pytest.mark.parametrize(
    "check",
    [long_lines, long_functions, long_files, silent_modules, printing, cyrillic],
)
def test_the_gateway_is_tidy(check):
    verdict(complaint for module in modules() for complaint in check(module))


def test_the_tests_are_tidy():
    checks = (long_lines, long_files)
    verdict(c for module in modules("tests") for check in checks for c in check(module))


def test_every_test_opens_with_what_it_holds():
    tests = (m for m in modules("tests") if m.name.rpartition(".")[2].startswith("test_"))
    verdict(complaint for module in tests for complaint in silent_modules(module))


def test_public_functions_are_explained():
    verdict(c for module in modules() for c in silent_functions(module, protocol_methods()))


def test_nothing_is_dead():
    others = (*modules("tests"), *modules("scripts"))
    verdict((*dead_modules(modules(), others), *unused_names(modules(), others)))


def test_no_leftovers_and_no_places():
    for path, text in committed_texts():
        verdict(found_in(text, PLACES, path))
        if path != "tests/test_tidy.py":
            verdict(found_in(text, LEFTOVERS, path))


# --- the checkers can fail ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (long_lines, "x = 1  # " + "y" * 100),
        (long_functions, "def f():\n" + "    x = 1\n" * 50),
        (long_files, "x = 1\n" * 301),
        (silent_modules, "x = 1"),
        (silent_modules, '"""Short."""'),
        (printing, "def f():\n    print('x')"),
        (cyrillic, "x = 'Баланс'"),
    ],
)
def test_untidiness_is_seen(check, text):
    assert len(check(written("gateway.domain.port", text))) == 1


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (long_lines, "x" * 100),
        (long_functions, "def f():\n" + "    x = 1\n" * 49),
        (long_files, "x = 1\n" * 300),
        (silent_modules, '"""Bytes to values and back."""'),
    ],
)
def test_what_is_at_the_limit_passes(check, text):
    assert check(written("gateway.domain.port", text)) == []


def test_a_silent_function_is_seen_and_a_told_one_is_not():
    module = written(
        "gateway.x",
        "class P(Protocol):\n"
        "    def named(self): BODY\n"
        "class C:\n"
        "    def named(self): BODY\n"
        "    def silent(self): BODY\n"
        "    def short(self): ...\n"
        "    def dataReceived(self, data): BODY\n"
        "    def _private(self): BODY\n"
        "def alone(): BODY\n".replace("BODY", "return (" + "\n" * NAME_SAYS_IT_LINES_MAX + ")"),
    )
    complaints = silent_functions(module, frozenset({"named"}))
    assert [c.split(": ")[1] for c in complaints] == [
        "silent has no docstring",
        "alone has no docstring",
    ]


def test_a_dead_module_is_seen():
    used = written("gateway.a", "")
    user = written("gateway.__main__", "from gateway import a")
    dead = written("gateway.b", "")
    test = written("tests.test_b", "import gateway.b")
    assert dead_modules([used, user, dead], [test]) == [dead.says(1, "nobody imports gateway.b")]


def test_an_unused_name_is_seen():
    module = written(
        "gateway.a",
        "USED = 1\nUNUSED = 2\ndef used(): return USED\ndef unused(): ...\n@command\ndef c(): ...",
    )
    other = written("tests.test_a", "from gateway.a import used")
    assert [c.split(": ")[1] for c in unused_names([module], [other])] == [
        "nobody uses unused",
        "nobody uses UNUSED",
    ]


@pytest.mark.parametrize("text", ["# TODO: later", "x = 1  # FIXME", "breakpoint()"])
def test_a_leftover_is_seen(text):
    assert found_in(text, LEFTOVERS)


@pytest.mark.parametrize("parts", [("/wo", "rk/main"), ("/ho", "me/user"), ("py", "pi.org")])
def test_a_place_is_seen(parts):
    assert found_in("".join(parts), PLACES)
