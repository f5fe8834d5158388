"""A report: what a document holds, before it is a file of any format.

Its words are the message catalogue's: the title is the text `report.<id>`, a column's head the
label `report_column.<column id>`, so that one report is written in the reader's language. Sent so,
a command or a job returns it in a `Letter`, which the mailer makes a file of:

    rows = ({"at": 1_795_000_000, "category": "sms", "amount": 250},)
    columns = (Column("at", "datetime"), Column("category", label="category"),
               Column("amount", "money"))
    report = Report("statement", {"msisdn": msisdn}, columns, rows, {"amount": 250})
    letter = Letter(email, "mail.statement", {"order": 17}, "ru", report, "excel")
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from gateway.domain.values import Value, Values

ReportFormat = Literal["word", "excel", "pdf"]
REPORT_FORMATS: tuple[ReportFormat, ...] = ("word", "excel", "pdf")

ColumnKind = Literal["text", "count", "money", "date", "datetime", "msisdn"]
"""How a cell is written: money is kopecks, dates are epoch seconds."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the name of its cells in the rows, and how they are written."""

    id: str
    kind: ColumnKind = "text"
    label: str = ""
    """The group of labels its cells are words of (`category`), empty where they are as they are."""


@dataclass(frozen=True, slots=True)
class Report:
    """Title, what it is of, a table, and what it sums to."""

    id: str
    values: Values = field(default_factory=dict)
    """Variables of the title and of the line under it (`report.<id>.about`)."""
    columns: tuple[Column, ...] = ()
    rows: tuple[Mapping[str, Value], ...] = ()
    totals: Values = field(default_factory=dict)
    """Column id -> the sum in the last line; empty where nothing is summed."""


class Cell(NamedTuple):
    """One cell as it is read, and the number behind it where it can be reckoned with."""

    text: str
    number: float | None = None
    """Money in roubles, counts as they are."""


@dataclass(frozen=True, slots=True)
class Document:
    """A report in its reader's language: what a file of any format is made of."""

    title: str
    about: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[Cell, ...]
    """The last line; empty where nothing is summed."""
