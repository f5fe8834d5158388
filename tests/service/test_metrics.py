"""Metrics: read back by the client library's parser, named as prometheus.io asks."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from gateway.service.metrics import CHILDREN_MAX, Metrics

UNITS = ("seconds", "octets")
SUBSCRIBERS_WORDS = ("msisdn", "dialogue", "session", "imsi", "text")


def told() -> Metrics:
    """Metrics that were told of everything once."""
    metrics = Metrics("1.2.3")
    metrics.dialogue_opened("ussd")
    metrics.dialogue_opened("ussd")
    metrics.dialogue_ended("ussd", "completed")
    metrics.step("ussd", 0.004)
    metrics.pdu("in", "submit_sm", "ESME_ROK", 3)
    metrics.binds("server", "harness", 2)
    metrics.window_used("server", "harness", 7)
    metrics.charge("CH04", "charged")
    metrics.menu_reload("refused")
    metrics.prompt_reload("ok")
    metrics.prompt_missing("ru")
    metrics.store_committed(12, 0.001, 0.002)
    metrics.job("report", "put_off", 3.0)
    metrics.letter("sent")
    metrics.reactor_lag(0.01)
    metrics.outbox(5, 12.5)
    metrics.watch_queue(lambda: 3, 10_000)
    return metrics


@pytest.fixture
def metrics() -> Metrics:
    return told()


def _samples(metrics: Metrics) -> dict[tuple[str, frozenset[str]], float]:
    text = generate_latest(metrics.registry).decode()
    return {
        (sample.name, frozenset(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_what_is_told_is_exposed(metrics: Metrics) -> None:
    samples = _samples(metrics)
    for (name, labels), value in {
        ("gateway_dialogues_total", ("ussd", "completed")): 1,
        ("gateway_dialogues_open", ("ussd",)): 1,
        ("gateway_step_duration_seconds_count", ("ussd",)): 1,
        ("gateway_step_duration_seconds_bucket", ("ussd", "0.005")): 1,
        ("gateway_step_duration_seconds_bucket", ("ussd", "0.0025")): 0,
        ("gateway_smpp_pdus_total", ("in", "submit_sm", "ESME_ROK")): 3,
        ("gateway_smpp_binds", ("server", "harness")): 2,
        ("gateway_smpp_window_used", ("server", "harness")): 7,
        ("gateway_charges_total", ("CH04", "charged")): 1,
        ("gateway_menu_reloads_total", ("refused",)): 1,
        ("gateway_prompts_missing_total", ("ru",)): 1,
        ("gateway_store_batch_size_sum", ()): 12,
        ("gateway_store_queue_wait_seconds_sum", ()): 0.001,
        ("gateway_store_commit_seconds_sum", ()): 0.002,
        ("gateway_jobs_total", ("report", "put_off")): 1,
        ("gateway_job_lateness_seconds_sum", ()): 3.0,
        ("gateway_letters_total", ("sent",)): 1,
        ("gateway_reactor_lag_seconds", ()): 0.01,
        ("gateway_sms_outbox_size", ()): 5,
        ("gateway_sms_outbox_oldest_seconds", ()): 12.5,
        ("gateway_store_queue_turns", ()): 3,
        ("gateway_store_queue_turns_max", ()): 10_000,
        ("gateway_build_info", ("1.2.3",)): 1,
    }.items():
        assert samples[name, frozenset(labels)] == value, name


def test_names_and_labels_keep_the_rules(metrics: Metrics) -> None:
    text = generate_latest(metrics.registry).decode()
    for family in text_string_to_metric_families(text):
        name = family.name + ("_total" if family.type == "counter" else "")
        if name.startswith("process_"):
            continue  # the names that every client library gives them
        assert name.startswith("gateway_")
        assert name == name.lower()
        assert family.documentation.endswith(".")
        assert (family.type == "counter") == name.endswith("_total")
        assert not name.endswith(("_count", "_sum", "_bucket", "_created", "_ms", "_gauge"))
        assert "duration" not in name or name.endswith(UNITS)
        for sample in family.samples:
            assert not sample.name.endswith("_created")
            assert not any(word in label for label in sample.labels for word in SUBSCRIBERS_WORDS)


def test_labels_that_a_peer_chooses_are_bounded(metrics: Metrics) -> None:
    for status in range(CHILDREN_MAX + 500):
        metrics.pdu("in", "submit_sm_resp", f"0x{status:08X}")
    samples = _samples(metrics)
    statuses = [labels for name, labels in samples if name == "gateway_smpp_pdus_total"]
    assert len(statuses) <= CHILDREN_MAX + 1
    assert samples["gateway_smpp_pdus_total", frozenset({"other"})] >= 500


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_promtool_has_nothing_to_say(metrics: Metrics) -> None:
    checked = subprocess.run(
        ["promtool", "check", "metrics"],
        input=generate_latest(metrics.registry),
        capture_output=True,
        check=False,
    )
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, b"")
