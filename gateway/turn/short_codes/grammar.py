"""The grammar of SMS commands: a text, word by word, down one tree made when the file was read.

Rule: a word of the grammar comes before a parameter, and a parameter is taken by its kind, so a
text has at most one meaning (what would give it two is refused at load). Case, blanks and U+0451
do not count, nor do Latin letters and Cyrillic ones that look alike: a handset mixes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gateway.domain.values import Value, Values
from gateway.turn.short_codes.patterns import PARAMETER_TYPES, ParameterType

WORDS_MAX = 32
"""A text of more words is no command."""
SEPARATORS = "#<"
"""Signs that are words of their own: `code#number`, `<50`."""

_WORDS = re.compile(rf"[{SEPARATORS}]|[^\s{SEPARATORS}]+")
_TRAILING = ".,!?"
_ALIKE = str.maketrans("\u0451авекмнорстху", "eabekmhopctxy")


class Word(NamedTuple):
    """A word as it is compared, and as it was written."""

    folded: str
    raw: str


def fold(text: str) -> str:
    """A text as it is compared: small letters, look-alikes as Latin, single blanks."""
    return " ".join(word.folded for word in words_of(text))


def words_of(text: str) -> list[Word]:
    """The words of a text; what ends a sentence is no part of its last word."""
    found = (raw if len(raw) == 1 else raw.rstrip(_TRAILING) for raw in _WORDS.findall(text))
    return [Word(raw.casefold().translate(_ALIKE), raw) for raw in found if raw]


@dataclass(frozen=True, slots=True)
class Parameter:
    """`{name:kind}`."""

    name: str
    kind: str

    @property
    def type(self) -> ParameterType:
        return PARAMETER_TYPES[self.kind]

    def read(self, text: str) -> Value:
        """The value of a text, or None where it is none of this kind."""
        kind = self.type
        return kind.convert(text) if re.fullmatch(kind.pattern, text) else None


Part = str | Parameter
"""A folded word, or a parameter."""


@dataclass(slots=True)
class Node:
    """What may stand at one place of a text."""

    words: dict[str, Node] = field(default_factory=dict)
    parameters: dict[Parameter, Node] = field(default_factory=dict)
    ends: tuple[int, Constants] | None = None
    """The row a text that ends here belongs to, and the constants it sets."""

    def add(self, parts: Sequence[Part], row: int, constants: Constants) -> Clash | None:
        """One more way to write a row; what stands in its way, or None."""
        node = self
        for part in parts:
            if isinstance(part, str):
                node = node.words.setdefault(part, Node())
                continue
            for other in node.parameters:
                if other != part and other.type.family == part.type.family:
                    return Clash(None, other)
            node = node.parameters.setdefault(part, Node())
        if node.ends is not None:
            return Clash(node.ends[0], None)
        node.ends = (row, constants)
        return None

    def find(self, text: Sequence[Word], at: int = 0) -> Found | None:
        """The row that a text belongs to as a whole."""
        if at == len(text):
            return Found(*self.ends) if self.ends else None
        below = self.words.get(text[at].folded)
        found = below.find(text, at + 1) if below else None
        return found or next(self._read(text, at), None)

    def _read(self, text: Sequence[Word], at: int) -> Iterator[Found]:
        for parameter, below in self.parameters.items():
            for end in _ends(text, at):
                value = parameter.read(" ".join(word.raw for word in text[at:end]))
                found = below.find(text, end) if value is not None else None
                if found is not None:
                    yield Found(found.row, {**found.values, parameter.name: value})


class Found(NamedTuple):
    """The row of a text, and the variables it gives."""

    row: int
    values: Values


class Clash(NamedTuple):
    """Why a row cannot be added: another one says the same, or has a parameter that reads the
    same texts under another name."""

    row: int | None
    parameter: Parameter | None


def _ends(text: Sequence[Word], at: int) -> Iterator[int]:
    """How far a parameter may reach: a word; up to a separator; to the end. (`1050 0000 0100`)"""
    yield at + 1
    stop = next((i for i in range(at, len(text)) if text[i].folded in SEPARATORS), len(text))
    if stop > at + 1:
        yield stop


# --- how a row is written ------------------------------------------------------------------------

_OPTIONAL = re.compile(r"\[([^\[\]]*)\]|([^\s\[\]]+)")
_PART = re.compile(r"\{[^{}]*\}|[^\s{}]+")
Vocabulary = Mapping[str, Mapping[str, Sequence[str]]]
"""Name -> value -> the words for it."""
Constants = Mapping[str, str | int | bool]
Way = tuple[tuple[Part, ...], Constants]
"""Parts, and the constants that the words chosen in it stand for."""


def ways(pattern: str, vocabulary: Vocabulary) -> Iterator[Way]:
    """Every way to write a row: `A|B` is one or the other, `[…]` may be missing, `{name:period}`
    is any word of the vocabulary `period`.

    Raises ValueError, in words for the author.
    """
    found: list[Way] = [((), {})]
    for match in _OPTIONAL.finditer(pattern):
        choices = list(_choices(match[1] if match[1] is not None else match[2], vocabulary))
        if match[1] is not None:
            choices.append(((), {}))
        found = [
            ((*parts, *more), {**constants, **sets})
            for parts, constants in found
            for more, sets in choices
        ]
    if _OPTIONAL.sub("", pattern).strip():
        raise ValueError("brackets stand in pairs, and not in each other")
    yield from found


def _choices(text: str, vocabulary: Vocabulary) -> list[Way]:
    """Every way to write a piece without brackets."""
    found: list[Way] = [((), {})]
    for piece in _PART.findall(text):
        offered = list(_alternatives(piece, vocabulary))
        found = [((*a, *b), {**x, **y}) for a, x in found for b, y in offered]
    return found


def _alternatives(piece: str, vocabulary: Vocabulary) -> Iterator[Way]:
    if not piece.startswith("{"):
        for word in piece.split("|"):
            yield tuple(each.folded for each in words_of(word)), {}
        return
    name, _, kind = piece.strip("{}").partition(":")
    if not name.isidentifier():
        raise ValueError(f"'{name}' is not the name of a variable")
    if kind in vocabulary:
        for value, words in vocabulary[kind].items():
            for word in words:
                yield tuple(each.folded for each in words_of(word)), {name: value}
    elif kind in PARAMETER_TYPES:
        yield (Parameter(name, kind),), {}
    else:
        raise ValueError(
            f"'{kind}' is no type of parameter: use {', '.join((*PARAMETER_TYPES, *vocabulary))}"
        )
