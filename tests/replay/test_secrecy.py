"""No report shows what is secret: what was typed as one, and the codes of an SMS that holds one."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.replay import pages, summary
from gateway.replay.about import About
from gateway.replay.accept import accept
from gateway.replay.groups import Result, grouped, told
from gateway.replay.handset import MASK, Action, Seen, Wants
from gateway.replay.junit import junit
from gateway.replay.recording import Done, Recording, write_flow
from gateway.service.rehearsal import Rehearsal, at_once
from tests.replay.house import flows_of, played, written

HEAD = 'flows:\n  - name: a\n    as: "79220000001"\n    parameters: {pin: "86421357"}\n    steps:\n'
MARKED = [
    '      - answer: "<pin>"\n        secret: true\n',
    '      - answer: "86421357"\n        secret: true\n',
    '      - sms: {to: "000110", text: "<pin>"}\n        secret: true\n',
    '      - sms: {to: "000110", text: "99 <pin>"}\n        secret: true\n',
]
ASKED = '      - dial: "*105*3*6*1#"\n      - answer: "8642"\n'
BY_SMS = '      - sms: {to: "000110", text: "00"}\n'


def reports(results: list[Result]) -> str:
    """Everything that is ever shown of them."""
    lines = "\n".join(told(results, 1.0))
    about = About("", 1.0, "in process")
    documents = (pages.html(results, about), summary.summary(results, about))
    return "".join((lines, junit(results, about).decode(), *documents))


@pytest.mark.parametrize("step", MARKED)
@pytest.mark.parametrize("expect", ["", '        expect: "no <pin>"\n'])
def test_what_is_marked_stands_in_no_report(
    rehearsal: Rehearsal, tmp_path: Path, step: str, expect: str
) -> None:
    results = played(rehearsal, written(tmp_path, f'{HEAD}      - dial: "*105#"\n{step}{expect}'))
    assert "86421357" not in reports(results)
    assert MASK in reports(results)


def test_the_answer_to_a_question_for_a_secret_needs_no_mark(
    rehearsal: Rehearsal, tmp_path: Path
) -> None:
    results = played(rehearsal, written(tmp_path, f'{HEAD}{ASKED}        expect: "x"\n'))
    [first, second] = results[0].groups[0].played[0].done
    assert first.seen.asks_secret, first.seen
    assert second.action == Action("answer", MASK, secret=True)
    assert "8642" not in reports(results).replace("86421357", "")


def test_a_password_in_an_sms_is_hidden_but_accepted_as_a_hole(
    rehearsal: Rehearsal, tmp_path: Path
) -> None:
    file = written(tmp_path, f'{HEAD}{BY_SMS}        expect: "Пароль: <digits>"\n')
    results = played(rehearsal, file)
    assert f"Пароль: {MASK}" in reports(results)
    assert accept(results) == (1, [])
    assert MASK not in file.read_text("utf-8")
    assert all(result.passed for result in played(rehearsal, file))


def test_a_recorded_secret_stands_once_and_is_marked(rehearsal: Rehearsal, tmp_path: Path) -> None:
    handset, done = rehearsal.handset("79220000001"), []
    for action in (
        Action("dial", "*105*3*6*1#"),
        Action("answer", "8642", secret=True),
        Action("sms", "99 8642", "000110", secret=True),
        Action("language", "en"),
    ):
        done.append(Done(action, at_once(handset.act(action, Wants()))))
    done.append(Done(Action("dial", "*999#"), Seen("8642 is wrong", False)))
    file = written(tmp_path, write_flow(Recording("a", "79220000001", tuple(done))))
    text = file.read_text("utf-8")
    assert 'parameters: {secret: "8642", secret2: "99 8642"}' in text
    assert '- answer: "<secret>"\n        secret: true' in text
    assert 'text: "<secret2>"}\n        secret: true' in text
    assert 'expect: "<secret> is wrong"' in text
    assert text.count("8642") == 2
    flows_of(file)
    assert played(rehearsal, file)[0].groups[0].played[0].done[-1].seen.text is not None


def test_equal_but_for_their_secrets_plays_are_one_group(
    rehearsal: Rehearsal, tmp_path: Path
) -> None:
    file = written(tmp_path, f'{HEAD}{BY_SMS}        expect: "x"\n')
    plays = [group.played[0] for _ in range(3) for group in played(rehearsal, file)[0].groups]
    [result] = grouped(plays)
    assert [len(group.played) for group in result.groups] == [3]
