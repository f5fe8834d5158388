"""M308: how long a screen gets at worst, per language and channel. Warnings only: the rendered
page is cut where it must be, and a static count of a text with variables is a guess.

Rule: every variable has the widest value of its type, every option is shown; the counting itself
(octets after encoding) is given from outside, by what renders.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from gateway.domain.port import LANGUAGES, Channel, Facts, Language, Screen
from gateway.domain.values import Value
from gateway.menu.checks import Context
from gateway.menu.checks.variables import Variables, variables
from gateway.menu.compiled import Compiled
from gateway.menu.problems import Problem
from gateway.menu.screens import build
from gateway.menu.states import Shown
from gateway.menu.text import WORST

Pages = Mapping[Channel, Callable[[Screen], int]]
"""Channel -> how many pages (USSD) or segments (SMS) a screen takes."""

_UNITS = {"ussd": "USSD pages", "sms": "SMS segments"}


def check_lengths(context: Context, compiled: Compiled, pages: Pages) -> Iterator[Problem]:
    """M308 at the text of every state that gets longer than `pages_max`."""
    known = variables(context)
    for name, state in compiled.states.items():
        if not isinstance(state, Shown):
            continue
        for channel, count in pages.items():
            allowed = getattr(context.settings.pages_max, channel)
            given = known.get(name, {})
            worst = {
                language: count(_worst(state, given, language, channel, compiled))
                for language in LANGUAGES
            }
            long = [f"{worst[each]} in {each}" for each in LANGUAGES if worst[each] > allowed]
            if long:
                yield context.draft.states[name].problem(
                    "M308",
                    ("text",),
                    f"{_UNITS[channel]} at worst: {', '.join(long)}",
                    f"at most {allowed} (settings.pages_max.{channel}): shorten it",
                    at="key",
                    severity="warning",
                )


def _worst(
    state: Shown, known: Variables, language: Language, channel: Channel, compiled: Compiled
) -> Screen:
    open_ = replace(state, options=tuple(replace(each, when=None) for each in state.options))
    facts = Facts(language, channel, "account", "HOME")
    values: dict[str, Value] = {}
    for name in state.names[channel]:
        candidates: list[Value] = []
        for type_ in known.get(name, ()):
            candidates += type_ if isinstance(type_, tuple) else WORST.get(type_, ())

        def width(value: Value, name: str = name) -> int:
            screen = build(open_, {**values, name: value}, facts, compiled.navigation, back=True)
            return len(screen.text) + sum(len(choice.text) for choice in screen.choices)

        if candidates:
            values[name] = max(candidates, key=width)
    return build(open_, values, facts, compiled.navigation, back=True)
