"""Services that are on, in SQL."""

from __future__ import annotations

from operator import attrgetter

from sqlalchemy import delete, select

from gateway.accounts.books.services import Connected
from gateway.store.schema.core import package
from gateway.store.schema.services import connected
from gateway.store.statements import Operations, names, parameter, statement, upsert

_MSISDN = parameter("msisdn_")
_values = attrgetter(*names(connected))

_SERVICES = statement(
    lambda _: (
        select(*connected.columns)
        .where(connected.c.msisdn == _MSISDN)
        .order_by(connected.c.service)
    ),
    "msisdn_",
)
_SAVE = statement(lambda insert: upsert(insert, connected), *names(connected))
_DROP = statement(
    lambda _: (
        delete(connected)
        .where(connected.c.msisdn == _MSISDN, connected.c.service == parameter("service_"))
        .returning(connected.c.service)
    ),
    "msisdn_",
    "service_",
)
_DROP_PACKAGES = statement(
    lambda _: delete(package).where(
        package.c.msisdn == _MSISDN, package.c.until <= parameter("now_")
    ),
    "msisdn_",
    "now_",
)


class ConnectedServices(Operations):
    """Implements `ServicesBook`."""

    __slots__ = ()

    def services(self, msisdn: str) -> tuple[Connected, ...]:
        rows = self._execute(_SERVICES[self._dialect], (msisdn,)).fetchall()
        return tuple(
            Connected(msisdn, service, since, bool(suspended))
            for msisdn, service, since, suspended in rows
        )

    def save_service(self, service: Connected) -> None:
        self._execute(_SAVE[self._dialect], _values(service))

    def drop_service(self, msisdn: str, service: str) -> bool:
        return self._execute(_DROP[self._dialect], (msisdn, service)).fetchone() is not None

    def drop_packages(self, msisdn: str, now: float) -> None:
        self._execute(_DROP_PACKAGES[self._dialect], (msisdn, now))
