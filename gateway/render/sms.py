"""A screen as one SMS text: the same lines as on USSD, without the keys of its navigation."""

from __future__ import annotations

from gateway.domain.port import Language, Screen
from gateway.render.paging import blocks
from gateway.wire.gsm.segments import Segment, split

_HINTS: dict[Language, str] = {
    "ru": "Ответьте цифрой.",
    "en": "Reply with a number.",
    "ru-Latn": "Otvet'te tsifroy.",
}


def sms_text(screen: Screen) -> str:
    """Notice, text, options one a line, and a hint to answer where there are options."""
    lines = blocks(screen)
    if screen.choices:
        lines.append(_HINTS[screen.language])
    return "\n".join(lines)


def sms_parts(text: str, wide: bool = False) -> list[Segment]:
    """The parts a text is sent in (`wide`: with a 16-bit reference).

    Raises `SegmentError` (`too_many_parts`) beyond 255.
    """
    return split(text, wide)
