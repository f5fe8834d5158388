"""The rings hold: who may import whom, which package lives where, and what pure code may not call.

The tables below are the architecture. To change a direction, change its row here, say why in the
row and in the docstring of the package it touches. Each checker is shown to fail on small sources.
"""

from __future__ import annotations

import ast
import sys

import pytest

from tests.source import Module, imports, modules, references, under, written

EVERYTHING = ("gateway",)

# ring: the rings it may import besides itself. A longer name overrules a shorter one.
DIRECTIONS: dict[str, tuple[str, ...]] = {
    "gateway.domain": (),
    "gateway.wire": (),
    "gateway.charging": ("gateway.domain",),
    "gateway.menu": ("gateway.domain",),
    "gateway.render": ("gateway.domain", "gateway.wire.gsm"),
    "gateway.accounts": ("gateway.charging", "gateway.domain"),
    "gateway.turn": (
        "gateway.menu",
        "gateway.accounts",
        "gateway.render",
        "gateway.domain",
        "gateway.wire.gsm",  # what a dialled string means: 3GPP TS 22.030
        "gateway.charging",  # what a use costs is rated where the use is known
    ),
    "gateway.store": ("gateway.turn", "gateway.accounts", "gateway.menu", "gateway.domain"),
    "gateway.documents": ("gateway.domain",),  # its libraries are needed nowhere else
    "gateway.channels": ("gateway.turn", "gateway.wire", "gateway.domain"),
    "gateway.dashboards": (),
    "gateway.phone": (
        "gateway.replay",  # what is done with a phone is saved as a flow
        "gateway.channels",
        "gateway.turn",
        "gateway.wire",
        "gateway.domain",
    ),
    "gateway.replay": (
        "gateway.channels",
        "gateway.turn",
        "gateway.menu",  # flow files are read as menus are, with carets; coverage is of its table
        "gateway.wire",
        "gateway.domain",
    ),
    "gateway.load": (
        "gateway.replay",  # flows are played as replay does, at a rate
        "gateway.menu.problems",  # a name that is not known is told as menus tell it
    ),
    "gateway.service": EVERYTHING,
    "gateway.testing": EVERYTHING,  # it serves in the process of a test and plays the network too
    "gateway.__main__": EVERYTHING,
    "gateway.pytest_plugin": EVERYTHING,  # pytest is its command line
}

# package of somebody else's: the modules that may import it. What is not named is not used.
THIRD_PARTY: dict[str, tuple[str, ...]] = {
    "twisted": (
        "gateway.channels",
        "gateway.service",
        "gateway.phone",
        "gateway.replay",
        "gateway.load",
        "gateway.testing",
    ),
    "zope": (
        "gateway.channels",
        "gateway.service",
        "gateway.phone",
        "gateway.replay",
        "gateway.testing",
    ),
    "sqlalchemy": ("gateway.store",),
    "alembic": ("gateway.store",),
    "psycopg": ("gateway.store",),
    "pydantic": (
        "gateway.menu",
        "gateway.service",
        "gateway.turn.short_codes",
        "gateway.replay.model",
    ),
    # a session is written and read in every turn, a CDR at the end of each dialogue
    "orjson": ("gateway.turn.session", "gateway.service.cdr"),
    "transitions": ("gateway.menu.machine",),
    "yaml": (
        "gateway.menu",
        "gateway.charging",
        "gateway.accounts.policy",
        "gateway.turn.short_codes",
        "gateway.service",
    ),
    "prometheus_client": ("gateway.service", "gateway.channels.http"),
    "pytest": ("gateway.pytest_plugin",),  # who loads it has pytest
    "argon2": ("gateway.accounts.credentials", "gateway.service"),
    "cryptography": ("gateway.service.tls",),
    "docx": ("gateway.documents.word",),
    "xlsxwriter": ("gateway.documents.excel",),
    "reportlab": ("gateway.documents.pdf",),
    "hdrh": ("gateway.load.measures",),
    "textual": ("gateway.phone.app", "gateway.phone.dialogs", "gateway.phone.pane"),
    "rich": ("gateway.phone.pane",),  # what Textual's rows are made of
    "click": ("gateway.__main__", "gateway.service", "gateway.phone", "gateway.replay"),
}

