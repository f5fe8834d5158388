"""The shape of a `*.flow.yaml`, version 1: what may be written, field by field.

Rule: this is the only description of the format; files are read with it, and the JSON Schema that
editors complete from is made of it (`schema`). What a field cannot say alone (one action a step,
names that were never kept) is checked in `check.py`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from gateway.domain.port import Language
from gateway.menu.schema import schema_of

SECONDS_MAX = 366 * 86_400.0

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=32, examples=["amount"])]
Text = Annotated[str, Field(max_length=2_000)]
Money = Annotated[
    str,
    Field(
        pattern=r"^[+-]?([0-9]{1,9}\.[0-9]{2}|<[a-z0-9_:]+>)$",
        description="Roubles with two decimals, or a <name> with such a value, in quotes",
        examples=["-5.00"],
    ),
]
Keys = Annotated[Text, Field(pattern=r"^([0-9A-D*#]|<[a-z0-9_:]+>)+$")]
Number = Annotated[Text, Field(min_length=1)]
Seconds = Annotated[float, Field(gt=0, le=SECONDS_MAX)]


class Shape(BaseModel):
    """Unknown keys are refused; `1` is not a text and `"1"` is not a number."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Write(Shape):
    """An SMS to a short number."""

    to: Text = Field(description="The short number written to", examples=["000110"])
    text: Text = Field(description="What is written")


class Move(Shape):
    """Where the subscriber is from here on: a network, or the zone of an example network."""

    plmn: str | None = Field(
        None,
        pattern=r"^[0-9]{5,6}$",
        description="The visited network, MCC and MNC",
        examples=["26201"],
    )
    region: Text | None = Field(None, description="The region of the home network")
    zone: Literal["HOME", "RU_NET", "RU_OTHER", "CIS", "EUROPE", "WORLD"] | None = Field(
        None, description="A zone instead of a network"
    )


class Contains(Shape):
    """Parts of a text, or what a regular expression finds in it."""

    contains: Text | list[Text] | None = Field(None, description="Parts it has, in any order")
    regex: Text | None = Field(None, description="A regular expression found anywhere in it")


def _one_or_many(value: object) -> str:
    return "list" if isinstance(value, list) else "fields"


def _text_or_fields(value: object) -> str:
    return "fields" if isinstance(value, dict) else "str"


# told apart by their kind, so that a mistake is told once and not for each of them
Matched = Annotated[
    Annotated[Text, Tag("str")] | Annotated[Contains, Tag("fields")],
    Discriminator(_text_or_fields),
]


class Message(Shape):
    """One SMS that must come."""

    from_: Text | None = Field(None, alias="from", description="The number it came from")
    text: Matched | None = Field(None, description="Its whole text, or matchers")


class Charge(Shape):
    """One row of charges that must be written."""

    rule: Text | None = Field(None, description="Id of the charging rule", examples=["CH04"])
    amount: Money | None = None
    explanation: Matched | None = Field(None, description="Why it was charged")


Messages = Annotated[
    Annotated[list[Message], Tag("list")] | Annotated[Message, Tag("fields")],
    Discriminator(_one_or_many),
]
Charges = Annotated[
    Annotated[list[Charge], Tag("list")] | Annotated[Charge, Tag("fields")],
    Discriminator(_one_or_many),
]


class Expect(Shape):
    """What an action must bring; whatever is not written is not looked at."""

    text: Matched | None = Field(
        None, description="The whole page, or what a call says; holes as <money>"
    )
    pages: int | None = Field(None, ge=0, le=99, description="Pages until the last, leafed with 9")
    ended: bool | None = Field(None, description="The dialogue is over, or waits")
    sms: Messages | None = Field(None, description="SMS that come, in their order")
    charge: Charges | None = Field(None, description="Charges, in their order")
    balance: Money | None = Field(None, description="By how much the balance changes")
    prompts: list[Text] | None = Field(None, description="Ids of the prompts a call plays")
    nothing_more: Literal[True] | None = Field(
        None, description="No SMS, charge or page but those written here"
    )
    within: Seconds | None = Field(None, description="Seconds to wait for it on a network")


Expected = Annotated[
    Annotated[Text, Tag("str")] | Annotated[Expect, Tag("fields")], Discriminator(_text_or_fields)
]


class Step(Shape):
    """One action, and what is expected of it."""

    dial: Number | None = Field(None, description="A code", examples=["*105#"])
    answer: Text | None = Field(None, description="An answer to the page on show", examples=["1"])
    sms: Write | None = Field(None, description="An SMS the subscriber writes")
    call: Number | None = Field(None, description="A number called", examples=["0505"])
    press: Keys | None = Field(
        None, description="Keys pressed in a call: digits, * and #", examples=["1"]
    )
    hang_up: Literal[True] | None = Field(None, description="The subscriber ends it")
    wait: Seconds | None = Field(None, description="Seconds to wait for what comes by itself")
    timeout: Literal[True] | None = Field(None, description="Nothing is answered in time")
    drop: Literal[True] | None = Field(None, description="The network ends it")
    move: Move | None = Field(None, description="The subscriber is elsewhere from here on")
    language: Language | None = Field(None, description="The subscriber is spoken to in it now")
    advance: Seconds | None = Field(None, description="Seconds the clock is moved")
    secret: Literal[True] | None = Field(
        None, description="What is said is a password, PIN or code: no report shows it"
    )
    expect: Expected | None = Field(
        None, description="The whole page or SMS that answers, or what else must come"
    )


VERBS = tuple(name for name in Step.model_fields if name not in ("secret", "expect"))


class Flow(Shape):
    """One conversation of one subscriber."""

    name: Text = Field(min_length=1, description="Unique in the file")
    as_: Annotated[str, Field(pattern=r"^7[0-9]{10}$")] = Field(
        alias="as", description="The MSISDN, in quotes", examples=["79220000001"]
    )
    as_only: Literal[True] | None = Field(
        None, description="Whoever else plays flows (--subscribers, --csv), this number plays it"
    )
    tags: list[Name] = Field([], description="Marks of pytest, in small letters")
    parameters: dict[Name, Text] = Field({}, description="Values of <names>; a CSV overrides them")
    steps: list[Step] = Field(min_length=1, max_length=1_000, description="What happens, in order")


class FlowFile(Shape):
    """Flows, each on its own."""

    flows: list[Flow] = Field(min_length=1, max_length=10_000, description="The conversations")


def schema() -> dict[str, Any]:
    """JSON Schema of a flow file, draft 2020-12, ready for `json.dumps`."""
    return schema_of(FlowFile, "Flows of the channel gateway")
