"""Coverage: what was gone through is counted on the engine's own table, the rest has its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gateway.menu.loader import menu_files
from gateway.replay.cast import Play, Subscriber, cast
from gateway.replay.coverage import Coverage, Spot, Visited, coverage, missed, told
from gateway.replay.places import places_of
from gateway.replay.player import Played
from gateway.service.coverage_reports import tell
from gateway.service.rehearsal import Rehearsal
from gateway.service.rehearsing import rehearse
from tests.replay.house import QA, config, flows_of, written
from tests.source import ROOT

PROMPTS = {"bye": "menus/zz.yaml:7", "number/11": ""}
FLOW = """\
flows:
  - name: a
    as: "79220000002"
    steps:
      - dial: "*105*1#"
      - answer: "1"
"""


def test_what_was_walked_is_counted(tmp_path: Path, rehearsal: Rehearsal) -> None:
    visited = Visited()
    rehearse(config(), cast(flows_of(written(tmp_path, FLOW)), []), 1, nobody, visited)
    assert {"main", "main_private", "acct", "acct.balance", "acct.balance.show"} <= visited.nodes
    assert ("acct", "option balance") in visited.edges
    assert ("acct.balance.show", "en") in visited.shown
    assert ("acct.balance.show", "ru") not in visited.shown
    compiled = rehearsal.world.menus.current.compiled
    places = places_of(menu_files(ROOT / "menus"))
    rows = {row.what: row for row in coverage(compiled, visited, places, PROMPTS)}
    assert len(rows["nodes"].reached) == len(visited.nodes)
    assert rows["nodes"].total == len(compiled.states)
    assert len(rows["screens en"].reached) == 3
    assert len(rows["screens ru"].reached) == 0
    assert rows["prompts"].missing == (Spot("bye", "menus/zz.yaml:7"),)
    assert rows["spoken values"].total == 1
    missing = "\n".join(missed(rows.values()))
    assert ": edges: acct -> acct.balance (option balance)" not in missing
    assert ": edges: acct -> acct.spend (option spend)" in missing
    assert "menus/zz.yaml:7: prompts: bye" in missing


def test_every_edge_that_is_written_has_the_line_it_is_written_on(rehearsal: Rehearsal) -> None:
    compiled = rehearsal.world.menus.current.compiled
    places = places_of(menu_files(ROOT / "menus"))
    rows = coverage(compiled, Visited(), places)
    assert [each for row in rows for each in row.missing if not each.place] == []
    [at] = [each for each in rows[1].missing if "acct -> acct.spend " in each.what]
    assert 'go: "acct.spend"' in Path(at.file).read_text("utf-8").split("\n")[at.line - 1]


def test_several_processes_tell_the_same(tmp_path: Path) -> None:
    flows = [flow for file in sorted(QA.glob("*.flow.yaml")) for flow in flows_of(file)]
    plays = [Play(flow, Subscriber(flow.msisdn)) for flow in flows]
    alone, together = Visited(), Visited()
    one = rehearse(config(), plays, 1, nobody, alone)
    two = rehearse(config(), plays, 2, nobody, together)
    assert [each.flow.name for each in one] == [each.flow.name for each in two]
    assert [each.difference for each in one] == [each.difference for each in two]
    assert (alone.nodes, alone.edges) == (together.nodes, together.edges)


def spots(*lines: int, file: str = "menus/a.yaml") -> tuple[Spot, ...]:
    return tuple(Spot(f"s{line}", f"{file}:{line}") for line in lines)


def test_a_table_by_file_tells_the_lines_of_what_was_not_reached() -> None:
    """Line 9 has a node that was reached and an edge that was not."""
    other = spots(2, 3, file="menus/sub/b.yaml")
    rows = [
        Coverage("nodes", spots(1, 9, 40), spots(12, 15, 50) + other, 8),
        Coverage("edges", (), spots(9, 14), 2),
        Coverage("spoken values", (), (Spot("number/11", ""),), 1),
    ]
    assert list(told(rows)) == [
        "nodes               3 of     8   37.5 %",
        "edges               0 of     2    0.0 %",
        "spoken values       0 of     1    0.0 %",
        "",
        "               nodes     edges  not reached: lines of menus",
        "a.yaml           3/6       0/2  9-15, 50",
        "sub/b.yaml       0/2         -  2-3",
    ]


def test_a_line_of_the_table_is_no_longer_than_the_terminal() -> None:
    rows = [Coverage("nodes", spots(*range(1, 200, 2)), spots(*range(2, 200, 2)), 199)]
    *_, line = told(rows, 60)
    assert len(line) <= 60
    assert line.endswith(", …")


def test_the_whole_is_a_short_table(rehearsal: Rehearsal) -> None:
    compiled = rehearsal.world.menus.current.compiled
    files = menu_files(ROOT / "menus")
    assert len(list(told(coverage(compiled, Visited(), places_of(files))))) <= len(files) + 8


def test_all_that_was_not_reached_is_a_file_of_places(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Prompts have the line of their words; those of numbers are a row of the table alone."""
    out = tmp_path / "missed.txt"
    tell(config(), Visited(prompts={"menu/voice.bye/1"}), True, out, None)
    lines = out.read_text("utf-8").splitlines()
    prompts = [line for line in lines if ": prompts: menu/" in line]
    assert prompts
    assert not any(line.endswith(": menu/voice.bye/1") for line in lines)
    place, _, _ = prompts[0].partition(": ")
    assert Path(place.rpartition(":")[0]).is_file()
    shown = capsys.readouterr().out
    assert re.search(r"^prompts +1 of", shown, re.MULTILINE)
    assert re.search(r"^spoken values +0 of", shown, re.MULTILINE)
    tell(config(), None, True, out.with_name("none"), None)
    assert (capsys.readouterr().out, out.with_name("none").exists()) == ("", False)


def nobody(_played: Played) -> None:
    """Is told."""
