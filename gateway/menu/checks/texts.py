"""M3xx: every field of every text is a variable that is set there, in a filter that fits it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from gateway.domain.catalogue import Type
from gateway.menu.checks.context import Context
from gateway.menu.checks.variables import UNSET, Variables, variables, way_without
from gateway.menu.draft import Draft, Entry
from gateway.menu.guards import variable_named
from gateway.menu.marks import Span, Where
from gateway.menu.model import Ask, Do, Menu, Pick, Route, Rows, Shown, State, When
from gateway.menu.problems import Problem, suggest
from gateway.menu.shape import Words
from gateway.menu.text import (
    FILTERS,
    UNFILTERED,
    Environment,
    Field,
    TextError,
    convert,
    fields,
)

_FILTER_FOR = {"money": "money", "moment": "date", "flag": "label:GROUP"}


@dataclass(frozen=True, slots=True)
class Place:
    """One language of one text of a state; a field of a row is of no declared type."""

    where: Where
    language: Literal["ru", "en"]
    text: str
    row: bool = False


def check_catalogue(context: Context) -> Iterator[Problem]:
    """M302, M303 in texts of the catalogue: their variables come from the account core."""
    environment = environment_of(context.draft)
    for entry in context.draft.texts.values():
        for place in _languages((), entry.shape):
            yield from _foreign(entry, place)
            for field in _fields(entry, place):
                yield from _filter(entry, place, field, environment)
    for group in context.draft.labels.values():
        for entry in group.values():
            for place in _languages((), entry.shape):
                for field in _fields(entry, place):
                    if isinstance(field, Problem):
                        yield field
                    else:
                        yield at_field(entry, place, "M302", field, "a label has no variables")


def check_texts(context: Context) -> Iterator[Problem]:
    """M302-M307, M312, M313 in the texts of states, and M304, M305 in arguments and guards."""
    environment = environment_of(context.draft)
    known = variables(context)
    for name, entry in context.draft.states.items():
        here = known.get(name)
        for place in places(entry.shape):
            yield from _foreign(entry, place)
            for field in _fields(entry, place):
                yield from _filter(entry, place, field, environment)
                # Where nothing leads (M401 says it) no variable is known to be set or not.
                if here is not None and isinstance(field, Field) and not place.row:
                    yield from _variable(context, entry, name, place, field, here)
        if here is not None:
            yield from _outside_texts(context, entry, name, here)


def _variable(
    context: Context,
    entry: Entry[State],
    state: str,
    place: Place,
    field: Field,
    here: Variables,
) -> Iterator[Problem]:
    unset = _unset(context, state, field.name, here)
    if unset:
        code, message, help_ = unset
        yield at_field(entry, place, code, field, message, help_)
    else:
        yield from _fit(context, entry, place, field, here)


def _outside_texts(
    context: Context, entry: Entry[State], state: str, here: Variables
) -> Iterator[Problem]:
    for where, variable in used(entry.shape):
        unset = _unset(context, state, variable, here)
        if unset:
            code, message, help_ = unset
            yield entry.problem(code, where, message, help_)
        elif where[-1] == "from" and here[variable] != {"rows"}:
            yield entry.problem("M306", where, f"'{variable}' holds no rows")


def environment_of(draft: Draft) -> Environment:
    """What filters need, as far as it could be read."""
    offset = draft.settings.shape.utc_offset_seconds if draft.settings else 0
    labels = {
        group: {name: {"ru": e.shape.ru, "en": e.shape.en} for name, e in words.items()}
        for group, words in draft.labels.items()
    }
    return Environment(offset, labels)


def places(state: State) -> Iterator[Place]:
    """Every text of a state in every language."""
    if not isinstance(state, Shown):
        return
    found: list[tuple[Where, Words | None]] = [(("text",), state.text)]
    for channel in ("ussd", "sms", "ivr"):
        override = getattr(state, channel)
        found.append(((channel, "text"), override.text if override else None))
    found.append((("ivr", "again"), state.ivr.again if state.ivr else None))
    if isinstance(state, Menu):
        found += [(("options", name, "text"), each.text) for name, each in state.options.items()]
    if isinstance(state, Ask):
        found.append((("invalid",), state.invalid))
    for key, rows in _of_rows(state):
        found.append(((key, "empty"), rows.empty))
        yield from _languages((key, "text"), rows.text, row=True)
    for where, words in found:
        if words:
            yield from _languages(where, words)


def _of_rows(state: Shown) -> Iterator[tuple[str, Rows | Pick]]:
    """What is made of rows, and the key it is written under."""
    if state.rows:
        yield "rows", state.rows
    if isinstance(state, Menu) and state.pick:
        yield "pick", state.pick


def _languages(where: Where, words: Words, row: bool = False) -> Iterator[Place]:
    yield Place((*where, "ru"), "ru", words.ru, row)
    yield Place((*where, "en"), "en", words.en, row)


def used(state: State) -> Iterator[tuple[Where, str]]:
    """Variables named outside texts."""
    if isinstance(state, Do):
        for argument, value in state.with_.items():
            if isinstance(value, str) and value.startswith("$"):
                yield ("with", argument), value[1:]
    if isinstance(state, Route):
        for number, case in enumerate(state.cases):
            yield from _compared(("cases", number, "when", "equals"), case.when)
    if isinstance(state, Menu):
        for option_name, option in state.options.items():
            if option.when:
                yield from _compared(("options", option_name, "when", "equals"), option.when)
    for key, rows in _of_rows(state) if isinstance(state, Shown) else ():
        yield (key, "from"), rows.from_


def _compared(where: Where, when: When) -> Iterator[tuple[Where, str]]:
    for name, value in (when.equals or {}).items():
        yield (*where, name), name
        if other := variable_named(value):
            yield (*where, name), other


def _fields(entry: Entry[State] | Entry[Words], place: Place) -> Iterator[Field | Problem]:
    try:
        yield from fields(place.text)
    except TextError as fault:
        yield entry.problem("M302", place.where, str(fault))


def _foreign(entry: Entry[State] | Entry[Words], place: Place) -> Iterator[Problem]:
    """M309: one Cyrillic letter makes all of a page UCS-2."""
    if place.language == "en" and any("\u0400" <= letter <= "\u04ff" for letter in place.text):
        message = "Russian letters in an English text: a page holds half as much"
        yield entry.problem("M309", place.where, message, "translate it", severity="warning")


def at_field(
    entry: Entry[State] | Entry[Words],
    place: Place,
    code: str,
    field: Field,
    message: str,
    help: str = "",
) -> Problem:
    """A problem that points at the field inside its text, where the text shows it."""
    source = entry.source
    spot = source.marks[(*entry.where, *place.where)].value
    shown = field.written
    column = source.lines[spot.line].find(shown, spot.column)
    if column < 0:
        return entry.problem(code, place.where, message, help)
    span = Span(spot.line, column, spot.line, column + len(shown))
    return source.problem_at(code, span, message, help)


def _filter(
    entry: Entry[State] | Entry[Words],
    place: Place,
    field: Field | Problem,
    environment: Environment,
) -> Iterator[Problem]:
    if isinstance(field, Problem):
        yield field
        return
    try:
        convert(field, place.language, environment)
    except ValueError as fault:
        help_ = suggest(field.filter, FILTERS, "filters") if field.filter not in FILTERS else ""
        if field.filter == "label":
            help_ = suggest(field.argument, environment.labels, "labels")
        yield at_field(entry, place, "M303", field, str(fault), help_)


def _unset(context: Context, state: str, name: str, here: Variables) -> tuple[str, str, str] | None:
    """Code, message and help where a variable may be missing."""
    types = here.get(name)
    if types is None:
        help_ = suggest(name, here, "variables set here")
        return "M304", f"nothing sets the variable '{name}'", help_
    if UNSET in types:
        way = " > ".join(way_without(context, name, state))
        message = f"the variable '{name}' is not always set here"
        help_ = f"nothing sets it on the way {way}" if way else "one may come here from anywhere"
        return "M305", message, help_
    return None


def _fit(
    context: Context, entry: Entry[State], place: Place, field: Field, here: Variables
) -> Iterator[Problem]:
    for type_ in here[field.name]:
        kind = "word" if isinstance(type_, tuple) else type_
        if kind == "secret":
            message = f"'{field.name}' is a secret and is never shown"
            yield at_field(entry, place, "M307", field, message, "leave it out")
        elif not field.filter and kind not in UNFILTERED:
            wanted = _FILTER_FOR.get(kind, "FILTER")
            message = f"'{field.name}' is of type {kind}: it needs a filter"
            help_ = f"write {{{field.name}|{wanted}}}"
            yield at_field(entry, place, "M306", field, message, help_)
        elif field.filter in FILTERS and not _takes(FILTERS[field.filter].takes, kind):
            message = f"the filter {field.filter} does not fit '{field.name}' of type {kind}"
            fitting = [name for name, row in FILTERS.items() if _takes(row.takes, kind)]
            help_ = f"filters for it: {', '.join(fitting)}" if fitting else "leave it out"
            yield at_field(entry, place, "M306", field, message, help_)
        elif field.filter == "label":
            yield from _labels(context.draft, entry, place, field, type_)


def _takes(takes: frozenset[str], kind: str) -> bool:
    return kind in takes or (kind == "number" and bool(takes & {"money", "count"}))


def _labels(
    draft: Draft, entry: Entry[State], place: Place, field: Field, type_: Type
) -> Iterator[Problem]:
    words: Mapping[str, object] = draft.labels.get(field.argument, {})
    wanted = type_ if isinstance(type_, tuple) else ("true", "false") if type_ == "flag" else ()
    missing = [word for word in wanted if word not in words]
    if words and missing:
        message = f"the labels '{field.argument}' have no word for '{missing[0]}'"
        help_ = f"add {', '.join(missing)} to labels.{field.argument}"
        yield at_field(entry, place, "M313", field, message, help_)
