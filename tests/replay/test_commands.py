"""`gateway replay`, `gateway record` and `gateway check`: exit statuses, reports, what they say."""

from __future__ import annotations

import json
import os
import re
import shlex
import socket
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from gateway.replay.visible import counted
from gateway.service.commands import check, record, replay
from gateway.service.errors import Fault
from tests.replay.house import QA, flows_of, written
from tests.source import ROOT

PLACES = ["--menus", str(ROOT / "menus"), "--short-codes", str(ROOT / "short_codes.yaml")]
SVG = "{http://www.w3.org/2000/svg}"
FLOW = """\
flows:
  - name: a
    as: "79220000001"
    steps:
      - dial: "*100#"
        expect: "old"
"""


def run(command: object, *arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [*map(str, arguments), *PLACES], env={"COLUMNS": "200"})


def fault(command: object, *arguments: str | Path) -> tuple[int, str]:
    """Exit status and words of what stops a command."""
    result = run(command, *arguments)
    assert isinstance(result.exception, Fault), result.output
    return result.exception.exit_status, str(result.exception)


def test_all_as_expected() -> None:
    result = run(replay.command, QA)
    assert (result.exit_code, "plays passed" in result.output) == (0, True), result.output


def test_differences_and_reports(tmp_path: Path) -> None:
    file = written(tmp_path, FLOW)
    reports = {kind: tmp_path / f"out.{kind}" for kind in ("junit", "html", "json")}
    options = [word for kind, path in reports.items() for word in (f"--{kind}", str(path))]
    result = run(replay.command, file, "--subscribers", "4", "--jobs", "2", *options)
    assert result.exit_code == 1, result.output
    assert "differ      4  at step 1 (dials *100#): text" in result.output
    assert reports["junit"].read_bytes().startswith(b"<?xml")
    assert reports["html"].read_text("utf-8").startswith("<!doctype html>")
    assert len(json.loads(reports["json"].read_text())["flows"][0]["groups"][0]["msisdns"]) == 4


def test_accepted_it_passes(tmp_path: Path) -> None:
    file = written(tmp_path, FLOW)
    result = run(replay.command, file, "--accept")
    assert (result.exit_code, "\n1 accepted\n" in result.output) == (0, True), result.output
    assert run(replay.command, file).exit_code == 0


def test_rows_of_a_csv_play(tmp_path: Path) -> None:
    file = written(tmp_path, FLOW.replace("old", "<any>"))
    rows = tmp_path / "rows.csv"
    from_a_spreadsheet = "\ufeffsum ; msisdn\r\n1;79220000001\r\n\r\n2;8 (922) 000-00-02\r\n"
    for text in ("msisdn,sum\n79220000001,1\n8 922 000-00-02,2\n", from_a_spreadsheet):
        rows.write_text(text, encoding="utf-8", newline="")
        result = run(replay.command, file, "--csv", rows)
        assert (result.exit_code, "2 plays passed" in result.output) == (0, True), result.output
        assert "no flow has a parameter 'sum'" in result.stderr


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("", ":1: the first line names the columns"),
        ("number\n1\n", ":1: the first line names the columns"),
        ("msisdn\nabc\n", ":2: 'abc' is no MSISDN"),
        ("msisdn,a\n79220000001\n", ":2: more or fewer cells"),
        ('msisdn\n"79220000001\n', "unexpected end of data"),
        ("msisdn\n", ":2: there are no rows"),
        ("msisdn,a,a\n", ":1: each column has a name of its own"),
        ("msisdn,\n79220000001,\n", ":1: each column has a name of its own"),
        (
            "msisdn;a\n79220000001;1\n79220000001;2\n+7 922 000-00-01;1\n",
            ":4: the same row as in line 2",
        ),
        ("msisdn\nx\n79220000001\ny\n", ":4: 'y' is no MSISDN"),
        ("msisdn\n" + "x\n" * 30, "… and 10 more"),
        ("msisdn,\udcff\n", ":1: it is not UTF-8"),
    ],
)
def test_a_wrong_csv_is_told(tmp_path: Path, rows: str, says: str) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes(rows.encode("utf-8", "surrogateescape"))
    status, words = fault(replay.command, QA, "--csv", file)
    assert (status, says in words) == (3, True), words


