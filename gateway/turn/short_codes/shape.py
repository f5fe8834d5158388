"""The shape of `short_codes.yaml`, version 1: what may be written, field by field.

Rule: a list under `routes` holds entries of a few forms, told apart by one key (`code`, `menu`,
`number` …); `FORMS` says which other keys each form must and may have. What a field refers to is
checked in `read`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field

from gateway.menu.model import Constant
from gateway.menu.shape import Id, Name, Shape

Pattern = Annotated[str, Field(max_length=200, description="A text with parameters, in quotes")]
Text = Annotated[str, Field(max_length=182, description="A text, in quotes")]
Word = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="Small Latin letters, digits and _")
]
Rule = Annotated[str, Field(pattern=r"^[A-Z]{2}[0-9]{2}$", description='As "CH04"')]


class Form(NamedTuple):
    """The other keys of an entry that is told by one key."""

    needs: tuple[str, ...]
    may: tuple[str, ...] = ()


class Cell(Shape):
    """The rule of one class of use in one zone."""

    free: Rule | None = Field(None, description="The rule by which nothing is taken")
    tariff: Literal["out", "out_other", "in", "sms"] | None = Field(
        None, description="Which price of the zone is taken"
    )
    rule: Rule | None = Field(None, description="The rule by which it is taken")
    not_reachable: Rule | None = Field(None, description="The rule by which it is refused")
    hint: Id | None = Field(None, description="The text sent by SMS instead")


CELL_FORMS: Mapping[str, Form] = {
    "free": Form(()),
    "tariff": Form(("rule",)),
    "not_reachable": Form((), ("hint",)),
}


class UssdEntry(Shape):
    """One row of what is dialled."""

    code: Text | None = Field(None, description='The string dialled, as "*105*00#"')
    menu: Text | None = Field(None, description='The code whose keys walk a menu, as "*105"')
    mmi: dict[str, Word] | None = Field(
        None, min_length=1, description="Service code of 3GPP TS 22.030 -> kind"
    )
    default: Literal[True] | None = Field(None, description="For whatever no row names")
    start: Id | None = Field(None, description="The state a menu's path starts from")
    takes: Word | None = Field(None, description="The variable that receives the first parameter")
    go: Id | None = Field(None, description="The state it leads to")
    charge: Word = Field(description="The class of use, a key of charging")


USSD_FORMS: Mapping[str, Form] = {
    "code": Form(("go", "charge")),
    "menu": Form(("start", "charge")),
    "mmi": Form(("takes", "go", "charge")),
    "default": Form(("go", "charge")),
}
REGION_FORMS: Mapping[str, Form] = {"code": USSD_FORMS["code"]}


class TextEntry(Shape):
    """Texts that lead to one state."""

    match: list[Pattern] = Field(
        min_length=1,
        description="As 'SEND|PAY {amount:amount} [{recipient:msisdn}]': either word, what may be "
        "missing in brackets, a variable and its type or a name of words; case does not count",
    )
    go: Id = Field(description="The state they lead to")
    set: dict[Name, Constant] | None = Field(
        None, description="Variables it sets, where the text does not"
    )
    help: Word | None = Field(
        None, description="The label that tells how its first word is used; what asks for it"
    )


class HelpShape(Shape):
    """The call for help, alone and with a word."""

    match: list[Pattern] = Field(min_length=1, description="How it is written")
    go: Id = Field(description="The state that tells the commands")
    word: Id = Field(description="The state that tells one, by the variable `word`")


class SmsEntry(Shape):
    """One short number, the texts known to every number, or the default."""

    number: Text | None = Field(None, description='The short number, as "000110"')
    aliases: list[Text] = Field(default_factory=list, description="Other ways to write it")
    everywhere: list[Any] | None = Field(None, description="Texts every number knows")
    default: Literal[True] | None = Field(None, description="For any other number")
    texts: list[Any] = Field(default_factory=list, description="What it alone understands")
    commands: list[Word] = Field(
        default_factory=list, description="Groups of commands it understands"
    )
    menu: Id | None = Field(None, description='Where a path as "1 2" begins')
    else_: Id | None = Field(None, alias="else", description="Where any other text leads")
    go: Id | None = Field(None, description="The state it leads to")
    charge: Word | None = Field(None, description="The class of use, a key of charging")


SMS_FORMS: Mapping[str, Form] = {
    "number": Form(("charge", "else"), ("aliases", "texts", "commands", "menu")),
    "everywhere": Form(()),
    "default": Form(("go", "charge")),
}


class VoiceEntry(Shape):
    """One number that is called."""

    number: Text = Field(description='The number, as "0505" or "+79221110505"')
    aliases: list[Text] = Field(default_factory=list, description="Other ways to write it")
    go: Id = Field(description="The state it leads to")
    charge: Word = Field(description="The class of use, a key of charging")


class RepliesShape(Shape):
    """The words that answer a question of an SMS."""

    yes: list[Text] = Field(min_length=1, description="Followed by the code, where one was sent")
    no: list[Text] = Field(min_length=1, description="They drop the question")
    late: Id = Field(description="The state of an answer to a question that is no more")


class RoutesShape(Shape):
    """Entries are read one by one, so that a broken one hides none of its neighbours."""

    ussd: list[Any] = Field(description="What is dialled")
    sms: list[Any] = Field(description="Short numbers that are written to")
    voice: list[Any] = Field(default_factory=list, description="Numbers that are called")


class RegionShape(Shape):
    """What a region dials differently."""

    ussd: list[Any] = Field(description="Codes that come before those of the network")


class CodesFile(Shape):
    """The file."""

    version: Literal[1] = Field(description="The version of this format")
    charging: dict[str, dict[str, Any]] = Field(
        min_length=1, description="Class of use -> zone or else -> rule"
    )
    replies: RepliesShape
    words: dict[Word, dict[str, list[Text]]] = Field(
        default_factory=dict, description="Name -> value -> the words that stand for it in an SMS"
    )
    help: HelpShape | None = Field(None, description="How an SMS asks for help")
    commands: dict[Word, list[Any]] = Field(
        default_factory=dict, description="Groups of SMS commands that numbers share"
    )
    routes: RoutesShape
    regions: dict[str, RegionShape] = Field(
        default_factory=dict, description="Region -> its own codes"
    )
