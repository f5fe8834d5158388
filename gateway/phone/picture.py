"""What the phone shows, as plain lines of text: pages, their budget, threads and calls.

Rule: every text that came from outside passes through `clean`, so nothing can move the cursor or
colour the terminal; a line says by the mark it begins with what it is, so it can be read without
colour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.domain.money import roubles
from gateway.phone import mistakes
from gateway.phone.handset import Phone, Played, Pressed, Text
from gateway.replay.visible import one_line
from gateway.replay.visible import visible as clean
from gateway.wire.gsm.alphabet import encode_ucs2, is_gsm7, septets

USSD_OCTETS_MAX = 160
SEPTETS_MAX = USSD_OCTETS_MAX * 8 // 7
UNITS_MAX = USSD_OCTETS_MAX // 2
IDLE = (
    "*105#           dials, so does 105\n"
    "sms 000110 00   writes an SMS\n"
    "call 0505       calls\n\n"
    "? help"
)
CUT = " … cut by a key"
"""Barge-in."""
_LANGUAGE = "language"


def budget(text: str) -> str:
    """`UCS-2 74/80`: the encoding a page needs (3GPP TS 23.038 §5), and how much of a USSD string
    of 160 octets it fills."""
    if is_gsm7(text):
        return f"GSM-7 {septets(text)}/{SEPTETS_MAX}"
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
    if phone.meter.uses:
        facts.append(f"spent {roubles(phone.meter.amount)}")
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


def call_lines(phone: Phone, now: float) -> list[str]:
    """The call screen: prompts and keys in their order, then how it stands. `now` is the phone's
    clock, as `Call.began`."""
    call = phone.call
    if call is None:
        return ["no call; call NUMBER makes one"]
    state = f"{clean(call.number)}: {clean(call.state)}"
    if call.began:
        minutes, seconds = divmod(int((call.ended or now) - call.began), 60)
        state += f"  {minutes:02d}:{seconds:02d}"
    lines = [*map(_heard, call.heard), state, meter(phone)]
    if call.up:
        lines.append("keys go into the call; F10 hangs up")
    return lines


def _heard(each: Played | Pressed) -> str:
    if isinstance(each, Pressed):
        return f"> {each.keys}"
    return one_line(f"~ {each.id}  {each.text}{CUT if each.cut else ''}")


def meter(phone: Phone) -> str:
    """The charge meter, in one line."""
    told = phone.meter
    words = f"  {told.last}" if told.last else ""
    return clean(f"charged {roubles(told.amount)} in {told.uses} uses{words}")


def menus_notice(event: Mapping[str, Any], stays: bool) -> str:
    """One line on menus that were saved."""
    problems = mistakes.in_order(event.get("problems", ()))
    if event.get("event") == "refused":
        return mistakes.banner(problems)
    others = "; this dialogue stays on its own, F5 redials" if stays else ""
    warned = f"; {mistakes.banner(problems)}" if problems else ""
    return clean(f"menus {event.get('version', '')} are live{others}{warned}")
