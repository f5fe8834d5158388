"""Where a subscriber is: visited network and region -> zone, by an ordered table, first match.

The home network in the subscriber's own region is HOME; every other network falls through
`networks` of `tariffs.yaml`, and what none names is WORLD.
"""

from __future__ import annotations

from functools import lru_cache

from gateway.charging.tariff import Networks, Terms

DEFAULT_ZONE = "WORLD"
HOME_ZONE = "HOME"
ZONES_REMEMBERED_MAX = 1024


def zone_of(plmn: str, region: str, terms: Terms, home_region: str = "") -> str:
    """The zone of a subscriber registered in `plmn` (MCC+MNC digits), `region`.

    `home_region` is the region of the contract, by default the one of the terms. An empty region
    in the home network is taken for the home region: not knowing must not cost money.
    """
    if plmn == terms.home_plmn and region in ("", home_region or terms.home_region):
        return HOME_ZONE
    return _first_match(plmn, terms.networks)


def place_of(plmn: str, region: str, terms: Terms) -> tuple[str, str]:
    """Region and zone of a subscriber who registers there; regions are the home network's."""
    at_home = plmn == terms.home_plmn
    return (region or terms.home_region) if at_home else "", zone_of(plmn, region, terms)


def is_home_network(zone: str, terms: Terms) -> bool:
    """Whether the zone counts as the home network (K20, a switch of `tariffs.yaml`)."""
    return terms.zones[zone].home_network


@lru_cache(ZONES_REMEMBERED_MAX)
def _first_match(plmn: str, networks: tuple[Networks, ...]) -> str:
    for row in networks:
        if plmn.startswith(row.plmn):
            return row.zone
    return DEFAULT_ZONE
