"""`gateway record` held line by line: on a pipe, and at a terminal that shows before it writes."""

from __future__ import annotations

import os
import pty
import select
import sys
import time
from pathlib import Path
from subprocess import Popen

import pytest

from gateway.service.recorder import Recorder
from gateway.service.rehearsal import Rehearsal, at_once
from tests.replay.house import flows_of, played
from tests.source import ROOT

SECONDS_MAX = 30
WHO = "79220000001"


@pytest.mark.parametrize(
    ("lines", "actions", "told"),
    [
        (["105", "1", "*100#"], ["dials *105#", "answers 1", "dials *100#"], ""),
        (["105", "end", "end"], ["dials *105#", "hangs up"], "nothing to hang up"),
        (["105", "late", "late"], ["dials *105#", "answers nothing in time"], "no page waits"),
        (["call 0505", "1", "late"],
         ["calls 0505", "presses 1", "answers nothing in time"], "Вы ничего не выбрали"),
        (["sms 000110 00"], ["writes to 000110: 00"], "> sms from 000110: Пароль"),
        (["*105*3*6*1#", "1234"], ["dials *105*3*6*1#", "answers •••"], "Пароль неверный"),
        (["lang en", "zone EUROPE", "pass 60"],
         ["is spoken to in en", "moves to 26201 ", "60 s pass"], ""),
        (["lang tlh"], [], "a language is one of ru, en"),
        (["zone moon"], [], "a zone is one of HOME"),
        (["pass -1"], [], "time passes in seconds"),
        (["привет"], [], "a code is digits"),
    ],
)  # fmt: skip
def test_a_line_is_an_action_or_told_why_not(
    rehearsal: Rehearsal, lines: list[str], actions: list[str], told: str
) -> None:
    shown: list[str] = []
    recorder = Recorder(rehearsal.handset(WHO), shown.append)
    for line in lines:
        at_once(recorder.take(line))
    assert [str(done.action) for done in recorder.done] == actions
    assert told in "\n".join(shown)


def at_terminal(folder: Path, keys: list[str], *options: str) -> tuple[int, str]:
    """Exit status and all that stood on the terminal; each key is typed when it is waited for."""
    places = {"GATEWAY_MENUS": "menus", "GATEWAY_SHORT_CODES": "short_codes.yaml"}
    env = os.environ | {name: str(ROOT / path) for name, path in places.items()}
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "gateway", "record", "--offline", *options]
    with Popen(command, cwd=folder, env=env | {"PYTHONPATH": str(ROOT)}, stdin=slave,
               stdout=slave, stderr=slave) as process:  # fmt: skip
        os.close(slave)
        shown, typed, until = b"", list(keys), time.monotonic() + SECONDS_MAX
        while time.monotonic() < until:
            if not select.select([master], [], [], 1.0)[0]:
                continue
            try:
                octets = os.read(master, 65_536)
            except OSError:
                break
            shown += octets
            if typed and shown.rstrip(b" ").endswith((b">", b"]:")):
                os.write(master, typed.pop(0).encode())
        process.kill() if process.poll() is None and time.monotonic() > until else None
    os.close(master)
    return process.returncode, shown.decode().replace("\r\n", "\n")


def test_at_a_terminal_it_is_asked_shown_and_written(rehearsal: Rehearsal, tmp_path: Path) -> None:
    status, shown = at_terminal(tmp_path, ["105\n", "1\n", "1\n", "\x04", "\n"])
    assert status == 0, shown
    assert "dial> 105" in shown
    assert "Баланс: <money>" in shown
    assert "write recorded.flow.yaml? [Y/n]:" in shown
    file = tmp_path / "recorded.flow.yaml"
    assert len(flows_of(file)[0].steps) == 3
    assert all(result.passed for result in played(rehearsal, file))


def test_what_is_not_accepted_is_not_written(tmp_path: Path) -> None:
    status, shown = at_terminal(tmp_path, ["\x04", "n\n"], "*100#")
    assert (status, list(tmp_path.iterdir())) == (1, []), shown
