"""One rehearsal for the tests of replay, on the menus of the house; and files to play in it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from gateway.menu.problems import failed, render
from gateway.replay.cast import Subscriber, cast
from gateway.replay.groups import Result, grouped
from gateway.replay.script import Flow, load_flows
from gateway.service.config import Config, load_config
from gateway.service.rehearsal import Rehearsal
from gateway.service.rehearsing import rehearsed
from tests.source import ROOT

QA = ROOT / "tests" / "flows_qa"


def config() -> Config:
    """The configuration of a checkout, wherever the tests are run."""
    places = {
        "menus": ROOT / "menus",
        "short_codes": ROOT / "short_codes.yaml",
        "prompts": ROOT / "ivr_prompts",
    }
    given = {name: str(place) for name, place in places.items()}
    return load_config({**given}, {}, None)


def written(folder: Path, text: str) -> Path:
    """A flow file of that text."""
    file = folder / "a.flow.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def flows_of(file: Path) -> tuple[Flow, ...]:
    """Its flows; its mistakes fail the test."""
    flows, problems = load_flows(file)
    assert not failed(problems), render(problems)
    return flows


def played(
    rehearsal: Rehearsal, file: Path, subscribers: Iterable[Subscriber] = ()
) -> list[Result]:
    """The results of a file."""
    plays = cast(flows_of(file), list(subscribers))
    return grouped(rehearsed(rehearsal, play) for play in plays)
