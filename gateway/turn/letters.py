"""Letters are written at once, in the reader's language: what the mail holds needs no menus.

Subject and body are the texts `<text_id>.subject` and `<text_id>.body` of the message catalogue. A
report's title is `report.<id>`, the line under it `report.<id>.about`, where there is one; the head
of a column is its label in `report_column`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gateway.domain.port import Language, Letter, Sms
from gateway.domain.report import Cell, Column, ColumnKind, Document, Report
from gateway.domain.values import Value, Values
from gateway.menu.engine import MenuSet
from gateway.menu.text import Field
from gateway.turn.unit import Mail

ROWS_MAX = 10_000
"""Of a report; whoever makes one of more rows has not read `Report`."""

_FILTERS: Mapping[ColumnKind, str] = {
    "text": "",
    "count": "",
    "money": "decimal",
    "date": "full_date",
    "datetime": "full_datetime",
    "msisdn": "msisdn",
}
_UNITS: Mapping[ColumnKind, int] = {"money": 100, "count": 1}
"""Kinds that can be reckoned with: how many of their smallest are one."""
_HEAD = Field("head", "label", "report_column")
_EMPTY = Cell("")


def write_letter(letter: Letter, id: str, now: float, menus: MenuSet, then: Sms | None) -> Mail:
    """The letter as the mail keeps it; `then` is its `Letter.then`, written already.

    Raises KeyError for a text that the catalogue has not (a bug: commands are tested).
    """
    language, values = letter.language, letter.values
    return Mail(
        id=id,
        to=letter.to,
        subject=menus.text(f"{letter.text_id}.subject", language, values),
        body=menus.text(f"{letter.text_id}.body", language, values),
        at=now,
        document=write_report(letter.report, language, menus) if letter.report else None,
        format=letter.format,
        then=then,
        secret=letter.secret,
    )


def write_report(report: Report, language: Language, menus: MenuSet) -> Document:
    """The report in words. Raises KeyError for a title that the catalogue has not."""
    assert len(report.rows) <= ROWS_MAX, f"a report of more than {ROWS_MAX} rows"
    title, about = f"report.{report.id}", f"report.{report.id}.about"
    head = menus.writer(_HEAD, language)
    writers = [(column.id, _writer(column, language, menus)) for column in report.columns]

    def line(values: Values) -> tuple[Cell, ...]:
        return tuple(write(values.get(name)) for name, write in writers)

    return Document(
        title=menus.text(title, language, report.values),
        about=menus.text(about, language, report.values) if menus.has_text(about) else "",
        heads=tuple(head(column.id) for column in report.columns),
        rows=tuple(line(row) for row in report.rows),
        totals=line(report.totals) if report.totals else (),
    )


def _writer(column: Column, language: Language, menus: MenuSet) -> Callable[[Value], Cell]:
    field = Field(column.id, _FILTERS[column.kind])
    if column.label:
        field = Field(column.id, "label", column.label)
    write, units = menus.writer(field, language), _UNITS.get(column.kind)

    def cell(value: Value) -> Cell:
        if value is None:
            return _EMPTY
        if units is None or not isinstance(value, int):
            return Cell(write(value))
        return Cell(write(value), value / units)

    return cell
