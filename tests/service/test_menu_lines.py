"""`gateway menus graph --format tree`: the width of the terminal is kept, and flows leave ticks."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner, Result

from gateway.menu.tree import Line
from gateway.service.commands.menus import command
from gateway.service.menu_lines import told
from tests.source import ROOT

LINE = Line("├─ ", "1", "Balance and services", "acct", "menu", "", "menus/account.yaml:6", True)
FLOW = """\
flows:
  - name: a
    as: "79220000002"
    steps:
      - dial: "*105*1#"
      - answer: "1"
"""


def _run(*arguments: str) -> Result:
    files = ("--menus", str(ROOT / "menus"), "--short-codes", str(ROOT / "short_codes.yaml"))
    return CliRunner().invoke(command, ["graph", *arguments, *files], catch_exceptions=False)


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        (None, "✓ ├─ 1 Balance and services  acct  menu  menus/account.yaml:6"),
        (61, "✓ ├─ 1 Balance and services  acct  menu  menus/account.yaml:6"),
        (60, "✓ ├─ 1 Balance and services  acct  menu"),
        (30, "✓ ├─ 1 Balance an…  acct  menu"),
        (24, "✓ ├─ 1 acct  menu"),
    ],
)
def test_what_has_no_room_is_left_out(columns: int | None, shown: str) -> None:
    [line] = told([LINE], columns)
    assert click.unstyle(line) == shown


def test_all_of_the_menus_are_drawn_calls_too() -> None:
    lines = _run("--format", "tree").output.splitlines()
    assert lines[0].startswith("route  main  route")
    assert any(line.startswith("calls begin here") for line in lines)
    assert len(lines) > 643


def test_flows_leave_ticks(tmp_path) -> None:
    flow = tmp_path / "a.flow.yaml"
    flow.write_text(FLOW, "utf-8")
    ended = _run("acct", "--format", "tree", "--visited", str(flow))
    ticked = [line.split("  ") for line in ended.stdout.splitlines() if line.startswith("✓")]
    assert [line[-3] for line in ticked] == ["acct", "acct.balance", "acct.balance.show"]
    assert "\x1b" not in ended.output


def test_elsewhere_than_on_a_terminal_it_is_mermaid_and_that_knows_no_visits(tmp_path) -> None:
    assert _run("acct").output.startswith("flowchart LR")
    flow = tmp_path / "a.flow.yaml"
    flow.write_text(FLOW, "utf-8")
    with pytest.raises(Exception, match="give --format"):
        _run("acct", "--visited", str(flow))


def test_an_unknown_root_names_the_near_one() -> None:
    with pytest.raises(Exception, match=r"did you mean 'acct.spend'"):
        _run("acct.spendd", "--format", "tree")
