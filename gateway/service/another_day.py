"""What was recorded, done again in process: a day later, by the same number, that has more.

Rule: only what its day, purse and phone decide may come out otherwise; language, zone, tariff and
services stay. So a poor number stays poor: a third is added to its money, and some kopecks, that
no sum is what it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from gateway.accounts.bonus import keep
from gateway.accounts.book import OPENING, Leg, Transfer
from gateway.accounts.books.money import Lot
from gateway.domain.moments import DAY_SECONDS
from gateway.domain.numbers import local_digits
from gateway.replay.cast import FIRST_MSISDN
from gateway.replay.handset import Action, NotPlayed, Seen, Wants
from gateway.replay.recording import Done
from gateway.replay.volatile import tokens
from gateway.service.rehearsal import Rehearsal, at_once
from gateway.turn.unit import Unit

LATER_SECONDS = DAY_SECONDS + 3_660.0
EXTRA_KOPECKS = 37
EXTRA_POINTS = 100
"""So many, that the words behind their number keep their plural."""
POINTS_DAYS = 90
_NUMBER = re.compile("[0-9]+")


def done_again(rehearsal: Rehearsal, msisdn: str, steps: Sequence[Done]) -> list[Done]:
    """The steps with what they brought again, up to the first that could not be done. A number
    that the demo data do not have is stood in for by one for load."""
    handset = rehearsal.handset(msisdn)
    if handset.read(lambda unit: unit.book.subscriber(msisdn)) is None:
        handset = rehearsal.handset(str(FIRST_MSISDN))
    stand_in = handset.msisdn
    handset.read(lambda unit: _enrich(unit, stand_in, handset.now))
    at_once(handset.act(Action("advance", seconds=LATER_SECONDS), Wants(text=False)))
    again: list[Done] = []
    codes: dict[str, str] = {}
    for done in steps:
        text = _NUMBER.sub(lambda found: codes.get(found[0], found[0]), done.action.text)
        try:
            seen = at_once(handset.act(replace(done.action, text=text), Wants()))
        except NotPlayed:
            break
        seen = _as_if_by(msisdn, stand_in, seen)
        codes.update(_codes(done.seen, seen, msisdn))
        again.append(replace(done, again=seen))
    return [*again, *steps[len(again) :]]


def unknown_codes(rehearsal: Rehearsal, steps: Sequence[Done]) -> list[str]:
    """The codes dialled that the table of short codes does not know in any region."""
    codes = rehearsal.world.codes
    dialled = [done.action.text for done in steps if done.action.verb == "dial"]
    regions = ("", *codes.regions)
    unknown = codes.ussd_default.state
    return [
        code
        for code in dialled
        if all(codes.route_ussd(code, region).state == unknown for region in regions)
    ]


def _enrich(unit: Unit, msisdn: str, now: float) -> None:
    subscriber = unit.book.subscriber(msisdn)
    assert subscriber is not None, "it has just been looked for"
    account = subscriber.account
    balance, _points = unit.book.balance_of(account)
    money = max(balance, 0) // 3 + EXTRA_KOPECKS
    legs = (
        *(Leg(OPENING, -money), Leg(account, money)),
        *(Leg(OPENING, -EXTRA_POINTS, "PTS"), Leg(account, EXTRA_POINTS, "PTS")),
    )
    outcome = unit.book.transfer(Transfer(f"more:{account}", "opening", now, legs))
    assert outcome == "ok", f"more money was {outcome}"
    lots = unit.book.lots(account)
    until = lots[0].until if lots else now + POINTS_DAYS * DAY_SECONDS
    keep(unit.book, account, (Lot(until, EXTRA_POINTS),))
    phone = "ios" if subscriber.handset == "android" else "android"
    unit.book.update_subscriber(msisdn, {"handset": phone})


def _as_if_by(msisdn: str, stand_in: str, seen: Seen) -> Seen:
    """What a stand-in saw, with the number it stands in for."""
    if msisdn == stand_in:
        return seen

    def named(text: str) -> str:
        return text.replace(local_digits(stand_in), local_digits(msisdn))

    sms = tuple(replace(one, text=named(one.text)) for one in seen.sms)
    return replace(seen, text=None if seen.text is None else named(seen.text), sms=sms)


def _codes(before: Seen, now: Seen, msisdn: str) -> Iterator[tuple[str, str]]:
    """What may be codes in the texts that came: as they were, and as they are now."""
    for one, other in zip(before.sms, now.sms, strict=False):
        for token in tokens(one.text, msisdn, other.text):
            if token.is_code and token.again is not None:
                yield token.text, token.again
