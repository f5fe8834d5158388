"""Flow files: every mistake at its line, with what to write instead; and the schema for editors."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, get_args

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from gateway.replay.cast import cast, numbered
from gateway.replay.handset import Verb
from gateway.replay.model import VERBS, schema
from gateway.replay.script import flow_files, load_flows
from tests.replay.house import QA, written

HEAD = 'flows:\n  - name: "a"\n    as: "79220000001"\n    steps:\n'


@pytest.mark.parametrize(
    ("steps", "code", "line", "says"),
    [
        ("      - dial: *105#\n", "M105", 5, "*105# without quotes"),
        ("      - dial: 012\n", "M105", 5, "012 without quotes"),
        ("      - answer: 1\n", "M104", 5, "a text is wanted"),
        ('      - answr: "1"\n', "M101", 5, "unknown key 'answr'"),
        ('      - dial: "*105#"\n        answer: "1"\n', "F102", 5, "one action"),
        ('      - expect: "x"\n', "F102", 5, "without an action"),
        ("      - move: {}\n", "F103", 5, "a plmn or to a zone"),
        ('      - move: {zone: EUROP}\n', "M104", 5, "is not one of"),
        ('      - dial: "<code>"\n', "F201", 5, "nothing was kept under 'code'"),
        ('      - dial: "<money>"\n', "F203", 5, "what is sent must be known"),
        ('      - wait: 1\n        expect: "<mony>"\n', "F201", 6, "'mony'"),
        ('      - wait: 1\n        expect: "<a:mony>"\n', "F301", 6, "there is no matcher 'mony'"),
        ('      - wait: 1\n        expect: "<a:word> <a:word>"\n', "F202", 6, "'a'"),
        ('      - wait: 1\n        expect: {text: {regex: "("}}\n', "F302", 6, "regular exp"),
        ('      - wait: 1\n        expect: {balance: "5"}\n', "M104", 6, "right form"),
        ("      - wait: -1\n", "M104", 5, "greater than 0"),
        ("      - wait: 1:30\n", "M104", 5, "a number is wanted here, not '1:30'"),
        ("      - hang_up: on\n", "M104", 5, "'on' is not one of: true"),
        ("      - hang_up: false\n", "M104", 5, "'false' is not one of: true"),
        ('      - call: ""\n', "M104", 5, "at least 1 character"),
        ('      - call: "0505"\n      - press: "x"\n', "M104", 6, "the right form"),
        ('      - dial: "a"\n  - name: "a"\n    as: "79220000001"\n    steps: [{wait: 1}]\n',
         "F101", 6, "two flows are called 'a'"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_place(
    tmp_path: Path, steps: str, code: str, line: int, says: str
) -> None:
    flows, problems = load_flows(written(tmp_path, HEAD + steps))
    assert flows == ()
    assert [(each.code, each.line) for each in problems] == [(code, line)]
    assert says in problems[0].message


@pytest.mark.parametrize(
    ("expect", "help_"),
    [
        ('{contains: "a"}', "did you mean text: {contains: …}?"),
        ('{regex: "a"}', "did you mean text: {regex: …}?"),
        ('{rule: "CH04"}', "did you mean charge: {rule: …}?"),
        ('{balnce: "1.00"}', "did you mean 'balance'?"),
    ],
)
def test_an_operator_without_what_it_looks_at_is_put_under_it(
    tmp_path: Path, expect: str, help_: str
) -> None:
    steps = f"      - wait: 1\n        expect: {expect}\n"
    _, [problem] = load_flows(written(tmp_path, HEAD + steps))
    assert (problem.code, problem.help) == ("M101", help_)


@pytest.mark.parametrize(
    ("expect", "carets"),
    [
        ('expect: "Баланс: <mony>, <mony>"', ["<mony>", "<mony>"]),
        ("expect: |-\n          Баланс:\n          <date> <mony>", ["<mony>"]),
        ('expect: "a <mo\\x6ey>"', ['"a <mo\\x6ey>"']),  # written by an escape
    ],
)
def test_the_caret_stands_under_the_name(tmp_path: Path, expect: str, carets: list[str]) -> None:
    _, problems = load_flows(written(tmp_path, f"{HEAD}      - wait: 1\n        {expect}\n"))
    assert {each.code for each in problems} == {"F201"}
    begins = [each.column - 1 for each in problems]
    shown = [
        each.source_line[at : at + each.width] for at, each in zip(begins, problems, strict=True)
    ]
    assert (shown, len(set(begins))) == (carets, len(carets))


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    """Misread by YAML, of the wrong shape, and beyond the shape, in one flow and in another."""
    steps = (
        '      - dial: *105#\n      - answr: "1"\n      - wait: 1\n        expect: "<a:mony>"\n'
        '  - name: "b"\n    as: "79220000001"\n    steps:\n      - answer: "<code>"\n'
    )
    _, problems = load_flows(written(tmp_path, HEAD + steps))
    assert sorted((each.line, each.code) for each in problems) == [
        *((5, "M105"), (6, "M101"), (8, "F301"), (12, "F105"), (12, "F201"))
    ]


def test_what_a_broken_step_may_have_kept_is_not_unknown(tmp_path: Path) -> None:
    steps = '      - wait: 1\n        expct: "<code:digits>"\n      - dial: "<code>"\n'
    _, problems = load_flows(written(tmp_path, HEAD + steps))
    assert [each.code for each in problems] == ["M101"]


@pytest.mark.parametrize(
    ("steps", "line", "says"),
    [
        ('      - answer: "1"\n', 5, "nothing was dialled"),
        ('      - press: "1"\n', 5, "no call is under way"),
        ('      - call: "0505"\n      - hang_up: true\n      - press: "1"\n', 7, "no call"),
    ],
)
def test_what_comes_too_early_is_a_warning(
    tmp_path: Path, steps: str, line: int, says: str
) -> None:
    flows, [problem] = load_flows(written(tmp_path, HEAD + steps))
    assert (problem.code, problem.severity, problem.line) == ("F105", "warning", line)
    assert says in problem.message
    assert len(flows) == 1, "it can be played, and then says where it fails"


@pytest.mark.parametrize("money", ["-5.00", "+<sum>", "-<sum>", "<sum>", "<money>"])
def test_money_may_be_a_parameter(tmp_path: Path, money: str) -> None:
    head = HEAD.replace("    steps", '    parameters: {sum: "5.00"}\n    steps')
    step = (
        f'      - wait: 1\n        expect: {{balance: "{money}", charge: {{amount: "{money}"}}}}\n'
    )
    assert load_flows(written(tmp_path, head + step))[1] == []


def test_a_name_is_known_from_the_step_that_keeps_it(tmp_path: Path) -> None:
    steps = '      - wait: 1\n        expect: "<code:digits>"\n      - dial: "<code>"\n'
    flows, problems = load_flows(written(tmp_path, HEAD + steps))
    assert problems == []
    assert len(flows[0].steps) == 2


def test_a_check_knows_the_line_of_its_text(tmp_path: Path) -> None:
    steps = (
        '      - dial: "*105#"\n        expect:\n          text: |-\n            a\n            b\n'
    )
    [flow], _ = load_flows(written(tmp_path, HEAD + steps))
    [check] = flow.steps[0].checks
    assert (check.what, check.expected, check.line) == ("text", "a\nb", 8)


def test_a_flow_may_be_of_one_number_only(tmp_path: Path) -> None:
    more = '  - name: "b"\n    as: "79220000001"\n    as_only: true\n    steps: [{wait: 1}]\n'
    flows, problems = load_flows(written(tmp_path, f"{HEAD}      - wait: 1\n{more}"))
    assert not problems
    by_whom = [(play.flow.name, play.subscriber.msisdn) for play in cast(flows, numbered(2))]
    assert by_whom == [("a", "79230000000"), ("a", "79230000001"), ("b", "79220000001")]


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    _, [problem] = load_flows(tmp_path / "none.flow.yaml")
    assert problem.code == "M100"


def test_every_verb_can_be_written() -> None:
    assert get_args(Verb) == VERBS


def test_the_schema_beside_the_flows_is_this_one() -> None:
    kept = json.loads((QA / "flow.schema.json").read_text("utf-8"))
    assert kept == schema(), "gateway replay --schema > tests/flows_qa/flow.schema.json"


@pytest.mark.parametrize("file", sorted(QA.glob("*.flow.yaml")), ids=lambda file: file.name)
def test_good_flows_fit_it(file: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(yaml.safe_load(file.read_text("utf-8")), schema())


def test_a_bad_flow_does_not() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"flows": [{"name": "a", "as": "1", "steps": []}]}, schema())


def test_flows_are_looked_for_in_a_directory_whatever_goes_on_in_it(tmp_path: Path) -> None:
    for name in ("b", "a", ".venv"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, HEAD)
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    found = flow_files([tmp_path, tmp_path / "a"])
    assert [file.parent.name for file in found] == ["a", "b"]


def test_a_directory_that_is_gone_meanwhile_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "going").mkdir()
    scan = os.scandir

    def gone(path: str) -> Any:
        if "going" in str(path):
            raise FileNotFoundError(path)
        return scan(path)

    written(tmp_path, HEAD)
    monkeypatch.setattr(os, "scandir", gone)
    assert [file.parent for file in flow_files([tmp_path])] == [tmp_path]
