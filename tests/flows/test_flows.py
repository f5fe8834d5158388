"""Conversations with the whole service behind them, each beside its transcript.

`GATEWAY_UPDATE_GOLDENS=1 pytest tests/flows` writes the transcripts anew; read the difference.
Each file is played over dictionaries and over the real SQLite store: both must say the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from tests.flows.play import Player
from tests.flows.script import read_flows
from tests.flows.stores import MemoryStore, SqliteStore, Store

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*.yaml"))
UPDATE = bool(os.environ.get("GATEWAY_UPDATE_GOLDENS"))


def transcript(path: Path, store: Callable[[], Store]) -> str:
    """All flows of a file, each on fresh demo data."""
    lines: list[str] = []
    for flow in read_flows(path):
        opened = store()
        try:
            lines += [f"== {flow.name}", *Player(opened).play(flow), ""]
        finally:
            opened.close()
    return "\n".join(lines)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_in_memory(path: Path) -> None:
    played = transcript(path, MemoryStore)
    golden = path.with_suffix(".txt")
    if UPDATE:
        golden.write_text(played, encoding="utf-8")
    assert played == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_on_sqlite(path: Path, sqlite_demo: Path, tmp_path: Path) -> None:
    numbers = count()
    played = transcript(path, lambda: SqliteStore(sqlite_demo, tmp_path / f"{next(numbers)}.db"))
    assert played == path.with_suffix(".txt").read_text(encoding="utf-8")


def test_no_transcript_stands_alone() -> None:
    assert {path.stem for path in HERE.glob("*.txt")} == {path.stem for path in FILES}
