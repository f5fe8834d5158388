"""The line-mode phone: given answers, then lines, screens alone on a pipe."""

from __future__ import annotations

import io
from errno import ECONNREFUSED
from socket import gaierror

import pytest

from gateway.phone.line import Mistyped, NoConnection, Shown, converse, dialled, reason_of


class Script:
    """A link that shows what it is told, and remembers what it heard."""

    def __init__(self, *screens: str) -> None:
        self.screens = list(screens)
        self.heard: list[str] = []
        self.hung_up = False

    def _show(self) -> Shown:
        if not self.screens:
            raise NoConnection("gone")
        text = self.screens.pop(0)
        return Shown(text, bool(self.screens))

    def dial(self, code: str) -> Shown:
        self.heard.append(code)
        return self._show()

    def answer(self, text: str) -> Shown:
        self.heard.append(text)
        return self._show()

    def hang_up(self) -> None:
        self.hung_up = True


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("answers", "lines", "heard", "finished"),
    [
        (["1", "2"], "", ["1", "2"], True),
        ([], "1\n2\n", ["1", "2"], True),
        (["1"], "2\n9\n", ["1", "2"], True),
        ([], "1\r\n\n  \n2", ["1", "2"], True),
        (["1"], "", ["1"], True),
        ([], "", [], True),
        (["1", "2", "3"], "", ["1", "2"], False),
    ],
)
def test_answers_come_from_arguments_then_lines(
    answers: list[str], lines: str, heard: list[str], finished: bool
) -> None:
    link, screen = Script("menu", "account", "bye"), io.StringIO()
    assert converse(link, "*105#", answers, io.StringIO(lines), screen) is finished
    assert link.heard == ["*105#", *heard]
    assert link.hung_up
    shown = ["menu", "account", "bye"][: 1 + len(heard)]
    assert screen.getvalue() == "".join(f"{text}\n\n" for text in shown)


def test_a_terminal_is_prompted_before_each_line() -> None:
    screen = io.StringIO()
    converse(Script("menu", "bye"), "*105#", [], Terminal("1\n"), screen)
    assert screen.getvalue() == "menu\n\n> bye\n\n"


def test_a_lost_connection_hangs_up_and_is_told() -> None:
    link = Script()
    with pytest.raises(NoConnection):
        converse(link, "*105#", [], io.StringIO(), io.StringIO())
    assert link.hung_up


@pytest.mark.parametrize(
    ("typed", "code"),
    [("105", "*105#"), ("*105#", "*105#"), ("#21#", "#21#"), ("105*1*2", "*105*1*2#")],
)
def test_the_signs_may_be_left_out(typed: str, code: str) -> None:
    assert dialled(code=typed) == code


@pytest.mark.parametrize("typed", ["привет", "10\0005", "", "105 1", "1" * 300, "0505", "\udcff"])
def test_what_no_handset_dials_is_mistyped(typed: str) -> None:
    with pytest.raises(Mistyped):
        dialled(typed)


def test_why_the_system_cannot_is_told_in_its_words_alone() -> None:
    refused = ConnectionRefusedError(ECONNREFUSED, "Connect call failed ('127.0.0.1', 9)")
    assert reason_of(refused) == "Connection refused"
    assert reason_of(gaierror(-2, "Name or service not known")) == "Name or service not known"
    assert reason_of(OSError("Multiple exceptions")) == "Multiple exceptions"
    assert reason_of(TimeoutError()) == ""
