"""What holds for any screen: every page fits, no option is lost, nothing changes its order."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.port import Choice, Screen
from gateway.render.paging import Fits, Lines, pages
from gateway.render.ussd import ussd_pages
from gateway.wire.gsm.alphabet import encode_gsm7, encode_ucs2, is_gsm7, pack_ussd

BACK = Choice("back", "0", "Назад")
MORE = Choice("more", "9", "Ещё")


def at_most(length: int) -> Fits:
    return lambda page: len(page) <= length


def cut(text: str | list[str], length: int) -> list[str]:
    """Pages of `length` characters with the navigation lines `<` and `< >`."""
    texts = [text] if isinstance(text, str) else text
    return list(pages(texts, at_most(length), Lines("<", "< >", "< >", "<")))


@pytest.mark.parametrize(
    ("texts", "length", "expected"),
    [
        # all on one page: no `more`
        (["a", "bb"], 6, ["a\nbb\n<"]),
        # between options
        (["aaa", "bbb", "ccc"], 11, ["aaa\nbbb\n< >", "ccc\n<"]),
        # the rest fits only because the last page needs no `more`
        (["aaa", "bbb", "cccc"], 10, ["aaa\n< >", "bbb\ncccc\n<"]),
        # between lines where a block is too long for any page; the next option stays whole
        (["aaa\nbbb\nccc", "ddd"], 11, ["aaa\nbbb\n< >", "ccc\nddd\n<"]),
        # an option that fits alone is never taken apart, though a word of it would fit here
        (["aaaaa", "bbb bbb"], 11, ["aaaaa\n< >", "bbb bbb\n<"]),
        # between words where a line is too long for any page
        (["aaa bbb ccc ddd"], 11, ["aaa bbb\n< >", "ccc ddd\n<"]),
        # what is taken apart fills the page it begins on
        (["n\naaa bbb ccc ddd"], 11, ["n\naaa\n< >", "bbb ccc\n< >", "ddd\n<"]),
        # anywhere where a word is too long
        (["aaaaaaaaaaaaaaaaaa"], 11, ["aaaaaaa\n< >", "aaaaaaa\n< >", "aaaa\n<"]),
        (["aaa bbbbbbbbbb"], 11, ["aaa bbb\n< >", "bbbbbbb\n<"]),
        # a full page, and then a word too long for any
        (["aaaaaaa", "bbbbbbbbbb"], 11, ["aaaaaaa\n< >", "bbbbbbb\n< >", "bbb\n<"]),
        # an empty line goes with the cut
        (["aaa\n\nbbbb"], 8, ["aaa\n\n< >", "bbbb\n<"]),
        ([], 5, ["<"]),
    ],
)
def test_where_it_cuts(texts: list[str], length: int, expected: list[str]) -> None:
    assert cut(texts, length) == expected


@pytest.mark.parametrize("texts", [["abc"], [], ["", ""]])
def test_no_room_beside_the_navigation(texts: list[str]) -> None:
    with pytest.raises(ValueError, match="no page can hold"):
        pages(texts, at_most(2), Lines("<<<", "<<< >", "<<< >", "<<<"))


words = st.text(st.sampled_from("abcя€[😀ё \n"), max_size=120)
labels = st.text(st.sampled_from("abcЯ€ю "), min_size=1, max_size=60)


@st.composite
def screens(draw: st.DrawFn) -> Screen:
    options = draw(st.lists(labels, max_size=8))
    return Screen(
        "any",
        "ru",
        draw(words),
        tuple(Choice(f"id{n}", str(n), text) for n, text in enumerate(options, 1)),
        back=draw(st.sampled_from([BACK, None])),
        earlier=draw(st.sampled_from([BACK, None])),
        more=MORE,
        notice=draw(st.sampled_from(["", "Нет такого пункта"])),
    )


def body(page: str) -> str:
    """A page without its navigation line."""
    return re.sub(r"\n?(0 Назад|9 Ещё|0 Назад 9 Ещё)$", "", page)


@given(screens(), st.sampled_from([160, 112, 80]), st.booleans())
def test_any_screen(screen: Screen, octets_max: int, ends: bool) -> None:
    made = ussd_pages(screen, octets_max, ends)
    for page in made:
        octets = pack_ussd(encode_gsm7(page)) if is_gsm7(page) else encode_ucs2(page)
        assert len(octets) <= octets_max
    assert ["9 Ещё" in page for page in made] == [True] * (len(made) - 1) + [False]
    offered = ["0 Назад" in page.split("\n")[-1] for page in made]
    later = [screen.back or screen.earlier] * (len(made) - 1)
    if ends and later:
        later[-1] = None
    assert offered == [screen.back is not None, *(label is not None for label in later)]
    # Everything is there, in order; only blanks may go where a page ends.
    lines = [screen.notice, screen.text, *(f"{c.key} {c.text}" for c in screen.choices)]
    assert "".join("".join(map(body, made)).split()) == "".join("".join(lines).split())


@given(screens())
def test_an_option_keeps_its_line(screen: Screen) -> None:
    """An option that fits a page beside the navigation stands whole on one page."""
    made = ussd_pages(screen)
    for choice in screen.choices:
        line = f"{choice.key} {choice.text}"
        if len(line) <= 80 - len("\n0 Назад 9 Ещё"):
            assert sum(f"\n{line}\n" in f"\n{page}\n" for page in made) >= 1
