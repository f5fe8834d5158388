"""What the store says when it cannot: three names, each one clear line."""

from __future__ import annotations


class CannotOpen(Exception):
    """The database cannot be opened or is not one of ours; the message is for the operator."""


class SchemaTooNew(CannotOpen):
    """The database was migrated by a newer version of the gateway."""


class StoreUnavailable(Exception):
    """The database failed (disk full, I/O, connection lost). Nothing was acknowledged; where the
    connection broke during a commit the outcome is unknown, and the same keys may be sent again.
    """
