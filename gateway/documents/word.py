"""Word: a heading, the line under it, and one table whose head repeats on every page."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document as new_file
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement

from gateway.documents.columns import numeric
from gateway.domain.report import Document

_FONT = "Arial"
"""Every office has it, with Cyrillic."""


def word(document: Document) -> bytes:
    """The file."""
    made = new_file()
    made.styles["Normal"].font.name = _FONT
    made.core_properties.author = ""
    made.core_properties.title = document.title
    made.add_heading(document.title, level=1)
    if document.about:
        made.add_paragraph(document.about)
    if document.heads:
        _table(made, document)
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def _table(made: Any, document: Document) -> None:
    lines = [tuple(cell.text for cell in line) for line in document.rows]
    totals = [tuple(cell.text for cell in document.totals)] if document.totals else []
    texts = [document.heads, *lines, *totals]
    table = made.add_table(rows=len(texts), cols=len(document.heads), style="Table Grid")
    right = numeric(document)
    bold = {0, len(texts) - 1} if totals else {0}
    cells = iter(table._cells)  # each look-up by row or column would walk the whole table
    for number, line in enumerate(texts):
        for place, text in enumerate(line):
            paragraph = next(cells).paragraphs[0]
            paragraph.add_run(text).bold = number in bold
            if right[place]:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    head = table.rows[0]._tr.get_or_add_trPr()
    head.append(OxmlElement("w:tblHeader"))
