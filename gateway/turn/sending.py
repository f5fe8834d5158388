"""What is sent outside of a dialogue: by a job, by the API. It is stored before it leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gateway.domain.port import Letter, Message, Sent, Sms
from gateway.turn.letters import write_letter
from gateway.turn.unit import Unit
from gateway.turn.world import World


def send_outside(
    unit: Unit, sent: Iterable[Sent], world: World, now: float, next_id: Callable[[], str]
) -> list[Sms]:
    """Queue it in the open transaction; the SMS, to be delivered after the commit."""
    queued = []
    for item in sent:
        if isinstance(item, Letter):
            queue_letter(unit, item, world, now, next_id)
            continue
        sms = _written(item, world, now, next_id)
        unit.queue_sms(sms)
        queued.append(sms)
    return queued


def queue_letter(
    unit: Unit, letter: Letter, world: World, now: float, next_id: Callable[[], str]
) -> None:
    """Write a letter, and the SMS that follows it, and put both into the mail."""
    then = _written(letter.then, world, now, next_id) if letter.then else None
    unit.queue_mail(write_letter(letter, next_id(), now, world.menus.current, then))


def _written(message: Message, world: World, now: float, next_id: Callable[[], str]) -> Sms:
    text = world.menus.current.text(message.text_id, message.language, message.values)
    return Sms(next_id(), "", message.msisdn, world.sms_sender, text, now, message.secret)
