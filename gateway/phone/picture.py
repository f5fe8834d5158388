"""What the phone shows, as plain lines of text: pages, their budget, threads, calls, the timeline.

Rule: every text that came from outside passes through `clean`, so nothing can move the cursor or
colour the terminal; everything is said in words, so it can be read without colour.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from gateway.domain.money import roubles
from gateway.phone.handset import Call, Phone, Text
from gateway.replay.visible import visible as clean
from gateway.wire.gsm.alphabet import encode_ucs2, is_gsm7, septets

USSD_OCTETS_MAX = 160
SEPTETS_MAX = USSD_OCTETS_MAX * 8 // 7
UNITS_MAX = USSD_OCTETS_MAX // 2
WIDTH_MIN = 20
IDLE = (
    "*105#           dials, so does 105\n"
    "sms 000110 00   writes an SMS\n"
    "call 0505       calls\n\n"
    "? help"
)
_LANGUAGE = "language"


def budget(text: str) -> str:
    """`UCS-2 74/80`: the encoding a page needs (3GPP TS 23.038 §5), and how much of a USSD string
    of 160 octets it fills."""
    if is_gsm7(text):
        return f"GSM 7-bit {septets(text)}/{SEPTETS_MAX}"
    return f"UCS-2 {len(encode_ucs2(text)) // 2}/{UNITS_MAX}"


def status(phone: Phone, now: float | None) -> str:
    """`ru  UCS-2 74/80  step 3  27 s left` under a page. `now` is the gateway's clock."""
    shown = phone.shown
    if shown is None:
        return "no dialogue"
    parts = [str(phone.profile.get(_LANGUAGE, "")), budget(shown.text), f"step {phone.step}"]
    if not shown.more:
        parts.append("over")
    elif phone.deadline is not None and now is not None:
        parts.append(f"{max(0.0, phone.deadline - now):.0f} s left")
    return "  ".join(part for part in parts if part)


def title(phone: Phone) -> str:
    """Who holds the phone, where, with how much money."""
    profile = phone.profile
    facts = [str(profile.get(name, "")) for name in (_LANGUAGE, "zone")]
    if "balance" in profile:
        facts.append(f"{profile['balance']} RUB")
    if phone.unread:
        facts.append(f"{phone.unread} SMS")
    return clean("  ".join((phone.msisdn, *filter(None, facts))))


def page(phone: Phone) -> str:
    """The screen of the handset."""
    return clean(phone.shown.text) if phone.shown else IDLE


def thread_lines(texts: Sequence[Text]) -> list[str]:
    """The threads, that of the latest SMS last; `<` came, `>` was written here."""
    numbers = list(dict.fromkeys(text.number for text in reversed(texts)))
    lines: list[str] = []
    for number in reversed(numbers):
        lines.append(f"-- {clean(number)} --")
        for text in texts:
            if text.number == number:
                first, *rest = clean(text.text).split("\n")
                lines += [f"{'>' if text.own else '<'} {first}", *(f"  {line}" for line in rest)]
    return lines or ["no SMS yet; sms NUMBER TEXT writes one"]


def call_lines(call: Call | None, meter: str, now: float) -> list[str]:
    """The call screen, its latest at the end. `now` is the phone's clock, as `Call.began`."""
    if call is None:
        return ["no call; call NUMBER makes one"]
    state = f"{clean(call.number)}: {clean(call.state)}"
    if call.began:
        minutes, seconds = divmod(int((call.ended or now) - call.began), 60)
        state += f"  {minutes:02d}:{seconds:02d}"
    lines = [*(clean(f"~ {prompt}  {text}") for prompt, text in call.said), state, meter]
    if call.keys:
        lines.append(f"keys {call.keys}")
    if call.up:
        lines.append("keys go into the call; F10 hangs up")
    return lines


def meter(phone: Phone) -> str:
    """The charge meter, in one line."""
    told = phone.meter
    words = f"  {told.last}" if told.last else ""
    return clean(f"charged {roubles(told.amount)} in {told.uses} uses{words}")


def wrapped(lines: Iterable[str], width: int) -> list[str]:
    """Lines cut at words to a width, what follows a cut set in below its line."""
    return [part for line in lines for part in _cut(line, max(width, WIDTH_MIN))]


@lru_cache(maxsize=1024)  # the whole pane is drawn whenever one line is added
def _cut(line: str, width: int) -> tuple[str, ...]:
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    return tuple(textwrap.wrap(line, width, subsequent_indent=indent)) or ("",)


# --- the timeline ---------------------------------------------------------------------------------


def turn_lines(event: Mapping[str, Any]) -> list[str]:
    """One turn: when, what happened, the states it went through and by which way, what was
    remarked and charged, and how long it took."""
    at = str(event.get("at", ""))[11:23]
    head = f"{at} {event.get('channel', '')} {event.get('event', '')}"
    lines = [f"{head}  {event.get('milliseconds', 0):.1f} ms"]
    lines += (f"  {way or 'route'} -> {state}" for way, state in event.get("path", ()))
    if event.get("state"):
        lines.append(f"  at {event['state']}")
    lines += (f"  ! {note}" for note in event.get("notes", ()))
    if event.get("refused"):
        lines.append(f"  refused: {event['refused']}")
    lines += (f"  ~ {prompt}  {text}" for prompt, text in prompts_of(event))
    charge = event.get("charge")
    if charge:
        lines.append(f"  $ {charge['amount']} {charge['explanation']}")
    if event.get("ended"):
        lines.append(f"  ended: {event['ended']}")
    return [clean(line) for line in lines]


def prompts_of(event: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What a turn plays in a call: ids and texts."""
    return tuple((each["id"], each["text"]) for each in event.get("prompts", ()))


def menus_notice(event: Mapping[str, Any], waits: bool) -> str:
    """One line on menus that were saved."""
    if event.get("event") == "refused":
        return f"{len(event['problems'])} mistakes in what was saved; the old menus stay"
    stays = "; this dialogue stays on its own, F5 redials" if waits else ""
    return clean(f"menus {event.get('version', '')} are live{stays}")


def problem_lines(event: Mapping[str, Any]) -> list[str]:
    """The mistakes of files that were saved, each with its line and carets."""
    texts: Iterable[str] = (problem["frame"] for problem in event.get("problems", ()))
    return [clean(line.expandtabs(4)) for text in texts for line in text.split("\n")]
