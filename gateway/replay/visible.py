"""Text made safe to show: whatever a subscriber was sent, a terminal and XML only see characters.

Rule: a character that is not printable is shown as its escape (`\\x1b`), line feeds stay; so no
text moves a cursor, ends a document or is refused by XML (XML 1.0 §2.2).
"""

from __future__ import annotations

from collections.abc import Iterator

from gateway.domain.money import roubles
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


def counted(count: int, noun: str) -> str:
    """`1 play`, `2 plays`."""
    return f"{count} {noun}{'s' * (count != 1)}"


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
