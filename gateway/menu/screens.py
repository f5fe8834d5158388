"""Screens: a shown state, a cursor and the facts -> a `Screen` of the port.

Rule: what a screen shows depends on nothing else. Options whose `when` does not hold are hidden
and keys do not shift; options of a higher level stay visible. A screen that needs no variables
was made when the set was compiled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gateway.domain.port import Choice, Facts, Language, Screen
from gateway.domain.values import Value, Values
from gateway.menu.states import Option, Rows, Shown
from gateway.menu.text import Text


@dataclass(frozen=True, slots=True)
class Navigation:
    """The navigation choices, ready per language."""

    back: Mapping[Language, Choice]
    more: Mapping[Language, Choice]


def show(
    state: Shown,
    variables: Values,
    facts: Facts,
    navigation: Navigation,
    *,
    back: bool,
    notice: str = "",
) -> Screen:
    """The screen of `state`; `back`: there is a state to go back to; `notice`: a line above it."""
    screen = state.ready.get((facts.channel, facts.language, back))
    if screen is None:
        screen = build(state, variables, facts, navigation, back=back)
    return replace(screen, notice=notice) if notice else screen


def build(
    state: Shown, variables: Values, facts: Facts, navigation: Navigation, *, back: bool
) -> Screen:
    """A screen made anew."""
    language = facts.language
    names = state.names[facts.channel]
    return Screen(
        id=state.id,
        language=language,
        text=_text(state, variables, facts),
        choices=tuple(
            option.choices.get(language) or label(option, language, variables)
            for option in state.options
            if option.when is None or option.when(facts, variables)
        ),
        values={name: variables[name] for name in names if name in variables},
        expect=state.expect,
        back=navigation.back[language] if back else None,
        more=navigation.more[language],
        earlier=navigation.back[language],
    )


def label(option: Option, language: Language, variables: Values) -> Choice:
    """The choice an option shows."""
    return Choice(option.id, option.key, option.text.render(language, variables))


def _text(state: Shown, variables: Values, facts: Facts) -> str:
    text: Text | None = state.texts[facts.channel]
    head = text.render(facts.language, variables) if text else ""
    if state.rows is None:
        return head
    lines = _lines(state.rows, variables, facts.language)
    return "\n".join([head, *lines] if head else lines)


def _lines(rows: Rows, variables: Values, language: Language) -> list[str]:
    value: Value = variables.get(rows.variable)
    if isinstance(value, tuple) and value:
        return [rows.line.render(language, row) for row in value]
    return [rows.empty.render(language, variables)] if rows.empty else []
