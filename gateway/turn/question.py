"""A yes by SMS: a question that waits for the word, or for the word and the code sent with it.

Rule: the code lives as long as the question (its dialogue's deadline), is good once, and the third
wrong one drops the question; only its peppered digest is stored. (Service guide 3.5)
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.accounts.request import Core
from gateway.domain.port import Screen

CODE_DIGITS = 4
WRONG_CODES_MAX = 3


@dataclass(slots=True)
class Question:
    """What a yes would choose."""

    key: str
    """The key of the option."""
    digest: str = ""
    """Of the code a yes must bring; empty where the word is enough."""
    wrong: int = 0
    """Wrong codes so far."""

    def takes(self, text: str) -> bool:
        """Whether a text without a word is meant for it: the option's key, or a code alone."""
        alone = text.strip()
        return alone == self.key or bool(
            self.digest and len(alone) == CODE_DIGITS and alone.isdecimal()
        )

    def accepts(self, code: str, trace: str, core: Core) -> bool:
        """Whether a yes with this code chooses the option; a wrong code is counted."""
        if not self.digest or self.digest == _digest(code, trace, core):
            return True
        self.wrong += 1
        return False


def question_of(screen: Screen, trace: str, core: Core) -> tuple[Question | None, str]:
    """The question a screen asks by SMS, if it asks one, and the code that answers it."""
    choice = next((choice for choice in screen.choices if choice.confirm), None)
    if choice is None:
        return None, ""
    if choice.confirm == "yes":
        return Question(choice.key), ""
    code = core.randomness.digits(CODE_DIGITS)
    return Question(choice.key, _digest(code, trace, core)), code


def _digest(code: str, trace: str, core: Core) -> str:
    return core.hasher.quick(f"confirm:{trace}:{code}")
