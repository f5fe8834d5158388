"""What `pip install .` installs: the service and its menus, so it serves outside a checkout."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder

from tests.source import ROOT


def built(version: str, folder: Path) -> ZipFile:
    """The wheel of that version, `standard` or `editable`."""
    [wheel] = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=[version])
    return ZipFile(wheel)


def test_a_wheel_carries_the_menus_short_codes_and_prompts(tmp_path: Path) -> None:
    wheel = built("standard", tmp_path)
    prompts = [file for file in (ROOT / "ivr_prompts").rglob("*") if file.is_file()]
    files = [ROOT / "short_codes.yaml", *(ROOT / "menus").iterdir(), *prompts]
    assert len(prompts) > 300
    for file in files:
        packed = wheel.read(f"gateway/content/{file.relative_to(ROOT)}")
        assert packed == file.read_bytes()


@pytest.mark.parametrize(
    "name",
    [
        "gateway/charging/tariffs.yaml",
        "gateway/dashboards/alerts.yml",
        "gateway/store/migrations/script.py.mako",
        "gateway/store/migrations/versions/0001_the_first_schema.py",
    ],
)
def test_a_wheel_carries_what_the_service_reads(name: str, tmp_path: Path) -> None:
    assert name in built("standard", tmp_path).namelist()


def test_an_editable_installation_reads_the_checkout(tmp_path: Path) -> None:
    assert not [n for n in built("editable", tmp_path).namelist() if n.startswith("gateway/")]
