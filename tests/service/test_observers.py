"""Metrics and CDRs are folds: what a turn was is counted once, what ended is recorded once."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.accounts.book import Charge
from gateway.channels.desk import Failed
from gateway.domain.port import Arrival, Opened, Released, Replied
from gateway.service.cdr import CdrFiles
from gateway.service.metrics import Metrics
from gateway.service.observers import counting, recording
from gateway.turn.outcome import Ended, Outcome

START = 1_764_064_800.0
ANNA = "79220000001"
OPENED = Arrival("ussd", "harness", ANNA, "105", "D", Opened("*105#"), trace="T1")
REPLIED = replace(OPENED, event=Replied("1"), trace="")
ENDED = Ended(
    "T1", "ussd", "harness", ANNA, "105", START, START + 8, 3, "completed", "m1", "r1", state="main"
)
CHARGE = Charge(
    START, ANNA, 1001, "ussd", "105", "EUROPE", 1, 0, 0, "CH01", "free", "T1", "ussd"
)  # fmt: skip


def _value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(f"gateway_{name}", labels)


def test_a_dialogue_is_open_from_its_first_turn_to_its_last() -> None:
    metrics = Metrics("1")
    observe = counting(metrics)
    observe(OPENED, Outcome("T1", deadline=START + 60, charge=CHARGE), 0.003)
    assert _value(metrics, "dialogues_open", channel="ussd") == 1
    observe(REPLIED, Outcome("T1", ended=(ENDED,)), 0.003)
    assert _value(metrics, "dialogues_open", channel="ussd") == 0
    assert _value(metrics, "dialogues_total", channel="ussd", result="completed") == 1
    assert _value(metrics, "step_duration_seconds_count", channel="ussd") == 2
    assert _value(metrics, "charges_total", rule="CH01", result="free") == 1


@pytest.mark.parametrize(
    ("charge", "result"),
    [
        (CHARGE, "free"),
        (replace(CHARGE, amount=1900), "charged"),
        (replace(CHARGE, refused=True), "refused"),
    ],
)
def test_charges_are_counted_by_how_they_went(charge: Charge, result: str) -> None:
    metrics = Metrics("1")
    counting(metrics)(OPENED, Outcome("T1", charge=charge), 0.003)
    assert _value(metrics, "charges_total", rule="CH01", result=result) == 1


def test_a_failed_opening_and_a_repeated_message_leave_nothing_open() -> None:
    metrics = Metrics("1")
    observe = counting(metrics)
    observe(OPENED, Failed(RuntimeError("x")), 0.003)
    assert _value(metrics, "dialogues_open", channel="ussd") == 0
    observe(replace(OPENED, channel="sms"), Outcome("T1", repeated=True), 0.001)
    assert _value(metrics, "dialogues_open", channel="sms") in (None, 0)


def test_what_ended_is_recorded_with_the_charge_of_its_own_use(tmp_path: Path) -> None:
    files = CdrFiles(tmp_path, 10_000, lambda: START)
    observe = recording(files)
    old = replace(ENDED, trace="T0", result="replaced", state="acct")
    charge = replace(CHARGE, amount=1900)
    observe(OPENED, Outcome("T1", deadline=START + 60), 0.003)
    observe(OPENED, Outcome("T1", ended=(old, ENDED), charge=charge, plmn="26201"), 0.003)
    files.flush()
    (file,) = tmp_path.iterdir()
    replaced, own = map(json.loads, file.read_text().splitlines())
    assert (replaced["dialogue"], replaced["result"]) == ("T0", "replaced")
    assert (replaced["amount_minor"], replaced["node"]) == (0, "acct")
    assert (own["amount_minor"], own["rule"], own["zone"]) == (1900, "CH01", "EUROPE")
    assert (own["node"], own["plmn"], own["steps"]) == ("main", "26201", 3)
    assert (own["menus"], own["rules"]) == ("m1", "r1")


def test_the_charge_of_the_first_turn_is_told_at_the_last(tmp_path: Path) -> None:
    files = CdrFiles(tmp_path, 10_000, lambda: START)
    observe = recording(files)
    charge = replace(CHARGE, amount=1900)
    observe(OPENED, Outcome("T1", deadline=START + 60, charge=charge, plmn="26201"), 0.003)
    for _ in range(2):
        observe(REPLIED, Outcome("T1", ended=(ENDED,)), 0.003)
    files.flush()
    (file,) = tmp_path.iterdir()
    first, again = map(json.loads, file.read_text().splitlines())
    assert (first["amount_minor"], first["zone"], first["plmn"]) == (1900, "EUROPE", "26201")
    assert (again["amount_minor"], again["zone"]) == (0, "")


def test_a_full_disk_never_reaches_the_turn(tmp_path: Path) -> None:
    folder = tmp_path / "cdr"
    observe = recording(CdrFiles(folder, 1, lambda: START))  # full with its first record
    folder.rmdir()
    observe(OPENED, Outcome("T1", ended=(ENDED,)), 0.003)
    observe(OPENED, Outcome("T1", ended=(ENDED,)), 0.003)


def test_a_call_charged_at_its_end_was_where_it_began(tmp_path: Path) -> None:
    files = CdrFiles(tmp_path, 10_000, lambda: START)
    observe = recording(files)
    observe(OPENED, Outcome("T1", deadline=START + 60, plmn="26201"), 0.003)
    over = replace(REPLIED, event=Released())
    observe(over, Outcome("T1", ended=(ENDED,), charge=replace(CHARGE, amount=4900)), 0.003)
    files.flush()
    (file,) = tmp_path.iterdir()
    told = json.loads(file.read_text())
    assert (told["plmn"], told["zone"], told["amount_minor"]) == ("26201", "EUROPE", 4900)
