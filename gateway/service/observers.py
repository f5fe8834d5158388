"""Metrics and CDRs as folds over (arrival, outcome, seconds), observed at the desk."""

from __future__ import annotations

import sys
from collections.abc import Callable

from gateway.accounts.book import Charge
from gateway.channels.desk import Failed, Observer
from gateway.channels.voice_settings import CallRecord
from gateway.domain.port import Arrival, Opened
from gateway.service.cdr import Cdr, CdrFiles
from gateway.service.metrics import Metrics
from gateway.turn.outcome import Ended, Outcome

CHARGES_KEPT_MAX = 500_000
"""Dialogues whose charge waits for their end; of more, the CDR says nothing of it."""

RecordOf = Callable[[str], CallRecord | None]
_Charged = tuple[str, str, str, int, int]
"""PLMN, zone, rule, units, amount."""
_FREE: _Charged = ("", "", "", 0, 0)


def no_record(trace: str) -> CallRecord | None:
    """There are no calls."""
    return None


def counting(metrics: Metrics) -> Observer:
    """Count steps, dialogues and charges."""

    def observe(arrival: Arrival, outcome: Outcome | Failed, seconds: float) -> None:
        metrics.step(arrival.channel, seconds)
        if isinstance(outcome, Failed):
            if type(arrival.event) is Opened:
                metrics.dialogue_opened(arrival.channel)
                metrics.dialogue_ended(arrival.channel, "failed")
            return
        began = type(arrival.event) is Opened and not outcome.repeated
        if began and outcome.trace == arrival.trace:  # else an SMS answers a dialogue under way
            metrics.dialogue_opened(arrival.channel)
            if outcome.deadline is None and not outcome.ended:
                metrics.dialogue_ended(arrival.channel, "refused")
        for ended in outcome.ended:
            metrics.dialogue_ended(ended.channel, ended.result)
        if outcome.charge is not None:
            metrics.charge(outcome.charge.rule, _result(outcome.charge))

    return observe


def recording(files: CdrFiles, record: RecordOf = no_record) -> Observer:
    """Write a CDR of whatever ended. The charge of a dialogue is of its first turn (of a call, of
    its last too), its end of its last: between them what the CDR tells of the charge is kept here.
    `record` gives what the voice channel knows of a call, by its trace."""
    kept: dict[str, _Charged] = {}

    def observe(arrival: Arrival, outcome: Outcome | Failed, _seconds: float) -> None:
        if isinstance(outcome, Failed):
            return
        trace, charge = outcome.trace, outcome.charge
        if (charge is not None or type(arrival.event) is Opened) and len(kept) < CHARGES_KEPT_MAX:
            plmn = sys.intern(outcome.plmn) or kept.get(trace, _FREE)[0]
            kept[trace] = (plmn, *_FREE[1:]) if charge is None else _charged(charge, plmn)
        for ended in outcome.ended:
            charged, call = kept.pop(ended.trace, _FREE), record(ended.trace)
            files.write(_cdr(ended, outcome, charged, call))

    return observe


def _charged(charge: Charge, plmn: str) -> _Charged:
    return plmn, charge.zone, charge.rule, charge.units, charge.amount


def _cdr(ended: Ended, outcome: Outcome, charged: _Charged, call: CallRecord | None) -> Cdr:
    plmn, zone, rule, units, amount = charged
    return Cdr(
        id=(ended.trace == outcome.trace and outcome.message_id) or ended.trace,
        channel=ended.channel,
        msisdn=ended.msisdn,
        address=ended.address,
        started_at=ended.opened_at,
        ended_at=ended.ended_at,
        result=ended.result,
        dialogue=ended.trace,
        link=ended.link,
        zone=zone,
        plmn=plmn,
        node=ended.state,
        steps=ended.turns,
        units=units,
        rule=rule,
        amount=amount,
        menus=ended.menus,
        rules=ended.rules,
        call=call,
    )


def _result(charge: Charge) -> str:
    if charge.refused:
        return "refused"
    return "charged" if charge.amount else "free"
