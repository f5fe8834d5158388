"""What the gateway tells Prometheus passes Prometheus' own check of names and types."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest


@pytest.fixture(scope="session")
def promtool() -> str:
    """The path of promtool; without it skip, and fail where CI=true."""
    path = shutil.which("promtool")
    if path:
        return path
    reason = "no promtool: apt-get install prometheus"
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}; CI must install it")
    pytest.skip(reason)


def test_promtool_finds_no_fault_with_the_metrics(promtool, gateway_process):
    status, text = gateway_process.api("GET", "/metrics")
    assert status == 200
    ended = subprocess.run(
        [promtool, "check", "metrics"], input=text, capture_output=True, text=True, check=False
    )
    assert ended.stderr == ""
    assert ended.returncode == 0
