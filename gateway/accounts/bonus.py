"""Bonus points: earned by rules, kept in lots that expire, spent soonest first (F17, F18, R34).

The journal's PTS entries are the points; the lots only say until when. Points are of an account,
and are offered to the roles that the operator names (K28). A gift keeps its moment of expiry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from gateway.accounts.book import BONUS, Book, Leg, Subscriber, Transfer
from gateway.accounts.books.jobs import Job
from gateway.accounts.books.money import Lot
from gateway.accounts.bundles import PackageKind, add_units
from gateway.accounts.dated import Dated, DatedEffect
from gateway.accounts.posting import MONTH_OF_SPENDING
from gateway.accounts.request import Core, Effect, Reply, Request, done, refuse
from gateway.charging.terms_money import Reward
from gateway.domain.moments import DAY_SECONDS, month_later, month_start
from gateway.domain.port import Message, Sent
from gateway.domain.values import Value

EXPIRE = "bonus.expire"
KOPECKS = 100


def offered(core: Core, subscriber: Subscriber) -> bool:
    """Whether the number's account earns and spends points (K28)."""
    return subscriber.role in core.terms.money.bonus.roles


# --- earning and expiring ----------------------------------------------------------------------


def earn(
    core: Core, book: Book, subscriber: Subscriber, by: str, amount: int, now: float, key: str
) -> int:
    """Points for `amount` kopecks of `top_up`, `spending` or `device`, where they are offered; how
    many. A key earns once: a shop may report a device again."""
    terms = core.terms.money.bonus
    points = terms.earned(by, amount) if offered(core, subscriber) else 0
    account = subscriber.account
    if not points or book.transfer(_of(BONUS, account, points, now, f"{key}:points")) == "exists":
        return 0
    until = month_start(now, core.utc_offset_seconds)
    for _ in range(terms.months + 1):
        until = month_later(until, 1, core.utc_offset_seconds)
    keep(book, account, (Lot(until, points),))
    return points


def keep(book: Book, account: int, lots: tuple[Lot, ...]) -> None:
    """Put points that were moved to the account into its lots, and have them expire."""
    for lot in lots:
        book.add_lot(account, lot)
    _await_expiry(book, account)


def _await_expiry(book: Book, account: int) -> None:
    lots = book.lots(account)
    if lots:
        key = f"bonus:{account}:expire"
        book.schedule(Job(key, EXPIRE, str(account), lots[0].until, {"account": account}))


def _of(source: int, target: int, points: int, now: float, key: str) -> Transfer:
    return Transfer(key, "bonus", now, (Leg(source, -points, "PTS"), Leg(target, points, "PTS")))


def _move(book: Book, source: int, target: int, points: int, now: float, key: str) -> None:
    outcome = book.transfer(_of(source, target, points, now, key))
    assert outcome == "ok", f"points were {outcome}"


def _draw(book: Book, account: int, points: int) -> tuple[Lot, ...]:
    """Take points out of the lots that expire soonest; what was taken from which."""
    drawn = []
    for lot in book.lots(account):
        taken = min(lot.points, points)
        if taken:
            drawn.append(Lot(lot.until, taken))
            book.take_lot(account, drawn[-1])
            points -= taken
    return tuple(drawn)


def _expire(dated: Dated) -> tuple[Sent, ...]:
    book, account = dated.book, dated.number("account")
    over = [lot for lot in book.lots(account) if lot.until <= dated.now]
    for lot in over:
        book.take_lot(account, lot)
    if over:
        _move(book, account, BONUS, sum(lot.points for lot in over), dated.now, dated.key("points"))
    _await_expiry(book, account)
    return ()


def _month(dated: Dated) -> tuple[Sent, ...]:
    """A month of spending earns its points (R34)."""
    book, account = dated.book, dated.number("account")
    owner = book.subscriber(book.owner(account))
    if owner is not None:
        spent = book.spent(account, float(dated.text("since")), dated.now)
        earn(dated.core, book, owner, "spending", spent, dated.now, dated.key("month"))
    return ()


# --- looking -----------------------------------------------------------------------------------


def _show(request: Request) -> Reply:
    """How many there are; `expiring` of them go at `until` (0 and 0 where none has an end)."""
    if not offered(request.core, request.subscriber):
        return refuse("bonus_not_offered")
    lots = request.book.lots(request.subscriber.account)
    first = lots[0] if lots else Lot(0, 0)
    points = request.subscriber.points
    return done(points=points, expiring=first.points, until=int(first.until))


def _expiring(request: Request) -> Reply:
    if not offered(request.core, request.subscriber):
        return refuse("bonus_not_offered")
    most = request.terms.money.bonus.expiring_shown_max
    rows: list[Mapping[str, Value]] = [
        {"until": int(lot.until), "points": lot.points}
        for lot in request.book.lots(request.subscriber.account)[:most]
    ]
    return done(lots=tuple(rows))


