"""M501, M504: money moves only after the subscriber said yes to it.

Rule: what leads into a command that moves money is the one option of its menu marked `confirm`,
with nothing left to set (the choice of what to buy was made on an earlier screen) and a text that
says what is confirmed; or an ask for a secret (the code or PIN is the yes).
"""

from __future__ import annotations

from collections.abc import Iterator

from gateway.menu.answers import is_secret
from gateway.menu.checks.context import Context
from gateway.menu.commits import committing
from gateway.menu.draft import Entry
from gateway.menu.model import Ask, Info, Menu, State, Waiting
from gateway.menu.problems import Problem

_HELP = "ask first: a menu whose text says the price, with one option that pays, confirm: true"


def check_confirmed(context: Context) -> Iterator[Problem]:
    """M501 at the option, the answer or the state that pays unasked."""
    states = {name: entry.shape for name, entry in context.draft.states.items()}
    commits = committing(states, context.ways, context.commands)
    for root in context.roots:
        if root in commits:
            message = f"a dialogue that begins at '{root}' pays without a question"
            yield context.draft.states[root].problem("M501", (), message, _HELP, at="key")
    for name, entry in context.draft.states.items():
        if isinstance(entry.shape, Waiting) and not isinstance(entry.shape, Info):
            yield from _unconfirmed(context, name, entry, commits)
        if isinstance(entry.shape, Menu):
            yield from _one_yes(entry, entry.shape)


def _one_yes(entry: Entry[State], menu: Menu) -> Iterator[Problem]:
    """M504: one word cannot mean two options."""
    marked = [name for name, option in menu.options.items() if option.confirm]
    for name in marked[1:]:
        message = f"'{marked[0]}' is the yes of this menu already"
        where = ("options", name, "confirm")
        yield entry.problem("M504", where, message, "a question has one yes")


def _unconfirmed(
    context: Context, name: str, entry: Entry[State], commits: frozenset[str]
) -> Iterator[Problem]:
    paying = [way for way in context.ways[name] if way.where and way.target in commits]
    for way in paying:
        state = entry.shape
        if isinstance(state, Ask) and is_secret(state.answer) and way.where == ("go",):
            continue
        if isinstance(state, Menu) and len(paying) == 1 and way.where[0] == "options":
            option = state.options[str(way.where[1])]
            if option.confirm and not option.set and state.text:
                continue
        message = f"'{way.target}' moves money, and nothing asked for a yes"
        yield entry.problem("M501", way.where, message, _HELP)
