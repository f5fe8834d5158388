"""Jobs and orders in dictionaries."""

from __future__ import annotations

from dataclasses import replace

from gateway.accounts.books.jobs import Job, Order, Payload


class MemoryJobs:
    """Implements `JobsBook`."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting_jobs: dict[str, Job] = {}
        self.failed_jobs: dict[str, str] = {}
        self.not_before: dict[str, float] = {}
        self.order_rows: dict[int, Order] = {}

    def schedule(self, job: Job) -> None:
        self.waiting_jobs[job.key] = job
        self.not_before[job.key] = job.due

    def job(self, key: str) -> Job | None:
        return self.waiting_jobs.get(key)

    def cancel_job(self, key: str) -> bool:
        return self.waiting_jobs.pop(key, None) is not None

    def take_job(self, key: str, now: float) -> Job | None:
        job = self.waiting_jobs.get(key)
        if job is None or max(job.due, self.not_before[key]) > now:
            return None
        return self.waiting_jobs.pop(key)

    def due_jobs(self, now: float, limit: int) -> tuple[Job, ...]:
        rows = sorted(self.waiting_jobs.values(), key=lambda job: (job.due, job.key))
        due = [job for job in rows if max(job.due, self.not_before[job.key]) <= now]
        return tuple(due[:limit])

    def jobs_of(self, subject: str, kind: str) -> tuple[Job, ...]:
        rows = [j for j in self.waiting_jobs.values() if (j.subject, j.kind) == (subject, kind)]
        return tuple(sorted(rows, key=lambda job: (job.due, job.key)))

    def put_off_job(self, key: str, until: float) -> None:
        job = self.waiting_jobs[key]
        self.waiting_jobs[key] = replace(job, attempts=job.attempts + 1)
        self.not_before[key] = until

    def give_up_job(self, key: str, reason: str) -> None:
        del self.waiting_jobs[key]
        self.failed_jobs[key] = reason

    def add_order(self, order: Order) -> int:
        number = len(self.order_rows) + 1
        self.order_rows[number] = replace(order, id=number)
        return number

    def order(self, id: int) -> Order | None:
        return self.order_rows.get(id)

    def orders(self, subject: str, kinds: tuple[str, ...], limit: int) -> tuple[Order, ...]:
        rows = [o for o in self.order_rows.values() if o.subject == subject and o.kind in kinds]
        return tuple(sorted(rows, key=lambda order: -order.id)[:limit])

    def update_order(self, id: int, state: str, at: float, payload: Payload) -> None:
        row = self.order_rows[id]
        self.order_rows[id] = replace(row, state=state, changed_at=at, payload=payload)
