"""pytest collects flow files: `pytest flows/` has one test per flow, and per subscriber if asked.

Rule: public hooks only, and what fails shows the frame of the flow file, never a call stack of
ours. Flows are played in process, as `gateway replay` plays them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from gateway.replay.script import Flow
    from gateway.service.rehearsal import Rehearsal

SUFFIX = ".flow.yaml"
SUBSCRIBERS_MAX = 10_000
_REHEARSAL = pytest.StashKey["Rehearsal"]()
_FIRST = pytest.StashKey[dict[tuple[str, ...], str]]()
"""How a flow ended -> the first item that ended so: a difference is shown once, however many see
it."""
_CONTENT = ("menus", "short_codes", "tariffs", "policy", "prompts")
"""Settings that an ini file may have, as `gateway_menus`: paths from the root directory on."""


class FlowDiffers(Exception):
    """A flow was played, and something was not as expected; `lines` are the frame."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(lines[0])
        self.lines = lines


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--flow-subscribers N`: each flow is N tests, by the demo's numbers for load; and what an
    ini file may say."""
    group = parser.getgroup("gateway", "flows of the channel gateway")
    group.addoption(
        "--flow-subscribers", type=int, default=0, metavar="N", help="play flows by so many numbers"
    )
    for name in _CONTENT:
        parser.addini(f"gateway_{name}", f"where flows have their {name}, from the rootdir on")


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a number of subscribers that cannot be."""
    if not 0 <= config.getoption("flow_subscribers") <= SUBSCRIBERS_MAX:
        raise pytest.UsageError(f"--flow-subscribers: from 1 to {SUBSCRIBERS_MAX}")


def pytest_unconfigure(config: pytest.Config) -> None:
    """The house of the flows goes with the run."""
    rehearsal = config.stash.get(_REHEARSAL, None)
    if rehearsal is not None:
        rehearsal.close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> FlowFile | None:
    """Every `*.flow.yaml` is a file of tests."""
    if not file_path.name.endswith(SUFFIX):
        return None
    made: FlowFile = FlowFile.from_parent(parent, path=file_path)
    return made


def pytest_collection_finish(session: pytest.Session) -> None:
    """Menus that no flow can be played on are told once, and nothing is played. Raises
    UsageError."""
    from gateway.service.errors import Fault

    config = session.config
    flows = any(isinstance(item, FlowItem) for item in session.items)
    if not flows or config.getoption("collectonly") or hasattr(config, "workerinput"):
        return
    try:
        _rehearsal(config)
    except Fault as fault:
        raise pytest.UsageError(str(fault)) from None


class FlowFile(pytest.File):
    """A flow file; its mistakes are shown with carets, and nothing of it is played."""

    def collect(self) -> Iterator[FlowItem]:
        """One item a flow and subscriber."""
        from gateway.menu.problems import failed, render
        from gateway.replay.cast import Subscriber, cast, numbered
        from gateway.replay.script import load_flows

        flows, problems = load_flows(_near(self.path, self.config.invocation_params.dir))
        if failed(problems):
            raise self.CollectError(render(problems).rstrip("\n"))
        several = numbered(self.config.getoption("flow_subscribers"))
        for play in cast(flows, several):
            subscriber: Subscriber = play.subscriber
            name = f"{play.flow.name}[{subscriber.msisdn}]" if several else play.flow.name
            yield FlowItem.from_parent(self, name=name, flow=play.flow, subscriber=subscriber)


class FlowItem(pytest.Item):
    """One flow by one subscriber."""

    def __init__(self, *, flow: Flow, subscriber: Any, **others: Any) -> None:
        super().__init__(**others)
        self.flow = flow
        self.subscriber = subscriber
        self.user_properties.append(("msisdn", subscriber.msisdn))
        for tag in flow.tags:
            self.config.addinivalue_line("markers", f"{tag}: a tag of flows")
            self.add_marker(tag)

    def runtest(self) -> None:
        """Play it. Raises FlowDiffers."""
        from gateway.replay.cast import Play
        from gateway.replay.groups import Group, kind_of
        from gateway.replay.visible import transcript
        from gateway.service.rehearsing import rehearsed

        played = rehearsed(_rehearsal(self.config), Play(self.flow, self.subscriber))
        if played.passed:
            return
        group = Group((played,))
        head = f"{group.headline} at {group.place}"
        firsts = self.config.stash.setdefault(_FIRST, {})
        first = firsts.setdefault((self.flow.path, self.flow.name, *kind_of(played)), self.name)
        if first != self.name:
            raise FlowDiffers([f"{head}: as {first}"])
        self.add_report_section("call", "flow", "\n".join(transcript(played.msisdn, played.done)))
        raise FlowDiffers([f"{head}, for {played.msisdn}", *group.frame()])

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The frame of a difference, one line of a fault of set-up; a bug keeps its call stack."""
        from gateway.service.errors import Fault

        if isinstance(excinfo.value, FlowDiffers):
            return "\n".join(excinfo.value.lines)
        if isinstance(excinfo.value, Fault):
            return str(excinfo.value)  # a process of pytest-xdist
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the flow is written."""
        return self.path, self.flow.line - 1, self.name


def _near(path: Path, here: Path) -> Path:
    """The path as a person types it, where it lies below."""
    return path.relative_to(here) if path.is_relative_to(here) and here == Path.cwd() else path


def _rehearsal(config: pytest.Config) -> Rehearsal:
    """One for the whole run, on what the environment, or else the ini file, says. Raises Fault
    for menus that cannot be served."""
    rehearsal = config.stash.get(_REHEARSAL, None)
    if rehearsal is None:
        from gateway.service.config import load_config
        from gateway.service.rehearsal import Rehearsal

        said = {name: config.getini(f"gateway_{name}") for name in _CONTENT}
        places = {
            name: str(config.rootpath / path)
            for name, path in said.items()
            if path and f"GATEWAY_{name.upper()}" not in os.environ
        }
        settings = load_config(places, os.environ, None)
        rehearsal = Rehearsal(settings, config.getoption("flow_subscribers"))
        config.stash[_REHEARSAL] = rehearsal
    return rehearsal
