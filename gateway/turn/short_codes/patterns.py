"""Codes and texts with parameters: `*133*{amount:amount}*{recipient:msisdn}#`.

Rule: a pattern matches a whole string or not at all, and a parameter that does not convert is no
match. Tried only after every exact look-up failed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from gateway.domain.catalogue import Type
from gateway.domain.money import kopecks
from gateway.domain.numbers import normalise_msisdn
from gateway.domain.values import Value, Values

_PARAMETER = re.compile(r"\{([^{}]*)\}")
_BETWEEN_DIGITS = str.maketrans("", "", " -")


class ParameterType(NamedTuple):
    """How a parameter is written, and what becomes of it; None is no match."""

    type: Type
    """Of its variable, as the catalogue names types."""
    pattern: str
    convert: Callable[[str], Value]
    family: str = "number"
    """Two kinds of one family read the same texts."""


PARAMETER_TYPES: Mapping[str, ParameterType] = {
    "digits": ParameterType(
        "digits", "[0-9](?:[ -]?[0-9]){0,31}", lambda text: text.translate(_BETWEEN_DIGITS)
    ),
    "code": ParameterType("digits", "[0-9]{3,5}", str),
    "number": ParameterType("digits", "[0-9]{1,5}", str),
    "amount": ParameterType("money", r"[0-9]{1,7}(?:[.,][0-9]{1,2})?", kopecks),
    "msisdn": ParameterType("msisdn", r"\+?[0-9(][-0-9 ().]{8,20}[0-9]", normalise_msisdn),
    "pin": ParameterType("secret", "[0-9]{1,16}", str),
    "email": ParameterType("text", r"[^\s@]{1,64}@[^\s@]{1,190}", str, "email"),
}
"""`amount`: roubles as typed -> kopecks; `msisdn`: as people write it -> `79220000001`; `code`: of
a service."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern: the expression, and the parameters in their order."""

    expression: re.Pattern[str]
    parameters: tuple[tuple[str, ParameterType], ...]

    def match(self, text: str) -> Values | None:
        """The variables of a text that matches as a whole, else None."""
        found = self.expression.fullmatch(text)
        if found is None:
            return None
        values = {
            name: parameter.convert(group)
            for (name, parameter), group in zip(self.parameters, found.groups(), strict=True)
        }
        return None if None in values.values() else values

    @property
    def types(self) -> Mapping[str, Type]:
        """The variables it gives."""
        return {name: parameter.type for name, parameter in self.parameters}


def has_parameters(text: str) -> bool:
    """Whether a code or text is a pattern."""
    return "{" in text


def without_names(text: str) -> str:
    """`*110*{code:digits}#` -> `*110*{}#`: two patterns alike in this can never both match."""
    return _PARAMETER.sub("{}", text)


def mistakes(text: str) -> Iterator[str]:
    """What is wrong with the parameters of a pattern, in words for the author."""
    seen: set[str] = set()
    for inside in _PARAMETER.findall(text):
        name, _, kind = inside.partition(":")
        if not name.isidentifier():
            yield f"'{name}' is not the name of a variable"
        if kind not in PARAMETER_TYPES:
            yield f"'{kind}' is no type of parameter: use {', '.join(PARAMETER_TYPES)}"
        if name in seen:
            yield f"the variable '{name}' stands twice"
        seen.add(name)
    if any(sign in _PARAMETER.sub("", text) for sign in "{}"):
        yield "a parameter is written {name:type}"


def compile_pattern(text: str) -> Pattern:
    """Compile a pattern without `mistakes`."""
    written: list[str] = []
    parameters: list[tuple[str, ParameterType]] = []
    for index, part in enumerate(_PARAMETER.split(text)):
        if index % 2 == 0:
            written.append(re.escape(part))
            continue
        name, _, kind = part.partition(":")
        written.append(f"({PARAMETER_TYPES[kind].pattern})")
        parameters.append((name, PARAMETER_TYPES[kind]))
    return Pattern(re.compile("".join(written)), tuple(parameters))
