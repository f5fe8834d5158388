"""What every part of a menu file is made of: ids, keys, words in both languages."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

ID_PATTERN = r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$"
WORD_PATTERN = r"^[a-z][a-z0-9_]*$"

Id = Annotated[str, Field(pattern=ID_PATTERN, max_length=64, examples=["acct.balance"])]
Name = Annotated[str, Field(pattern=WORD_PATTERN, max_length=32, examples=["amount"])]
Key = Annotated[
    str,
    Field(pattern=r"^[0-9]{1,2}$", description="The digits pressed, in quotes", examples=["1"]),
]


class Shape(BaseModel):
    """Unknown keys are refused; `1` is not a text and `"1"` is not a number."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Words(Shape):
    """One text in both languages; ru-Latn is made of ru."""

    ru: str = Field(max_length=2000, description="Russian")
    en: str = Field(max_length=2000, description="English")
