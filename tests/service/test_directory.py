"""The data directory: one gateway at a time, and one line where it cannot be had."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.service.directory import LOCK_FILE, DataDirectory
from gateway.service.errors import Fault

HOLD = """
import sys
from pathlib import Path
from gateway.service.directory import DataDirectory
held = DataDirectory(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_it_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    held = DataDirectory(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "a" / "b" / LOCK_FILE).stat().st_mode & 0o777 == 0o600
    held.release()


def test_a_second_gateway_is_told_who_serves_it(tmp_path: Path) -> None:
    held = DataDirectory(tmp_path)
    with pytest.raises(Fault, match=rf"another gateway \(pid {os.getpid()}\) serves it"):
        DataDirectory(tmp_path)
    held.release()
    held.release()
    DataDirectory(tmp_path).release()


def test_what_is_forgotten_is_free(tmp_path: Path) -> None:
    held = DataDirectory(tmp_path)
    del held
    DataDirectory(tmp_path).release()


def test_a_gateway_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    words = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(Fault, match=rf"pid {other.pid}\)"):
            DataDirectory(tmp_path)
        other.kill()
        other.wait()
    DataDirectory(tmp_path).release()


@pytest.mark.parametrize("under", ["file", "file/var"])
def test_a_directory_that_cannot_be_made_is_said_in_a_line(tmp_path: Path, under: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Fault, match=r"^--data .*/file(/var)?: [A-Z][a-z ]+$"):
        DataDirectory(tmp_path / under)
