"""Every kind of mistake: what is written, and the caret text an author reads."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from gateway.domain.port import Screen
from gateway.menu.loader import load_menus
from gateway.menu.source import failed
from tests.menu.catalogue import COMMANDS
from tests.menu.shop import broken_shop, shop, shown

DATA = Path(__file__).parent / "data"
GATEWAY = Path(__file__).parents[2] / "gateway"


class Mistake(NamedTuple):
    """One block of `data/mistakes.txt`."""

    name: str
    old: str
    new: str
    told: str


def mistakes() -> list[Mistake]:
    """All blocks, in their order."""
    found = []
    text = (DATA / "mistakes.txt").read_text("utf-8")
    for block in text.split("\n=== ")[1:]:
        lines = block.rstrip("\n").split("\n")
        old = [line for line in lines[1:] if re.match(r"-( |$)", line)]
        new = [line for line in lines[1:] if re.match(r"\+( |$)", line)]
        told = lines[1 + len(old) + len(new) :]
        cut = ["\n".join(line[2:] for line in part) for part in (old, new)]
        found.append(Mistake(lines[0], cut[0], cut[1], "\n".join(told)))
    return found


@pytest.mark.parametrize("mistake", mistakes(), ids=lambda mistake: mistake.name)
def test_a_mistake_is_told_at_its_place(mistake: Mistake, tmp_path: Path) -> None:
    menus, problems = broken_shop(tmp_path, {mistake.old: mistake.new})
    told = "\n".join(line.rstrip() for line in shown(problems, tmp_path).rstrip().split("\n"))
    assert told == mistake.told
    assert mistake.name.split()[0] in told
    assert (menus is None) == failed(problems)


def test_every_code_of_the_checks_has_its_mistake() -> None:
    codes = set()
    for module in (GATEWAY / "menu").rglob("*.py"):
        codes.update(re.findall(r'"(M\d{3})"', module.read_text("utf-8")))
    told = {mistake.name.split()[0] for mistake in mistakes()}
    assert codes - told == {"M308"}  # below: its counting comes from outside


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    edits = {
        "then: {ok: balance.show}": "then: {ok: balance.shw}",
        "command: promised.debt": "command: promised.dept",
        "tries_max: 3": "tries_mx: 3",
        'minutes: {key: "1"': 'minutes: {key: "0"',
        "type: amount, min: 10, max: 5000": "type: amount, min: 10",
        "en: No debt": "en: 012",
    }
    menus, problems = broken_shop(tmp_path, edits)
    assert menus is None
    assert {"M201", "M202", "M101", "M208", "M503", "M105"} <= {each.code for each in problems}


def test_a_file_that_is_not_yaml_hides_no_mistake_of_another_file(tmp_path: Path) -> None:
    edits = {
        "en: Goodbye}": "en: Goodbye",
        "type: amount, min: 10, max: 5000": "type: amount, min: 10",
    }
    _, problems = broken_shop(tmp_path, edits)
    assert sorted({each.code for each in problems}) == ["M100", "M503"]


def test_a_long_screen_is_a_warning_and_serves(tmp_path: Path) -> None:
    def pages(screen: Screen) -> int:
        return 1 + (len(screen.text) + sum(len(each.text) for each in screen.choices)) // 20

    menus, problems = broken_shop(tmp_path, {"tries_max: 3": "tries_max: 4"}, pages={"ussd": pages})
    assert menus is not None
    assert {(each.code, each.severity) for each in problems} == {("M308", "warning")}
    told = shown(problems, tmp_path)
    assert told.startswith(
        "shop.yaml:122:5: M308 warning: USSD pages at worst: 5 in ru, 6 in en, 6 in ru-Latn\n"
    )
    assert "^^^^ at most 3 (settings.pages_max.ussd): shorten it" in told


def test_a_root_from_outside_is_reached_and_brings_its_variables(tmp_path: Path) -> None:
    edits = {
        "en: Service unavailable}": "en: Service unavailable}\n    result: failed\n"
        "  by_code:\n    kind: end\n    text: {ru: '{sum|money}', en: '{sum|money}'}"
    }
    alone, problems = broken_shop(tmp_path, edits)
    assert alone is None
    assert [each.code for each in problems if "by_code" in each.message] == ["M401"]
    menus, problems = broken_shop(tmp_path, edits, {"by_code": {"sum": "money"}})
    assert (menus is not None, problems) == (True, [])


def test_no_files_no_menus(tmp_path: Path) -> None:
    menus, problems = load_menus(tmp_path / "nowhere", COMMANDS)
    assert menus is None
    assert [each.code for each in problems] == ["M100"]


def test_the_version_follows_the_octets_of_the_files(tmp_path: Path) -> None:
    same, _ = broken_shop(tmp_path, {})
    other, _ = broken_shop(tmp_path, {"en: Goodbye": "en: Bye"})
    assert same is not None
    assert other is not None
    assert same.version == shop().version != other.version
