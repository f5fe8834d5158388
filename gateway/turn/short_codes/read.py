"""`short_codes.yaml` -> tables, or every mistake in it, each at its place in the file.

Rule: what entries refer to (states, classes of use, services) is checked here, so that a table
made of a sound file never misses; entries with mistakes are left out of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import get_args

from gateway.domain.catalogue import BARRING_KINDS, FORWARDING_KINDS, SUPPLEMENTARY_ACTIONS, Type
from gateway.domain.numbers import normalise_msisdn, normalise_short_number
from gateway.menu.source import Problem, Source, Where, failed, load, suggest
from gateway.turn.short_codes import shape
from gateway.turn.short_codes.entries import EntryReader, Known
from gateway.turn.short_codes.patterns import (
    compile_pattern,
    has_parameters,
    mistakes,
    without_names,
)
from gateway.turn.short_codes.routes import (
    RANGE,
    CodeTable,
    PatternRoute,
    Route,
    ShortCodes,
    SmsNumber,
    Supplementary,
    fold,
)
from gateway.wire.gsm.mmi import SERVICES, Range, parse

KINDS = {"forwarding": FORWARDING_KINDS, "barring": BARRING_KINDS}
"""Family of supplementary services -> the words its command knows."""
_SIA_TYPES: Mapping[str, Type] = {"forwarding": "text", "barring": "secret"}
_NOTHING: Mapping[str, Type] = {}
NETWORK = ("routes", "ussd")


def load_short_codes(
    path: Path, states: Known, texts: Known = lambda name: True
) -> tuple[ShortCodes | None, list[Problem]]:
    """Read the file; None where one of the problems is an error. Never raises.

    `states` and `texts` say whether the menus have a state, and the message catalogue a text, of
    that name.
    """
    source = load(path)
    reader = _Reader(source, states, texts)
    unreadable = source.data is None and bool(source.problems)
    codes = None if unreadable else reader.read()
    # What YAML misread has been told: what follows from it at the same place has not to be.
    told = {(each.line, each.column) for each in source.problems}
    found = [each for each in reader.problems if (each.line, each.column) not in told]
    problems = [*source.problems, *found]
    return (None if failed(problems) else codes), problems


class _Reader(EntryReader):
    """Makes the tables."""

    def __init__(self, source: Source, states: Known, texts: Known) -> None:
        super().__init__(source, states, texts)
        self.services: dict[str, Supplementary] = {}
        self.menus: dict[str, Route] = {}

    def read(self) -> ShortCodes | None:
        """The tables; entries with mistakes are left out of them."""
        file = self.validate(shape.CodesFile, ())
        if file is None:
            return None
        for name in file.charging:
            self.charge_row(name)
        codes, default = self.ussd(NETWORK, shape.USSD_FORMS)
        regions = {
            name: self.ussd(("regions", name, "ussd"), shape.REGION_FORMS)[0]
            for name in file.regions
        }
        sms, sms_default = self.sms(("routes", "sms"))
        voice = self.voice(("routes", "voice"))
        if default is None or sms_default is None:
            return None
        return ShortCodes(
            version=sha256(self.source.text.encode()).hexdigest()[:12],
            charge_table=self.charging,
            codes=codes,
            regions=regions,
            services=self.services,
            menus=self.menus,
            ussd_default=default,
            sms=sms,
            sms_default=sms_default,
            voice=voice,
            yes=frozenset(map(fold, file.replies.yes)),
            no=frozenset(map(fold, file.replies.no)),
            targets=self.targets,
        )

    # --- what is dialled ----------------------------------------------------------------------

    def ussd(self, where: Where, forms: Mapping[str, shape.Form]) -> tuple[CodeTable, Route | None]:
        """The codes of a list, and its default."""
        exact: dict[str, Route] = {}
        patterns: dict[str, list[PatternRoute]] = {}
        default: Route | None = None
        for at, entry in self.entries(where, shape.UssdEntry, forms):
            route = self.route((*at, "start" if entry.start else "go"), entry.charge)
            if entry.default:
                default = route
                self.lead(route.state, {RANGE: get_args(Range)})
            elif entry.mmi:
                self.supplementary(at, entry, route)
            elif entry.menu:
                self.menu((*at, "menu"), entry.menu, route, exact)
            elif entry.code:
                self.code((*at, "code"), entry.code, route, exact, patterns)
        if default is None and "default" in forms:
            self.no_default(where)
        return CodeTable(exact, {code: tuple(rows) for code, rows in patterns.items()}), default

    def code(
        self,
        where: Where,
        code: str,
        route: Route,
        exact: dict[str, Route],
        patterns: dict[str, list[PatternRoute]],
    ) -> None:
        """A whole string, or one with parameters."""
        bare = without_names(code).replace("{}", "0")
        service = code.strip("*#").partition("*")[0]
        if parse(bare).text != bare or not (bare[:1] in ("*", "#") and bare.endswith("#")):
            message = f"'{code}' is no code: it begins with * or # and ends with #"
            self.report("M104", where, message, "write it as it is dialled, without blanks")
        elif not service.isdigit():
            self.report("M104", where, f"'{code}' has no service code", "digits come first")
        elif self.once("code", without_names(code), where, among=str(where[1])):
            route = replace(route, code=service)
            self.add(where, code, route, exact, patterns.setdefault(service, []))

    def menu(self, where: Where, code: str, route: Route, exact: dict[str, Route]) -> None:
        """A code whose further keys walk a menu."""
        service = code.strip("*#")
        if code != f"*{service}" or not service.isdigit():
            message = f"'{code}' is no code of a menu"
            self.report("M104", where, message, 'write it without the last #: "*105"')
        elif self.once("code", f"*{service}#", where, among=NETWORK[1]):
            self.lead(route.state, _NOTHING)
            self.menus[service] = exact[f"*{service}#"] = replace(route, code=service, exact=True)

    def supplementary(self, where: Where, entry: shape.UssdEntry, route: Route) -> None:
        """Service codes of 3GPP TS 22.030 annex B that lead to one state."""
        for code, kind in (entry.mmi or {}).items():
            at = (*where, "mmi", code)
            service = SERVICES.get(code)
            family = service.family if service else ""
            words = KINDS.get(family, ())
            if not words:
                offered = [each for each, row in SERVICES.items() if row.family in KINDS]
                message = f"'{code}' is no service code that is offered"
                self.report("M201", at, message, suggest(code, offered, "codes"), key=True)
            elif kind not in words:
                message = f"'{kind}' is no kind of {family}"
                self.report("M201", at, message, suggest(kind, words, "kinds"))
            elif self.once("service code", code, at):
                takes = entry.takes or ""
                types = {"action": SUPPLEMENTARY_ACTIONS, "kind": words, takes: _SIA_TYPES[family]}
                self.lead(route.state, types)
                self.services[code] = Supplementary(kind, takes, route.state, route.charge)

    # --- what is written to -------------------------------------------------------------------

    def sms(self, where: Where) -> tuple[dict[str, SmsNumber], Route | None]:
        """Short numbers with their texts, and the default."""
        entries = list(self.entries(where, shape.SmsEntry, shape.SMS_FORMS))
        everywhere: dict[str, str] = {
            fold(text): self.state((*at, "everywhere", index, "go"))
            for at, entry in entries
            for index, texts in enumerate(entry.everywhere or ())
            for text in texts.match
        }
        numbers: dict[str, SmsNumber] = {}
        default: Route | None = None
        for at, entry in entries:
            charge = entry.charge or ""
            if entry.default:
                default = self.route((*at, "go"), charge)
                self.lead(default.state, _NOTHING)
            elif entry.number:
                otherwise = replace(self.route((*at, "else"), charge), code=entry.number)
                own = [((*at, "texts", index), texts) for index, texts in enumerate(entry.texts)]
                row = self.texts_of(own, everywhere, otherwise)
                for key in self.numbers(at, entry.number, entry.aliases):
                    numbers[key] = row
        if default is None:
            self.no_default(where)
        return numbers, default

    def texts_of(
        self,
        own: list[tuple[Where, shape.TextEntry]],
        everywhere: Mapping[str, str],
        otherwise: Route,
    ) -> SmsNumber:
        """What a number understands: its own texts, before those that every number knows."""
        exact: dict[str, Route] = {}
        patterns: list[PatternRoute] = []
        for at, entry in own:
            route = replace(otherwise, state=self.state((*at, "go")))
            for index, text in enumerate(entry.match):
                place = (*at, "match", index)
                if self.once("text", without_names(fold(text)), place, among=otherwise.code):
                    self.add(place, fold(text), route, exact, patterns)
        self.lead(otherwise.state, _NOTHING)
        for text, state in everywhere.items():
            self.lead(state, _NOTHING)
            exact.setdefault(text, replace(otherwise, state=state, exact=True))
        return SmsNumber(exact, tuple(patterns), otherwise)

    # --- what is called -----------------------------------------------------------------------

    def voice(self, where: Where) -> dict[str, Route]:
        """Numbers that are called, under every way to write them."""
        routes: dict[str, Route] = {}
        form = {"number": shape.Form(("go", "charge"), ("aliases",))}
        for at, entry in self.entries(where, shape.VoiceEntry, form):
            route = replace(self.route((*at, "go"), entry.charge), code=entry.number)
            self.lead(route.state, _NOTHING)
            for key in self.numbers(at, entry.number, entry.aliases):
                routes[key] = route
        return routes

    # --- rows of every list -------------------------------------------------------------------

    def route(self, where: Where, charge: str) -> Route:
        """The state named at `where`, charged by a class that exists."""
        at = (*where[:-1], "charge")
        if charge not in self.charging:
            help_ = suggest(charge, self.charging, "classes of use")
            self.report("M201", at, f"there is no class of use '{charge}' in charging", help_)
        return Route(self.state(where), charge)

    def add(
        self,
        where: Where,
        text: str,
        route: Route,
        exact: dict[str, Route],
        patterns: list[PatternRoute],
    ) -> None:
        """A text as it stands, or with parameters, into its table."""
        found = list(mistakes(text))
        for message in found:
            self.report("M104", where, message, 'as "*110*{code:digits}#"')
        if has_parameters(text) and not found:
            pattern = compile_pattern(text)
            patterns.append(PatternRoute(pattern, route))
            self.lead(route.state, pattern.types)
        elif not found:
            self.lead(route.state, _NOTHING)
            exact[text] = replace(route, exact=True)

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
