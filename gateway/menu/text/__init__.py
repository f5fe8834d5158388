"""Texts for subscribers: templates, filters, plurals, Latin letters. The only Russian in code."""

from gateway.menu.text.filters import FILTERS, UNFILTERED, WORST, Convert, Environment
from gateway.menu.text.latin import latin
from gateway.menu.text.template import Field, Text, TextError, convert, fields

__all__ = [
    "FILTERS",
    "UNFILTERED",
    "WORST",
    "Convert",
    "Environment",
    "Field",
    "Text",
    "TextError",
    "convert",
    "fields",
    "latin",
]
