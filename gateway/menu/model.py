"""The shape of a menu file, version 1: what may be written, field by field.

Rule: this is the only description of the format; the loader validates with it, and the JSON
Schema that editors complete from is made of it (`schema.py`). What one state says of another
(targets, variables, reachability) is checked elsewhere (`check.py`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gateway.menu.model_settings import SettingsShape
from gateway.menu.shape import Id, Key, Name, Shape, Words

Level = Literal["none", "view", "subscriber", "account"]
Zone = Literal["HOME", "RU_NET", "RU_OTHER", "CIS", "EUROPE", "WORLD"]
Constant = str | int | bool


class Override(Shape):
    """A wording for one channel only."""

    text: Words = Field(description="The text on this channel")


class Spoken(Override):
    """A wording for calls, which says the keys itself."""

    again: Words | None = Field(None, description="Shorter, where it is said once more")
    barge_in: bool = Field(True, description="A key stops it")


class Rows(Shape):
    """One line per row of a variable that holds rows, after the text."""

    from_: Name = Field(alias="from", description="The variable that holds the rows")
    text: Words = Field(description="One line; its fields are the row's values")
    empty: Words | None = Field(None, description="Shown where there are no rows")


PickedType = Literal["digits", "text", "msisdn", "money", "count", "moment", "flag"]


class Pick(Shape):
    """Options made of rows: each row is one, under the next free number."""

    from_: Name = Field(alias="from", description="The variable that holds the rows")
    text: Words = Field(description="The label; its fields are the row's values")
    take: dict[Name, PickedType] = Field(
        min_length=1,
        description="Fields of the chosen row that become variables, with their types",
    )
    go: Id = Field(description="The state a chosen row leads to")
    empty: Words | None = Field(None, description="Shown where there are no rows")


class When(Shape):
    """A guard: all that is written must hold."""

    level: Level | None = Field(None, description="The caller's level is at least this")
    zone: list[Zone] | None = Field(None, min_length=1, description="The caller is in one of them")
    flag: str | None = Field(None, description="The caller has this flag")
    not_flag: str | None = Field(None, description="The caller has not this flag")
    channel: list[Literal["ussd", "sms", "voice"]] | None = Field(
        None, min_length=1, description="The dialogue is on one of them"
    )
    language: list[Literal["ru", "en", "ru-Latn"]] | None = Field(
        None, min_length=1, description="The caller reads one of them"
    )
    balance_at_least: int | None = Field(None, description="Roubles")
    equals: dict[Name, Constant] | None = Field(
        None, min_length=1, description='Each variable has this value; "$name" is another variable'
    )


class Option(Shape):
    """One choice of a menu."""

    key: Key
    text: Words = Field(description="The label")
    go: Id = Field(description="The state it leads to")
    level: Level | None = Field(
        None, description="A caller below it sees the option and is told why it is closed"
    )
    when: When | None = Field(None, description="Hidden where it does not hold")
    when_blocked: bool = Field(False, description="Open to a number whose SIM is blocked")
    set: dict[Name, Constant] | None = Field(None, description="Variables it sets")
    say: list[str] | None = Field(
        None, min_length=1, description="Words that choose it from anywhere in a call"
    )
    confirm: bool = Field(
        False, description="The yes to the menu's question: by SMS the word, and a code for money"
    )


class Answer(Shape):
    """What an ask waits for."""

    name: Name = Field(description="The variable that takes the answer")
    type: Literal["digits", "amount", "msisdn", "pin", "text"] = Field(
        description="amount: roubles typed, kept as kopecks"
    )
    min: int | None = Field(
        None,
        ge=0,
        le=1_000_000,
        description="Roubles, for an amount; with 0 the answer `0` is an amount and no way back",
    )
    max: int | None = Field(None, ge=1, le=1_000_000, description="Roubles, for an amount")
    min_length: int | None = Field(None, ge=1, le=500, description="Characters")
    max_length: int | None = Field(None, ge=1, le=500, description="Characters")
    secret: bool = Field(False, description="Never shown, never logged (a pin always is)")


class State(Shape):
    """What every state may say."""

    title: Words | None = Field(None, description="For graphs and documentation only")
    level: Level | None = Field(
        None, description="A caller below it goes to refusals.level_too_low"
    )
    when_blocked: bool = Field(False, description="Open to a number whose SIM is blocked")


class Shown(State):
    """A state that is shown."""

    text: Words | None = Field(None, description="The text")
    rows: Rows | None = Field(None, description="One line per row, after the text")
    ussd: Override | None = Field(None, description="Another wording for USSD")
    sms: Override | None = Field(None, description="Another wording for SMS")
    ivr: Spoken | None = Field(None, description="Another wording for a call")


class Waiting(Shown):
    """A state that waits for an answer."""

    timeout: Id | None = Field(None, description="Where a timeout leads, else settings.timeout")


class Menu(Waiting):
    """Waits for a choice."""

    kind: Literal["menu"]
    pick: Pick | None = Field(None, description="Options made of rows, before the others")
    options: dict[Name, Option] = Field({}, description="Stable id -> option, in their order")


class Ask(Waiting):
    """Waits for a typed answer."""

    kind: Literal["ask"]
    text: Words = Field(description="The question")
    answer: Answer
    invalid: Words | None = Field(None, description="Shown after an answer that does not fit")
    go: Id = Field(description="The state a good answer leads to")


class Info(Waiting):
    """Shows, and waits for back or home."""

    kind: Literal["info"]


class Do(State):
    """Asks the account core."""

    kind: Literal["do"]
    command: str = Field(description="A command of the catalogue")
    with_: dict[str, Constant] = Field(
        default_factory=dict, alias="with", description='Its arguments; "$name" is a variable'
    )
    then: dict[str, Id] = Field(
        description="ok and the refusals it answers with -> states; else: the others"
    )


class Case(Shape):
    """One branch of a route."""

    when: When
    go: Id = Field(description="The state it leads to")


class Route(State):
    """Goes on at once, to the first case that holds."""

    kind: Literal["route"]
    cases: list[Case] = Field(min_length=1, description="In their order")
    else_: Id = Field(alias="else", description="Where none holds")


class End(Shown):
    """The last screen; the dialogue is over."""

    kind: Literal["end"]
    result: Name = Field("completed", description="The word for the CDR")


AnyState = Annotated[Menu | Ask | Info | Do | Route | End, Field(discriminator="kind")]


class MenuFile(Shape):
    """One file; all files of the directory together are one flat namespace of states."""

    menu: str = Field(min_length=1, max_length=64, description="The section's name")
    settings: SettingsShape | None = Field(None, description="In exactly one file of the set")
    states: dict[Id, AnyState] = Field(default_factory=dict)
    texts: dict[Id, Words] = Field(
        default_factory=dict, description="Texts of SMS messages and notices, by id"
    )
    labels: dict[str, dict[str, Words]] = Field(
        default_factory=dict, description="Words for enumerations, for the filter label"
    )


KINDS: dict[str, type[State]] = {
    "menu": Menu,
    "ask": Ask,
    "info": Info,
    "do": Do,
    "route": Route,
    "end": End,
}
