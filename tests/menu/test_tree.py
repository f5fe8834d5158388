"""The menus as lines: every state opens once, and what leads to it again says where."""

from __future__ import annotations

from collections import Counter

import pytest

from gateway.menu.tree import Line, Taken, tree
from tests.menu.shop import shop

SHOP = shop()
START = SHOP.settings.start
ALL = (("", (START,)), ("by the settings", tuple(SHOP.compiled.states)))


def _lines(root: str, taken: Taken | None = None) -> list[Line]:
    return list(tree(SHOP, (("", (root,)),), {"balance": "shop.yaml:7"}, taken))


def test_a_part_reads_as_it_is_walked() -> None:
    shown = [
        f"{line.rails}{line.key} {line.state} {line.see}".rstrip() for line in _lines("top_up")
    ]
    assert shown == [
        " top_up",
        "└─ answer top_up.use",
        "   ├─ ok top_up.done",
        "   ├─ voucher_unknown, voucher_used top_up see above",
        "   └─ voucher_paused err.service",
    ]


def test_every_state_opens_once_and_every_arrow_has_its_line() -> None:
    lines = list(tree(SHOP, ALL, {}))
    opened = Counter(line.state for line in lines if line.state and not line.see)
    assert opened == Counter(SHOP.compiled.states.keys())
    between = {(edge.source, edge.target) for edge in SHOP.compiled.edges if not edge.default}
    assert len([line for line in lines if line.rails]) == len(between)


def test_above_and_below_are_true() -> None:
    lines = list(tree(SHOP, ALL, {}))
    opened = {line.state: at for at, line in enumerate(lines) if not line.see}
    told = {line.see for line in lines}
    for at, line in enumerate(lines):
        if line.see:
            assert line.see == ("see above" if opened[line.state] < at else "see below")
    assert {"see above", ""} <= told


def test_a_heading_stands_above_what_earlier_trees_do_not_hold() -> None:
    headings = [line.title for line in tree(SHOP, ALL, {}) if not line.state]
    assert headings == ["by the settings"]
    nothing_new = (("", (START,)), ("empty", (START, "balance")))
    assert all(line.state for line in tree(SHOP, nothing_new, {}))


def test_options_have_their_words_and_cases_their_guards() -> None:
    by_state = {(line.key, line.state): line for line in _lines("main")}
    assert by_state["1", "balance"].title == "Balance"
    assert by_state["1", "balance"].place == "shop.yaml:7"
    assert by_state["case 1", "main.company"].title == "flag: corporate_admin"


def test_states_are_marked_by_visits_and_arrows_elsewhere_by_walks() -> None:
    taken = Taken({"top_up", "top_up.use"}, {("top_up.use", "voucher_used")})
    assert [line.taken for line in _lines("top_up", taken)] == [True, True, False, True, False]
    taken = Taken({"top_up"}, frozenset())
    assert [line.taken for line in _lines("top_up", taken)] == [True, False, False, False, False]
    assert {line.taken for line in _lines("top_up")} == {None}


def test_no_such_state() -> None:
    with pytest.raises(KeyError):
        _lines("no.such.state")
