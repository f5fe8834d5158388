"""USSD pages: counted in octets of the ussd-String after encoding (3GPP TS 23.038 §5, §6.1.2.3).

The alphabet is chosen page by page: GSM 7-bit packed where the page's characters allow it (182
septets in 160 octets), else UCS-2 (80 units).
"""

from __future__ import annotations

from functools import lru_cache

from gateway.domain.port import Screen
from gateway.render.paging import Fits, screen_pages
from gateway.wire.gsm.alphabet import encode_ucs2, is_gsm7, septets

OCTETS_MAX = 160
"""A ussd-String; links that wrap it in short-form BER carry 112."""


READY_SCREENS_MAX = 4096
"""Screens whose pages are remembered."""


def ussd_pages(screen: Screen, octets_max: int = OCTETS_MAX, ends: bool = False) -> tuple[str, ...]:
    """A screen as USSD pages of at most `octets_max` octets each, never none. `ends`: the dialogue
    is over with its last page.

    Raises ValueError where not one character fits beside the navigation line.
    """
    if screen.values or screen.notice:
        return screen_pages(screen, _fits(octets_max), ends)
    return _ready_pages(_Same(screen), octets_max, ends)


class _Same:
    """A screen as itself: one that needs no variables is made once a menu set, and so are its
    pages; comparing its texts would cost more than cutting them."""

    __slots__ = ("screen",)

    def __init__(self, screen: Screen) -> None:
        self.screen = screen

    def __hash__(self) -> int:
        return id(self.screen)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.screen is self.screen


@lru_cache(maxsize=READY_SCREENS_MAX)
def _ready_pages(same: _Same, octets_max: int, ends: bool) -> tuple[str, ...]:
    return screen_pages(same.screen, _fits(octets_max), ends)


@lru_cache(maxsize=16)
def _fits(octets_max: int) -> Fits:
    septets_max = octets_max * 8 // 7
    units_max = octets_max // 2

    def fits(page: str) -> bool:
        length = len(page)
        if length * 2 <= units_max:  # no character costs more than two units, or two septets
            return True
        if length > septets_max:
            return False
        if is_gsm7(page):
            # A CR that ends a full page is doubled (§6.1.2.3.1), so it is counted twice.
            return septets(page) + page.endswith("\r") <= septets_max
        return length <= units_max and len(encode_ucs2(page)) <= octets_max

    return fits
