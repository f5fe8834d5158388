"""M2xx: what is named exists: states, texts, commands, their arguments and their refusals."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.domain.catalogue import ALWAYS_REFUSALS, Command, Type
from gateway.menu.checks.context import Context
from gateway.menu.draft import Entry
from gateway.menu.marks import Where
from gateway.menu.model import KINDS, Ask, Constant, Do, End, Menu, Shown, State
from gateway.menu.model_settings import SettingsShape
from gateway.menu.problems import Problem, suggest
from gateway.menu.states import ELSE

_KIND_OF = {shape: kind for kind, shape in KINDS.items()}


def check_targets(context: Context) -> Iterator[Problem]:
    """M201: every state that is led to exists."""
    draft = context.draft
    for name, entry in draft.states.items():
        for way in context.ways[name]:
            if way.where and not draft.known(way.target):
                yield _no_state(context, entry, way.where, way.target)


def _no_state(
    context: Context, entry: Entry[State] | Entry[SettingsShape], where: Where, target: str
) -> Problem:
    known = [*context.draft.states, *context.draft.broken]
    return entry.problem(
        "M201", where, f"there is no state '{target}'", suggest(target, known, "states")
    )


def check_settings(context: Context) -> Iterator[Problem]:
    """M106, M201, M210, M211: settings are there and lead to states of the right kind."""
    entry = context.draft.settings
    if entry is None:
        return
    settings = entry.shape
    refusals = settings.refusals
    targets: list[tuple[Where, str, type[State]]] = [
        (("start",), settings.start, State),
        (("tries",), settings.tries, End),
        (("timeout",), settings.timeout, End),
        (("refusals", "level_too_low"), refusals.level_too_low, State),
        (("refusals", "number_blocked"), refusals.number_blocked, State),
        (("refusals", "else"), refusals.else_, Shown),
    ]
    targets += [
        (("refusals", name), target, State)
        for name, target in (refusals.__pydantic_extra__ or {}).items()
    ]
    if settings.exit is not None:
        targets.append((("exit",), settings.exit, End))
    if settings.voice is not None:
        targets += [
            (("voice", "start"), settings.voice.start, Menu),
            (("voice", "operator"), settings.voice.operator, End),
            (("voice", "bye"), settings.voice.bye, End),
            (("voice", "auth"), settings.voice.auth, Ask),
        ]
    for where, target, kind in targets:
        if not context.draft.known(target):
            yield _no_state(context, entry, where, target)
        elif target in context.draft.states and not isinstance(
            context.draft.states[target].shape, kind
        ):
            wanted = "of a kind that is shown" if kind is Shown else f"of kind {_KIND_OF[kind]}"
            yield entry.problem("M211", where, f"'{target}' must be a state {wanted}")
    texts: list[tuple[Where, str]] = [(("choice_error",), settings.choice_error)]
    if settings.voice is not None:
        texts.append((("voice", "no_input"), settings.voice.no_input))
        texts.append((("voice", "bad_input"), settings.voice.bad_input))
    for where, text in texts:
        if text not in context.draft.texts:
            help_ = suggest(text, context.draft.texts, "texts")
            yield entry.problem("M210", where, f"there is no text '{text}'", help_)
    yield from _unknown_refusals(context, entry)


def _unknown_refusals(context: Context, entry: Entry[SettingsShape]) -> Iterator[Problem]:
    possible = {*ALWAYS_REFUSALS}
    for command in context.commands.values():
        possible.update(command.refusals)
    for name in entry.shape.refusals.__pydantic_extra__ or {}:
        if name not in possible:
            help_ = suggest(name, possible, "refusals")
            message = f"no command refuses with '{name}'"
            yield entry.problem("M205", ("refusals", name), message, help_, at="key")


def check_commands(context: Context) -> Iterator[Problem]:
    """M202-M206: a `do` names a command, gives its arguments, and has a branch for its answers."""
    for entry in context.draft.states.values():
        if not isinstance(entry.shape, Do):
            continue
        command = context.commands.get(entry.shape.command)
        if command is None:
            name = entry.shape.command
            help_ = suggest(name, context.commands, "commands")
            yield entry.problem("M202", ("command",), f"there is no command '{name}'", help_)
            continue
        yield from _arguments(entry, entry.shape, command)
        yield from _branches(context, entry, entry.shape, command)


def _arguments(entry: Entry[State], state: Do, command: Command) -> Iterator[Problem]:
    for name, value in state.with_.items():
        if name not in command.arguments:
            message = f"{state.command} has no argument '{name}'"
            help_ = suggest(name, command.arguments, "arguments")
            yield entry.problem("M203", ("with", name), message, help_, at="key")
        elif not (isinstance(value, str) and value.startswith("$")) and not fits(
            value, command.arguments[name]
        ):
            wanted = command.arguments[name]
            shown = "one of " + ", ".join(wanted) if isinstance(wanted, tuple) else f"a {wanted}"
            message = f"the argument '{name}' is {shown}, not {value!r}"
            help_ = suggest(str(value), wanted, "words") if isinstance(wanted, tuple) else ""
            yield entry.problem("M204", ("with", name), message, help_)
    missing = [name for name in command.arguments if name not in state.with_]
    if missing:
        message = f"{state.command} wants the argument '{missing[0]}'"
        help_ = f"add with: {{{', '.join(f'{name}: …' for name in missing)}}}"
        yield entry.problem("M203", ("command",), message, help_)


def fits(value: Constant, wanted: Type) -> bool:
    """Whether a constant may be given for an argument of that type."""
    if isinstance(wanted, tuple):
        return value in wanted
    if isinstance(value, bool) or wanted == "flag":
        return isinstance(value, bool) and wanted == "flag"
    if wanted in ("money", "count", "moment"):
        return isinstance(value, int)
    return isinstance(value, str) and (wanted != "digits" or value.isdigit())


def _branches(
    context: Context, entry: Entry[State], state: Do, command: Command
) -> Iterator[Problem]:
    possible = ["ok", ELSE, *command.refusals, *ALWAYS_REFUSALS]
    for name in state.then:
        if name not in possible:
            message = f"{state.command} does not answer '{name}'"
            help_ = suggest(name, possible, "answers")
            yield entry.problem("M205", ("then", name), message, help_, at="key")
    if "ok" not in state.then:
        yield entry.problem("M203", ("then",), "'ok' is missing", "add ok: STATE", at="key")
    named = context.settings.refusals.__pydantic_extra__ or {}
    if context.draft.settings is None or ELSE in state.then:
        return
    bare = [each for each in command.refusals if each not in state.then and each not in named]
    if bare:
        yield entry.problem(
            "M206",
            ("then",),
            f"no branch for '{bare[0]}': the subscriber only learns that it did not work",
            f"add {', '.join(f'{name}: STATE' for name in bare)}",
            at="key",
            severity="warning",
        )