def _rewards(request: Request) -> Reply:
    if not offered(request.core, request.subscriber):
        return refuse("bonus_not_offered")
    kind = request.text("kind")
    rows: list[Mapping[str, Value]] = [
        {"reward": reward.code, "kind": kind, "units": reward.units, "points": reward.points}
        for reward in request.terms.money.bonus.rewards.values()
        if reward.kind == kind
    ]
    return done(rewards=tuple(rows))


# --- rewards -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Purchase:
    """A reward that may be had now, and for whom."""

    reward: Reward
    receiver: Subscriber


def _purchase(request: Request) -> _Purchase | Reply:
    if not offered(request.core, request.subscriber):
        return refuse("bonus_not_offered")
    reward = request.terms.money.bonus.rewards.get(request.text("reward"))
    if reward is None:
        return refuse("reward_unknown")
    receiver = request.recipient()
    if receiver is None:
        return refuse("recipient_unknown")
    if not offered(request.core, receiver):
        return refuse("bonus_not_offered")
    if request.subscriber.points < reward.points:
        return refuse("points_short", short=reward.points - request.subscriber.points)
    return _Purchase(reward, receiver)


def _quote(request: Request) -> Reply:
    purchase = _purchase(request)
    if not isinstance(purchase, _Purchase):
        return purchase
    return done(days=purchase.reward.days, **_said(request, purchase))


def _spend(request: Request) -> Reply:
    purchase = _purchase(request)
    if not isinstance(purchase, _Purchase):
        return purchase
    book, subscriber, reward = request.book, request.subscriber, purchase.reward
    _draw(book, subscriber.account, reward.points)
    key = request.key("reward")
    _move(book, subscriber.account, BONUS, reward.points, request.now, key)
    until = _give(request, purchase)
    said = _said(request, purchase)
    left = subscriber.points - reward.points
    return done(*_told(request, purchase), until=until, left=left, **said)


def _give(request: Request, purchase: _Purchase) -> int:
    """The reward itself; until when it is good, or 0 for a discount on the next fee."""
    reward, receiver = purchase.reward, purchase.receiver
    if reward.kind == "discount":
        request.book.add_discount(receiver.account, reward.units * KOPECKS)
        return 0
    kind, now = cast(PackageKind, reward.kind), request.now
    until = int(now) + reward.days * DAY_SECONDS
    return add_units(request.book, receiver.msisdn, kind, reward.units, until, now)


def _said(request: Request, purchase: _Purchase) -> dict[str, Value]:
    reward, receiver = purchase.reward, purchase.receiver
    return {
        "kind": reward.kind,
        "units": reward.units,
        "points": reward.points,
        "own": receiver.msisdn == request.subscriber.msisdn,
        "recipient": receiver.msisdn,
    }


def _told(request: Request, purchase: _Purchase) -> tuple[Message, ...]:
    """Another's number is told of what it was given."""
    receiver, reward = purchase.receiver, purchase.reward
    if receiver.msisdn == request.subscriber.msisdn:
        return ()
    values: dict[str, Value] = {
        "sender": request.subscriber.msisdn,
        "kind": reward.kind,
        "units": reward.units,
    }
    return (Message(receiver.msisdn, "sms.bonus.reward", values, receiver.language),)


# --- gifts -------------------------------------------------------------------------------------


def _gift_receiver(request: Request, points: int) -> Subscriber | Reply:
    """The receiver of a gift that may be made now."""
    giver = request.subscriber
    if not offered(request.core, giver):
        return refuse("bonus_not_offered")
    if not 1 <= points <= request.terms.money.bonus.gift_max:
        return refuse("gift_out_of_range")
    receiver = request.recipient()
    if receiver is None:
        return refuse("recipient_unknown")
    if receiver.account == giver.account:
        return refuse("recipient_self")
    if not offered(request.core, receiver):
        return refuse("bonus_not_offered")
    if giver.points < points:
        return refuse("points_short", short=points - giver.points)
    return receiver


def _gift_quote(request: Request) -> Reply:
    points = int(request.text("points"))
    receiver = _gift_receiver(request, points)
    if not isinstance(receiver, Subscriber):
        return receiver
    return done(recipient=receiver.msisdn, points=points)


def _gift(request: Request) -> Reply:
    points, giver, book = int(request.text("points")), request.subscriber, request.book
    receiver = _gift_receiver(request, points)
    if not isinstance(receiver, Subscriber):
        return receiver
    lots = _draw(book, giver.account, points)
    _move(book, giver.account, receiver.account, points, request.now, request.key("gift"))
    keep(book, receiver.account, lots)
    values: dict[str, Value] = {"sender": giver.msisdn, "points": points}
    told = Message(receiver.msisdn, "sms.bonus.gift", values, receiver.language)
    return done(told, recipient=receiver.msisdn, points=points, left=giver.points - points)


EFFECTS: Mapping[str, Effect] = {
    "bonus.show": _show,
    "bonus.expiring": _expiring,
    "bonus.rewards": _rewards,
    "bonus.quote": _quote,
    "bonus.spend": _spend,
    "bonus.gift_quote": _gift_quote,
    "bonus.gift": _gift,
}

DATED: Mapping[str, DatedEffect] = {EXPIRE: _expire, MONTH_OF_SPENDING: _month}
