"""A screen as one SMS text: the same lines as on USSD, without the keys of its navigation."""

from __future__ import annotations

from dataclasses import replace

from gateway.domain.port import Screen
from gateway.render.paging import blocks
from gateway.wire.gsm.segments import Segment, split


def sms_text(screen: Screen, how: str = "") -> str:
    """Notice, text and options, one a line; long messages are the wire's affair. `how`: by which
    words a yes is given, which stands last, in the place of its option."""
    if how:
        others = tuple(choice for choice in screen.choices if not choice.confirm)
        return "\n".join([*blocks(replace(screen, choices=others)), how])
    return "\n".join(blocks(screen))


def sms_parts(text: str, wide: bool = False) -> list[Segment]:
    """The parts a text is sent in (`wide`: with a 16-bit reference).

    Raises `SegmentError` (`too_many_parts`) beyond 255.
    """
    return split(text, wide)
