"""What was played, with equal differences told once: *450 same, 50 differ at step 2*.

Rule: two plays are one group where flow, step and what was looked at are equal, and where a
recording of what both got would be the same: money, dates, codes and one's own number are nobody's
difference. The first one's is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gateway.replay import frames
from gateway.replay.player import Difference, Played
from gateway.replay.recording import propose, propose_codes
from gateway.replay.script import Flow
from gateway.replay.visible import counted, one_line, visible

MSISDNS_SHOWN_MAX = 2
_TEXTS = ("text", "explanation", "nothing_more")
"""What is looked at that may hold numbers of one's own; others are values as they are."""


@dataclass(frozen=True, slots=True)
class Group:
    """Plays that ended alike; `differences` and `error` are those of the first."""

    played: tuple[Played, ...]

    @property
    def differences(self) -> tuple[Difference, ...]:
        return self.played[0].differences

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
    def verdict(self) -> str:
        """`same`, `differ`, or `not played`."""
        return "same" if self.passed else "differ" if self.differences else "not played"

    @property
    def place(self) -> str:
        """`balance.flow.yaml:12`: the line of the expected text that differs, or of the step that
        could not be played."""
        flow, done = self.played[0].flow, self.played[0].done
        if self.difference is not None:
            return frames.place(flow, self.difference)
        return f"{flow.path}:{flow.steps[len(done) - 1].line if done else flow.line}"

    @property
    def headline(self) -> str:
        """What went wrong, in one line."""
        done = self.played[0].done
        step = f"step {len(done)} ({done[-1].action}): " if done else ""
        what = ", ".join(each.check.what for each in self.differences)
        return one_line(step + ": ".join(filter(None, (what, self.error))))

    def frame(self, width: int = frames.COLUMNS_MAX) -> list[str]:
        """The differences, one below the other; of those after the first the place too."""
        lines: list[str] = []
        for each in self.differences:
            if lines:
                place = visible(frames.place(self.played[0].flow, each))
                lines += ["", f"{place}: {each.check.what}"]
            lines += frames.frame(each, width)
        return lines


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
        flow.setdefault(kind_of(played), []).append(played)
    return [_result(list(groups.values())) for groups in flows.values()]


def _result(groups: list[list[Played]]) -> Result:
    for group in groups:  # the first of a group is the one whose steps are shown
        group.sort(key=lambda played: not played.done)
    groups.sort(key=lambda group: (not group[0].passed, -len(group)))
    return Result(groups[0][0].flow, tuple(Group(tuple(group)) for group in groups))


def kind_of(played: Played) -> tuple[str, ...]:
    """Equal for plays of one flow that ended alike."""
    looked_at = ("/".join(map(str, each.check.where)) for each in played.differences)
    got = (_kind(each, played.msisdn) for each in played.differences)
    step = "" if played.passed else str(len(played.done))
    return (step, _alike(played.error, played.msisdn), *looked_at, *got)


def _kind(difference: Difference, msisdn: str) -> str:
    is_text = difference.check.what.split()[-1] in _TEXTS
    return _alike(difference.got, msisdn) if is_text else difference.got


def _alike(text: str, msisdn: str) -> str:
    return propose_codes(propose(text, msisdn))


def numbered(results: Iterable[Result]) -> Iterator[tuple[int, Result, Group]]:
    """The groups that did not pass, by the numbers they are told with."""
    failed = ((result, group) for result in results for group in result.groups if not group.passed)
    yield from ((number, *each) for number, each in enumerate(failed, 1))


def told(
    results: Iterable[Result], seconds: float, width: int = frames.COLUMNS_MAX, unfinished: int = 0
) -> Iterator[str]:
    """The report for a terminal or a log, a line each: the flows that differ, then the sum, with
    how many plays were not finished."""
    results = list(results)
    numbers = {id(group): number for number, _, group in numbered(results)}
    counts = {"differ": 0, "not played": 0}
    for result in results:
        for group in result.groups:
            if not group.passed:
                counts[group.verdict] += len(group.played)
        if not result.passed:
            yield from _told(result, numbers, width)
            yield ""
    plays = counted(sum(result.plays for result in results) + unfinished, "play")
    counts["not finished"] = unfinished
    wrong = [(count, verdict) for verdict, count in counts.items() if count]
    (first, how), *others = wrong or [(0, "")]
    more = "".join(f", {count} {verdict}" for count, verdict in others)
    verdict = f"{first} of {plays} {how}{more}" if wrong else f"{plays} passed"
    steps = counted(sum(result.steps for result in results), "step")
    yield f"{counted(len(results), 'flow')}, {verdict}; {steps} in {seconds:.1f} s"


def _told(result: Result, numbers: Mapping[int, int], width: int) -> Iterator[str]:
    whom = f" for {result.plays} subscribers" if result.plays > 1 else ""
    yield f"replayed '{one_line(result.flow.name)}'{whom}"
    for group in result.groups:
        count = len(group.played)
        line = f"  {group.verdict:6} {count:6}"
        if group.passed:
            yield line
            continue
        names = ", ".join(each.msisdn for each in group.played[:MSISDNS_SHOWN_MAX])
        more = f", … ({count - MSISDNS_SHOWN_MAX} more)" if count > MSISDNS_SHOWN_MAX else ""
        yield f"{line}  at {group.headline}, for {names}{more}"
        yield f"    {visible(group.place)}, group {numbers[id(group)]}"
        yield from (f"    {row}".rstrip() for row in group.frame(width - 4))
