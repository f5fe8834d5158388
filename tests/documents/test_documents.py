"""Documents are real files: independent readers find in them what the report says."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document as read_word
from openpyxl import load_workbook
from pypdf import PdfReader

from gateway.documents import FILES
from gateway.domain.report import Cell, Document

ROWS = (
    (Cell("25.11.2026 14:46"), Cell("Звонок"), Cell("3", 3.0), Cell("1234,50", 1234.5)),
    (Cell("25.11.2026 14:50"), Cell("=2+2"), Cell("1", 1.0), Cell("-2,00", -2.0)),
    (Cell(""), Cell("<b>&amp; Ёж</b>"), Cell(""), Cell("0,00", 0.0)),
)
DOCUMENT = Document(
    "Детализация расходов",
    "Номер 9220000001, с 01.11.2026 по 25.11.2026",
    ("Когда", "Что", "Единиц", "Сумма, р."),
    ROWS,
    (Cell(""), Cell(""), Cell(""), Cell("1232,50", 1232.5)),
)
LINES = [list(DOCUMENT.heads), *([cell.text for cell in line] for line in ROWS)]
TOTALS = [cell.text for cell in DOCUMENT.totals]
EMPTY = Document("Отчёт", "", ("Когда", "Сумма"), (), ())
LONG = Document("Отчёт", "о многом", DOCUMENT.heads, ROWS * 200, DOCUMENT.totals)
WIDE = Document(
    "Отчёт",
    "",
    tuple(f"Столбец {number}" for number in range(12)),
    (tuple(Cell("слово " * 12) for _ in range(12)),),
    (),
)


def test_word_holds_the_table_as_text() -> None:
    made = read_word(BytesIO(FILES["word"].write(DOCUMENT)))
    words = [paragraph.text for paragraph in made.paragraphs]
    assert words == [DOCUMENT.title, DOCUMENT.about]
    (table,) = made.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [*LINES, TOTALS]
    assert "w:tblHeader" in table.rows[0]._tr.xml, "its head is repeated on every page"
    assert [run.bold for run in table.rows[-1].cells[3].paragraphs[0].runs] == [True]


def test_excel_holds_numbers_to_reckon_with_and_no_formula() -> None:
    book = load_workbook(BytesIO(FILES["excel"].write(DOCUMENT)))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert rows[0][0] == DOCUMENT.title
    assert rows[1][0] == DOCUMENT.about
    assert rows[3] == list(DOCUMENT.heads)
    assert rows[4] == ["25.11.2026 14:46", "Звонок", 3, 1234.5]
    assert rows[5] == ["25.11.2026 14:50", "=2+2", 1, -2]
    assert rows[6][3] == 0
    assert rows[7][3] == 1232.5
    assert book.active["B6"].data_type == "s", "what a subscriber wrote is a text"
    assert book.active["D5"].number_format == "#,##0.00"


def test_pdf_holds_the_words_in_a_font_of_its_own() -> None:
    made = PdfReader(BytesIO(FILES["pdf"].write(DOCUMENT)))
    text = made.pages[0].extract_text()
    for line in (*LINES, TOTALS, [DOCUMENT.title, DOCUMENT.about]):
        for word in line:
            assert word in text, word
    fonts = made.pages[0]["/Resources"]["/Font"]
    for name in fonts:
        font = fonts[name].get_object()
        if "PTSans" in font["/BaseFont"]:
            assert "/FontFile2" in font["/FontDescriptor"].get_object(), "embedded"
    assert any("PTSans" in fonts[name].get_object()["/BaseFont"] for name in fonts)


def test_a_long_pdf_repeats_its_head() -> None:
    pages = PdfReader(BytesIO(FILES["pdf"].write(LONG))).pages
    assert len(pages) > 5
    for page in pages:
        assert "Единиц" in page.extract_text()
    assert "1232,50" in pages[-1].extract_text()


@pytest.mark.parametrize("format", FILES)
@pytest.mark.parametrize("document", [EMPTY, WIDE, Document("Отчёт", "", (), (), ())])
def test_any_report_makes_a_file(format: str, document: Document) -> None:
    assert len(FILES[format].write(document)) > 500  # type: ignore[index]


def test_the_same_report_is_the_same_pdf() -> None:
    assert FILES["pdf"].write(DOCUMENT) == FILES["pdf"].write(DOCUMENT)


def test_a_wide_pdf_lies_on_its_side_and_breaks_its_words() -> None:
    (page, *_) = PdfReader(BytesIO(FILES["pdf"].write(WIDE))).pages
    assert page.mediabox.width > page.mediabox.height
    assert page.extract_text().count("слово") == 12 * 12
