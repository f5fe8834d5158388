"""Paging: a screen cut into pages that each fit, by whatever measure the channel counts with.

Text comes first, then the options, one a line, then the navigation line (`0 Back 9 More`). A cut
falls between options; where a piece is too long for any page, between its lines, then between its
words, then anywhere. Keys never shift: an option keeps its own on every page. The notice stands
above the text on the first page.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import NamedTuple

from gateway.domain.port import Choice, Screen

Fits = Callable[[str], bool]
"""Whether a page can be carried; what fits still fits when its end is taken away."""

_Piece = tuple[str, str]
"""What joins it to the piece before it on the same page, and its text."""


class Lines(NamedTuple):
    """The navigation line of a page, by where the page stands; empty for none."""

    whole: str = ""
    """Of the only page."""
    first: str = ""
    middle: str = ""
    last: str = ""


# A piece too long for any page is taken apart at these, the coarsest first.
_SEAMS = ("\n", " ")


def blocks(screen: Screen) -> list[str]:
    """What a screen says, top down, each to be kept together: notice and text, every option."""
    lead = f"{screen.notice}\n{screen.text}" if screen.notice and screen.text else ""
    lead = lead or screen.notice or screen.text
    options = [f"{choice.key} {choice.text}" for choice in screen.choices]
    return [lead, *options] if lead else options


def screen_pages(screen: Screen, fits: Fits, ends: bool = False) -> tuple[str, ...]:
    """The pages of a screen with its navigation line: `back` on the first where there is a state
    to go back to, and on every later one, to the page before; `more` on all but the last. Where
    the screen `ends` the dialogue its last page waits for nothing, and offers nothing.

    Raises ValueError where not one character fits beside the navigation line.
    """
    back, earlier, more = map(_label, (screen.back, screen.earlier or screen.back, screen.more))
    last = "" if ends or screen.expect.kind == "nothing" else earlier
    lines = Lines(back, f"{back} {more}".strip(), f"{earlier} {more}".strip(), last)
    return pages(blocks(screen), fits, lines)


def _label(choice: Choice | None) -> str:
    return f"{choice.key} {choice.text}" if choice else ""


def pages(texts: Sequence[str], fits: Fits, lines: Lines) -> tuple[str, ...]:
    """Blocks of text -> pages with their navigation lines. Raises ValueError where not one
    character fits beside them."""
    whole = "\n".join((*texts, lines.whole) if lines.whole else texts)
    if fits(whole):
        return (whole,)
    below, later, end = (
        f"\n{line}" if line else "" for line in (lines.first, lines.middle, lines.last)
    )
    made: list[str] = []
    waiting: list[_Piece] = [("\n", text) for text in reversed(texts or ("",))]
    page = ""
    while waiting:
        joint, text = waiting.pop()
        longer = f"{page}{joint}{text}" if page else text
        if fits(longer + below):
            page = longer
        elif finer := _finer(page, joint, text, (below, later), fits):
            waiting.extend(finer)
        else:
            made.append(page + below)
            page, below = "", later
            rest = text + "".join([joint + text for joint, text in reversed(waiting)])
            if fits(rest + end):
                return (*made, rest + end)
            waiting.append((joint, text))
    return (*made, page + end)


def _finer(page: str, joint: str, text: str, lines: tuple[str, str], fits: Fits) -> list[_Piece]:
    """A piece no page can hold, taken apart, its beginning last; none where it should rather begin
    the next page. `lines` stand below this page and the next."""
    below, later = lines
    if page and fits(text + later):
        return []
    for seam in _SEAMS:
        first, *others = text.split(seam)
        if others:
            return [*((seam, part) for part in reversed(others)), (joint, first)]
    before = page + joint if page else ""
    held = bisect_left(
        range(1, len(text) + 1), True, key=lambda end: not fits(before + text[:end] + below)
    )
    if not held and not page:
        raise ValueError(f"no page can hold a character beside {below!r}")
    return [("", text[held:]), (joint, text[:held])] if held else []
