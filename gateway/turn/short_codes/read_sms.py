"""The SMS part of `short_codes.yaml`: numbers, what each understands, and the shared commands.

Rule: a number understands its own texts, the groups of commands it names, a call for help and the
texts that every number knows, in this order; two of its own or of its groups may not say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from gateway.domain.catalogue import Type
from gateway.domain.numbers import normalise_msisdn, normalise_short_number
from gateway.menu.checks.variables import type_of
from gateway.menu.model import Constant
from gateway.menu.source import Where, suggest
from gateway.turn.short_codes import shape
from gateway.turn.short_codes.entries import EntryReader
from gateway.turn.short_codes.grammar import Clash, Node, Parameter, Vocabulary, Way, ways
from gateway.turn.short_codes.routes import Claim, Route, SmsNumber, Written

HELP = "word"
"""The variable by which the state of help knows what is asked about."""
_NOTHING: Mapping[str, Type] = {}


@dataclass(frozen=True, slots=True)
class _Row:
    """One entry and every way to write it, each with its place."""

    where: Where
    entry: shape.TextEntry
    ways: tuple[tuple[Where, Way], ...]


class SmsReader(EntryReader):
    """Makes the tables of what is written to."""

    def sms(self, where: Where, file: shape.CodesFile) -> tuple[dict[str, SmsNumber], Route | None]:
        """Short numbers, and the default."""
        groups = {
            name: self.rows(("commands", name), rows, file.words)
            for name, rows in file.commands.items()
        }
        entries = list(self.entries(where, shape.SmsEntry, shape.SMS_FORMS))
        everywhere = [
            row
            for at, entry in entries
            for row in self.rows((*at, "everywhere"), entry.everywhere or [], file.words)
        ]
        help_ = self.help(file.help) if file.help else []
        late = self.late(file.replies)
        numbers: dict[str, SmsNumber] = {}
        default: Route | None = None
        for at, entry in entries:
            charge = entry.charge or ""
            if entry.default:
                default = self.route((*at, "go"), charge)
                self.lead(default.state, _NOTHING)
            elif entry.number:
                otherwise = replace(self.route((*at, "else"), charge), code=entry.number)
                self.lead(otherwise.state, _NOTHING)
                number = _Number(self, otherwise, file.help)
                number.own(self.rows((*at, "texts"), entry.texts, file.words))
                for index, name in enumerate(entry.commands):
                    if name in groups:
                        number.own(groups[name])
                    else:
                        self.unknown_group((*at, "commands", index), name, groups)
                number.shared(help_, everywhere, late)
                menu = self.route((*at, "menu"), charge) if entry.menu else None
                row = number.made(menu)
                for key in self.numbers(at, entry.number, entry.aliases):
                    numbers[key] = row
        if default is None:
            self.no_default(where)
        return numbers, default

    def rows(self, where: Where, entries: list[object], words: Vocabulary) -> list[_Row]:
        """The sound entries of a list, every way to write them worked out."""
        found = []
        number = self.source.at(where[:3]).get("number") if where[0] == "routes" else None
        to = f"{number}: " if number else ""
        for index in range(len(entries)):
            at = (*where, index)
            entry = self.validate(shape.TextEntry, at)
            if entry is not None:
                self.state((*at, "go"))
                self.written += [Written(to + text, entry.go) for text in entry.match]
                found.append(_Row(at, entry, tuple(self.ways(at, entry, words))))
        return found

    def ways(
        self, where: Where, entry: shape.TextEntry, words: Vocabulary
    ) -> Iterator[tuple[Where, Way]]:
        """Every way to write an entry; the constants of the entry come before those of a way."""
        for index, text in enumerate(entry.match):
            at = (*where, "match", index)
            try:
                found = list(ways(text, words))
            except ValueError as error:
                self.report("M104", at, str(error), 'as "SEND {amount:amount} {recipient:msisdn}"')
                continue
            for name in sorted({name for parts, sets in found for name in {*sets, *_read(parts)}}):
                self.variable(at, name)
            for parts, constants in found:
                given = {**(entry.set or {}), **constants}
                yield at, (parts, given)
                self.lead(entry.go, {**_types(given), **_read(parts)})
        for name in entry.set or {}:
            self.variable((*where, "set", name), name)

    def help(self, entry: shape.HelpShape) -> list[_Row]:
        """The call for help itself."""
        where = ("help",)
        self.state((*where, "word"))
        row = shape.TextEntry(match=entry.match, go=entry.go, set=None, help=None)
        self.state((*where, "go"))
        return [_Row(where, row, tuple(self.ways(where, row, {})))]

    def late(self, replies: shape.RepliesShape) -> list[_Row]:
        """A yes or no that came too late."""
        where = ("replies", "late")
        self.state(where)
        match = ["|".join(replies.yes) + " [{code:digits}]", "|".join(replies.no)]
        row = shape.TextEntry(match=match, go=replies.late, set=None, help=None)
        self.lead(replies.late, _NOTHING)
        return [_Row(where, row, tuple((where, way) for text in match for way in ways(text, {})))]

    def unknown_group(self, where: Where, name: str, groups: Mapping[str, object]) -> None:
        message = f"there is no group of commands '{name}'"
        self.report("M201", where, message, suggest(name, groups, "groups"))

    # --- rows of every list -------------------------------------------------------------------

    def route(self, where: Where, charge: str) -> Route:
        """The state named at `where`, charged by a class that exists."""
        at = (*where[:-1], "charge")
        if charge not in self.charging:
            help_ = suggest(charge, self.charging, "classes of use")
            self.report("M201", at, f"there is no class of use '{charge}' in charging", help_)
        return Route(self.state(where), charge)

    def numbers(self, where: Where, number: str, aliases: list[str]) -> Iterator[str]:
        """The keys of a number and its aliases: MSISDNs where they are such, else short numbers."""
        places = [(*where, "number"), *((*where, "aliases", i) for i in range(len(aliases)))]
        seen: set[str] = set()
        for place, text in zip(places, (number, *aliases), strict=True):
            short = normalise_short_number(text)
            key = normalise_msisdn(short) or short
            if not key.isdigit():
                self.report("M104", place, f"'{text}' is no number", "digits, with + or - at most")
            # An alias may be the number itself, written otherwise.
            elif key not in seen and self.once("number", key, place, among=str(where[1])):
                yield key
            seen.add(key)

    def no_default(self, where: Where) -> None:
        self.report("M103", where, "there is no default", "add {default: true, go: …}", key=True)


class _Number:
    """What one number understands, while it is being put together."""

    def __init__(self, reader: SmsReader, otherwise: Route, help_: shape.HelpShape | None) -> None:
        self.reader = reader
        self.otherwise = otherwise
        self.help = help_
        self.tree = Node()
        self.routes: list[Route] = []
        self.places: list[Where] = []
        self.hints: dict[str, Route] = {}

    def own(self, rows: list[_Row]) -> None:
        """Its own rows, or those of a group: what says the same twice is told."""
        for row in rows:
            told = False
            index = self._route(row, Route(row.entry.go, self.otherwise.charge))
            for where, (parts, constants) in row.ways:
                clash = self.tree.add(parts, index, constants)
                if clash and not told:
                    told = True
                    self._report(where, clash)
                if row.entry.help and self.help:
                    self._hint(parts[0], self.help.word, {HELP: row.entry.help})

    def shared(self, help_: list[_Row], everywhere: list[_Row], late: list[_Row]) -> None:
        """What every number knows, where its own rows do not say otherwise."""
        claims: dict[Claim, list[_Row]] = {"word": [*help_, *everywhere], "answer": late}
        for claim, rows in claims.items():
            for row in rows:
                index = self._route(row, Route(row.entry.go, self.otherwise.charge, claim=claim))
                for _, (parts, constants) in row.ways:
                    clash = self.tree.add(parts, index, constants)
                    if clash and clash.row is not None:  # its own row says it: it is heard as ever
                        own = self.routes[clash.row]
                        self.routes[clash.row] = replace(own, claim=own.claim or claim)
        hints = list(self.hints.items())
        for row in help_:
            for _, (parts, _) in row.ways:
                for word, hint in hints:
                    index = self._route(row, replace(hint, claim="word"))
                    self.tree.add((*parts, word), index, {})
                self._hint(parts[0], row.entry.go, {})

    def made(self, menu: Route | None) -> SmsNumber:
        return SmsNumber(self.tree, tuple(self.routes), self.hints, menu, self.otherwise)

    def _route(self, row: _Row, route: Route) -> int:
        self.routes.append(replace(route, code=self.otherwise.code))
        self.places.append(row.where)
        return len(self.routes) - 1

    def _hint(self, part: str | Parameter, state: str, values: Mapping[str, str]) -> None:
        """What a known word is answered with that is not followed by what it takes."""
        if isinstance(part, str) and not part.isdecimal():
            route = replace(self.otherwise, state=state, variables=values)
            self.hints.setdefault(part, route)
            self.reader.lead(state, _types(values))

    def _report(self, where: Where, clash: Clash) -> None:
        if clash.row is not None:
            line = self.reader.source.marks[self.places[clash.row]].key.line + 1
            message = f"'{self._text(where)}' says what line {line} says"
        else:
            assert clash.parameter is not None, "a clash is with a row or a parameter"
            other = f"{{{clash.parameter.name}:{clash.parameter.kind}}}"
            message = f"'{self._text(where)}' has a parameter where another row has {other}"
        self.reader.report("M102", where, message, "change one: a text has one meaning")

    def _text(self, where: Where) -> str:
        return str(self.reader.source.at(where))


def _types(values: Mapping[str, Constant]) -> dict[str, Type]:
    return {name: type_of(value) for name, value in values.items()}


def _read(parts: tuple[str | Parameter, ...]) -> dict[str, Type]:
    return {part.name: part.type.type for part in parts if isinstance(part, Parameter)}
