"""What is sent outside of a dialogue: by a job, by the API. It is stored before it leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gateway.domain.port import Message, Sent, Sms
from gateway.turn.unit import Unit
from gateway.turn.world import World


def send_outside(
    unit: Unit, sent: Iterable[Sent], world: World, now: float, next_id: Callable[[], str]
) -> list[Sms]:
    """Queue it in the open transaction; the SMS, to be delivered after the commit."""
    queued = []
    for message in sent:
        assert isinstance(message, Message), "no command sends letters yet"
        text = world.menus.current.text(message.text_id, message.language, message.values)
        sms = Sms(next_id(), "", message.msisdn, world.sms_sender, text, now, message.secret)
        unit.queue_sms(sms)
        queued.append(sms)
    return queued
