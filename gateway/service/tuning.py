"""The interpreter, set for a service: its collector and the turns of its threads."""

from __future__ import annotations

import gc
import sys

GARBAGE_THRESHOLDS = (20_000, 20, 100)
"""Turns make many short-lived objects and few cycles: look for those less often than by default."""
SWITCH_SECONDS = 0.0005
"""How soon a thread that waits for the interpreter gets it: the reactor must not wait 5 ms for
the store's thread between two statements, nor the other way round."""


def tune() -> None:
    """What is loaded now (menus, codes, recordings) lives as long as the process: no collection
    looks at it again."""
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)
