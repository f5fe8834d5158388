"""Columns of a table on paper: how wide, and on which side its cells stand."""

from __future__ import annotations

from gateway.domain.report import Document

WIDTH_CHARACTERS_MAX = 48
"""A longer text is broken into lines."""


def widths(document: Document) -> tuple[int, ...]:
    """Characters of the widest cell of each column."""
    columns = zip(document.heads, *_lines(document), strict=True)
    return tuple(min(max(map(len, column)), WIDTH_CHARACTERS_MAX) for column in columns)


def numeric(document: Document) -> tuple[bool, ...]:
    """Whether a column holds numbers, which stand on the right."""
    lines = [*document.rows, *([document.totals] if document.totals else [])]
    if not lines:
        return (False,) * len(document.heads)
    return tuple(
        any(cell.number is not None for cell in column) for column in zip(*lines, strict=True)
    )


def _lines(document: Document) -> list[tuple[str, ...]]:
    lines = [*document.rows, *([document.totals] if document.totals else [])]
    return [tuple(cell.text for cell in line) for line in lines]
