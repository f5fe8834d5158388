"""A set of files as it was written: the parts that have the right shape, each with its place.

Rule: a state that does not have the right shape is kept by name (`broken`), so that what leads to
it is not reported a second time, and everything else is still checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from gateway.menu.marks import Source, Where
from gateway.menu.model import KINDS, MenuFile, State
from gateway.menu.model_settings import SettingsShape
from gateway.menu.problems import Problem, Severity
from gateway.menu.shape import Words
from gateway.menu.validate import validate

Shape = TypeVar("Shape", bound=BaseModel, covariant=True)


@dataclass(frozen=True, slots=True)
class Entry(Generic[Shape]):
    """One part and where it is written."""

    shape: Shape
    source: Source
    where: Where

    def problem(
        self,
        code: str,
        where: Where,
        message: str,
        help: str = "",
        *,
        at: Literal["key", "value"] = "value",
        severity: Severity = "error",
    ) -> Problem:
        """A problem at a place inside the part."""
        place = (*self.where, *where)
        return self.source.problem(code, place, message, help, at=at, severity=severity)


@dataclass(slots=True)
class Draft:
    """Everything that could be read."""

    settings: Entry[SettingsShape] | None = None
    states: dict[str, Entry[State]] = field(default_factory=dict)
    broken: dict[str, Any] = field(default_factory=dict)
    """States without the right shape: id -> their data."""
    texts: dict[str, Entry[Words]] = field(default_factory=dict)
    labels: dict[str, dict[str, Entry[Words]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add(self, source: Source) -> None:
        """Take in one file; what is wrong with it goes into `problems`."""
        self.problems += source.problems
        if not isinstance(source.data, Mapping):
            if not source.problems:
                self.problems.append(source.problem("M106", (), "the file holds no menu"))
            return
        self.problems += validate(source, MenuFile)[1]
        self._settings(source)
        for name, data in _mapping(source.data, "states").items():
            self._state(source, name, data)
        for name, data in _mapping(source.data, "texts").items():
            self._put(self.texts, name, _read(Words, data), source, ("texts", name))
        for group, members in _mapping(source.data, "labels").items():
            known = self.labels.setdefault(group, {})
            for name, data in members.items() if isinstance(members, Mapping) else ():
                self._put(known, name, _read(Words, data), source, ("labels", group, name))

    def known(self, state: str) -> bool:
        """Whether there is such a state, of the right shape or not."""
        return state in self.states or state in self.broken

    def _settings(self, source: Source) -> None:
        data = source.data.get("settings")
        if data is None:
            return
        if self.settings is not None:
            first = self.settings.source.path
            message = f"settings stand in one file only (first in {first})"
            self.problems.append(source.problem("M107", ("settings",), message, at="key"))
            return
        shape = _read(SettingsShape, data)
        if shape is not None:
            self.settings = Entry(shape, source, ("settings",))

    def _state(self, source: Source, name: str, data: Any) -> None:
        kind = KINDS.get(str(data.get("kind"))) if isinstance(data, Mapping) else None
        shape = _read(kind, data) if kind else None
        where = ("states", name)
        if shape is None:
            self.broken[name] = data
        elif name in self.broken:
            self._twice(source, name, where, "another file")
        else:
            self._put(self.states, name, shape, source, where)

    def _put(
        self,
        into: dict[str, Entry[Shape]],
        name: str,
        shape: Shape | None,
        source: Source,
        where: Where,
    ) -> None:
        if shape is None:
            return
        if name in into:
            self._twice(source, name, where, into[name].source.path)
        else:
            into[name] = Entry(shape, source, where)

    def _twice(self, source: Source, name: str, where: Where, first: str) -> None:
        message = f"'{name}' is written twice (first in {first})"
        self.problems.append(source.problem("M107", where, message, "remove one", at="key"))


def _mapping(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = data.get(key)
    return value if isinstance(value, Mapping) else {}


Read = TypeVar("Read", bound=BaseModel)


def _read(shape: type[Read], data: Any) -> Read | None:
    """The part, or None: what is wrong with it has been told by the validation of the file."""
    try:
        return shape.model_validate(data)
    except ValidationError:
        return None
