"""Texts: `{name|filter:argument}` compiled once, one join at run time.

Rule: a text without fields is a string ready for every language; a text with fields is a tuple of
(text before, variable, conversion). ru-Latn is the finished Russian text in Latin letters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from gateway.domain.port import Language, Say, Speech
from gateway.domain.values import Value, Values
from gateway.menu.text.filters import FILTERS, Convert, Environment, plain
from gateway.menu.text.latin import latin

TEXTS_REMEMBERED_MAX = 16_384
"""Texts taken apart: each is, by several checks and at every reload."""


@dataclass(frozen=True, slots=True)
class Field:
    """`{name|filter:argument}`; no filter is an empty word."""

    name: str
    filter: str = ""
    argument: str = ""

    @property
    def written(self) -> str:
        """As it stands in a text."""
        argument = f":{self.argument}" if self.argument else ""
        return f"{{{self.name}|{self.filter}{argument}}}" if self.filter else f"{{{self.name}}}"


class TextError(ValueError):
    """A text that cannot be compiled; its words are for the author. `at` counts characters."""

    def __init__(self, words: str, at: int, width: int) -> None:
        super().__init__(words)
        self.at = at
        self.width = width


@lru_cache(TEXTS_REMEMBERED_MAX)
def parse(text: str) -> tuple[str | Field, ...]:
    """Literals and fields in their order. Raises TextError: a brace that is not closed or opened,
    a field without a name."""
    parts: list[str | Field] = []
    literal: list[str] = []
    position = 0
    while position < len(text):
        pair, sign = text[position : position + 2], text[position]
        if pair in ("{{", "}}"):
            literal.append(sign)
            position += 2
        elif sign == "{":
            end = text.find("}", position)
            if end < 0:
                raise TextError("'{' is not closed: write {{ for a brace itself", position, 1)
            if literal:
                parts.append("".join(literal))
                literal = []
            parts.append(_field(text[position + 1 : end], position))
            position = end + 1
        elif sign == "}":
            raise TextError("'}' closes nothing: write }} for a brace itself", position, 1)
        else:
            literal.append(sign)
            position += 1
    return (*parts, "".join(literal)) if literal else tuple(parts)


def _field(inside: str, at: int) -> Field:
    name, _, rest = inside.partition("|")
    word, _, argument = rest.partition(":")
    if not name.isidentifier():
        raise TextError(f"'{name}' is not the name of a variable", at, len(inside) + 2)
    return Field(name, word, argument)


def fields(text: str) -> Iterator[Field]:
    """The fields of a text. Raises TextError."""
    return (part for part in parse(text) if isinstance(part, Field))


class Text:
    """One text in every language."""

    __slots__ = ("_constants", "_parts", "names", "written")

    def __init__(self, ru: str, en: str, environment: Environment) -> None:
        """Raises ValueError where a filter is unknown or its argument is wrong (the check tells
        the author before a text is compiled)."""
        self._parts = {"ru": _compile(ru, "ru", environment), "en": _compile(en, "en", environment)}
        self.written: Mapping[str, str] = {"ru": ru, "en": en, "ru-Latn": latin(ru)}
        """As the author wrote it."""
        names = {slot.name for slots, _ in self._parts.values() for slot in slots}
        self.names: tuple[str, ...] = tuple(sorted(names))
        """The variables it is made of."""
        self._constants: Mapping[str, str] | None = None
        if not names:
            constants = {language: tail for language, (_, tail) in self._parts.items()}
            self._constants = {**constants, "ru-Latn": latin(constants["ru"])}

    @property
    def constant(self) -> bool:
        """Whether it needs no variables."""
        return self._constants is not None

    def render(self, language: Language, values: Values) -> str:
        """The text; a variable that is not set leaves its place empty."""
        if self._constants is not None:
            return self._constants[language]
        if language == "ru-Latn":
            return latin(self.render("ru", values))
        parts, tail = self._parts[language]
        written: list[str] = []
        for before, name, convert, _ in parts:
            written.append(before)
            value: Value = values.get(name)
            if value is not None:
                written.append(convert(value))
        written.append(tail)
        return "".join(written)

    def speak(self, language: Language, values: Values) -> Speech:
        """The text for a call; what is read in Latin letters is heard in Russian."""
        slots, tail = self._parts["en" if language == "en" else "ru"]
        said: list[str | Say] = []
        for before, name, convert, filter_ in slots:
            value: Value = values.get(name)
            said.append(before)
            if value is not None:
                said.append(convert(value) if filter_ is None else Say(filter_, value))
        return tuple(each for each in (*said, tail) if each)


class _Slot(NamedTuple):
    """A field, and the words before it."""

    before: str
    name: str
    convert: Convert
    filter: str | None
    """By which rule its value is spoken; None where it is words."""


_Compiled = tuple[tuple[_Slot, ...], str]


def _compile(text: str, language: str, environment: Environment) -> _Compiled:
    compiled: list[_Slot] = []
    before = ""
    for part in parse(text):
        if isinstance(part, str):
            before = part
        else:
            make = convert(part, language, environment)
            words = part.filter in FILTERS and FILTERS[part.filter].words
            compiled.append(_Slot(before, part.name, make, None if words else part.filter))
            before = ""
    return tuple(compiled), before


def convert(field: Field, language: str, environment: Environment) -> Convert:
    """The conversion of a field. Raises ValueError with words for the author."""
    if not field.filter:
        return plain
    row = FILTERS.get(field.filter)
    if row is None:
        raise ValueError(f"there is no filter '{field.filter}'")
    if row.argument != bool(field.argument):
        raise ValueError(
            f"the filter '{field.filter}' "
            + ("wants an argument after ':'" if row.argument else "takes no argument")
        )
    return row.make(field.argument, language, environment)
