"""Conversations as text files: one a flow, and one for every subscriber who saw something else.

Rule: a name on disk is safe whatever a flow is called: letters, digits and `-` only, short, and no
two alike where case does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from gateway.replay.groups import Group, Result
from gateway.replay.player import Played
from gateway.replay.visible import transcript, visible

FILES_MAX = 1_000
NAME_CHARACTERS_MAX = 40
"""Of a file's name and of a flow's, each; a letter is up to four octets of the 255 a name has."""
_UNSAFE = re.compile(r"[^\w]+|_+")


def write_transcripts(results: Iterable[Result], folder: Path) -> tuple[int, int]:
    """Write them into `folder`, which is made where it is missing: how many were written, and how
    many there was no room for. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    written = left_out = 0
    for result, group, played in _told(results):
        if written == FILES_MAX:
            left_out += 1
            continue
        name = _free(f"{_stem(result)}.{played.msisdn}", taken)
        text = "\n".join(_lines(result, group, played)) + "\n"
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        written += 1
    return written, left_out


def _told(results: Iterable[Result]) -> Iterator[tuple[Result, Group, Played]]:
    for result in results:
        for group in result.groups:
            plays = group.played[:1] if group.passed else group.played
            yield from ((result, group, played) for played in plays)


def _lines(result: Result, group: Group, played: Played) -> Iterator[str]:
    flow = result.flow
    yield visible(f"{flow.name}")
    yield visible(f"{flow.path}:{flow.line}")
    yield ""
    yield from transcript(played.msisdn, played.done)
    if group.passed:
        return
    yield ""
    own = Group((played,))
    yield visible(f"{own.place}: {own.headline}")
    yield from own.frame()


def _stem(result: Result) -> str:
    file = Path(result.flow.path).name.partition(".")[0]
    return ".".join(map(_safe, (file, result.flow.name)))


def _safe(text: str) -> str:
    return _UNSAFE.sub("-", text).strip("-")[:NAME_CHARACTERS_MAX] or "flow"


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free.casefold() in taken:
        number += 1
        free = f"{name}-{number}"
    taken.add(free.casefold())
    return free
