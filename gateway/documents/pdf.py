"""PDF: a table over as many pages as it takes, in a font that is embedded and knows Cyrillic."""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from io import BytesIO
from textwrap import wrap
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer

from gateway.documents.columns import numeric, widths
from gateway.domain.report import Document

REGULAR, BOLD = "PTSans", "PTSans-Bold"
_FILES = {REGULAR: "PT_Sans-Web-Regular.ttf", BOLD: "PT_Sans-Web-Bold.ttf"}
_SIZE = 8
_CHARACTER = 0.56 * _SIZE
"""Points of a middling character."""
_PADDING = 3 * mm
_MARGIN = 15 * mm
_LINE, _SHADE = HexColor(0xB8B8B8), HexColor(0xEEEEEE)


def pdf(document: Document) -> bytes:
    """The file."""
    _fonts()
    columns = [width * _CHARACTER + _PADDING for width in widths(document)]
    size = A4 if sum(columns) <= A4[0] - 2 * _MARGIN else landscape(A4)
    room = size[0] - 2 * _MARGIN
    scale = min(1.0, room / sum(columns)) if columns else 1.0
    parts: list[Any] = [
        Paragraph(escape(document.title), _style(BOLD, 14)),
        Spacer(1, 3 * mm),
        Paragraph(escape(document.about), _style(REGULAR, 9)),
        Spacer(1, 4 * mm),
    ]
    if document.heads:
        parts.append(_table(document, [width * scale for width in columns]))
    file = BytesIO()
    made = SimpleDocTemplate(
        file,
        pagesize=size,
        title=document.title,
        invariant=1,  # no date of making: the same report is the same file
        **dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), _MARGIN),
    )
    made.build(parts, onFirstPage=_number, onLaterPages=_number)
    return file.getvalue()


def _table(document: Document, columns: list[float]) -> LongTable:
    lines = [[cell.text for cell in line] for line in document.rows]
    totals = [[cell.text for cell in document.totals]] if document.totals else []
    characters = [max(4, int((width - _PADDING) / _CHARACTER)) for width in columns]
    texts = [
        ["\n".join(wrap(text, most)) for text, most in zip(line, characters, strict=True)]
        for line in ([*document.heads], *lines, *totals)
    ]
    style: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, -1), REGULAR, _SIZE),
        ("FONT", (0, 0), (-1, 0), BOLD, _SIZE),
        ("BACKGROUND", (0, 0), (-1, 0), _SHADE),
        ("LINEBELOW", (0, 0), (-1, -1), 0.25, _LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    if totals:
        style.append(("FONT", (0, -1), (-1, -1), BOLD, _SIZE))
    for place, right in enumerate(numeric(document)):
        if right:
            style.append(("ALIGN", (place, 0), (place, -1), "RIGHT"))
    return LongTable(texts, colWidths=columns, repeatRows=1, style=style, hAlign="LEFT")


def _style(font: str, size: int) -> ParagraphStyle:
    return ParagraphStyle(font, fontName=font, fontSize=size, leading=size * 1.3, alignment=TA_LEFT)


def _number(canvas: Any, made: Any) -> None:
    canvas.setFont(REGULAR, _SIZE)
    canvas.drawRightString(made.pagesize[0] - _MARGIN, _MARGIN / 2, str(canvas.getPageNumber()))


@cache
def _fonts() -> None:
    for name, file in _FILES.items():
        with as_file(files("fontpkg_pt_sans") / "files" / file) as path:
            registerFont(TTFont(name, str(path)))
