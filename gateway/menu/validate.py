"""Data with marks -> a pydantic model, or every mistake at its place in the file.

Rule: pydantic says what is wrong in its own words; here those words become ours, in one table,
and its `loc` becomes a path into the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from gateway.menu.marks import Source, Where
from gateway.menu.problems import Problem, closest, suggest

SHOWN_CHARACTERS_MAX = 60
"""Of a value that is wrong."""
Model = TypeVar("Model", bound=BaseModel)
Error = Mapping[str, Any]
Loc = tuple[str | int, ...]
"""Where pydantic says it is."""
Words = tuple[str, str]
"""What is wrong, and what to do."""
_NO_TEXT = ("bool_type", "float_type", "int_type", "literal_error")
"""Where quotes would mend nothing."""


def validate(
    source: Source, model: type[Model], where: Where = ()
) -> tuple[Model | None, list[Problem]]:
    """The data of `source` at `where` as `model`; None and all mistakes where it is none."""
    try:
        return model.model_validate(source.at(where)), []
    except ValidationError as fault:
        shape = _shape(model)
        errors = fault.errors(include_url=False)
        # What YAML already misread at a place needs no second word about its form.
        told = {(each.line, each.column) for each in source.problems}
        return None, [
            problem
            for error in errors
            for problem in [_problem(source, shape, where, error)]
            if (problem.line, problem.column) not in told or error["type"] in _NO_TEXT
        ]


def _problem(source: Source, shape: _Shape, base: Where, error: Error) -> Problem:
    where = base
    for part in error["loc"]:
        # pydantic puts names of unions' members into loc; they are not in the file.
        if (*where, part) in source.marks:
            where = (*where, part)
    kind = error["type"]
    if kind == "missing":
        return _missing(source, shape, where, error)
    if kind == "extra_forbidden":
        keys, above = shape.names(error["loc"][:-1]), shape.above(error["loc"])
        return _unknown_key(source, keys, where, above)
    message, help_ = _WORDS.get(kind, _plain)(error)
    if kind.startswith("union_tag"):
        tag = _tag(error)
        slip = kind == "union_tag_not_found" and _slip(tag, error["input"], shape, error["loc"])
        if slip:
            return _unknown_key(source, [tag], (*where, slip))
        where = (*where, tag)
    if error["loc"][-1:] == ("[key]",):
        return source.problem("M104", where, message, "small Latin letters, digits, _", at="key")
    if not help_:
        help_ = shape.description(error["loc"])
    return source.problem("M104", where, message, help_)


def _unknown_key(source: Source, known: Iterable[str], where: Where, above: str = "") -> Problem:
    """`above`: the key that it belongs under."""
    name = str(where[-1])
    help_ = f"did you mean {above}: {{{name}: …}}?" if above else suggest(name, known, "keys")
    return source.problem("M101", where, f"unknown key '{name}'", help_, at="key")


def _slip(tag: str, data: Any, shape: _Shape, loc: Loc) -> str:
    """The key that was written for `tag`, where one is near it and nothing else."""
    unknown = set(data if isinstance(data, Mapping) else ()) - set(shape.names(loc))
    return next((each for each in unknown if closest(each, [tag])), "")


def _missing(source: Source, shape: _Shape, where: Where, error: Error) -> Problem:
    key = str(error["loc"][-1])
    about = shape.description(error["loc"])
    message, code = f"'{key}' is missing", "M103"
    if key in ("ru", "en"):
        message, code = f"the text has no translation: '{key}' is missing", "M301"
    return source.problem(code, where, message, f"add {key}: {about}".rstrip(": "), at="key")


def _plain(error: Error) -> Words:
    words = str(error["msg"])
    for old, new in (("Input should be", "must be"), ("Value error, ", "")):
        words = words.replace(old, new)
    return f"{_shown(error['input'])}: {words[:1].lower()}{words[1:]}", ""


def _text_wanted(error: Error) -> Words:
    value = error["input"]
    if value is None:
        return "a text is wanted here, and it is empty", 'write "" for an empty text'
    if isinstance(value, (bool, int, float)):
        shown = _yaml(value)
        return f"a text is wanted here, {shown} is none", f'put it in quotes: "{shown}"'
    return f"a text is wanted here, not {_shown(value)}", ""


def _literal(error: Error) -> Words:
    expected = str(error["ctx"]["expected"])
    known = [_yaml(each.strip(" '")) for each in expected.replace(" or ", ",").split(",")]
    return f"{_shown(error['input'])} is not one of: {', '.join(known)}", suggest(
        str(error["input"]), known, "words"
    )


def _tag(error: Error) -> str:
    """The key that tells the kinds apart."""
    return str(error["ctx"]["discriminator"]).strip("'")


def _tag_unknown(error: Error) -> Words:
    field = _tag(error)
    known = [each.strip(" '") for each in str(error["ctx"]["expected_tags"]).split(",")]
    given = str(error["ctx"]["tag"])
    return f"there is no {field} '{given}'", suggest(given, known, f"{field}s")


def _tag_missing(error: Error) -> Words:
    field = _tag(error)
    return f"'{field}' is missing", f"add {field}:"


def _form(error: Error) -> Words:
    return f"{_shown(error['input'])} does not have the right form", ""


def _wanted(what: str) -> Callable[[Error], Words]:
    return lambda error: (f"{what} is wanted here, not {_shown(error['input'])}", "")


_WORDS: Mapping[str, Callable[[Error], Words]] = {
    "string_type": _text_wanted,
    "literal_error": _literal,
    "union_tag_invalid": _tag_unknown,
    "union_tag_not_found": _tag_missing,
    "string_pattern_mismatch": _form,
    "dict_type": _wanted("a mapping (key: value)"),
    "model_type": _wanted("a mapping (key: value)"),
    "model_attributes_type": _wanted("a mapping (key: value)"),
    "list_type": _wanted("a list ([a, b])"),
    "int_type": _wanted("a whole number"),
    "float_type": _wanted("a number"),
    "bool_type": _wanted("true or false"),
}


def _yaml(value: object) -> str:
    """A scalar as YAML has it: `true`, where Python says True."""
    text = str(value)
    return text.lower() if text in ("True", "False") else text


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    text = _yaml(value)
    return f"'{text if len(text) <= SHOWN_CHARACTERS_MAX else text[:SHOWN_CHARACTERS_MAX] + '…'}'"


class _Shape:
    """A model's JSON Schema, walked by a `loc`, for the names and descriptions it knows."""

    def __init__(self, model: type[BaseModel]) -> None:
        self.root: dict[str, Any] = model.model_json_schema()

    def names(self, loc: Loc) -> list[str]:
        """The keys allowed at `loc`."""
        return [name for node in self._nodes(loc) for name in node.get("properties", ())]

    def above(self, loc: Loc) -> str:
        """The key beside the last of `loc` that has it as a key of its own, if one has."""
        *holder, name = loc
        keys = self.names(tuple(holder))
        return next((key for key in keys if name in self.names((*holder, key))), "")

    def description(self, loc: Loc) -> str:
        """The first line of what is said of the value at `loc`, and an example where one is."""
        for node in self._nodes(loc, resolve_last=False):
            about = str(node.get("description", "")).split("\n")[0]
            example = ", ".join(f'"{each}"' for each in node.get("examples", ()))
            if about or example:
                return f"{about}, as {example}" if about and example else about or f"as {example}"
        return ""

    def _nodes(self, loc: Loc, *, resolve_last: bool = True) -> list[dict[str, Any]]:
        nodes = [self.root]
        for part in loc:
            inner = [each for node in nodes for each in self._alternatives(node, part)]
            nodes = [child for node in inner for child in _child(node, part)] or inner
        return (
            [each for node in nodes for each in self._alternatives(node, "")]
            if (resolve_last)
            else nodes
        )

    def _alternatives(self, node: dict[str, Any], tag: str | int) -> list[dict[str, Any]]:
        """What a node may be: references followed, unions opened (by the tag where it is one)."""
        if "$ref" in node:
            return self._alternatives(self.root["$defs"][node["$ref"].rpartition("/")[2]], tag)
        members = node.get("anyOf") or node.get("oneOf")
        if not members:
            return [node]
        chosen = node.get("discriminator", {}).get("mapping", {}).get(tag)
        if chosen:
            members = [{"$ref": chosen}]
        return [each for member in members for each in self._alternatives(member, tag)]


@cache
def _shape(model: type[BaseModel]) -> _Shape:
    return _Shape(model)


def _child(node: dict[str, Any], part: str | int) -> list[dict[str, Any]]:
    if isinstance(part, int):
        found = node.get("items")
    else:
        found = node.get("properties", {}).get(part) or node.get("additionalProperties")
    if isinstance(found, dict):
        return [found]
    patterns = node.get("patternProperties", {})
    return list(patterns.values())[:1] if isinstance(part, str) else []
