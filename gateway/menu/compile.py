"""A checked draft -> what the engine walks on.

Rule: called only for a draft without errors, so nothing here can fail but by a bug.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import count, islice
from typing import Any

from gateway.domain.catalogue import Command
from gateway.domain.port import (
    LANGUAGES,
    Channel,
    Choice,
    Confirm,
    Expect,
    Facts,
    Language,
    Screen,
)
from gateway.menu import model
from gateway.menu.answers import READERS, expectation, is_secret
from gateway.menu.checks.texts import environment_of, places, used
from gateway.menu.checks.variables import spent_secrets
from gateway.menu.commits import committing
from gateway.menu.compile_settings import settings_of
from gateway.menu.compiled import Compiled
from gateway.menu.draft import Draft
from gateway.menu.edges import channels_of, outcomes, ways
from gateway.menu.guards import Guard, admits, every, make_guard
from gateway.menu.machine import Machine
from gateway.menu.screens import Navigation, build, label, names_of
from gateway.menu.shape import Words
from gateway.menu.states import (
    CASE,
    OPTION,
    Ask,
    Do,
    Edge,
    End,
    Info,
    Menu,
    Option,
    Pick,
    Route,
    Rows,
    Shown,
    State,
)
from gateway.menu.text import Environment, Text, fields

CHANNELS: Mapping[Channel, str] = {"ussd": "ussd", "sms": "sms", "voice": "ivr"}
"""Channel -> the key of its wording."""

PICK_ROWS_MAX = 80
"""Rows one menu offers; a longer list is asked for by name."""


def compile_set(draft: Draft, commands: Mapping[str, Command], version: str) -> Compiled:
    """The whole set."""
    return _Compiler(draft, commands).compiled(version)


class _Compiler:
    def __init__(self, draft: Draft, commands: Mapping[str, Command]) -> None:
        assert draft.settings is not None, "a draft without settings has an error"
        self.settings = draft.settings.shape
        self.draft = draft
        self.commands = commands
        self.environment: Environment = environment_of(draft)
        self.shapes = {name: entry.shape for name, entry in draft.states.items()}
        self.ways = {
            name: ways(shape, self.settings, commands) for name, shape in self.shapes.items()
        }
        self.commits = committing(self.shapes, self.ways, commands)
        self.by_code = committing(self.shapes, self.ways, commands, lambda row: row.by_code)
        self.secret = {
            shape.answer.name
            for shape in self.shapes.values()
            if isinstance(shape, model.Ask) and is_secret(shape.answer)
        }
        self.texts = {name: self.text(entry.shape) for name, entry in draft.texts.items()}
        self.navigation = Navigation(
            self.choices("back", self.settings.keys.back, self.settings.nav.back),
            self.choices("more", self.settings.keys.more, self.settings.nav.more),
        )

    def compiled(self, version: str) -> Compiled:
        edges = tuple(
            Edge(name, way.trigger, way.target, not way.where, way.guard)
            for name, all_ in self.ways.items()
            for way in all_
        )
        return Compiled(
            version=version,
            settings=settings_of(self.settings, self.shapes, self.texts),
            states={name: _KINDS[type(s)](self, name, s) for name, s in self.shapes.items()},
            edges=edges,
            machine=Machine(self.shapes, edges),
            texts=self.texts,
            choice_error=self.texts[self.settings.choice_error],
            navigation=self.navigation,
            environment=self.environment,
            reads=frozenset(self.reads()),
            titles={
                name: {"ru": shape.title.ru, "en": shape.title.en}
                for name, shape in self.shapes.items()
                if shape.title
            },
        )

    def reads(self) -> Iterator[str]:
        for shape in self.shapes.values():
            yield from (name for _, name in used(shape))
            for place in places(shape):
                yield from (field.name for field in fields(place.text))

    # --- parts --------------------------------------------------------------------------------

    def text(self, words: Words) -> Text:
        return Text(words.ru, words.en, self.environment)

    def choices(self, name: str, key: str, words: Words) -> Mapping[Language, Choice]:
        text = self.text(words)
        return {language: Choice(name, key, text.render(language, {})) for language in LANGUAGES}

    def option(self, state: str, name: str, shape: model.Option) -> Option:
        text = self.text(shape.text)
        option = Option(
            id=name,
            key=shape.key,
            text=text,
            trigger=OPTION + name,
            commits=shape.go in self.commits,
            confirm=self.confirm(shape),
            level=shape.level,
            when=self.guard(shape),
            when_blocked=shape.when_blocked,
            sets=dict(shape.set or {}),
        )
        if not text.constant:
            return option
        ready = {language: label(option, language, {}) for language in LANGUAGES}
        return replace(option, choices=ready)

    def confirm(self, option: model.Option) -> Confirm:
        if not option.confirm:
            return ""
        return "code" if option.go in self.by_code else "yes"

    def guard(self, option: model.Option) -> Guard | None:
        """Whom an option is shown to; None: to everybody."""
        guards = [make_guard(option.when)] if option.when else []
        if self.settings.hide_forbidden:
            levels = ((each.level, each.when_blocked) for each in (option, self.shapes[option.go]))
            guards += [admits(level, blocked) for level, blocked in levels if level]
        return every(guards) if guards else None

    def shown(
        self,
        name: str,
        shape: model.Shown,
        expect: Expect,
        options: tuple[Option, ...] = (),
        pick: Pick | None = None,
    ) -> dict[str, Any]:
        """The fields every shown state has."""
        texts: dict[Channel, Text | None] = {}
        for channel, key in CHANNELS.items():
            override = getattr(shape, key)
            words = override.text if override else shape.text
            texts[channel] = self.text(words) if words else None
        rows = self.rows(shape.rows) if shape.rows else None
        names = {channel: names_of(text, (rows, pick), options) for channel, text in texts.items()}
        fields: dict[str, Any] = {
            "id": name,
            "level": shape.level,
            "when_blocked": shape.when_blocked,
            "texts": texts,
            "rows": rows,
            "names": names,
            "options": options,
            "pick": pick,
            "expect": expect,
            "names_keys": shape.ivr is not None,
            "again": self.text(shape.ivr.again) if shape.ivr and shape.ivr.again else None,
            "barge_in": shape.ivr is None or shape.ivr.barge_in,
        }
        return {**fields, "ready": self.ready(Shown(**fields, ready={}))}

    def rows(self, shape: model.Rows) -> Rows:
        empty = self.text(shape.empty) if shape.empty else None
        return Rows(shape.from_, self.text(shape.text), empty)

    def pick(self, shape: model.Menu) -> Pick | None:
        """Rows have the numbers that neither an option nor a navigation key has."""
        if shape.pick is None:
            return None
        nav = self.settings.keys
        taken = {nav.back, nav.more, nav.home, *(each.key for each in shape.options.values())}
        free = (key for key in map(str, count(1)) if key not in taken)
        return Pick(
            variable=shape.pick.from_,
            label=self.text(shape.pick.text),
            take=tuple(shape.pick.take),
            keys=tuple(islice(free, PICK_ROWS_MAX)),
            empty=self.text(shape.pick.empty) if shape.pick.empty else None,
        )

    def ready(self, state: Shown) -> Mapping[tuple[Channel, Language, bool], Screen]:
        """The screens of a state that are always the same."""
        if any(option.when for option in state.options):
            return {}
        return {
            (channel, language, back): build(
                state, {}, Facts(language, channel, "none", ""), self.navigation, back=back
            )
            for channel in CHANNELS
            if not state.names[channel]
            for language in LANGUAGES
            for back in (False, True)
        }

    # --- kinds --------------------------------------------------------------------------------

    def menu(self, name: str, shape: model.Menu) -> Menu:
        options = tuple(self.option(name, key, each) for key, each in shape.options.items())
        expect = Expect("choice", 1, max((len(option.key) for option in options), default=1))
        by_key = {option.key: option for option in options}
        return Menu(**self.shown(name, shape, expect, options, self.pick(shape)), by_key=by_key)

    def ask(self, name: str, shape: model.Ask) -> Ask:
        invalid = self.text(shape.invalid) if shape.invalid else None
        return Ask(
            **self.shown(name, shape, expectation(shape.answer)),
            variable=shape.answer.name,
            read=READERS[shape.answer.type](shape.answer),
            invalid=invalid or self.texts[self.settings.choice_error],
            commits=shape.go in self.commits,
            takes_zero=shape.answer.type == "amount" and shape.answer.min == 0,
        )

    def info(self, name: str, shape: model.Info) -> Info:
        return Info(**self.shown(name, shape, Expect("choice")))

    def end(self, name: str, shape: model.End) -> End:
        return End(**self.shown(name, shape, Expect("nothing", 0, 0)), result=shape.result)

    def do(self, name: str, shape: model.Do) -> Do:
        command = self.commands[shape.command]
        variables = {
            argument: value[1:]
            for argument, value in shape.with_.items()
            if isinstance(value, str) and value.startswith("$")
        }
        return Do(
            id=name,
            level=shape.level,
            when_blocked=shape.when_blocked,
            command=shape.command,
            constants={k: v for k, v in shape.with_.items() if k not in variables},
            variables=tuple(variables.items()),
            forgets=spent_secrets(shape, command, self.secret),
            confirm=command.confirm,
            needs=command.level,
            triggers=frozenset(outcomes(shape, self.settings, self.commands)),
        )

    def route(self, name: str, shape: model.Route) -> Route:
        cases = tuple(
            (make_guard(case.when), f"{CASE}{number}") for number, case in enumerate(shape.cases)
        )
        return Route(name, shape.level, shape.when_blocked, cases, channels_of(shape))


_KINDS: Mapping[type[model.State], Callable[[_Compiler, str, Any], State]] = {
    model.Menu: _Compiler.menu,
    model.Ask: _Compiler.ask,
    model.Info: _Compiler.info,
    model.End: _Compiler.end,
    model.Do: _Compiler.do,
    model.Route: _Compiler.route,
}
