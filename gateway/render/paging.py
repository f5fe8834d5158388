"""Paging: a screen cut into pages that each fit, by whatever measure the channel counts with.

Text comes first, then the options, one a line, then the navigation line (`0 Back 9 More`). A cut
falls between options; where a piece is too long for any page, between its lines, then between its
words, then anywhere. Keys never shift: an option keeps its own on every page. The notice stands
above the text on the first page.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

from gateway.domain.port import Screen

Fits = Callable[[str], bool]
"""Whether a page can be carried; what fits still fits when its end is taken away."""

_Piece = tuple[str, str]
"""What joins it to the piece before it on the same page, and its text."""

# A piece too long for any page is taken apart at these, the coarsest first.
_SEAMS = ("\n", " ")


def blocks(screen: Screen) -> list[str]:
    """What a screen says, top down, each to be kept together: notice and text, every option."""
    lead = f"{screen.notice}\n{screen.text}" if screen.notice and screen.text else ""
    lead = lead or screen.notice or screen.text
    options = [f"{choice.key} {choice.text}" for choice in screen.choices]
    return [lead, *options] if lead else options


def screen_pages(screen: Screen, fits: Fits) -> tuple[str, ...]:
    """The pages of a screen with its navigation line: `back` on each, `more` on all but the last.

    Raises ValueError where not one character fits beside the navigation line.
    """
    back, more = screen.back, screen.more
    last = f"{back.key} {back.text}" if back else ""
    going_on = f"{last} {more.key} {more.text}".lstrip() if more else last
    return pages(blocks(screen), fits, last, going_on)


def pages(texts: Sequence[str], fits: Fits, last: str = "", going_on: str = "") -> tuple[str, ...]:
    """Blocks of text -> pages. `last` is the navigation line of the last page, `going_on` of the
    others. Raises ValueError where not one character fits beside the navigation line."""
    whole = "\n".join((*texts, last) if last else texts)
    if fits(whole):
        return (whole,)
    below = f"\n{going_on}" if going_on else ""
    end = f"\n{last}" if last else ""
    made: list[str] = []
    waiting: list[_Piece] = [("\n", text) for text in reversed(texts or ("",))]
    page = ""
    while waiting:
        joint, text = waiting.pop()
        longer = f"{page}{joint}{text}" if page else text
        if fits(longer + below):
            page = longer
        elif finer := _finer(page, joint, text, below, fits):
            waiting.extend(finer)
        else:
            made.append(page + below)
            page = ""
            rest = text + "".join([joint + text for joint, text in reversed(waiting)])
            if fits(rest + end):
                return (*made, rest + end)
            waiting.append((joint, text))
    return (*made, page + end)


def _finer(page: str, joint: str, text: str, below: str, fits: Fits) -> list[_Piece]:
    """A piece no page can hold, taken apart, its beginning last; none where it should rather begin
    the next page."""
    if page and fits(text + below):
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
