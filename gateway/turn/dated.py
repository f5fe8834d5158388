"""What is due is carried out: each job in the transaction that takes it out of the book.

So it happens exactly once, whichever process gets there. They go in order of their due moments,
and one that a job schedules in the past (the next week of an autopay, after a month's stop) takes
its turn among them: each period runs once. A job that raises is undone alone; it comes again after
growing pauses, and in the end it is given up and kept, with its reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.accounts.books.jobs import Job
from gateway.domain.port import Sms
from gateway.turn.sending import send_outside
from gateway.turn.unit import Unit
from gateway.turn.world import World

PAUSES_SECONDS = (60.0, 300.0, 900.0, 3_600.0, 4 * 3_600.0, 12 * 3_600.0, 24 * 3_600.0)
"""Before each further attempt; a job that fails after the last is given up."""


@dataclass(frozen=True, slots=True)
class Done:
    """One job, carried out or failed."""

    job: Job
    deliveries: tuple[Sms, ...] = ()
    error: Exception | None = None

    @property
    def result(self) -> str:
        """`done`, `put_off` or `given_up`."""
        if self.error is None:
            return "done"
        return "put_off" if self.job.attempts < len(PAUSES_SECONDS) else "given_up"


def do_due(
    now: float, unit: Unit, world: World, next_id: Callable[[], str], jobs_max: int
) -> tuple[Done, ...]:
    """Carry out the soonest of what is due by `now` (epoch seconds), at most `jobs_max`; none
    where nothing is due. A job that is due again at once (an order for thousands of numbers) ends
    the turn, so that other turns come in between. `next_id` gives ids of messages."""
    done: list[Done] = []
    ran: set[str] = set()
    while len(done) < jobs_max:
        soonest = unit.book.due_jobs(now, 1)
        if not soonest or soonest[0].key in ran:
            break
        ran.add(soonest[0].key)
        done.append(_do(soonest[0], now, unit, world, next_id))
    return tuple(done)


def _do(job: Job, now: float, unit: Unit, world: World, next_id: Callable[[], str]) -> Done:
    def work() -> Done:
        taken = unit.book.take_job(job.key, now)
        assert taken is not None, "it was due, and is held by this transaction"
        sent = world.accounts.run(taken, unit.book, now)
        return Done(taken, tuple(send_outside(unit, sent, world, now, next_id)))

    result = unit.attempt(work)
    if isinstance(result, Done):
        return result
    failed = Done(job, error=result)
    if failed.result == "put_off":
        unit.book.put_off_job(job.key, now + PAUSES_SECONDS[job.attempts])
    else:
        unit.book.give_up_job(job.key, repr(result))
    return failed
