"""Services that are on, in dictionaries."""

from __future__ import annotations

from gateway.accounts.books.services import Connected


class MemoryServices:
    """Implements `ServicesBook` but for `drop_packages`, which is where packages are."""

    def __init__(self) -> None:
        super().__init__()
        self.connected: dict[tuple[str, str], Connected] = {}

    def services(self, msisdn: str) -> tuple[Connected, ...]:
        rows = [row for row in self.connected.values() if row.msisdn == msisdn]
        return tuple(sorted(rows, key=lambda row: row.service))

    def save_service(self, service: Connected) -> None:
        self.connected[service.msisdn, service.service] = service

    def drop_service(self, msisdn: str, service: str) -> bool:
        return self.connected.pop((msisdn, service), None) is not None
