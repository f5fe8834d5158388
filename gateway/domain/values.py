"""What variables hold, wherever they travel: in menus, commands, texts and reports."""

from __future__ import annotations

from collections.abc import Mapping

Value = str | int | bool | None | tuple["Mapping[str, Value]", ...]
"""Text, an integer (kopecks, counts, epoch seconds), a truth value, nothing, or rows (a list of
flat mappings)."""
Values = Mapping[str, Value]
