"""Where the channel says the subscriber is outweighs where the core has him, in every use of it."""

from __future__ import annotations

import pytest

from gateway.domain.port import Arrival, Channel, Opened, Page, Sms
from gateway.turn.outcome import Outcome
from gateway.turn.turn import take_turn
from tests.accounts.fakes import NOW
from tests.turn.house import demo_book, world
from tests.turn.memory_unit import MemoryUnit


def arrive(
    unit: MemoryUnit, who: int, text: str, plmn: str, channel: Channel = "ussd", address: str = ""
) -> Outcome:
    msisdn = f"7922000{who:04d}"
    key = f"harness|{msisdn}|{address}"
    arrival = Arrival(
        channel, "harness", msisdn, address, key, Opened(text), "m1", plmn=plmn, trace="t1"
    )
    return take_turn(arrival, NOW, unit, world())


@pytest.mark.parametrize(
    ("who", "plmn", "zone", "rule", "amount", "network"),
    [
        # at home by the core's record
        (1, "", "HOME", "CH03", 0, "25002"),
        (1, "25002", "HOME", "CH03", 0, "25002"),
        (1, "26201", "EUROPE", "CH04", 1_900, "26201"),
        (1, "25001", "RU_OTHER", "CH04", 990, "25001"),
        (1, "40101", "CIS", "CH04", 1_400, "40101"),
        (1, "310260", "WORLD", "CH04", 1_900, "310260"),
        # abroad by the record; back before it was told
        (4, "", "EUROPE", "CH04", 1_900, "26201"),
        (4, "25002", "HOME", "CH03", 0, "25002"),
        # the record's own network keeps the record's region
        (10, "25002", "RU_NET", "CH04", 490, "25002"),
    ],
)
def test_an_sms_is_rated_where_the_channel_says(
    who: int, plmn: str, zone: str, rule: str, amount: int, network: str
) -> None:
    unit = MemoryUnit(demo_book())
    outcome = arrive(unit, who, "B", plmn, "sms", "000100")
    charge, (ended,) = outcome.charge, outcome.ended
    assert charge is not None
    assert outcome.plmn == network, "the CDR tells where it was rated"
    assert ended.state == outcome.path[-1][2], "and where the menu stood"
    assert (charge.zone, charge.rule, charge.amount) == (zone, rule, amount)
    assert network in charge.explanation
    found = unit.book.subscriber(f"7922000{who:04d}")
    assert found is not None
    assert found.plmn != plmn or found.zone == zone, "the record itself is not changed by a use"


def test_no_money_there_is_refused_there() -> None:
    outcome = arrive(MemoryUnit(demo_book()), 3, "00", "26201", "sms", "000110")
    assert outcome.charge is not None
    assert (outcome.charge.rule, outcome.charge.amount) == ("CH19", 0)
    assert [type(delivery) for delivery in outcome.deliveries] == [Sms]
    assert outcome.refused == "err.funds"


def test_the_menu_shows_that_zone() -> None:
    [page] = arrive(MemoryUnit(demo_book()), 1, "*105*6*1#", "26201").deliveries
    assert isinstance(page, Page)
    assert page.text.startswith("Зона: Европа\nИсх 59 ")


def test_a_password_dialled_is_not_an_address() -> None:
    """A peer may send the whole string as the destination too."""
    outcome = arrive(MemoryUnit(demo_book()), 1, "*33*0000#", "", address="*33*0000#")
    assert outcome.charge is not None
    assert (outcome.charge.address, outcome.ended[0].address) == ("*33#", "*33#")
    [page] = outcome.deliveries
    assert isinstance(page, Page)
    assert page.address == "*33#"