def test_a_broken_flow_stops_before_anything_is_played(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.flow.yaml", written(tmp_path, FLOW.replace('"*100#"', "*100#"))
    good.write_text(FLOW, encoding="utf-8")
    status, words = fault(replay.command, tmp_path, "--junit", tmp_path / "out.xml")
    assert status == 3
    assert f"{bad}:5:15: M105" in words
    assert "^^^^^" in words
    assert not (tmp_path / "out.xml").exists()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--coverage", "--smpp", "127.0.0.1:1", "--data", "none"], "needs its HTTP API"),
        (["--subscribers", "1", "--csv", "x.csv"], "give one of them"),
        (["--smpp", "nowhere"], "is no HOST:PORT"),
        (["--smpp", "127.0.0.1:1", "--system-id", "nobody"], "there is no account 'nobody'"),
    ],
)
def test_wrong_use_is_told(options: list[str], says: str) -> None:
    status, words = fault(replay.command, QA, *options)
    assert (status, says in words) == (2, True), words


def test_paths_without_flows_are_wrong_use(tmp_path: Path) -> None:
    assert fault(replay.command, tmp_path)[0] == 2
    assert fault(replay.command, ROOT / "short_codes.yaml")[0] == 2
    assert run(replay.command, tmp_path / "none").exit_code == 2


def test_the_schema_is_printed() -> None:
    result = CliRunner().invoke(replay.command, ["--schema"])
    assert json.loads(result.output) == json.loads((QA / "flow.schema.json").read_text("utf-8"))


def test_coverage_is_told_after_the_plays_and_drawn(tmp_path: Path) -> None:
    drawing = tmp_path / "menus.svg"
    result = run(replay.command, QA, "--coverage", "--coverage-graph", drawing)
    assert result.exit_code == 0, result.output
    assert "account.yaml" in result.output
    titles = [each.text for each in ElementTree.parse(drawing).iter(f"{SVG}title")]
    assert "acct.balance.show" in titles
    assert "acct.spend.day: not reached" in titles


def test_transcripts_are_files_with_safe_names(tmp_path: Path) -> None:
    text = FLOW.replace("name: a", r'name: "../Счёт / *\u0000\n ' + "a" * 300 + '"')
    same = text.replace("../Счёт", "../счёт").split("\n", 1)[1]
    file = written(tmp_path, text + same)
    folder = tmp_path / "out" / "of"
    result = run(replay.command, file, "--subscribers", "2", "--transcripts", folder)
    assert f"{folder}: 4 transcripts" in result.output, result.output
    found = sorted(folder.iterdir())
    name = f"a.Счёт-{'a' * 35}.7923000000"
    assert {f"{name}0.txt", f"{name}1.txt"} < {each.name for each in found}
    assert len({each.name.casefold() for each in found}) == 4
    shown = found[0].read_text("utf-8")
    assert "dials *100#\n  | Баланс" in shown
    assert "a.flow.yaml:6: step 1 (dials *100#): text\n   expected" in shown


def test_recorded_it_replays(tmp_path: Path) -> None:
    out = tmp_path / "own.flow.yaml"
    result = run(record.command, "105", "1", "1", "--as", "9220000001", "--out", out, "--offline")
    assert result.exit_code == 0, result.output
    assert f"{out}: 3 steps; gateway replay {out}" in result.output
    assert run(replay.command, out).exit_code == 0
    assert run(check.command, out).output == "nothing wrong\n"


