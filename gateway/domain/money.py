"""Money is an integer number of kopecks; only here does it meet a decimal point."""

from __future__ import annotations

import re

_AMOUNT = re.compile(r"(-?)([0-9]{1,13})(?:[.,]([0-9]{1,2}))?")


def roubles(kopecks: int) -> str:
    """`12345` -> `123.45`: two decimals and a point, as the HTTP API writes money."""
    sign = "-" if kopecks < 0 else ""
    whole, part = divmod(abs(kopecks), 100)
    return f"{sign}{whole}.{part:02d}"


def kopecks(text: str) -> int:
    """`123.45`, `123,4` or `123` -> kopecks. Raises ValueError for anything else."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"not an amount of money: {text!r}")
    sign, whole, part = match.groups()
    value = int(whole) * 100 + int((part or "0").ljust(2, "0"))
    return -value if sign else value
