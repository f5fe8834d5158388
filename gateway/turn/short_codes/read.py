"""`short_codes.yaml` -> tables, or every mistake in it, each at its place in the file.

Rule: what entries refer to (states, classes of use, services) is checked here, so that a table
made of a sound file never misses; entries with mistakes are left out of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import get_args

from gateway.domain.catalogue import BARRING_KINDS, FORWARDING_KINDS, SUPPLEMENTARY_ACTIONS, Type
from gateway.menu.source import Problem, Source, Where, failed, load, suggest
from gateway.turn.short_codes import shape
from gateway.turn.short_codes.entries import Menus
from gateway.turn.short_codes.grammar import fold
from gateway.turn.short_codes.patterns import (
    compile_pattern,
    has_parameters,
    mistakes,
    without_names,
)
from gateway.turn.short_codes.read_sms import SmsReader
from gateway.turn.short_codes.routes import (
    RANGE,
    CodeTable,
    PatternRoute,
    Route,
    ShortCodes,
    Supplementary,
    Written,
)
from gateway.wire.gsm.mmi import SERVICES, Range, parse

KINDS = {"forwarding": FORWARDING_KINDS, "barring": BARRING_KINDS}
"""Family of supplementary services -> the words its command knows."""
_SIA_TYPES: Mapping[str, Type] = {"forwarding": "text", "barring": "secret"}
_NOTHING: Mapping[str, Type] = {}
NETWORK = ("routes", "ussd")


def load_short_codes(path: Path, menus: Menus) -> tuple[ShortCodes | None, list[Problem]]:
    """Read the file; None where one of the problems is an error. Never raises.

    `menus` say whether there is a state, a text of the catalogue or a variable of a name.
    """
    source = load(path)
    reader = _Reader(source, menus)
    unreadable = source.data is None and bool(source.problems)
    codes = None if unreadable else reader.read()
    # What YAML misread has been told: what follows from it at the same place has not to be.
    told = {(each.line, each.column) for each in source.problems}
    found = [each for each in reader.problems if (each.line, each.column) not in told]
    problems = [*source.problems, *found]
    return (None if failed(problems) else codes), problems


class _Reader(SmsReader):
    """Makes the tables."""

    def __init__(self, source: Source, menus: Menus) -> None:
        super().__init__(source, menus)
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
        sms, sms_default = self.sms(("routes", "sms"), file)
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
            dialled=tuple(self.dialled),
            written=tuple(self.written),
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
            self.dialled.append(Written(code, route.state))
            self.add(where, code, route, exact, patterns.setdefault(service, []))

    def menu(self, where: Where, code: str, route: Route, exact: dict[str, Route]) -> None:
        """A code whose further keys walk a menu."""
        service = code.strip("*#")
        if code != f"*{service}" or not service.isdigit():
            message = f"'{code}' is no code of a menu"
            self.report("M104", where, message, 'write it without the last #: "*105"')
        elif self.once("code", f"*{service}#", where, among=NETWORK[1]):
            self.lead(route.state, _NOTHING)
            self.dialled.append(Written(f"{code}#", route.state))
            self.menus[service] = exact[f"*{service}#"] = replace(route, code=service)

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
                self.dialled.append(Written(f"*{code}#", route.state))
                self.services[code] = Supplementary(kind, takes, route.state, route.charge)

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
            exact[text] = replace(route)
