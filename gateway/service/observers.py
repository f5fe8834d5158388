"""Metrics and CDRs as folds over (arrival, outcome, seconds), observed at the desk."""

from __future__ import annotations

from twisted.logger import Logger

from gateway.accounts.book import Charge
from gateway.channels.desk import Failed, Observer
from gateway.domain.port import Arrival, Opened
from gateway.service.cdr import Cdr, CdrFiles
from gateway.service.metrics import Metrics
from gateway.turn.outcome import Ended, Outcome

log = Logger()


def counting(metrics: Metrics) -> Observer:
    """Count steps, dialogues and charges."""

    def observe(arrival: Arrival, outcome: Outcome | Failed, seconds: float) -> None:
        metrics.step(arrival.channel, seconds)
        if isinstance(outcome, Failed):
            if type(arrival.event) is Opened:
                metrics.dialogue_opened(arrival.channel)
                metrics.dialogue_ended(arrival.channel, "failed")
            return
        if type(arrival.event) is Opened and not outcome.repeated:
            metrics.dialogue_opened(arrival.channel)
        for ended in outcome.ended:
            metrics.dialogue_ended(ended.channel, ended.result)
        if outcome.charge is not None:
            metrics.charge(outcome.charge.rule, _result(outcome.charge))

    return observe


def recording(files: CdrFiles) -> Observer:
    """Write a CDR of whatever ended."""

    def observe(arrival: Arrival, outcome: Outcome | Failed, _seconds: float) -> None:
        if isinstance(outcome, Failed):
            return
        for ended in outcome.ended:
            try:
                files.write(cdr_of(ended, arrival, outcome))
            except OSError as fault:
                log.error("a CDR could not be written: {fault}", fault=str(fault))

    return observe


def cdr_of(ended: Ended, arrival: Arrival, outcome: Outcome) -> Cdr:
    """The CDR of what ended in a turn; the turn's charge is told where it is of the same use."""
    own = outcome.charge if ended.trace == outcome.trace else None
    return Cdr(
        id=outcome.message_id or ended.trace,
        channel=ended.channel,
        msisdn=ended.msisdn,
        address=ended.address,
        started_at=ended.opened_at,
        ended_at=ended.ended_at,
        result=ended.result,
        dialogue=ended.trace,
        link=ended.link,
        zone=own.zone if own else "",
        plmn=arrival.plmn,
        node=outcome.state if ended.trace == outcome.trace else "",
        steps=ended.turns,
        units=own.units if own else 0,
        rule=own.rule if own else "",
        amount=own.amount if own else 0,
    )


def _result(charge: Charge) -> str:
    if charge.refused:
        return "refused"
    return "charged" if charge.amount else "free"
