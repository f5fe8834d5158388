"""The entries of `short_codes.yaml`, read one by one, and what every reader of them shares.

Rule: reading goes on after a mistake. Codes of problems: M1xx shape, M2xx references, M5xx money.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, Protocol, TypeVar

from pydantic import BaseModel

from gateway.charging.rating import ELSE, ChargeRule
from gateway.domain.catalogue import ZONES, Type
from gateway.menu.source import Problem, Source, Where, suggest, validate
from gateway.turn.short_codes import shape
from gateway.turn.short_codes.routes import Written

Entry = TypeVar("Entry", bound=BaseModel)


class Menus(Protocol):
    """What the short codes refer to."""

    def has_state(self, state: str) -> bool: ...
    def has_text(self, text_id: str) -> bool: ...
    def reads(self, variable: str) -> bool: ...


class EntryReader:
    """One reading of a file; collects problems, the states led to, and the charge table."""

    def __init__(self, source: Source, menus: Menus) -> None:
        self.source = source
        self.states = menus.has_state
        self.texts = menus.has_text
        self.reads = menus.reads
        self.problems: list[Problem] = []
        self.charging: dict[str, dict[str, ChargeRule]] = {}
        self.targets: dict[str, Mapping[str, Type]] = {}
        self.dialled: list[Written] = []
        self.written: list[Written] = []
        self.places: dict[tuple[str, str, str], Where] = {}

    def entries(
        self, where: Where, model: type[Entry], forms: Mapping[str, shape.Form]
    ) -> Iterator[tuple[Where, Entry]]:
        """The sound entries of a list, each with its place."""
        try:
            count = len(self.source.at(where))
        except LookupError:
            return
        for index in range(count):
            entry = self.entry((*where, index), model, forms)
            if entry is not None:
                yield (*where, index), entry

    def entry(
        self, where: Where, model: type[Entry], forms: Mapping[str, shape.Form]
    ) -> Entry | None:
        """An entry that has the keys of exactly one form."""
        entry = self.validate(model, where)
        if entry is None:
            return None
        keys = set(self.source.at(where))
        told = [form for form in forms if form in keys]
        if len(told) != 1:
            message = f"an entry here has exactly one of: {', '.join(forms)}"
            self.report("M104", where, message, f"this one has {' and '.join(told) or 'none'}")
            return None
        needs, may = forms[told[0]]
        missing = [key for key in needs if key not in keys]
        strange = sorted(keys - {told[0], *needs, *may})
        for key in missing:
            self.report("M103", where, f"'{key}' is missing beside '{told[0]}'", f"add {key}:")
        for key in strange:
            message = f"'{key}' does not belong beside '{told[0]}'"
            self.report("M101", (*where, key), message, "remove it", key=True)
        return None if missing or strange else entry

    def validate(self, model: type[Entry], where: Where) -> Entry | None:
        """The data at `where` as `model`, or None and its problems."""
        entry, problems = validate(self.source, model, where)
        self.problems += problems
        return entry

    def state(self, where: Where) -> str:
        """The state named at `where`, which the menus must have."""
        name = str(self.source.at(where))
        if not self.states(name):
            self.report("M201", where, f"there is no state '{name}'", "name a state of the menus")
        return name

    def lead(self, state: str, variables: Mapping[str, Type]) -> None:
        """One more way to `state`: it can count on the variables that every way gives."""
        known = self.targets.get(state, variables)
        joined = {name: _join(known[name], variables[name]) for name in known if name in variables}
        self.targets[state] = {name: kind for name, kind in joined.items() if kind is not None}

    def variable(self, where: Where, name: str) -> None:
        """A variable that is set for the menus, which must read it."""
        if not self.reads(name):
            message = f"no state reads a variable '{name}'"
            self.report("M201", where, message, "name a variable of the menus", key=True)

    def once(self, what: str, key: str, where: Where, among: str = "") -> bool:
        """Whether `key`, a `what`, stands for the first time `among` its like."""
        first = self.places.setdefault((what, among, key), where)
        if first == where:
            return True
        line = self.source.marks[first].key.line + 1
        message = f"the {what} '{key}' stands twice (first on line {line})"
        self.report("M102", where, message, "remove one")
        return False

    def report(
        self, code: str, where: Where, message: str, help_: str, *, key: bool = False
    ) -> None:
        """One more problem, pointing at the value of `where`, or at its key."""
        at: Literal["key", "value"] = "key" if key else "value"
        self.problems.append(self.source.problem(code, where, message, help_, at=at))

    # --- charging -----------------------------------------------------------------------------

    def charge_row(self, name: str) -> None:
        """One class of use: every zone has a rule, or else has."""
        where = ("charging", name)
        row = self.source.at(where)
        self.charging[name] = {}
        for zone in row:
            at = (*where, zone)
            if zone not in (*ZONES, ELSE):
                help_ = suggest(zone, (*ZONES, ELSE), "zones")
                self.report("M201", at, f"there is no zone '{zone}'", help_, key=True)
            rule = self.cell(at)
            if rule is not None:
                self.charging[name][zone] = rule
        missing = [zone for zone in ZONES if zone not in row]
        if missing and ELSE not in row:
            message = f"'{name}' has no rule for {', '.join(missing)}"
            self.report("M501", where, message, "add these zones, or else:", key=True)

    def cell(self, where: Where) -> ChargeRule | None:
        """The rule of one class in one zone."""
        cell = self.entry(where, shape.Cell, shape.CELL_FORMS)
        if cell is None:
            return None
        if cell.free:
            return ChargeRule("free", cell.free)
        if cell.tariff:
            return ChargeRule("tariff", cell.rule or "", price=cell.tariff)
        if cell.hint and not self.texts(cell.hint):
            message = f"there is no text '{cell.hint}'"
            self.report("M201", (*where, "hint"), message, "add it to texts: of the menus")
        return ChargeRule("not_reachable", cell.not_reachable or "", hint=cell.hint or "")


def _join(one: Type, other: Type) -> Type | None:
    """The type of a variable that one route gives so and another otherwise."""
    if one == other:
        return one
    if isinstance(one, tuple) and isinstance(other, tuple):
        return (*one, *(word for word in other if word not in one))
    textual = {"digits", "msisdn", "text"}
    return (
        "text" if all(isinstance(kind, tuple) or kind in textual for kind in (one, other)) else None
    )
