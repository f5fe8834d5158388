"""A DOCUMENT AS A FILE: a report in words -> the bytes of a Word, Excel or PDF file. Pure.

A ring of its own, because it is the only place that needs the libraries of these formats, and
nothing of it is needed before a letter leaves. It imports the words of `domain` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gateway.documents.excel import excel
from gateway.documents.pdf import pdf
from gateway.documents.word import word
from gateway.domain.report import Document, ReportFormat

__all__ = ["FILES", "FileFormat"]

_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class FileFormat:
    """One row: how a format is written and called."""

    write: Callable[[Document], bytes]
    suffix: str
    mime: str


FILES: Mapping[ReportFormat, FileFormat] = {
    "word": FileFormat(word, ".docx", f"{_OFFICE}.wordprocessingml.document"),
    "excel": FileFormat(excel, ".xlsx", f"{_OFFICE}.spreadsheetml.sheet"),
    "pdf": FileFormat(pdf, ".pdf", "application/pdf"),
}
