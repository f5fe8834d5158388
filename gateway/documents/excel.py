"""Excel: one sheet; money and counts are numbers, so that they can be reckoned with."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from gateway.documents.columns import widths
from gateway.domain.report import Cell, Document

_MONEY = "#,##0.00"


def excel(document: Document) -> bytes:
    """The file. Texts are written as texts: nothing a subscriber wrote becomes a formula."""
    file = BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        _fill(book, document)
    return file.getvalue()


def _fill(book: Workbook, document: Document) -> None:
    plain, money = book.add_format(), book.add_format({"num_format": _MONEY})
    bold = book.add_format({"bold": True})
    bold_money = book.add_format({"bold": True, "num_format": _MONEY})
    sheet = book.add_worksheet()
    sheet.write_string(0, 0, document.title, book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, document.about)
    first = 3
    for place, head in enumerate(document.heads):
        sheet.write_string(first, place, head, bold)
    for place, width in enumerate(widths(document)):
        sheet.set_column(place, place, width + 2)
    for number, line in enumerate(document.rows, first + 1):
        _write(sheet, number, line, plain, money)
    if document.totals:
        _write(sheet, first + 1 + len(document.rows), document.totals, bold, bold_money)
    sheet.freeze_panes(first + 1, 0)


def _write(sheet: Any, row: int, line: tuple[Cell, ...], words: Any, money: Any) -> None:
    for place, cell in enumerate(line):
        if cell.number is None:
            sheet.write_string(row, place, cell.text, words)
        else:
            whole = cell.text == str(int(cell.number))
            sheet.write_number(row, place, cell.number, words if whole else money)
