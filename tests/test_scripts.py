"""The commands of a fresh machine: they say what is missing, and lock what they install."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.source import ROOT

COMMANDS = ("scripts/test", "scripts/check", "scripts/demo", "scripts/make_prompts", ".ci/run")
PLACE = re.compile(r"https?://|--(?:extra-)?index-url|--find-links|\bfile:")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with nothing set up, in a folder with a blank in its name."""
    root = tmp_path / "a checkout"
    shutil.copytree(ROOT / "scripts", root / "scripts")
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, root)
    return root


def program(path: Path, text: str) -> Path:
    """An executable file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def start(root: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`scripts/test --version` from somewhere else, with little in the environment."""
    given = {"PATH": os.environ["PATH"], "HOME": str(root), **environment}
    return subprocess.run(
        [root / "scripts/test", "--version"],
        cwd="/",
        env=given,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def stamp_of(root: Path) -> str:
    """The stamp that the set-up would write, by its own words."""
    text = (root / "scripts/_env.sh").read_text()
    probe = text.partition("<<'PY' || true\n")[2].partition("\nPY\n")[0]
    python = shutil.which("python3")
    assert python is not None
    printed = subprocess.run(
        [python, "-I", "-c", probe, root], cwd=root, capture_output=True, text=True, check=True
    )
    return printed.stdout.split()[1]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_can_be_started_and_parsed(command):
    path = ROOT / command
    assert os.access(path, os.X_OK)
    assert path.read_text().startswith("#!/usr/bin/env bash\n")
    subprocess.run(["bash", "-n", path], check=True)


def test_a_broken_interpreter_is_named(checkout):
    broken = program(checkout / "broken", "#!/bin/sh\nexit 1\n")
    ended = start(checkout, PYTHON=str(broken))
    assert ended.returncode == 2
    assert ended.stderr == f"test: PYTHON={broken} is not a working Python 3.11 or newer\n"
    assert not (checkout / ".venv").exists()


def test_an_old_interpreter_is_told_what_is_needed(checkout, tmp_path):
    for name in ("python3", *(f"python3.{minor}" for minor in range(11, 15))):
        program(tmp_path / "bin" / name, "#!/bin/sh\nexit 3\n")
    ended = start(checkout, PATH=f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    assert ended.returncode == 2
    assert "Python 3.11 or newer is needed" in ended.stderr
    assert "apt-get install python3" in ended.stderr
    assert "PYTHON=" in ended.stderr


def test_a_python_without_venv_is_told_the_package(checkout):
    python = shutil.which("python3")
    bare = program(
        checkout / "bare",
        f'#!/bin/sh\ncase "$*" in *ensurepip*) exit 1;; esac\nexec {python} "$@"\n',
    )
    program(checkout / "bin/uv", "#!/bin/sh\nexit 1\n")
    ended = start(checkout, PYTHON=str(bare), PATH=f"{checkout / 'bin'}:{os.environ['PATH']}")
    assert ended.returncode == 2
    assert re.search(r"^  apt-get install python3\.\d+-venv$", ended.stderr, re.MULTILINE)
    assert "Traceback" not in ended.stderr


def test_a_ready_environment_is_used_as_it_is(checkout):
    """The second run sets nothing up; a changed lock does."""
    program(checkout / ".venv/bin/gateway", "#!/bin/sh\n")
    program(checkout / ".venv/bin/python", '#!/bin/sh\n[ "$1" = -c ] || echo "ran $*"\n')
    program(checkout / "bin/uv", "#!/bin/sh\necho uv $1 >&2\nexit 1\n")
    program(checkout / "bin/npm", "#!/bin/sh\n")
    (checkout / "tests/channels/node").mkdir(parents=True)
    (checkout / ".venv/stamp").write_text(stamp_of(checkout) + "\n")
    path = f"{checkout / 'bin'}:{os.environ['PATH']}"

    ended = start(checkout, PATH=path)
    assert (ended.returncode, ended.stdout) == (0, "ran -m pytest --version\n")
    assert "setting up" not in ended.stderr

    with (checkout / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    python = program(
        checkout / "bare",
        '#!/bin/sh\ncase "$*" in *ensurepip*) exit 1;; esac\nexec python3 "$@"\n',
    )
    ended = start(checkout, PATH=path, PYTHON=str(python))
    assert ended.returncode == 2
    assert "setting up" in ended.stderr


def test_the_lock_holds_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [
        Requirement(text)
        for text in (*project["dependencies"], *project["optional-dependencies"]["test"])
    ]
    lock = (ROOT / "requirements.lock").read_text()
    locked = dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", lock, re.MULTILINE))
    for requirement in wanted:
        version = locked.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is not locked"
        assert requirement.specifier.contains(version), requirement


def test_every_locked_package_has_hashes_and_no_place():
    lock = (ROOT / "requirements.lock").read_text()
    entries = re.split(r"\n(?=[a-z0-9])", lock)[1:]
    assert len(entries) > 30
    assert [e.partition("\n")[0] for e in entries if "--hash=sha256:" not in e] == []
    assert PLACE.findall(lock) == []


def test_the_foreign_client_is_locked_without_a_place():
    text = (ROOT / "tests/channels/node/package-lock.json").read_text()
    packages = json.loads(text)["packages"]
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert all("integrity" in entry for name, entry in packages.items() if name)
    assert packages["node_modules/smpp"]["version"].startswith("0.5.")