def test_the_lines_of_the_readme_are_green(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    [row] = re.findall(r"\| QA \|.*", readme)
    recorded, replayed = (shlex.split(line)[2:] for line in re.findall("`(gateway .*?)`", row))
    monkeypatch.chdir(tmp_path)
    result = run(record.command, *recorded, "--offline")
    assert result.exit_code == 0, result.output
    assert "balance.flow.yaml:26: Баланс: <money>\n" in result.output
    assert "balance.flow.yaml:27: Бонусы: <number>\n" in result.output
    result = run(replay.command, *replayed)
    assert result.exit_code == 0, result.output
    assert "500 plays passed" in result.output


def test_what_an_editor_completes_by_comes_with_the_file(tmp_path: Path) -> None:
    run(record.command, "*100#", "1", "--offline", "--out", tmp_path / "a.flow.yaml")
    first = (tmp_path / "a.flow.yaml").read_text("utf-8").split("\n")[0]
    assert first == "# yaml-language-server: $schema=flow.schema.json"
    assert json.loads((tmp_path / "flow.schema.json").read_text("utf-8"))["title"]


@pytest.mark.parametrize(
    ("words", "said", "steps"),
    [
        (["*105*1*1#", "0", "0", "0", "x", "99"], "not done, and not written: x, 99", 4),
        (["*100#", "to pup", "*100#"], "not done, and not written: to pup", 2),
        (["0505", "1", "x"], "not done, and not written: x", 2),
    ],
)
def test_what_cannot_be_done_is_told_and_the_rest_is_written(
    tmp_path: Path, words: list[str], said: str, steps: int
) -> None:
    out = tmp_path / "a.flow.yaml"
    options = (*words, "--offline", "--out", out)
    assert fault(record.command, *options) == (1, said)
    told = run(record.command, *options, "--force").output
    assert f"{out}: {counted(steps, 'step')};" in told


def test_a_word_names_the_flow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(record.command, "topup", "*105*1*3#", "1", "--offline")
    assert result.exit_code == 0, result.output
    [flow] = flows_of(Path("topup.flow.yaml"))
    assert (flow.name, len(flow.steps)) == ("topup", 2)


def test_a_flow_is_added_to_a_file(tmp_path: Path) -> None:
    out = written(tmp_path, f"# mine\n{FLOW}\n")
    before = out.read_text("utf-8").rstrip()
    words = ["100", "--offline", "--append", "--out", out]
    assert run(record.command, *words).exit_code == 0
    result = run(record.command, *words, "--name", "again")
    assert f"{out}:22: Баланс: <money>" in result.output, result.output
    assert result.output.count("<money>") == 1
    assert out.read_text("utf-8").startswith(before)
    assert [flow.name for flow in flows_of(out)] == ["a", "100", "again"]


@pytest.mark.parametrize("text", ["flows: []\n", "[]\n", f"{FLOW}more: 1\n", "flows: [\n", ""])
def test_a_file_that_takes_no_flow_at_its_end_is_left(tmp_path: Path, text: str) -> None:
    out = written(tmp_path, text)
    status, words = fault(record.command, "100", "--offline", "--append", "--out", out)
    assert (status, words) == (3, f"{out}: no flow can be added at its end; --out names another")
    assert out.read_text("utf-8") == text


def test_a_code_that_nobody_knows_is_told(tmp_path: Path) -> None:
    result = run(record.command, "98765", "--offline", "--out", tmp_path / "a.flow.yaml")
    assert result.exit_code == 0
    assert result.stderr == "the gateway does not know *98765#; it was recorded all the same\n"


@pytest.mark.parametrize("verb", [["0505"], ["+79221110505"]])
def test_a_number_is_called(tmp_path: Path, verb: list[str]) -> None:
    out = tmp_path / "a.flow.yaml"
    result = run(record.command, *verb, "--offline", "--out", out)
    assert result.exit_code == 0, result.output
    assert f'- call: "{verb[0]}"' in out.read_text("utf-8")


def test_a_record_that_cannot_be_is_told_before_it_is_dialled(tmp_path: Path) -> None:
    options = ("105", "--as", "79220000001", "--offline", "--out")
    assert fault(record.command, *options, tmp_path / "a.yaml")[0] == 2
    assert fault(record.command, *options, tmp_path / "no" / "a.flow.yaml")[0] == 2
    assert fault(record.command, "105", "--as", "1", "--out", tmp_path / "a.flow.yaml")[0] == 2
    there = tmp_path / "a.flow.yaml"
    there.write_text("mine", encoding="utf-8")
    status, words = fault(record.command, *options, there)
    assert (status, "--force" in words) == (2, True)
    assert there.read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    "words",
    [
        ["record", "105", "--smpp-port"],
        ["replay", str(QA / "account.flow.yaml"), "--api-token", "x", "--smpp"],
    ],
    ids=lambda one: one[0],
)
def test_no_gateway_is_one_line_with_the_address(tmp_path: Path, words: list[str]) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = str(unused.getsockname()[1])
        where = port if words[-1] == "--smpp-port" else f"127.0.0.1:{port}"
        # in a process of its own, for a reactor runs once
        command = [sys.executable, "-m", "gateway", *words, where, *PLACES]
        tried = subprocess.run(
            command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)},
            input="", capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert tried.returncode == 4, tried.stderr
    said = f"gateway: smpp 127.0.0.1:{port}: Connection refused; is the gateway up?\n"
    assert tried.stderr == said


def test_check_reads_flows_too(tmp_path: Path) -> None:
    written(tmp_path, FLOW.replace("dial", "dail"))
    result = run(check.command, tmp_path)
    assert result.exit_code == 1
    assert "did you mean 'dial'?" in result.output
