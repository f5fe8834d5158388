"""M4xx: every state can be reached, leads on, and nothing goes round without asking anybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gateway.menu.checks.context import Context
from gateway.menu.model import Menu
from gateway.menu.problems import Problem, closest


def check_reachable(context: Context) -> Iterator[Problem]:
    """M401: a state nobody can come to. A state without the right shape leads wherever a word of
    it names a state, so that one mistake is not told twice."""
    draft = context.draft
    if draft.settings is None:
        return
    seen: set[str] = set()
    ahead = [*context.roots]
    refusals, voice = context.settings.refusals, context.settings.voice
    if voice is not None:
        ahead += [voice.start, voice.operator, voice.bye, voice.auth]
    ahead += [context.settings.tries, context.settings.timeout, context.settings.exit or ""]
    ahead += [*(refusals.__pydantic_extra__ or {}).values()]
    ahead += [refusals.level_too_low, refusals.number_blocked, refusals.else_]
    while ahead:
        name = ahead.pop()
        if name in seen:
            continue
        seen.add(name)
        if not draft.known(name):
            # Told as M201; the state that was meant is not lost as well.
            ahead.append(closest(name, draft.states))
        ahead += [way.target for way in context.ways.get(name, ())]
        ahead += [word for word in _words(draft.broken.get(name)) if draft.known(word)]
    lost = {
        name: {way.target for way in context.ways[name]} - seen
        for name in draft.states
        if name not in seen
    }
    for name, behind in _heads(lost).items():
        message = f"nothing leads to the state '{name}'"
        if behind:
            message += f" ({behind} more only behind it)"
        help_ = "let an option or a branch go there, or remove it"
        yield draft.states[name].problem("M401", (), message, help_, at="key")


def _heads(lost: Mapping[str, set[str]]) -> Mapping[str, int]:
    """Of the states nobody comes to, those that no other of them leads to (one of each round) ->
    how many more are only behind them."""
    led_to = {target for name, targets in lost.items() for target in targets - {name}}
    heads: dict[str, int] = {}
    seen: set[str] = set()
    for name in sorted(lost, key=lambda each: each in led_to):
        if name in seen:
            continue
        before, ahead = len(seen), [name]
        while ahead:
            here = ahead.pop()
            if here in lost and here not in seen:
                seen.add(here)
                ahead += lost[here]
        heads[name] = len(seen) - before - 1
    return heads


def _words(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for value in data.values():
            yield from _words(value)
    elif isinstance(data, list):
        for value in data:
            yield from _words(value)


def check_dead_ends(context: Context) -> Iterator[Problem]:
    """M402: a menu offers something; M404: to everybody."""
    for entry in context.draft.states.values():
        if not isinstance(entry.shape, Menu):
            continue
        if entry.shape.pick:
            continue
        if not entry.shape.options:
            message = "the menu has no options"
            yield entry.problem("M402", ("options",), message, "add one, or use kind: info")
        elif all(option.when for option in entry.shape.options.values()):
            message = "every option has a when: a subscriber may see a menu of nothing"
            help_ = "keep one option without, or decide by a route before the menu"
            yield entry.problem("M404", ("options",), message, help_, at="key", severity="warning")


def check_loops(context: Context) -> Iterator[Problem]:
    """M403: states that go on by themselves and come round again, each round once."""
    onward = {
        name: [way.target for way in found if not way.waits] for name, found in context.ways.items()
    }
    told: set[str] = set()
    for name in onward:
        round_ = _round(onward, name)
        if round_ is None or told.intersection(round_):
            continue
        told.update(round_)
        following = round_[1] if len(round_) > 1 else name
        way = next(each for each in context.ways[name] if each.target == following)
        shown = " > ".join([*round_, name])
        message = f"goes round without asking anybody: {shown}"
        help_ = "put a menu, an ask, an info or an end on the way"
        yield context.draft.states[name].problem("M403", way.where, message, help_)


def _round(onward: Mapping[str, list[str]], start: str) -> list[str] | None:
    """The shortest way from `start` back to itself."""
    came: dict[str, str] = {}
    ahead = [start]
    for name in ahead:
        for target in onward.get(name, ()):
            if target == start:
                way = [name]
                while way[-1] != start:
                    way.append(came[way[-1]])
                return way[::-1]
            if target not in came:
                came[target] = name
                ahead.append(target)
    return None
