"""The menus of the house: the guide's tree with its keys and words, and every command reachable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.domain.catalogue import ALWAYS_REFUSALS, COMMANDS
from gateway.menu.source import load, render
from gateway.turn.short_codes import load_short_codes
from tests.turn.house import Menus

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data"
FILES = sorted((ROOT / "menus").glob("*.yaml"))

NEVER_TYPED = {
    "card.link",  # networks log what is dialled and written: by masked keys in a call (F09)
}


def read(section: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in FILES:
        found.update(load(path).data.get(section) or {})
    return found


STATES, TEXTS = read("states"), read("texts")
SETTINGS = read("settings")


def guide() -> list[list[str]]:
    lines = (DATA / "guide_menus.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def targets(state: dict[str, Any]) -> Iterator[str]:
    for option in state.get("options", {}).values():
        yield option["go"]
    if "pick" in state:
        yield state["pick"]["go"]
    yield from state.get("then", {}).values()
    yield from (case["go"] for case in state.get("cases", ()))
    yield from (state[key] for key in ("go", "else", "timeout") if key in state)
    if state["kind"] == "do":
        yield from SETTINGS["refusals"].values()


def reached(roots: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    waiting = list(roots)
    while waiting:
        state = waiting.pop()
        if state not in seen:
            seen.add(state)
            waiting += targets(STATES[state])
    return seen


def codes():
    loaded, problems = load_short_codes(ROOT / "short_codes.yaml", Menus(STATES, TEXTS))
    assert not problems, render(problems)
    assert loaded is not None
    return loaded


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_reads_and_names_its_schema(path):
    assert render(load(path).problems) == ""
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=./menu.schema.json"


@pytest.mark.parametrize(
    "row", guide(), ids=lambda row: f"{row[0]}-{row[1]}" if isinstance(row, list) else row
)
def test_an_item_of_the_guide_stands_under_its_key(row):
    menu, key, ru, en, level, _, leads_to = row
    found = [each for each in STATES[menu]["options"].values() if each["key"] == key]
    assert len(found) == 1
    option = found[0]
    assert (option["text"], option["level"]) == ({"ru": ru, "en": en}, level)
    assert option["go"] == leads_to


def test_no_menu_of_the_guide_has_items_of_its_own():
    counted = {menu: sum(row[0] == menu for row in guide()) for menu in {r[0] for r in guide()}}
    assert len(counted) == 31
    assert sum(counted.values()) == 158
    assert {menu: len(STATES[menu]["options"]) for menu in counted} == counted


def test_item_keys_leave_0_and_9_to_navigation():
    for name, state in STATES.items():
        keys = [option["key"] for option in state.get("options", {}).values()]
        assert set(keys) <= set("12345678"), name


def test_every_state_is_reached():
    voice = {SETTINGS["voice"][name] for name in ("start", "operator", "bye", "auth")}
    roots = {SETTINGS["tries"], SETTINGS["timeout"], SETTINGS["exit"], *voice, *codes().roots()}
    assert set(STATES) == reached(roots)


def test_every_refusal_of_the_catalogue_has_its_words():
    refusals = {refusal for command in COMMANDS.values() for refusal in command.refusals}
    for refusal in (*refusals, *ALWAYS_REFUSALS):
        first = STATES[SETTINGS["refusals"][refusal]]
        for state in map(STATES.get, targets(first)) if first["kind"] == "route" else (first,):
            assert state["text"]["ru"], refusal
            assert state["text"]["en"], refusal


def befores(target: str) -> list[str]:
    """The states that lead to one."""
    return [name for name, state in STATES.items() if target in targets(state)]


def test_money_moves_only_after_a_question():
    """A state that moves money is entered from a choice or an answer, or by a route that is."""
    movers = {
        name
        for name, state in STATES.items()
        if state["kind"] == "do" and COMMANDS[state["command"]].confirm
    }
    assert {STATES[name]["command"] for name in movers} == {
        name for name, command in COMMANDS.items() if command.confirm
    }
    for name, state in STATES.items():
        if movers & set(targets(state)):
            asks = {name} if state["kind"] != "route" else set(befores(name))
            assert {STATES[each]["kind"] for each in asks} <= {"menu", "ask"}, name
    assert not movers & set(codes().roots())


def test_texts_in_both_languages_name_the_same_unknown_nothing():
    """Latin letters in Russian words and Cyrillic in English ones are slips of a keyboard."""
    for path in FILES:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            english = line.partition('en: "')[2].partition('"')[0]
            assert english.isascii(), f"{path.name}:{number}"
