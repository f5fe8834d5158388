"""What was seen, written into the flow file as what is expected; nothing else of it changes.

Rule: a line that still fits keeps its holes, a new line gets those a recording would propose, and
so does a text of which plays saw different money, dates or codes. Of a
`contains` that fails the nearest lines shown take the place; where none is near, and where only a
person can know (a regular expression, a page that did not come, plays that saw different things),
the place is left alone and told.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher, unified_diff
from pathlib import Path
from shutil import copymode

from gateway.domain.money import roubles
from gateway.menu.marks import Source, Where
from gateway.menu.source import load, loads
from gateway.replay.groups import Group, Result, numbered
from gateway.replay.patterns import fits, holes, literal
from gateway.replay.player import Difference, extra, look
from gateway.replay.recording import propose, propose_codes
from gateway.replay.rewrite import Add, Change, Cut, Set, splice, wanted
from gateway.replay.script import THERE, Step, flows_of
from gateway.replay.visible import visible

NEAR_MIN = 0.5
"""How alike lines are that take the place of a part that was not found, of 1."""
NOT_NEAR = "nothing shown is near"


class _ByHand(Exception):
    """Why a difference is not accepted."""


@dataclass(slots=True)
class _Place:
    """One place of a file and what was seen there."""

    path: str
    line: int
    changes: dict[Change, list[int]] = field(default_factory=dict)
    """What it would become -> the groups that saw it; several: the plays do not agree."""
    kept: frozenset[str] = frozenset()
    """Names that its text keeps, and the new one does not."""

    @property
    def change(self) -> Change:
        """The one that all groups agree on."""
        [change] = self.changes
        return change


def accept(results: Iterable[Result], groups: Container[int] = ()) -> tuple[int, list[str]]:
    """Rewrite what was expected and differs, of all groups or of those numbered: how many places
    were rewritten, and why others were not."""
    places, told = _places(results, groups)
    files: dict[str, list[_Place]] = {}
    for place in places:
        if len(place.changes) > 1:
            numbers = " or ".join(str(each[0]) for each in place.changes.values())
            what = f"{len(place.changes)} different things were seen"
            told.append(f"{place.path}:{place.line}: {what}; take --accept-group {numbers}")
        else:
            files.setdefault(place.path, []).append(place)
    written = 0
    for path, found in files.items():
        count, left = _write(Path(path), found)
        written += count
        told += left
    return written, told


def changes_of(before: Mapping[Path, str]) -> list[str]:
    """What became of files, as a unified diff; `before` are their texts."""
    lines: list[str] = []
    for file, text in before.items():
        after = file.read_text(encoding="utf-8").splitlines()
        name = str(file)
        lines += unified_diff(text.splitlines(), after, name, name, lineterm="", n=2)
    return [visible(line) for line in lines]


def _places(results: Iterable[Result], groups: Container[int]) -> tuple[list[_Place], list[str]]:
    found: dict[tuple[str, object], _Place] = {}
    told: list[str] = []
    for number, result, group in numbered(results):
        if groups and number not in groups:
            continue
        for at, different in enumerate(group.differences):
            step = result.flow.steps[different.step - 1]
            path, line = result.flow.path, different.check.line
            try:
                change = _agreed(group, at, step)
            except _ByHand as why:
                told.append(f"{path}:{line}: {why}; change it by hand")
                continue
            place = _Place(path, line, kept=_lost(different, change))
            place = found.setdefault((path, different.check.where), place)
            place.changes.setdefault(change, []).append(number)
    return list(found.values()), told


# --- one difference -------------------------------------------------------------------------------


def _agreed(group: Group, at: int, step: Step) -> Change:
    """What all plays of a group would have the file say: with holes, where they saw different
    money, dates or codes. Raises _ByHand."""
    seen = {each.differences[at].got: each for each in group.played}
    alone = {_change(each.differences[at], step, each.msisdn) for each in seen.values()}
    if len(alone) == 1:
        return alone.pop()
    return _change(group.differences[at], step, group.played[0].msisdn, volatile=True)


def _change(different: Difference, step: Step, msisdn: str, *, volatile: bool = False) -> Change:
    """What of the file would have to change; `volatile`: with holes, whether it had any or not.
    Raises _ByHand."""
    check = different.check
    if check.how == "regex":
        raise _ByHand("a regular expression is not rewritten")
    if check.what == "pages":
        return Set(check.where, int(different.got))
    if check.what == "nothing_more":
        return _more(different, step, msisdn)
    got = look(check, different.seen, step)
    if check.what in _SCALARS:
        return _SCALARS[check.what](check.where, got or "")
    if got is None and check.what == "text":
        raise _ByHand("no text came")
    if got is None:
        return Cut(check.where if check.expected == THERE else check.where[:-1])
    build = _nearest if check.how == "contains" else merged
    text = build(check.expected, got, msisdn, different.values, volatile=volatile)
    if check.what == "balance" and text[:1].isdigit():
        text = f"+{text}"
    if check.what.startswith("sms") and (volatile or any(True for _ in holes(check.expected))):
        text = propose_codes(text)
    if text == check.expected:
        raise _ByHand("each line fits")
    return Set(check.where, text)


_SCALARS: Mapping[str, Callable[[Where, str], Change]] = {
    "ended": lambda where, got: Set(where, got == "true"),
    "prompts": lambda where, got: Set(where, tuple(got.split())),
}


def _more(different: Difference, step: Step, msisdn: str) -> Change:
    """What came beyond what is written, as one more thing that is."""
    where, seen = different.check.where[:-1], different.seen
    sms, charges, page = extra(seen, step)
    if sms:
        texts = (propose_codes(propose(one.text, msisdn)) for one in sms)
        rows = zip((one.sender for one in sms), texts, strict=True)
        items = tuple((("from", sender), ("text", text)) for sender, text in rows)
        return Add(where, "sms", items, "nothing_more")
    if charges:
        amounts = ((one.rule, roubles(one.amount)) for one in charges)
        items = tuple((("rule", rule), ("amount", amount)) for rule, amount in amounts)
        return Add(where, "charge", items, "nothing_more")
    raise _ByHand(f"a page came: {visible(page or '')!r}")


def merged(
    expected: str, got: str, msisdn: str, values: Mapping[str, str], *, volatile: bool = False
) -> str:
    """The pattern that expects `got`, with as much of the old one as fits it; `values` are those
    of its names; `volatile`: with holes for what is, though the old one had none."""
    old = expected.split("\n")
    lines: list[str] = []
    propose_holes = volatile or any(True for _ in holes(expected))
    for line in got.split("\n"):
        kept = next((each for each in old if fits(each, line, values)), None)
        if kept is not None:
            old = old[old.index(kept) + 1 :]
        new = propose(line, msisdn) if propose_holes else literal(line)
        lines.append(new if kept is None or (volatile and kept == line) else kept)
    return "\n".join(lines)


def _nearest(
    expected: str, got: str, msisdn: str, values: Mapping[str, str], *, volatile: bool = False
) -> str:
    """As many lines of `got` as the part has that are most like it. Raises _ByHand."""
    lines, height = got.split("\n"), expected.count("\n") + 1
    windows = ["\n".join(lines[at : at + height]) for at in range(len(lines) - height + 1)]
    like = [SequenceMatcher(None, expected, each, autojunk=False).ratio() for each in windows]
    if not like or max(like) < NEAR_MIN:
        raise _ByHand(f"{NOT_NEAR} {visible(expected)!r}")
    return merged(expected, windows[like.index(max(like))], msisdn, values, volatile=volatile)


def _lost(different: Difference, change: Change) -> frozenset[str]:
    """Names the old text keeps and the new one does not."""
    new = change.value if isinstance(change, Set) and isinstance(change.value, str) else ""
    return _kept(different.check.expected) - _kept(new)


def _kept(text: str) -> frozenset[str]:
    return frozenset(hole.name for hole in holes(text) if hole.keeps)


# --- one file -------------------------------------------------------------------------------------


def _write(file: Path, places: list[_Place]) -> tuple[int, list[str]]:
    """All places at once; where the file would not say what it should, one by one. How many were
    written, and why others were not."""
    if _put(file, places):
        return len(places), []
    if len(places) > 1:
        alone = [_write(file, [each]) for each in _from_the_end(load(file), places)]
        return sum(count for count, _ in alone), [line for _, told in alone for line in told]
    [place] = places
    names = ", ".join(sorted(place.kept))
    why = f"what is kept as {names} is used later" if names else "what was seen cannot stand there"
    return 0, [f"{place.path}:{place.line}: {why}; change it by hand"]


def _put(file: Path, places: list[_Place]) -> bool:
    """Whether the file now says what was seen, and everything else that it said."""
    source = load(file)
    text, changes = source.text, list[Change]()
    for place in _from_the_end(source, places):
        start, end, new = splice(source, place.change)
        text = text[:start] + new + text[end:]
        changes.append(place.change)
    rewritten = loads(text, source.path)
    flows, _ = flows_of(rewritten)
    if not flows or rewritten.data != wanted(source.data, changes):
        return False
    _replace(file.resolve(), text)
    return True


def _replace(file: Path, text: str) -> None:
    """The file as it was, or as a whole the new one, whatever ends this process."""
    part = file.with_name(f".{file.name}.part")
    part.write_text(text, encoding="utf-8", newline="")
    copymode(file, part)
    part.replace(file)


def _from_the_end(source: Source, places: list[_Place]) -> list[_Place]:
    """So that none moves the place of another."""
    return sorted(places, key=lambda place: -splice(source, place.change)[0])
