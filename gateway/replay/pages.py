"""The HTML report: one file without external assets, readable as it is mailed or kept.

Rule: it stays under `OCTETS_MAX` whatever was played: equal plays have one transcript, and where
the page is full the rest is counted, not shown. Texts stand in it as texts only.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from gateway.replay.groups import Group, Result
from gateway.replay.visible import side_by_side, transcript, visible

OCTETS_MAX = 190_000
MSISDNS_SHOWN_MAX = 20

_STYLE = """\
:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;\
max-width:60rem;padding:0 1rem}h1{font-size:1.4rem}h2{font-size:1.1rem;margin:1.5rem 0 .3rem}\
.ok{color:#15803d}.bad{color:#b91c1c}table{border-collapse:collapse;font:13px/1.5 monospace}\
td,th{padding:0 1rem;text-align:left;white-space:pre-wrap;vertical-align:top}\
tr.differs td{background:#fde68a;color:#111}pre{font:13px/1.5 monospace;white-space:pre-wrap}\
summary{cursor:pointer}"""


def html(results: Iterable[Result], title: str = "Flows replayed") -> str:
    """The whole document; what differs first."""
    listed = sorted(results, key=lambda result: result.passed)
    failed = sum(not result.passed for result in listed)
    plays = sum(result.plays for result in listed)
    verdict = f"{failed} of {len(listed)} flows differ" if failed else "every flow passed"
    head = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>"
        f'<p class="{"bad" if failed else "ok"}">{verdict}, {plays} plays</p>'
    )
    return head + _sections(listed) + "</body></html>\n"


def _sections(results: list[Result]) -> str:
    parts: list[str] = []
    room, left_out = OCTETS_MAX, 0
    for result in results:
        part = _section(result, whole=True)
        if len(part.encode()) > room:
            part = _section(result, whole=False)
        size = len(part.encode())
        if size > room:
            left_out += 1
            continue
        room -= size
        parts.append(part)
    if left_out:
        parts.append(f"<p>{left_out} more flows are left out: the page is full</p>")
    return "".join(parts)


def _section(result: Result, *, whole: bool) -> str:
    flow = result.flow
    place = escape(visible(f"{flow.path}:{flow.line}"))
    head = f"<section><h2>{escape(visible(flow.name))}</h2><p><code>{place}</code></p>"
    return head + "".join(_group(group, whole) for group in result.groups) + "</section>"


def _group(group: Group, whole: bool) -> str:
    count = len(group.played)
    names = ", ".join(each.msisdn for each in group.played[:MSISDNS_SHOWN_MAX])
    more = f" and {count - MSISDNS_SHOWN_MAX} more" if count > MSISDNS_SHOWN_MAX else ""
    if group.passed:
        verdict = f'<p class="ok">passed: {count}</p>'
    else:
        verdict = (
            f'<p class="bad">differ: {count} at {escape(visible(group.headline))}</p>'
            f"<p><code>{escape(visible(group.place))}</code></p>{_table(group)}"
        )
    if not whole:
        return verdict
    lines = escape("\n".join(transcript(group.played[0].msisdn, group.played[0].done)))
    opened = "" if group.passed else " open"
    return f"{verdict}<details{opened}><summary>{names}{more}</summary><pre>{lines}</pre></details>"


def _table(group: Group) -> str:
    if group.difference is None:
        return ""
    rows = "".join(
        f"<tr{' class=differs' if differs else ''}><td>{escape(left)}</td>"
        f"<td>{escape(right)}</td></tr>"
        for left, right, differs in side_by_side(group.difference.expected, group.difference.got)
    )
    return f"<table><tr><th>expected</th><th>got</th></tr>{rows}</table>"
