"""`check` and `menus` on the menus that are served, and on a copy with mistakes in it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from gateway.service.content import load_content
from tests.service.test_command_line import gateway

ROOT = Path(__file__).parents[2]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "menus", tmp_path / "menus")
    shutil.copy(ROOT / "short_codes.yaml", tmp_path)
    return tmp_path


def test_what_is_served_has_no_mistakes() -> None:
    answer = gateway("check", cwd=ROOT)
    assert answer.returncode == 0, answer.stdout
    content, _ = load_content(ROOT / "menus", ROOT / "short_codes.yaml")
    assert content is not None
    assert content.codes.roots().keys() <= content.menus.compiled.states.keys()


def test_mistakes_of_menus_and_codes_come_together_with_carets(copy: Path) -> None:
    menus = copy / "menus" / "zz.yaml"
    menus.write_text(
        "menu: zz\nstates:\n  zz:\n    kind: info\n    text: {ru: да, en: ok}\n    colour: red\n",
        "utf-8",
    )
    codes = copy / "short_codes.yaml"
    text = codes.read_text("utf-8")
    codes.write_text(text + "\nno_such_key: 1\n", "utf-8")
    answer = gateway("check", cwd=copy)
    assert answer.returncode == 1
    assert "menus/zz.yaml:6:5: M101 unknown key 'colour'" in answer.stdout
    assert "short_codes.yaml:" in answer.stdout
    assert "no_such_key" in answer.stdout
    assert "^^^^^^" in answer.stdout
    alone = gateway("check", "menus/zz.yaml", cwd=copy)
    assert "colour" in alone.stdout
    assert "no_such_key" not in alone.stdout


def test_a_missing_directory_is_a_mistake(tmp_path: Path) -> None:
    answer = gateway("check", "--menus", "menus", "--short-codes", "short_codes.yaml", cwd=tmp_path)
    assert answer.returncode == 1
    assert "menus" in answer.stdout
    assert "short_codes.yaml" in answer.stdout
    assert "Traceback" not in answer.stderr


def test_where_there_are_no_menus_those_of_the_package_are_checked_and_named(
    tmp_path: Path,
) -> None:
    answer = gateway("check", cwd=tmp_path)
    assert answer.returncode == 0
    said = f"no menus here; checked are those of the package, {ROOT / 'menus'}\nnothing wrong\n"
    assert answer.stdout == said


def test_the_schema_is_one() -> None:
    answer = gateway("menus", "schema")
    jsonschema.Draft202012Validator.check_schema(json.loads(answer.stdout))


def test_a_graph_is_mermaid_or_svg_from_any_state() -> None:
    assert gateway("menus", "graph", cwd=ROOT).stdout.startswith("flowchart")
    drawn = gateway("menus", "graph", "--format", "svg", "main", cwd=ROOT).stdout
    assert ElementTree.fromstring(drawn).tag.endswith("svg")
    unknown = gateway("menus", "graph", "mian", cwd=ROOT)
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "there is no state 'mian': did you mean 'main'?" in unknown.stderr


EXPECTING = """\
flows:
  - name: a
    as: "79220000001"
    steps:
      - dial: "*105#"
        expect: {charge: [{rule: "CH01"}, {rule: "CH99"}, {rule: "CH15"}, {rule: "R42"}]}
      - call: "0505"
        expect: {prompts: ["menu/voice.root/1", "menu/voice.rot/1"]}
"""


def test_rules_and_prompts_that_a_flow_expects_are_looked_up(tmp_path: Path) -> None:
    flows = tmp_path / "a.flow.yaml"
    flows.write_text(EXPECTING, "utf-8")
    answer = gateway("check", str(flows), cwd=ROOT)
    assert answer.returncode == 0, "a flow may be of another gateway"
    assert "a.flow.yaml:6:50: F401 warning: there is no rule 'CH99'" in answer.stdout
    assert "a.flow.yaml:8:49: F402 warning: there is no prompt 'menu/voice.rot/1'" in answer.stdout
    assert "did you mean 'menu/voice.root/1'?" in answer.stdout
    assert "2 warnings" in answer.stdout


def test_the_flows_of_the_package_expect_what_there_is() -> None:
    assert gateway("check", "tests/flows_qa", cwd=ROOT).stdout == "nothing wrong\n"
