"""Every fact of the seed documents, and whether something proves that the house carries it.

`facts.tsv` lists them: 186 facts and the 28 contradictions among them. The table of `test_facts`
says of each what proves it, or why it lies outside these channels, or that it is still open.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

LIST = Path(__file__).with_name("facts.tsv")

Standing = Literal["proved", "elsewhere", "open"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the list."""

    id: str
    where: str
    """Document and line; empty for a contradiction, which stands in several."""
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A fact and what became of it."""

    fact: Fact
    standing: Standing
    by: tuple[str, ...]
    """The statements that prove it, or the reason why none does."""


def facts() -> tuple[Fact, ...]:
    """The list, in its order."""
    lines = LIST.read_text("utf-8").splitlines()[1:]
    return tuple(Fact(*line.split("\t")) for line in lines)


def verdicts() -> Iterator[Verdict]:
    """What the table says of each fact."""
    from tests.facts.test_facts import rows

    told: dict[str, list[str]] = {}
    for ids, proof in rows():
        for id in ids:
            told.setdefault(id, []).append(proof)
    for fact in facts():
        by = told.get(fact.id, [])
        yield Verdict(fact, standing(by), tuple(by))


def standing(by: list[str]) -> Standing:
    """One proof is enough; a fact that no line names is open."""
    if any(not proof.startswith(("elsewhere:", "open:")) for proof in by):
        return "proved"
    return "elsewhere" if by and all(p.startswith("elsewhere:") for p in by) else "open"


def main(arguments: list[str]) -> int:
    """Print them all, or with `--open` the open ones; 1 where a fact is open, 2 for bad usage."""
    if set(arguments) - {"--open"}:
        print("usage: scripts/facts [--open]", file=sys.stderr)
        return 2
    told = list(verdicts())
    for verdict in told:
        if arguments and verdict.standing != "open":
            continue
        fact = verdict.fact
        print(f"{fact.id}  {verdict.standing:<9}  {fact.text}")
        for proof in verdict.by:
            print(f"                  {proof}")
    counts = {
        word: sum(v.standing == word for v in told) for word in ("proved", "elsewhere", "open")
    }
    print(", ".join(f"{count} {word}" for word, count in counts.items()))
    return 1 if counts["open"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
