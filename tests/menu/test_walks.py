"""Random walks. Invariant: whatever is answered, the engine never raises, every step gives a
query, a prompt or a release, the cursor survives JSON, the way back never repeats a state, and the
shared machine goes exactly where the plain table says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.domain.catalogue import ALWAYS_REFUSALS, LEVELS, Type
from gateway.domain.port import (
    LANGUAGES,
    Answered,
    Event,
    Facts,
    Opened,
    Prompt,
    Query,
    Release,
    Replied,
    TimedOut,
)
from gateway.menu.engine import Cursor, step
from tests.menu.catalogue import COMMANDS
from tests.menu.shop import shop

SHOP = shop()
STEPS_MAX = 40

FACTS = st.builds(
    Facts,
    language=st.sampled_from(LANGUAGES),
    channel=st.sampled_from(["ussd", "sms", "voice"]),
    level=st.sampled_from(LEVELS),
    zone=st.sampled_from(["HOME", "RU_NET", "EUROPE", "WORLD"]),
    balance=st.integers(-10_000, 10_000_000),
    flags=st.sets(st.sampled_from(["blocked", "corporate", "corporate_admin"])).map(frozenset),
)
REPLIES = st.one_of(
    st.sampled_from([*"0123456789", "00", "9220000002", "1234", "50", "12345678"]),
    st.text(max_size=8),
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "money": st.integers(-(10**9), 10**9),
    "count": st.integers(0, 10**6),
    "moment": st.integers(0, 4 * 10**9),
    "flag": st.booleans(),
    "rows": st.just(({"at": 0, "amount": 100}, {"at": 1, "amount": 5})),
}


def of_type(type_: Type) -> st.SearchStrategy[Any]:
    if isinstance(type_, tuple):
        return st.sampled_from(type_)
    return VALUES.get(type_, st.text(max_size=12))


def answer(draw: st.DrawFn, query: Query) -> Answered:
    command = COMMANDS[query.command]
    assert set(query.arguments) == set(command.arguments)
    refusals = [*command.refusals, *ALWAYS_REFUSALS, "unheard_of"]
    outcome = draw(st.sampled_from(["ok"] * len(refusals) + refusals))
    values = {name: draw(of_type(type_)) for name, type_ in command.values.items()}
    return Answered(outcome, values if outcome == "ok" else {})


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_random_walks(data: st.DataObject) -> None:
    cursor = SHOP.start()
    event: Event = Opened("*105#")
    for _ in range(STEPS_MAX):
        facts = data.draw(FACTS)
        before = json.dumps(cursor.to_json())
        following, output, notes, _ = step(SHOP, cursor, event, facts)
        assert json.dumps(cursor.to_json()) == before
        stored = json.loads(json.dumps(following.to_json()))
        cursor = Cursor.from_json(stored)
        assert cursor == following
        assert len(set(cursor.stack)) == len(cursor.stack)
        assert all(isinstance(note, str) for note in notes)
        if isinstance(output, Release):
            return
        if isinstance(output, Query):
            event = data.draw(st.composite(answer)(output))
            continue
        assert isinstance(output, Prompt)
        assert output.screen.id == cursor.state not in cursor.stack
        assert output.screen.language == facts.language
        event = data.draw(st.one_of(REPLIES.map(Replied), st.just(TimedOut())))


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=60))
@settings(max_examples=50, deadline=None)
def test_the_machine_equals_the_plain_table(choices: list[int]) -> None:
    table = {(edge.source, edge.trigger): edge.target for edge in SHOP.compiled.edges}
    assert len(table) == len(SHOP.compiled.edges)
    cursor, state = SHOP.start(), "main"
    for choice in choices:
        triggers = sorted(trigger for source, trigger in table if source == state)
        if not triggers:
            break
        trigger = triggers[choice % len(triggers)]
        machine = SHOP.compiled.machine
        driven = cursor.copy()
        assert machine.table.events[trigger].trigger(driven)
        machine.fire(cursor, trigger)
        state = table[state, trigger]
        assert cursor.state == driven.state == state


def test_the_machine_keeps_no_cursor() -> None:
    import gc
    import weakref

    class Watched(Cursor):
        __slots__ = ("__weakref__",)

    cursor = Watched("main")
    SHOP.compiled.machine.fire(cursor, "else")
    watch = weakref.ref(cursor)
    del cursor
    gc.collect()
    assert watch() is None


def test_an_edge_that_is_not_in_the_table_is_a_bug() -> None:
    with pytest.raises(KeyError):
        SHOP.compiled.machine.fire(Cursor("main"), "no such trigger")
