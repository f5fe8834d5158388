"""Many handsets on one connection, each walking `*105#`, 1, 1 to its balance, again and again."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

from scripts.benchmarks.gateways import FIRST_MSISDN
from scripts.benchmarks.load import (
    DELIVER_SM,
    DELIVER_SM_RESP,
    SUBMIT_SM,
    Connection,
    pdu,
    submit_body,
)

PSSR_INDICATION, USSR_CONFIRM = 1, 18
WALK = ((b"*105#", PSSR_INDICATION), (b"1", USSR_CONFIRM), (b"1", USSR_CONFIRM))
BALANCE = "100".encode("utf-16-be")
"""What the last page of the walk must show (the price of a step that shows nothing is nothing)."""


@dataclass(slots=True)
class Handset:
    """One subscriber: the bodies it submits, where it is, when it asked."""

    bodies: tuple[bytes, ...]
    position: int = 0
    asked: float = 0.0


def handsets(count: int) -> dict[bytes, Handset]:
    """By MSISDN, as it stands in a deliver_sm."""
    numbers = [str(FIRST_MSISDN + n) for n in range(count)]
    return {
        number.encode(): Handset(tuple(submit_body(number, "105", text, op) for text, op in WALK))
        for number in numbers
    }


def addressee(body: bytes) -> bytes:
    """destination_addr of a deliver_sm, without its `+`."""
    source = body.index(0) + 3
    start = body.index(0, source) + 3
    return body[start : body.index(0, start)].lstrip(b"+")


class Crowd:
    """Handsets that talk at once; each waits for its page before it answers."""

    def __init__(self, connection: Connection, count: int) -> None:
        self._connection = connection
        self._handsets = handsets(count)
        self.latencies: list[float] = []

    def walk(self, seconds: float) -> float:
        """Steps a second over at least `seconds`; latencies are kept. All dialogues end their
        walk before it returns, so that the next begins anew."""
        self.latencies = []
        began = perf_counter()
        until = began + seconds
        self._connection.send(b"".join(self._ask(h, began) for h in self._handsets.values()))
        under_way = len(self._handsets)
        while under_way:
            out = []
            received = self._connection.receive()
            now = perf_counter()
            for command, status, sequence, body in received:
                if command != DELIVER_SM:
                    if status:
                        raise SystemExit(f"submit_sm was refused: {status:#x}")
                    continue
                out.append(pdu(DELIVER_SM_RESP, sequence, b"\0"))
                handset = self._handsets.get(addressee(body))
                if handset is None:  # an SMS to somebody else
                    continue
                self.latencies.append(now - handset.asked)
                if handset.position == 0 and BALANCE not in body:
                    raise SystemExit(f"not the balance: {body!r}")
                if handset.position or now < until:
                    out.append(self._ask(handset, now))
                else:
                    under_way -= 1
            if out:
                self._connection.send(b"".join(out))
        return len(self.latencies) / (perf_counter() - began)

    def _ask(self, handset: Handset, now: float) -> bytes:
        body = handset.bodies[handset.position]
        handset.position = (handset.position + 1) % len(handset.bodies)
        handset.asked = now
        return pdu(SUBMIT_SM, self._connection.next_sequence(), body)


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of them do not pass."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
