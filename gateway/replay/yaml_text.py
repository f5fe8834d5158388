"""A text as YAML that every reader takes for the same text.

Rule: always quoted, or a literal block where it has several plain lines, so that no code, number
or word is taken for something else (`*105#`, `012`, `on`). Characters that are not printable are
escaped: whatever a subscriber may be shown, the file can be read back (YAML 1.2 §5.1, §7.3.1).
"""

from __future__ import annotations

import json
import re

_UNPRINTABLE = re.compile("[\x7f-\x9f\u00ad\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_BLOCK = re.compile(r"\S[^\n]*(?:\n[^\n]*)*\S")


def yaml_text(text: str, indent: int) -> str:
    """The value after `key: `; lines of a block stand `indent` columns to the right.

    Raises nothing: any str comes out, lone surrogates as their escapes.
    """
    if "\n" in text and _BLOCK.fullmatch(text) and all(map(_plain, text.split("\n"))):
        margin = " " * indent
        return "|-\n" + "\n".join(f"{margin}{line}" if line else "" for line in text.split("\n"))
    return quoted(text)


def quoted(text: str) -> str:
    """The text in double quotes, on one line."""
    escaped = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", escaped)


def _plain(line: str) -> bool:
    return line.isprintable() and line == line.rstrip()
