"""Roaming: the prices where the subscriber is, the prices of a zone, and the switch."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.accounts.request import Effect, Reply, Request, done
from gateway.charging.tariff import PRICE_KINDS


def _prices_of(request: Request, zone: str) -> Reply:
    prices = request.terms.zones[zone]
    values = {kind: prices.of(kind) for kind in PRICE_KINDS}
    return done(zone=zone, **values)


def _here(request: Request) -> Reply:
    return _prices_of(request, request.subscriber.zone)


def _prices(request: Request) -> Reply:
    return _prices_of(request, request.text("zone"))


def _state(request: Request) -> Reply:
    return done(on=request.subscriber.roaming_on)


def _switch(request: Request) -> Reply:
    on = bool(request.arguments["on"])
    request.book.update_subscriber(request.subscriber.msisdn, {"roaming_on": on})
    return done(on=on)


EFFECTS: Mapping[str, Effect] = {
    "roaming.here": _here,
    "roaming.prices": _prices,
    "roaming.state": _state,
    "roaming.switch": _switch,
}
