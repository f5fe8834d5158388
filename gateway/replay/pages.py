"""The HTML report: one file without external assets, readable as it is mailed or kept.

Rule: it stays under `OCTETS_MAX` whatever was played: equal plays have one transcript, and where
the page is full the rest is counted, not shown. What differs comes first, and no flow has more
room than leaves some to the others. Texts stand in it as texts only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape

from gateway.replay.about import About
from gateway.replay.groups import Group, Result
from gateway.replay.visible import counted, one_line, transcript

OCTETS_MAX = 190_000
LIST_OCTETS_MAX = 60_000
"""Of them for the list of flows."""
FLOW_OCTETS_MIN = 8_000
"""What a flow may take, however many there are, while there is room at all."""
NAME_CHARACTERS_MAX = 80
MSISDNS_SHOWN_MAX = 20

_STYLE = """\
:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;\
max-width:60rem;padding:0 1rem}h1{font-size:1.4rem}h2{font-size:1.1rem;margin:1.5rem 0 .3rem}\
.ok{color:light-dark(#15803d,#4ade80)}.bad{color:light-dark(#b91c1c,#f87171)}\
dl{display:grid;grid-template-columns:max-content auto;gap:0 1rem}dd{margin:0}\
pre{font:13px/1.5 monospace;white-space:pre-wrap}summary{cursor:pointer}"""


def html(results: Iterable[Result], about: About, title: str = "Flows replayed") -> str:
    """The whole document; what differs first."""
    listed = sorted(results, key=lambda result: result.passed)
    failed = sum(not result.passed for result in listed)
    flows = counted(len(listed), "flow")
    verdict = f"{failed} of {flows} differ" if failed else "every flow passed"
    head = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>"
        f'<p class="{"bad" if failed else "ok"}">{verdict}</p>{_about(listed, about)}'
    )
    sections = _sections(listed)
    parts = (head, _list(listed, sections), *sections.values(), "</body></html>\n")
    return "".join(parts)


def _about(results: list[Result], about: About) -> str:
    facts = {
        "began": about.began,
        "took": f"{about.seconds:.1f} s",
        "played": about.where,
        "plays": str(sum(result.plays for result in results)),
        **({"not finished": str(about.unfinished)} if about.unfinished else {}),
        "steps": str(sum(result.steps for result in results)),
        **about.facts,
    }
    rows = (f"<dt>{escape(name)}</dt><dd>{_text(value)}</dd>" for name, value in facts.items())
    return f"<dl>{''.join(rows)}</dl>"


def _text(text: str, characters_max: int = 1_000) -> str:
    shown = one_line(text)
    return escape(shown if len(shown) <= characters_max else shown[: characters_max - 1] + "…")


def _size(text: str) -> int:
    return len(text.encode())


# --- the list -------------------------------------------------------------------------------------


def _list(results: list[Result], sections: Mapping[int, str]) -> str:
    """A line a flow: its verdict, its name, where it is written."""
    lines: list[str] = []
    room = LIST_OCTETS_MAX
    for at, result in enumerate(results):
        name = _text(result.flow.name, NAME_CHARACTERS_MAX)
        link = f'<a href="#flow{at}">{name}</a>' if at in sections else name
        kind, says = ("ok", "passed") if result.passed else ("bad", "differs")
        place = _text(f"{result.flow.path}:{result.flow.line}")
        line = f'<li><span class="{kind}">{says}</span> {link} <code>{place}</code></li>'
        room -= _size(line)
        if room < 0:
            break
        lines.append(line)
    more = results[len(lines) :]
    differ = sum(not result.passed for result in more)
    left = f"<p>{counted(len(more), 'more flow')}, {differ} of them differ</p>" if more else ""
    return f"<ul>{''.join(lines)}</ul>{left}"


# --- a flow ---------------------------------------------------------------------------------------


def _sections(results: list[Result]) -> dict[int, str]:
    """Place in the results -> the section of that flow, of those there is room for."""
    sections: dict[int, str] = {}
    room = OCTETS_MAX - LIST_OCTETS_MAX
    for at, result in enumerate(results):
        share = max(room // (len(results) - at), FLOW_OCTETS_MIN)
        section = _section(at, result, min(room, share))
        if _size(section) <= room:
            sections[at] = section
            room -= _size(section)
    return sections


def _section(at: int, result: Result, room: int) -> str:
    flow = result.flow
    place = _text(f"{flow.path}:{flow.line}")
    head = f'<section id="flow{at}"><h2>{_text(flow.name)}</h2><p><code>{place}</code></p>'
    parts, room = [head], room - _size(head)
    groups = sorted(result.groups, key=lambda group: group.passed)
    for number, group in enumerate(groups):
        part = next((each for each in _group(group) if _size(each) <= room), None)
        if part is None:
            plays = sum(len(each.played) for each in groups[number:])
            more = counted(len(groups) - number, "more group")
            parts.append(f"<p>{more} ({counted(plays, 'play')})</p>")
            break
        parts.append(part)
        room -= _size(part)
    return "".join((*parts, "</section>"))


def _group(group: Group) -> Iterator[str]:
    """With a transcript, without it, and what went wrong alone."""
    count, first = len(group.played), group.played[0]
    names = ", ".join(each.msisdn for each in group.played[:MSISDNS_SHOWN_MAX])
    more = f" and {count - MSISDNS_SHOWN_MAX} more" if count > MSISDNS_SHOWN_MAX else ""
    if group.passed:
        head, frame, opened = f'<p class="ok">passed: {count}</p>', "", ""
    else:
        said = f"{group.verdict}: {count} at {_text(group.headline)}"
        head = f'<p class="bad">{said}</p><p><code>{_text(group.place)}</code></p>'
        frame, opened = _pre(group.frame()), " open"
    summary = f"<summary>{names}{more}</summary>{_pre(transcript(first.msisdn, first.done))}"
    yield f"{head}{frame}<details{opened}>{summary}</details>"
    yield f"{head}{frame}<p>{names}{more}</p>"
    yield head


def _pre(lines: Iterable[str]) -> str:
    return "<pre>{}</pre>".format(escape("\n".join(lines)))
