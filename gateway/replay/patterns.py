"""Expected texts with holes: `Balance: <money>`, `Code <code:digits>`, `Hello, <code>`.

Rule: a hole is `<matcher>`, `<name:matcher>` (what stood there is kept as `name`) or `<name>`
(what was kept, or a parameter of the subscriber). `<<` is the sign itself, any other `<` too.
The signs `{`, `}`, `$`, `*` and `#` mean nothing here: menus, YAML and codes have them already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from types import MappingProxyType

_RUBLES = "[\u0440r]\\."
_DIGITS_2 = "[0-9]{2}"

MATCHERS: Mapping[str, str] = {
    "money": f"(?:RUB -?[0-9]+(?:\\.{_DIGITS_2})?|-?[0-9]+(?:,{_DIGITS_2})? {_RUBLES})",
    "datetime": f"{_DIGITS_2}\\.{_DIGITS_2} {_DIGITS_2}:{_DIGITS_2}",
    "date": f"{_DIGITS_2}\\.{_DIGITS_2}(?:\\.(?:{_DIGITS_2}){{1,2}})?",
    "time": f"{_DIGITS_2}:{_DIGITS_2}",
    "number": "-?[0-9]+(?:[.,][0-9]+)?",
    "digits": "[0-9]+",
    "word": "\\S+",
    "line": "[^\\n]*",
    "any": "[\\s\\S]*?",
}
"""Name -> what it takes; the order is that in which a recording proposes the first four."""
BUILT_IN = ("msisdn", "own_number")
"""Parameters that every subscriber has: eleven digits, and ten as texts show them."""

_HOLE = re.compile(r"<<|<([a-z][a-z0-9_]*)(?::([a-z0-9_]+))?>")
COMPILED_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Hole:
    """One hole, and where it stands in the text."""

    name: str
    matcher: str
    """Empty: the value kept under `name`."""
    at: int
    written: str
    """As it stands in the text."""

    @property
    def keeps(self) -> bool:
        """What it matches is kept."""
        return bool(self.name and self.matcher)


def holes(text: str) -> Iterator[Hole]:
    """The holes of a text, `<<` left out."""
    for found in _HOLE.finditer(text):
        name, matcher = found[1], found[2]
        if name is None:
            continue
        if matcher is None and name in MATCHERS:
            yield Hole("", name, found.start(), found[0])
        else:
            yield Hole(name, matcher or "", found.start(), found[0])


def fill(text: str, values: Mapping[str, str]) -> str:
    """An input with the values of its holes. Raises KeyError for a name nothing was kept under."""
    if "<" not in text:
        return text
    return _HOLE.sub(lambda found: "<" if found[1] is None else values[found[1]], text)


def fill_known(text: str, values: Mapping[str, str]) -> str:
    """A pattern with the values of its names put in, as they mean themselves; its matchers stay."""
    return _HOLE.sub(lambda found: _known(found, values), text)


def _known(found: re.Match[str], values: Mapping[str, str]) -> str:
    name = found[1]
    if name is None or found[2] is not None or name in MATCHERS or name not in values:
        return found[0]
    return literal(values[name])


def match(
    text: str, shown: str, values: Mapping[str, str], *, part: bool = False
) -> dict[str, str] | None:
    """What `shown` gives the names of `text`; None where it does not fit, whole or (`part`)
    anywhere. Raises KeyError for a name nothing was kept under."""
    if "<" not in text:
        return {} if (text in shown if part else text == shown) else None
    known = {hole.name: values[hole.name] for hole in holes(text) if not hole.matcher}
    pattern = _compiled(text, tuple(known.items()))
    found = pattern.search(shown) if part else pattern.fullmatch(shown)
    return None if found is None else found.groupdict()


def fits(line: str, shown: str, values: Mapping[str, str] = MappingProxyType({})) -> bool:
    """Whether one line may be what the pattern `line` says; names without a value stand for
    anything."""
    known = {hole.name: values[hole.name] for hole in holes(line) if hole.name in values}
    return _compiled(line, tuple(known.items())).fullmatch(shown) is not None


def agreed(line: str, shown: str) -> tuple[int, int]:
    """How many characters of the pattern, and of what is shown, agree from their beginning."""
    of_line = of_shown = 0
    for hole in _HOLE.finditer(line):
        found = _compiled(line[: hole.end()], ()).match(shown)
        if found is None:
            break
        of_line, of_shown = hole.end(), found.end()
    hole_after = _HOLE.search(line, of_line)
    rest = line[of_line : hole_after.start() if hole_after else len(line)]
    pairs = zip(rest, shown[of_shown:], strict=False)
    common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return of_line + common, of_shown + common


@lru_cache(maxsize=COMPILED_MAX)
def _compiled(text: str, known: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    values, parts, end = dict(known), [], 0
    for found in _HOLE.finditer(text):
        parts.append(re.escape(text[end : found.start()]))
        parts.append(_regex(found[1], found[2], values))
        end = found.end()
    return re.compile("".join(parts) + re.escape(text[end:]))


def _regex(name: str | None, matcher: str | None, values: Mapping[str, str]) -> str:
    if name is None:
        return "<"
    if matcher is not None:
        return f"(?P<{name}>{MATCHERS[matcher]})"
    if name in MATCHERS:
        return MATCHERS[name]
    return re.escape(values[name]) if name in values else MATCHERS["line"]


def literal(text: str) -> str:
    """A text that means itself: every `<` is doubled where one would be read as a hole."""
    return text.replace("<", "<<") if _HOLE.search(text) else text
