"""The first day of the demo's numbers is that of its data; a flow makes up for what differs."""

from __future__ import annotations

from gateway.phone.first_day import first_day, made_as_now
from gateway.replay.handset import Action
from gateway.service.rehearsal import Rehearsal
from tests.replay.house import config

DEMO = [f"792200000{number:02}" for number in (*range(1, 15), 21, 22)]


def test_every_number_of_the_demo_is_as_its_data_have_it() -> None:
    with Rehearsal(config()) as rehearsal:
        for msisdn in DEMO:
            subscriber = rehearsal.handset(msisdn)._subscriber()
            assert first_day(msisdn) == (subscriber.language, subscriber.zone), msisdn
    assert first_day("79230000000") == ("ru", "HOME")


def test_what_differs_is_made_so_first() -> None:
    home = {"language": "ru", "zone": "HOME", "plmn": "25002", "region": "ural"}
    assert list(made_as_now("79220000001", home)) == []
    assert list(made_as_now("79220000001", {})) == [], "nothing is known"
    assert list(made_as_now("79220000004", home | {"language": "en"})) == [
        Action("language", "en"),
        Action("move", "25002", "ural"),
    ]
