"""The plug-in, run by pytest in a process of its own: one test per flow, frames, no stacks."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

from tests.source import ROOT

GOOD = """\
flows:
  - name: balance
    as: "79220000001"
    tags: [smoke]
    steps:
      - dial: "*100#"
        expect: {text: {contains: "Баланс: <money>"}}
  - name: wrong
    as: "79220000001"
    steps:
      - dial: "*100#"
        expect: |-
          Баланс: <money>
          Бонусы: 1
"""
BROKEN = 'flows:\n  - name: a\n    as: "79220000001"\n    steps:\n      - dial: *100#\n'


OWN = """\
flows:
  - name: password
    as: "79220000001"
    steps:
      - sms: {to: "000110", text: "00"}
        expect: "Password: <digits>. Login <own_number>"
"""
CI_VARIABLES = ("CI", "BUILD_NUMBER")
PLACES = {
    "GATEWAY_MENUS": str(ROOT / "menus"),
    "GATEWAY_SHORT_CODES": str(ROOT / "short_codes.yaml"),
}


def pytest_of(
    folder: Path, *options: str, environment: Mapping[str, str] = PLACES
) -> tuple[int, str]:
    """Exit status and output of pytest on the folder."""
    places = {
        **environment,
        "PYTHONPATH": str(ROOT),
        # whatever else is installed here is none of the test's
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    # for CI pytest does not cut the lines of its summary
    outside = {name: value for name, value in os.environ.items() if name not in CI_VARIABLES}
    command = [sys.executable, "-m", "pytest", "-p", "gateway.pytest_plugin"]
    run = subprocess.run(
        [*command, "-p", "no:cacheprovider", *options, "."],
        cwd=folder,
        env=outside | places,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return run.returncode, run.stdout + run.stderr


def test_flows_are_tests_and_a_failure_is_a_frame(tmp_path: Path) -> None:
    (tmp_path / "a.flow.yaml").write_text(GOOD, encoding="utf-8")
    status, said = pytest_of(tmp_path, "--junit-xml=out.xml", "--strict-markers")
    assert status == 1, said
    assert "1 failed, 1 passed" in said
    assert "step 1 (dials *100#): text at a.flow.yaml:14, for 79220000001" in said
    assert "!  Бонусы: 1          Бонусы: 500" in said
    assert "79220000001 dials *100#" in said
    assert "Traceback" not in said
    assert "gateway/" not in said
    cases = list(ElementTree.parse(tmp_path / "out.xml").iter("testcase"))
    assert [case.attrib["name"] for case in cases] == ["balance", "wrong"]


def test_tags_are_marks(tmp_path: Path) -> None:
    (tmp_path / "a.flow.yaml").write_text(GOOD, encoding="utf-8")
    status, said = pytest_of(tmp_path, "-m", "smoke", "--strict-markers")
    assert (status, "1 passed, 1 deselected" in said) == (0, True), said


def test_each_subscriber_is_a_test(tmp_path: Path) -> None:
    (tmp_path / "a.flow.yaml").write_text(GOOD, encoding="utf-8")
    status, said = pytest_of(tmp_path, "--flow-subscribers=3", "-k", "balance", "-v")
    assert (status, "3 passed" in said) == (0, True), said
    assert "balance[79230000002]" in said
    assert pytest_of(tmp_path, "--flow-subscribers=-1")[0] == 4


def test_a_difference_that_many_see_is_shown_once(tmp_path: Path) -> None:
    (tmp_path / "a.flow.yaml").write_text(GOOD, encoding="utf-8")
    status, said = pytest_of(tmp_path, "--flow-subscribers=3", "-k", "wrong")
    assert (status, "3 failed" in said) == (1, True), said
    assert said.count("!  Бонусы: 1          Бонусы: 0") == 1
    first = "step 1 (dials *100#): text at a.flow.yaml:14: as wrong[79230000000]"
    assert said.count(f"\n{first}") == 2
    assert said.count("79230000001 dials *100#") == 0


def test_texts_with_something_of_ones_own_in_them_are_one_difference(tmp_path: Path) -> None:
    (tmp_path / "a.flow.yaml").write_text(OWN, encoding="utf-8")
    status, said = pytest_of(tmp_path, "--flow-subscribers=3")
    assert (status, "3 failed" in said) == (1, True), said
    assert said.count(": as password[79230000000]") == 2, said


def test_menus_may_be_said_in_the_ini_file(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "a.flow.yaml").write_text(GOOD, encoding="utf-8")
    ini = f"[pytest]\ngateway_menus = none\ngateway_short_codes = {ROOT / 'short_codes.yaml'}\n"
    (tmp_path / "pytest.ini").write_text(ini, encoding="utf-8")
    status, said = pytest_of(tmp_path / "flows", environment={})
    assert status == 4, said
    assert said.count("ERROR: ") == 1, "menus that cannot be served are told once"
    assert f"{tmp_path / 'none'}" in said
    assert "FAILED" not in said
    assert "2 tests collected" in pytest_of(tmp_path / "flows", "--collect-only")[1]
    (tmp_path / "none").symlink_to(ROOT / "menus")
    assert "1 failed, 1 passed" in pytest_of(tmp_path / "flows", environment={})[1]


def test_a_broken_file_is_told_with_carets_and_not_played(tmp_path: Path) -> None:
    (tmp_path / "b.flow.yaml").write_text(BROKEN, encoding="utf-8")
    status, said = pytest_of(tmp_path)
    assert status == 2, said
    assert "b.flow.yaml:5:15: M105 *100# without quotes" in said
    assert "^^^^^ put it in quotes" in said
    assert "Traceback" not in said
