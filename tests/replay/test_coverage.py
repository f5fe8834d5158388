"""Coverage: what was gone through is counted on the engine's own table, the rest has its place."""

from __future__ import annotations

from pathlib import Path

from gateway.menu.loader import menu_files
from gateway.replay.cast import Play, Subscriber, cast
from gateway.replay.coverage import Visited, coverage, told
from gateway.replay.places import places_of
from gateway.service.rehearsal import Rehearsal
from gateway.service.replaying import rehearse
from tests.replay.house import QA, config, flows_of, written
from tests.source import ROOT

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
    rehearse(config(), cast(flows_of(written(tmp_path, FLOW)), []), 1, str, visited)
    assert {"main", "main_private", "acct", "acct.balance", "acct.balance.show"} <= visited.nodes
    assert ("acct", "option balance") in visited.edges
    assert ("acct.balance.show", "en") in visited.shown
    assert ("acct.balance.show", "ru") not in visited.shown
    compiled = rehearsal.world.menus.current.compiled
    places = places_of(menu_files(ROOT / "menus"))
    rows = {row.what: row for row in coverage(compiled, visited, places, ["bye"])}
    assert rows["nodes"].reached == len(visited.nodes)
    assert rows["nodes"].total == len(compiled.states)
    assert rows["screens en"].reached == 3
    assert rows["screens ru"].reached == 0
    assert rows["prompts"].missing == ("bye",)
    missing = "\n".join(rows["edges"].missing)
    assert ": acct -> acct.balance (option balance)" not in missing
    assert ": acct -> acct.spend (option spend)" in missing


def test_every_edge_that_is_written_has_the_line_it_is_written_on(rehearsal: Rehearsal) -> None:
    compiled = rehearsal.world.menus.current.compiled
    places = places_of(menu_files(ROOT / "menus"))
    rows = coverage(compiled, Visited(), places)
    assert [each for row in rows for each in row.missing if ".yaml:" not in each] == []
    [at] = [each for each in rows[1].missing if "acct -> acct.spend " in each]
    path, line = at.split(":")[:2]
    assert 'go: "acct.spend"' in Path(path).read_text("utf-8").split("\n")[int(line) - 1]


def test_several_processes_tell_the_same(tmp_path: Path) -> None:
    flows = [flow for file in sorted(QA.glob("*.flow.yaml")) for flow in flows_of(file)]
    plays = [Play(flow, Subscriber(flow.msisdn)) for flow in flows]
    alone, together = Visited(), Visited()
    one = rehearse(config(), plays, 1, str, alone)
    two = rehearse(config(), plays, 2, str, together)
    assert [each.flow.name for each in one] == [each.flow.name for each in two]
    assert [each.difference for each in one] == [each.difference for each in two]
    assert (alone.nodes, alone.edges) == (together.nodes, together.edges)


def test_the_sums_come_first(rehearsal: Rehearsal) -> None:
    lines = list(told(coverage(rehearsal.world.menus.current.compiled, Visited(), {})))
    assert lines[0].split()[:2] == ["nodes", "0"]
    assert "nodes not reached:" in lines
