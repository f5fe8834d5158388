"""A report: what a document holds, before it is a file of any format.

Its words are the message catalogue's: the title is the text `report.<id>`, a column's head the
label `report_column.<column id>`, so that one report is written in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

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
