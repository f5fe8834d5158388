"""M6xx: what a call comes to can be spoken, and answered by a keypad."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.menu.checks.context import Context
from gateway.menu.edges import admits_channel, heard
from gateway.menu.model import Ask, Menu
from gateway.menu.problems import Problem

SPOKEN_OPTIONS_MAX = 5
"""More are not remembered to the end (service guide 3.6)."""


def check_calls(context: Context) -> Iterator[Problem]:
    """M601: a text cannot be pressed; M602: a long menu is warned of; M603: a key that navigates
    is no option's; M604: a word chooses one option."""
    entry = context.draft.settings
    if entry is None or entry.shape.voice is None:
        return
    voice = entry.shape.voice
    keys = entry.shape.keys
    nav = {voice.keys.repeat, voice.keys.operator} - {keys.back, keys.more, keys.home}
    said: dict[str, str] = {}
    shapes = {name: state.shape for name, state in context.draft.states.items()}
    roots = (voice.start, voice.operator, voice.bye, voice.auth)
    for name in sorted(heard(roots, shapes, context.ways)):
        state = context.draft.states[name]
        shape = state.shape
        if isinstance(shape, Ask) and shape.answer.type == "text":
            message = "a call comes here, and letters cannot be pressed"
            help_ = "let calls take another way (when: {channel: [ussd, sms]})"
            yield state.problem("M601", ("answer", "type"), message, help_)
        if not isinstance(shape, Menu):
            continue
        spoken = {
            key: each for key, each in shape.options.items() if admits_channel(each.when, "voice")
        }
        if len(spoken) > SPOKEN_OPTIONS_MAX:
            message = f"a call hears {len(spoken)} options here"
            help_ = f"{SPOKEN_OPTIONS_MAX} are remembered"
            yield state.problem("M602", ("options",), message, help_, at="key", severity="warning")
        for key, option in spoken.items():
            if option.key in nav:
                message = f"'{option.key}' is the same everywhere in a call"
                yield state.problem("M603", ("options", key, "key"), message, "take another")
            for word in option.say or ():
                if said.setdefault(word, f"{name}.{key}") != f"{name}.{key}":
                    message = f"'{word}' is said for {said[word]} already"
                    yield state.problem("M604", ("options", key, "say"), message, "say it for one")
