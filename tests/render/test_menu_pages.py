"""The pages of every menu, as the subscriber sees them in both languages (menu_pages.txt).

A screen is put together from the lines of its golden pages, and must be cut into them again.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gateway.domain.port import Choice, Language, Screen
from gateway.render.ussd import ussd_pages
from tests.render.lengths import lengths

NAVIGATION: dict[Language, tuple[str, str]] = {"ru": ("Назад", "Ещё"), "en": ("Back", "More")}
HEADING = re.compile(r"--- (RU|EN) page \d/\d, (\d+) (UCS-2|GSM-7)\n")
ALPHABETS = {"UCS-2": "ucs2", "GSM-7": "gsm7"}


def golden_pages() -> dict[tuple[str, Language], list[tuple[str, str, int]]]:
    """(menu, language) -> its pages, each with its alphabet and units."""
    found: dict[tuple[str, Language], list[tuple[str, str, int]]] = {}
    text = (Path(__file__).parent / "menu_pages.txt").read_text(encoding="utf-8")
    for section in text.split("=== ")[1:]:
        menu, _, body = section.partition("\n")
        pieces = HEADING.split(body)[1:]
        for at in range(0, len(pieces), 4):
            language: Language = "ru" if pieces[at] == "RU" else "en"
            page = (pieces[at + 3].rstrip("\n"), ALPHABETS[pieces[at + 2]], int(pieces[at + 1]))
            found.setdefault((menu, language), []).append(page)
    return found


PAGES = golden_pages()


def screen_of(menu: str, language: Language) -> Screen:
    """The screen whose lines the golden pages show."""
    back, more = NAVIGATION[language]
    lines = [line for page, _, _ in PAGES[menu, language] for line in page.split("\n")]
    said = [line for line in lines if not line.startswith("0 ")]
    options = [line for line in said if line[0].isdigit()]
    return Screen(
        menu,
        language,
        "\n".join(line for line in said if line not in options),
        tuple(Choice(line[2:], line[0], line[2:]) for line in options),
        back=Choice("back", "0", back) if len(said) < len(lines) else None,
        more=Choice("more", "9", more),
    )


def test_all_menus_are_here() -> None:
    assert len(PAGES) == 62


@pytest.mark.parametrize(("menu", "language"), PAGES)
def test_pages(menu: str, language: Language) -> None:
    expected = PAGES[menu, language]
    assert list(ussd_pages(screen_of(menu, language))) == [page for page, _, _ in expected]
    for page, alphabet, units in expected:
        assert lengths(page)[:2] == (alphabet, units)
