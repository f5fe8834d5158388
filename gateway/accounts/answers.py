"""The account core's face: a `Query` goes in, `Answered` and the SMS it wants sent come out.

The command is looked up in the catalogue, its level and blocking are checked once, and then its
effect runs: one registered function per row (a test holds the two sets equal).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from gateway.accounts import (
    asks,
    autopay,
    bonus,
    bundles,
    calls,
    cards,
    credentials,
    orders,
    own_password,
    promised,
    statements,
    subscribers,
    topups,
    transfers,
    vouchers,
)
from gateway.accounts.access import prove, secret_word
from gateway.accounts.book import Book, Subscriber
from gateway.accounts.books.jobs import Job
from gateway.accounts.companies import effects as companies
from gateway.accounts.dated import Dated, DatedEffect
from gateway.accounts.policy import Policy, Proof, default_policy, is_blocked
from gateway.accounts.repayment import IN_DEBT
from gateway.accounts.request import (
    Context,
    Core,
    Effect,
    Hasher,
    Options,
    Randomness,
    Reply,
    Request,
    refuse,
)
from gateway.accounts.services import barring, forwarding, options, roaming, sim, tariffs
from gateway.charging.tariff import Terms, default_terms
from gateway.domain.catalogue import COMMANDS
from gateway.domain.port import Channel, Facts, Query, Sent

__all__ = ["EFFECTS", "Accounts", "Context", "Hasher", "Options", "Randomness"]

DEFAULT_UTC_OFFSET_SECONDS = 5 * 3600
"""The operator's days begin at midnight of Yekaterinburg."""

EFFECTS: Mapping[str, Effect] = {
    **subscribers.EFFECTS,
    **vouchers.EFFECTS,
    **cards.EFFECTS,
    **topups.EFFECTS,
    **autopay.EFFECTS,
    **asks.EFFECTS,
    **bonus.EFFECTS,
    **promised.EFFECTS,
    **transfers.EFFECTS,
    **bundles.EFFECTS,
    **roaming.EFFECTS,
    **credentials.EFFECTS,
    **own_password.EFFECTS,
    **secret_word.EFFECTS,
    **prove.EFFECTS,
    **companies.EFFECTS,
    **statements.EFFECTS,
    **orders.EFFECTS,
    **forwarding.EFFECTS,
    **barring.EFFECTS,
    **tariffs.EFFECTS,
    **options.EFFECTS,
    **sim.EFFECTS,
}


DATED: Mapping[str, DatedEffect] = {
    **promised.DATED,
    **autopay.DATED,
    **asks.DATED,
    **bonus.DATED,
    **calls.DATED,
    **tariffs.DATED,
    **options.DATED,
    **sim.DATED,
    **companies.DATED,
    **statements.DATED,
}
"""Kind of job -> what it does."""


class Accounts:
    """The account core. It holds no state: all of it is in the Book of each call."""

    def __init__(
        self,
        hasher: Hasher,
        randomness: Randomness,
        terms: Terms | None = None,
        utc_offset_seconds: int = DEFAULT_UTC_OFFSET_SECONDS,
        options: Options = Options(),  # noqa: B008 - a frozen value
        policy: Policy | None = None,
    ) -> None:
        terms = terms or default_terms()
        self.core = Core(
            terms,
            hasher,
            randomness,
            utc_offset_seconds,
            options,
            policy or default_policy(),
            cards.SimulatedCards(randomness),
        )
        self._roaming_zones = frozenset(
            zone for zone, prices in terms.zones.items() if not prices.home_network
        )

    def facts(self, subscriber: Subscriber, channel: Channel, proof: Proof | None = None) -> Facts:
        """What a menu may know of the subscriber. `proof` is the way in where it is more than
        the channel (a call with the cabinet password)."""
        return Facts(
            subscriber.language,
            channel,
            self.core.policy.level_in_reach(subscriber, proof or channel),
            subscriber.zone,
            subscriber.balance,
            _flags(
                subscriber.owner,
                subscriber.role,
                is_blocked(subscriber),
                subscriber.sim == IN_DEBT,
                subscriber.zone in self._roaming_zones,
                subscriber.roaming_on,
                subscriber.login_alert,
                self.core.policy.needs_current(proof or channel),
            ),
            self.core.policy.level_by_password(subscriber, proof or channel),
        )

    def answer(
        self,
        query: Query,
        subscriber: Subscriber,
        book: Book,
        context: Context,
        proof: Proof | None = None,
    ) -> Reply:
        """Carry out a command: the answer, or the exact name of a refusal, and SMS to send.

        Raises KeyError for a command that the catalogue does not know (a bug: menus are checked).
        """
        command = COMMANDS[query.command]
        refused = self.core.policy.refusal(command, subscriber, proof or context.channel)
        if refused:
            return refuse(refused)
        return EFFECTS[query.command](
            Request(query.arguments, subscriber, book, context, self.core)
        )

    def run(self, job: Job, book: Book, now: float) -> tuple[Sent, ...]:
        """Carry out a job that was taken out of the book; what it wants sent.

        Raises KeyError for a kind that nobody carries out (a bug: the job is put off)."""
        return DATED[job.kind](Dated(job, book, now, self.core))


@lru_cache(256)
def _flags(
    owner: bool,
    role: str,
    blocked: bool,
    in_debt: bool,
    roaming_now: bool,
    roaming_on: bool,
    alert: bool,
    needs_current: bool,
) -> frozenset[str]:
    held = {
        "owner": owner,
        "corporate": role != "private",
        "corporate_admin": role == "administrator",
        "blocked": blocked,
        "debt": in_debt,
        "roaming": roaming_now,
        "roaming_on": roaming_on,
        "login_alert": alert,
        "needs_current": needs_current,
    }
    return frozenset(flag for flag, holds in held.items() if holds)