PURE = (
    "gateway.domain",
    "gateway.wire",
    "gateway.menu",
    "gateway.charging",
    "gateway.accounts",
    "gateway.documents",
    "gateway.render",
    "gateway.turn",
)

# of the standard library: what reaches outside the process, waits, or runs beside
IMPURE_LIBRARY = (
    "asyncio",
    "concurrent",
    "http",
    "multiprocessing",
    "queue",
    "select",
    "signal",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "threading",
    "urllib.request",
)

# what only the outermost ring may touch: everyone else is given `now` and a generator
BANNED = (
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.monotonic",
    "time.monotonic_ns",
    "time.perf_counter",
    "time.perf_counter_ns",
    "time.sleep",
    "random",
    "secrets",
    "os.urandom",
    "uuid.uuid1",
    "uuid.uuid4",
    "twisted.internet.reactor",
    "importlib.import_module",
)
ALLOWED_AS_TYPES = ("random.Random",)  # the generator that is passed in
CLOCK_KEEPERS = ("gateway.service", "gateway.testing", "gateway.phone", "gateway.__main__")


def ring_of(name: str) -> str | None:
    """The row of DIRECTIONS that a module or import falls under: the longest one."""
    rows = [row for row in DIRECTIONS if under(name, (row,))]
    return max(rows, key=len, default=None)


def wrong_directions(module: Module) -> list[str]:
    """Imports of ours that point outwards."""
    ring = ring_of(module.name)
    if ring is None:
        return [] if module.name == "gateway" else [module.says(1, "lives in no ring")]
    allowed = (ring, *DIRECTIONS[ring])
    return [
        module.says(node, f"{ring} may not import {origin}")
        for node, _, origin in imports(module)
        if under(origin, EVERYTHING) and not under(origin, allowed)
    ]


def strangers(module: Module) -> list[str]:
    """Imports of packages that do not belong in this module."""
    found = []
    for node, _, origin in imports(module):
        top = origin.partition(".")[0]
        if top in sys.stdlib_module_names:
            if under(module.name, PURE) and under(origin, IMPURE_LIBRARY):
                found.append(module.says(node, f"pure code may not import {origin}"))
        elif top != "gateway" and not under(module.name, THIRD_PARTY.get(top, ())):
            found.append(module.says(node, f"{top} does not belong in {module.name}"))
    return found


def banned_uses(module: Module) -> list[str]:
    """Uses of the clock, of chance and of the global reactor where they are not given."""
    if under(module.name, CLOCK_KEEPERS):
        return []
    types = {id(part) for part in _annotation_parts(module.tree)}
    taken = ((node, o) for node, _, o in imports(module) if isinstance(node, ast.ImportFrom))
    return [
        module.says(node, f"{origin} is for gateway/service: pass it in")
        for node, origin in (*references(module), *taken)
        if under(origin, BANNED)
        and not (
            under(origin, ALLOWED_AS_TYPES) and (id(node) in types or isinstance(node, ast.stmt))
        )
    ]


def _annotation_parts(tree: ast.Module) -> list[ast.AST]:
    roots: list[ast.AST] = []
    for node in ast.walk(tree):
        for field in ("annotation", "returns"):
            annotation = getattr(node, field, None)
            if annotation is not None:
                roots.append(annotation)
    return [part for root in roots for part in ast.walk(root)]


@pytest.mark.parametrize("check", [wrong_directions, strangers, banned_uses])
def test_rings_hold(check):
    found = [complaint for module in modules() for complaint in check(module)]
    assert not found, "\n" + "\n".join(found)


def test_every_package_of_the_gateway_is_in_the_table():
    packages = {m.name for m in modules() if m.is_package and m.name.count(".") == 1}
    assert packages <= set(DIRECTIONS)


