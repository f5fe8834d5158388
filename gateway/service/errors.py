"""A fault of set-up or of use: said once, in words for a person, with its exit status."""

from __future__ import annotations

FAILED = 1
USAGE = 2
BAD_FILE = 3
NO_CONNECTION = 4
INTERRUPTED = 130
"""As shells tell a program ended by Ctrl-C (128 and the number of SIGINT)."""


class Fault(Exception):
    """What stops a command. `str()` is one line, or the caret form of several mistakes."""

    def __init__(self, text: str, exit_status: int = FAILED) -> None:
        super().__init__(text)
        self.exit_status = exit_status
