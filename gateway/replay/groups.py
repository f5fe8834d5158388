"""What was played, with equal differences told once: *450 same, 50 differ at step 2*.

Rule: two plays are one group where flow, step, what was looked at, and both texts are equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gateway.replay.player import Difference, Played
from gateway.replay.script import Flow
from gateway.replay.visible import columns, one_line

MSISDNS_SHOWN_MAX = 2


@dataclass(frozen=True, slots=True)
class Group:
    """Plays that ended alike; `difference` and `error` are those of all of them."""

    played: tuple[Played, ...]

    @property
    def difference(self) -> Difference | None:
        return self.played[0].difference

    @property
    def error(self) -> str:
        return self.played[0].error

    @property
    def passed(self) -> bool:
        return self.played[0].passed

    @property
    def place(self) -> str:
        """`balance.flow.yaml:12`: the line of the expected text, or of the flow."""
        flow, difference = self.played[0].flow, self.difference
        return f"{flow.path}:{difference.check.line if difference else flow.line}"

    @property
    def headline(self) -> str:
        """What went wrong, in one line."""
        if self.difference is None:
            return one_line(self.error)
        action = self.played[0].done[-1].action
        return one_line(f"step {self.difference.step} ({action}): {self.difference.check.what}")


@dataclass(frozen=True, slots=True)
class Result:
    """All plays of one flow."""

    flow: Flow
    groups: tuple[Group, ...]
    """The one that passed first, then by size."""

    @property
    def passed(self) -> bool:
        return all(group.passed for group in self.groups)

    @property
    def accepts(self) -> bool:
        """Something was seen that could be expected."""
        return any(group.difference is not None for group in self.groups)

    @property
    def plays(self) -> int:
        return sum(len(group.played) for group in self.groups)

    @property
    def steps(self) -> int:
        return sum(each.steps for group in self.groups for each in group.played)


def grouped(plays: Iterable[Played]) -> list[Result]:
    """By flow, in the order in which flows were first met."""
    flows: dict[tuple[str, str], dict[tuple[str, ...], list[Played]]] = {}
    for played in plays:
        flow = flows.setdefault((played.flow.path, played.flow.name), {})
        flow.setdefault(_key(played), []).append(played)
    return [_result(list(groups.values())) for groups in flows.values()]


def _result(groups: list[list[Played]]) -> Result:
    for group in groups:  # the first of a group is the one whose steps are shown
        group.sort(key=lambda played: not played.done)
    groups.sort(key=lambda group: (not group[0].passed, -len(group)))
    return Result(groups[0][0].flow, tuple(Group(tuple(group)) for group in groups))


def _key(played: Played) -> tuple[str, ...]:
    different = played.difference
    if different is None:
        return (played.error,)
    where = "/".join(map(str, different.check.where))
    return (str(different.step), where, different.expected, different.got)


def numbered(results: Iterable[Result]) -> Iterator[tuple[int, Result, Group]]:
    """The groups that did not pass, by the numbers they are told with."""
    failed = ((result, group) for result in results for group in result.groups if not group.passed)
    yield from ((number, *each) for number, each in enumerate(failed, 1))


def told(results: Iterable[Result], seconds: float) -> Iterator[str]:
    """The report for a terminal or a log, a line each: the flows that differ, then the sum."""
    flows = plays = failed = steps = 0
    results = list(results)
    numbers = {id(group): number for number, _, group in numbered(results)}
    for result in results:
        flows, plays, steps = flows + 1, plays + result.plays, steps + result.steps
        if not result.passed:
            failed += sum(len(group.played) for group in result.groups if not group.passed)
            yield from _told(result, numbers)
            yield ""
    verdict = f"{failed} of {plays} plays differ" if failed else f"{plays} plays passed"
    yield f"{flows} flows, {verdict}; {steps} steps in {seconds:.1f} s"


def _told(result: Result, numbers: Mapping[int, int]) -> Iterator[str]:
    whom = f" for {result.plays} subscribers" if result.plays > 1 else ""
    yield f"replayed '{one_line(result.flow.name)}'{whom}"
    for group in result.groups:
        count = len(group.played)
        if group.passed:
            yield f"  same   {count:6}"
            continue
        names = ", ".join(each.msisdn for each in group.played[:MSISDNS_SHOWN_MAX])
        more = f", … ({count - MSISDNS_SHOWN_MAX} more)" if count > MSISDNS_SHOWN_MAX else ""
        yield f"  differ {count:6}  at {group.headline}: {names}{more}"
        yield f"    {group.place}, group {numbers[id(group)]}"
        if group.difference is not None:
            yield from (
                f"  {line}" for line in columns(group.difference.expected, group.difference.got)
            )