def test_directions_have_no_cycle():
    """A ring that everything below may not reach back into: the table is an order."""
    rows = {r: a for r, a in DIRECTIONS.items() if a != EVERYTHING}
    done: set[str] = set()
    while rows:
        free = [r for r, a in rows.items() if all(ring_of(n) in (*done, r) for n in a)]
        assert free, f"a cycle among {sorted(rows)}"
        done.update(free)
        for row in free:
            del rows[row]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("gateway.domain.port", "from gateway.menu import engine"),
        ("gateway.wire.smpp.pdu", "import gateway.domain.port"),
        ("gateway.wire.smpp.pdu", "from ...domain import port"),
        ("gateway.render.ussd", "from gateway.wire.smpp import pdu"),
        ("gateway.menu.engine", "from gateway.accounts.book import Book"),
        ("gateway.menu.engine", "def f():\n    from gateway.render import paging"),
        ("gateway.turn.turn", "from gateway.store import engine"),
        ("gateway.accounts.ledger", "from typing import TYPE_CHECKING\nimport gateway.turn.unit"),
        ("gateway.channels.desk", "from gateway import menu"),
        ("gateway.somewhere.else_", "import os"),
    ],
)
def test_a_wrong_direction_is_seen(name, text):
    assert len(wrong_directions(written(name, text))) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("gateway.turn.turn", "from gateway.wire.gsm.mmi import parse"),
        ("gateway.render.paging", "from gateway.wire.gsm import alphabet"),
        ("gateway.wire.smpp.pdu", "from . import tlv\nfrom ..gsm import alphabet"),
        ("gateway.service.compose", "import gateway.store.engine, gateway.channels.desk"),
        ("gateway", ""),
    ],
)
def test_a_right_direction_passes(name, text):
    assert wrong_directions(written(name, text)) == []


def test_relative_imports_of_a_package_start_in_itself():
    package = written(
        "gateway.wire.smpp", "from .pdu import x\nfrom ..gsm import y", is_package=True
    )
    assert [origin for _, _, origin in imports(package)] == [
        "gateway.wire.smpp.pdu.x",
        "gateway.wire.gsm.y",
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("gateway.turn.turn", "from twisted.internet import defer"),
        ("gateway.accounts.ledger", "import sqlalchemy as sa"),
        ("gateway.menu.engine", "import transitions"),
        ("gateway.channels.desk", "import prometheus_client"),
        ("gateway.wire.smpp.pdu", "import smpplib.consts"),
        ("gateway.service.compose", "import requests"),
        ("gateway.menu.engine", "import threading"),
        ("gateway.turn.turn", "from urllib.request import urlopen"),
        ("gateway.charging.rating", "import pydantic"),
    ],
)
def test_a_stranger_is_seen(name, text):
    assert len(strangers(written(name, text))) == 1


def test_a_package_in_its_place_passes():
    assert strangers(written("gateway.menu.machine", "import transitions, yaml, re")) == []
    assert strangers(written("gateway.channels.http", "import prometheus_client")) == []
    assert strangers(written("gateway.store.engine", "import sqlite3, threading, psycopg")) == []


@pytest.mark.parametrize(
    "text",
    [
        "from datetime import datetime\nat = datetime.now()",
        "import datetime as dt\nat = dt.datetime.utcnow()",
        "from datetime import date\nclock = date.today",
        "import time\nat = time.time()",
        "from time import monotonic",
        "import random\nn = random.randint(1, 2)",
        "import random\ngenerator = random.Random()",
        "from random import Random\ngenerator = Random()",
        "from random import choice",
        "from secrets import token_hex",
        "import secrets\ncode = secrets.randbelow(10)",
        "import random\ndef f(generator=random): ...",
        "import os\nkey = os.urandom(8)",
        "from twisted.internet import reactor",
        "from twisted import internet\ninternet.reactor.stop()",
        "import importlib\nimportlib.import_module('gateway.store')",
    ],
)
def test_a_banned_use_is_seen(text):
    assert banned_uses(written("gateway.channels.desk", text))


@pytest.mark.parametrize(
    "text",
    [
        "import random\ndef pick(generator: random.Random): ...",
        "from random import Random\nclass A:\n    chance: Random",
        "from datetime import datetime\nat = datetime.fromtimestamp(0)",
        "import time\ntext = time.strftime('%H', time.gmtime(0))",
        "from twisted.internet.interfaces import IReactorTime",
        "import os\nname = os.path.join('a', 'b')",
    ],
)
def test_a_lawful_use_passes(text):
    assert banned_uses(written("gateway.channels.desk", text)) == []


def test_service_keeps_the_clock():
    assert banned_uses(written("gateway.service.clock", "import time\nnow = time.time()")) == []
