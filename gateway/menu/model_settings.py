"""The settings of a menu set, version 1: what is said once for the whole set."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from gateway.menu.shape import Id, Key, Shape, Words


class KeySettings(Shape):
    """The navigation keys."""

    back: Key = "0"
    more: Key = "9"
    home: Key = "00"


class Nav(Shape):
    """Their labels."""

    back: Words
    more: Words


class Refusals(Shape):
    """Where refusals lead that a `do` does not name."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)
    __pydantic_extra__: dict[str, Id]

    level_too_low: Id = Field(description="The caller's level is below what is asked")
    number_blocked: Id = Field(description="The SIM is blocked, and this is not open to it")
    else_: Id = Field(alias="else", description="Any other refusal")


class PagesMax(Shape):
    """Longer screens are warned of."""

    ussd: int = Field(default=3, ge=1, le=20, description="Pages")
    sms: int = Field(default=4, ge=1, le=20, description="Segments")


VoiceKey = Annotated[str, Field(pattern=r"^[0-9*]$", description="One key", examples=["*"])]


class VoiceKeys(Shape):
    """The keys that mean the same everywhere in a call."""

    back: VoiceKey = Field(default="*", description="Back")
    repeat: VoiceKey = Field(default="9", description="Once more")
    operator: VoiceKey = Field(default="0", description="The operator")
    end: Annotated[str, Field(pattern=r"^[#*]$", description="Ends an entry")] = "#"


class VoiceWords(Shape):
    """The words that mean the same."""

    back: list[str] = Field(default_factory=list, description="Back")
    repeat: list[str] = Field(default_factory=list, description="Once more")
    operator: list[str] = Field(default_factory=list, description="The operator")


class VoiceShape(Shape):
    """How a call is led."""

    start: Id = Field(description="The root of what is spoken")
    operator: Id = Field(description="The end state that transfers the call")
    bye: Id = Field(description="The end state of a call that lasts too long")
    auth: Id = Field(description="The ask for the cabinet's password, which leads to its proof")
    no_input: Id = Field(description="The text said where nothing was pressed")
    bad_input: Id = Field(description="The text said after a wrong key")
    keys: VoiceKeys = VoiceKeys()
    say: VoiceWords = VoiceWords()
    first_key_seconds: int = Field(5, ge=1, le=60, description="Then it is silence")
    next_key_seconds: int = Field(3, ge=1, le=60, description="Then an entry is over")
    silences_max: int = Field(3, ge=1, le=20, description="In a row, then the operator")
    tries_max: int = Field(3, ge=1, le=20, description="Wrong keys in a row, then the operator")
    progress_seconds_max: int = Field(180, ge=1, le=86_400, description="Without a valid answer")
    call_seconds_max: int = Field(1800, ge=1, le=86_400, description="In all")


class SettingsShape(Shape):
    """Said once for the whole set."""

    start: Id = Field(description="Where a dialogue opens")
    keys: KeySettings = KeySettings()
    nav: Nav
    tries_max: int = Field(3, ge=1, le=20, description="Invalid answers in a row")
    idle_seconds_max: int = Field(60, ge=1, le=86_400, description="Per screen")
    dialogue_seconds_max: int = Field(180, ge=1, le=86_400, description="In all")
    steps_max: int = Field(100, ge=1, le=10_000, description="States entered per input")
    utc_offset: str = Field(
        pattern=r"^[+-](0[0-9]|1[0-4]):[0-5][0-9]$",
        description="How moments are shown, in quotes",
        examples=["+05:00"],
    )
    choice_error: Id = Field(description="The text shown above a screen after an invalid answer")
    tries: Id = Field(description="The end state after tries_max")
    timeout: Id = Field(description="The end state when a screen times out")
    exit: Id | None = Field(None, description="The end state of back at the root")
    hide_forbidden: bool = Field(
        False, description="An option above the caller's level is hidden, not answered with why"
    )
    refusals: Refusals
    pages_max: PagesMax = PagesMax()
    voice: VoiceShape | None = Field(None, description="Without it nothing can be called")

    @property
    def utc_offset_seconds(self) -> int:
        """`+05:00` -> 18000."""
        seconds = int(self.utc_offset[1:3]) * 3600 + int(self.utc_offset[4:6]) * 60
        return -seconds if self.utc_offset[0] == "-" else seconds
