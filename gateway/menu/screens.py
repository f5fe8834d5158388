"""Screens: a shown state, a cursor and the facts -> a `Screen` of the port.

Rule: what a screen shows depends on nothing else. Options whose `when` does not hold are hidden
and keys do not shift; options of a higher level stay visible. A screen that needs no variables
was made when the set was compiled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from gateway.domain.port import Channel, Choice, Expect, Facts, Language, Screen, Speech
from gateway.domain.values import Values
from gateway.menu.states import Option, Pick, Rows, Shown, rows_of
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
    speaks = facts.channel == "voice"
    choices = (
        *_picks(state, variables, language, speaks),
        *_options(state, variables, facts, speaks and not state.names_keys),
    )
    if state.pick is not None:  # rows have the keys that options left free
        choices = tuple(sorted(choices, key=lambda each: (len(each.key), each.key)))
    return Screen(
        id=state.id,
        language=language,
        text=_text(state, variables, facts),
        choices=choices,
        values={name: variables[name] for name in names if name in variables},
        expect=_expect(state, choices),
        back=navigation.back[language] if back else None,
        more=navigation.more[language],
        earlier=navigation.back[language],
        speech=_speech(state, variables, facts) if speaks else (),
        barge_in=state.barge_in,
    )


def _options(state: Shown, variables: Values, facts: Facts, speaks: bool) -> Iterator[Choice]:
    for option in state.options:
        if option.when is None or option.when(facts, variables):
            choice = option.choices.get(facts.language) or label(option, facts.language, variables)
            speech = option.text.speak(facts.language, variables) if speaks else ()
            yield replace(choice, speech=speech) if speech else choice


def _picks(state: Shown, variables: Values, language: Language, speaks: bool) -> Iterator[Choice]:
    """A choice per row; the rows of one list share its name as their id."""
    pick = state.pick
    if pick is not None:
        for key, row in pick.rows(variables):
            speech = pick.label.speak(language, row) if speaks else ()
            yield Choice(pick.variable, key, pick.label.render(language, row), speech=speech)


def _expect(state: Shown, choices: tuple[Choice, ...]) -> Expect:
    """How long a key is depends on how many rows there are to pick from."""
    if state.pick is None:
        return state.expect
    return replace(state.expect, length_max=max((len(each.key) for each in choices), default=1))


def label(option: Option, language: Language, variables: Values) -> Choice:
    """The choice an option shows."""
    return Choice(option.id, option.key, option.text.render(language, variables), option.confirm)


def names_of(
    text: Text | None, lists: tuple[Rows | Pick | None, ...], options: tuple[Option, ...]
) -> tuple[str, ...]:
    """The variables a screen is made of."""
    names = set(text.names if text else ())
    names.update(each.variable for each in lists if each)
    for option in options:
        names.update(option.text.names)
    return tuple(sorted(names))


def _text(state: Shown, variables: Values, facts: Facts) -> str:
    said = _said(state, variables, facts.channel)
    lines = (text.render(facts.language, values) for text, values in said)
    return "\n".join(line for line in lines if line)


def _speech(state: Shown, variables: Values, facts: Facts) -> Speech:
    said = _said(state, variables, facts.channel)
    return tuple(part for text, values in said for part in text.speak(facts.language, values))


def _said(state: Shown, variables: Values, channel: Channel) -> Iterator[tuple[Text, Values]]:
    """What a state says, top down, each text with the values it is made of."""
    text = state.texts[channel]
    if text:
        yield text, variables
    if state.rows:
        yield from ((state.rows.line, row) for row in rows_of(variables, state.rows.variable))
    for lists in (state.rows, state.pick):
        if lists and lists.empty and not rows_of(variables, lists.variable):
            yield lists.empty, variables
