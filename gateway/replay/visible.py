"""Text made safe to show: whatever a subscriber was sent, a terminal and XML only see characters.

Rule: a character that is not printable is shown as its escape (`\\x1b`), line feeds stay; so no
text moves a cursor, ends a document or is refused by XML (XML 1.0 §2.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from gateway.domain.money import roubles
from gateway.replay.patterns import fits
from gateway.replay.recording import Done


def visible(text: str) -> str:
    """The text with every unprintable character but line feeds as an escape."""
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() or each == "\n" else ascii(each)[1:-1] for each in text
    )


def one_line(text: str) -> str:
    """The same on one line."""
    return visible(text).replace("\n", " ⏎ ")


def transcript(msisdn: str, steps: tuple[Done, ...]) -> list[str]:
    """A conversation as a person reads it, a line each."""
    return [line for done in steps for line in _told(msisdn, done)]


def _told(msisdn: str, done: Done) -> Iterator[str]:
    seen = done.seen
    yield visible(f"{msisdn} {done.action}")
    if seen.text is not None:
        yield from (f"  | {line}" for line in visible(seen.text).split("\n"))
    for prompt in seen.prompts:
        yield f"  ~ {visible(prompt)}"
    for sms in seen.sms:
        yield f"  > sms from {visible(sms.sender)}: {one_line(sms.text)}"
    for charge in seen.charges:
        yield f"  $ {visible(charge.rule)} {roubles(charge.amount)} {one_line(charge.explanation)}"
    if seen.text is not None and not seen.more:
        yield "  : over"


def side_by_side(expected: str, got: str) -> list[tuple[str, str, bool]]:
    """Lines of both, those that fit beside each other: (expected, got, differs)."""
    left, right = expected.split("\n"), got.split("\n")
    # a line with holes counts as the first line it fits, so that only real differences differ
    alike = [next((line for line in right if fits(each, line)), each) for each in left]
    rows: list[tuple[str, str, bool]] = []
    matcher = SequenceMatcher(None, alike, right, autojunk=False)
    for kind, left_at, left_end, right_at, right_end in matcher.get_opcodes():
        height = max(left_end - left_at, right_end - right_at)
        for row in range(height):
            one = left[left_at + row] if left_at + row < left_end else ""
            two = right[right_at + row] if right_at + row < right_end else ""
            rows.append((visible(one), visible(two), kind != "equal"))
    return rows


def columns(expected: str, got: str) -> list[str]:
    """The same as text in two columns; `!` begins a row that differs."""
    rows = [("expected", "got", False), *side_by_side(expected, got)]
    width = max(len(left) for left, _, _ in rows) + 4
    return [
        f"{'!' if differs else ' '}  {left.ljust(width)}{right}".rstrip()
        for left, right, differs in rows
    ]
