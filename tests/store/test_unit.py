"""Sessions, the replay window, the outbox and the epoch, over both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.domain.port import Sms
from gateway.store import replays
from gateway.store.engine import Database
from gateway.store.outbox import MASK, Message
from gateway.store.unit import SqlUnit
from tests.store.turns import Turns

TO = "79220000001"


def sms(number: int, link: str = "harness", secret: bool = False) -> Sms:
    return Sms(f"id{number}", link, TO, "000110", f"Баланс {number}", float(number), secret)


def test_a_session_is_kept_replaced_and_dropped(unit: SqlUnit) -> None:
    assert unit.load_session("a:1") is None
    unit.save_session("a:1", '{"v":1,"text":"ё"}', 30.0)
    unit.save_session("b:1", "{}", 20.0)
    assert unit.load_session("a:1") == '{"v":1,"text":"ё"}'
    unit.save_session("a:1", '{"v":2}', 10.0)
    assert unit.load_session("a:1") == '{"v":2}'
    assert unit.sessions_alive() == [("a:1", 10.0), ("b:1", 20.0)]
    unit.drop_session("a:1")
    unit.drop_session("a:1")
    assert unit.load_session("a:1") is None


def test_a_message_is_claimed_once_until_its_window_ends(unit: SqlUnit) -> None:
    assert unit.claim("k", "id1", 0.0, 60.0) is None
    assert unit.claim("k", "id2", 59.9, 119.9) == "id1"
    assert unit.claim("other", "id3", 0.0, 60.0) is None
    assert unit.claim("k", "id4", 60.0, 120.0) is None
    assert unit.claim("k", "id5", 61.0, 121.0) == "id4"


def test_old_claims_are_dropped_in_portions(unit: SqlUnit, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        unit.claim(f"k{number}", "id", 0.0, float(number))
    monkeypatch.setattr(replays, "EXPIRED_REPLAYS_MAX", 3)
    assert [unit.drop_expired_replays(3.0) for _ in range(3)] == [3, 1, 0]
    assert unit.claim("k4", "new", 3.0, 9.0) == "id"


def test_an_epoch_is_never_given_twice(database: Database) -> None:
    epochs = []
    for _ in range(3):
        turns = Turns(database)
        turns.writer.start()
        epochs.append(turns.run(lambda unit: unit.message_epoch()))
        turns.writer.close()
    assert epochs == [1, 2, 3]


def test_what_waits_comes_in_order_and_by_link(unit: SqlUnit) -> None:
    for message in (one := sms(1), two := sms(2, "other"), three := sms(3)):
        unit.queue_sms(message)
    assert unit.pending() == [one, two, three]
    assert unit.pending("harness") == [one, three]
    assert unit.pending("harness", limit=1) == [one]
    assert unit.pending("nobody") == []


def test_what_was_acknowledged_is_not_sent_again(unit: SqlUnit) -> None:
    for message in (one := sms(1), two := sms(2), three := sms(3)):
        unit.queue_sms(message)
    assert [unit.attempted("id1"), unit.attempted("id1"), unit.attempted("none")] == [1, 2, 0]
    assert unit.acknowledge("id1", 5.0)
    assert unit.fail("id2")
    assert unit.pending() == [three]
    assert not unit.acknowledge("id1", 6.0)
    assert not unit.fail("id1")
    assert not unit.acknowledge("id2", 6.0)
    assert unit.messages(TO) == [
        Message(one, "acknowledged", 2, 5.0),
        Message(two, "failed", 0, None),
        Message(three, "queued", 0, None),
    ]
    assert [found.sms for found in unit.messages(TO, limit=2)] == [two, three]
    assert unit.messages("79220000002") == []


def test_secrets_are_masked_once_they_no_longer_wait(unit: SqlUnit) -> None:
    for message in (sms(1, secret=True), sms(2, secret=True), sms(3), sms(4, secret=True)):
        unit.queue_sms(message)
    for identity in ("id1", "id3", "id4"):
        unit.acknowledge(identity, 9.0)
    assert [unit.mask_secrets(4.0), unit.mask_secrets(4.0)] == [1, 0]
    texts = {found.sms.id: found.sms.text for found in unit.messages(TO)}
    assert texts == {"id1": MASK, "id2": "Баланс 2", "id3": "Баланс 3", "id4": "Баланс 4"}
    assert unit.drop_messages(4.0) == 2
    assert [found.sms.id for found in unit.messages(TO)] == ["id2", "id4"]


def test_an_sms_is_stored_whatever_its_text(unit: SqlUnit) -> None:
    unit.queue_sms(replace(sms(1), text="a\0\ud83d"))
    assert unit.pending()[0].text == "a?"
