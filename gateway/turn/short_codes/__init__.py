"""SHORT CODES: what is dialled, written to or called -> a state of the menus and a rule of charge.

Rule: codes are data. `shape` says what may stand in `short_codes.yaml`, `read` and `read_sms` turn
a file into tables or tell every mistake at its place, `grammar` reads the words of an SMS, `routes`
looks up in the tables and knows no file.
"""

from __future__ import annotations

from gateway.turn.short_codes.read import load_short_codes
from gateway.turn.short_codes.routes import Route, ShortCodes

__all__ = ["Route", "ShortCodes", "load_short_codes"]
