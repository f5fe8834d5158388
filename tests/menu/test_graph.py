"""Menus drawn: every state once, no box over another, well-formed."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from gateway.menu.graph import BOX_HEIGHT, BOX_WIDTH, mermaid, svg
from tests.menu.shop import shop

SHOP = shop()
DRAWN = set(SHOP.compiled.states) - {
    # only the settings lead there
    "bye",
    "err.tries",
    "err.timeout",
    "err.level",
    "err.blocked",
    "err.funds",
}
SVG = "{http://www.w3.org/2000/svg}"


def test_mermaid_has_every_state_and_says_what_takes_an_edge() -> None:
    text = mermaid(SHOP)
    lines = text.splitlines()
    assert lines[0] == "flowchart LR"
    assert set(re.findall(r'^  s\d+\["([a-z_.]+)<br/>', text, re.M)) == DRAWN
    names = {name: short for short, name in re.findall(r'^  (s\d+)\["([a-z_.]+)<br/>', text, re.M)}
    assert f'  {names["main.private"]} -- "1" --> {names["balance"]}' in lines
    assert f'  {names["main"]} -- "case 1" --> {names["main.company"]}' in lines
    top_up = f'  {names["top_up.use"]} -- "voucher_unknown, voucher_used" --> {names["top_up"]}'
    assert top_up in lines
    assert f'  {names["packages.buy"]}["packages.buy<br/>packages.buy"]:::kind_do' in lines


def test_svg_is_well_formed_and_no_box_lies_over_another() -> None:
    root = ElementTree.fromstring(svg(SHOP, language="ru"))
    boxes = [(int(each.get("x", "")), int(each.get("y", ""))) for each in root.iter(f"{SVG}rect")
             if each.get("rx")]  # fmt: skip
    assert len(boxes) == len(DRAWN)
    for number, (x, y) in enumerate(boxes):
        for other_x, other_y in boxes[number + 1 :]:
            assert abs(x - other_x) >= BOX_WIDTH or abs(y - other_y) >= BOX_HEIGHT
    width, height = int(root.get("width", "")), int(root.get("height", ""))
    assert all(x + BOX_WIDTH < width and y + BOX_HEIGHT < height for x, y in boxes)


def test_a_part_from_a_root_of_its_own() -> None:
    assert "main" not in re.findall(r'\["([a-z_.]+)<br/>', mermaid(SHOP, "packages"))
    with pytest.raises(KeyError):
        mermaid(SHOP, "no.such.state")
