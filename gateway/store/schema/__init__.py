"""The tables. Money is BIGINT kopecks, times are epoch seconds, every constraint has a name.

One module for each group; importing the package registers them all with `metadata`.
"""

from __future__ import annotations

from gateway.store.schema import access, companies, core, jobs, mail, money, services
from gateway.store.schema.base import metadata

__all__ = ["access", "companies", "core", "jobs", "mail", "metadata", "money", "services"]
