"""A gateway for the phone, its clock manual and its menus its own; a number for each test."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.serving import Served, serving
from tests.source import ROOT

_numbers = itertools.count(79230000000)


@pytest.fixture(scope="package")
def menus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The menus that are served, to be edited."""
    folder = tmp_path_factory.mktemp("menus") / "menus"
    shutil.copytree(ROOT / "menus", folder)
    return folder


@pytest.fixture(scope="package")
def gateway(run, reactor_thread, menus, tmp_path_factory) -> Iterator[Served]:
    """It runs."""
    folder = tmp_path_factory.mktemp("phone")
    options = {"clock": "manual", "menus": str(menus), "subscribers": "100"}
    with serving(run, reactor_thread, folder, **options) as served:
        yield served


@pytest.fixture
def msisdn() -> str:
    """A private number at home with 100.00 that no other test has."""
    return str(next(_numbers))
