"""Checked settings -> what the engine reads of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gateway.menu.compiled import Keys, Settings, Voice
from gateway.menu.model import Ask, Menu, State
from gateway.menu.model_settings import SettingsShape, VoiceShape
from gateway.menu.moves import moves, said
from gateway.menu.text import Text


def settings_of(
    shape: SettingsShape, states: Mapping[str, State], texts: Mapping[str, Text]
) -> Settings:
    """The settings of a set with these states and texts."""
    return Settings(
        start=shape.start,
        keys=Keys(shape.keys.back, shape.keys.more, shape.keys.home),
        tries_max=shape.tries_max,
        idle_seconds_max=shape.idle_seconds_max,
        dialogue_seconds_max=shape.dialogue_seconds_max,
        steps_max=shape.steps_max,
        utc_offset_seconds=shape.utc_offset_seconds,
        exit=shape.exit,
        overrun=shape.refusals.else_,
        moves=moves(shape),
        voice=_voice(shape.voice, states, texts) if shape.voice else None,
    )


def _voice(shape: VoiceShape, states: Mapping[str, State], texts: Mapping[str, Text]) -> Voice:
    """How calls are led."""
    auth = states[shape.auth]
    assert isinstance(auth, Ask), "the check holds voice.auth to an ask"
    return Voice(
        start=shape.start,
        operator=shape.operator,
        bye=shape.bye,
        auth=shape.auth,
        prove=auth.go,
        no_input=texts[shape.no_input],
        bad_input=texts[shape.bad_input],
        end=shape.keys.end,
        instant="" if shape.keys.back.isdigit() else shape.keys.back,
        first_key_seconds=shape.first_key_seconds,
        next_key_seconds=shape.next_key_seconds,
        silences_max=shape.silences_max,
        tries_max=shape.tries_max,
        progress_seconds_max=shape.progress_seconds_max,
        call_seconds_max=shape.call_seconds_max,
        words=dict(_words(states)),
    )


def _words(states: Mapping[str, State]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Words said, and the menu and key each chooses."""
    for name, state in states.items():
        for option in state.options.values() if isinstance(state, Menu) else ():
            yield from ((said(word), (name, option.key)) for word in option.say or ())
