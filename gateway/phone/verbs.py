"""What a phone's actions are on the wires: SMPP, SIP and RTP, the HTTP API.

Rule: one function a verb; whatever is refused is raised as NoConnection or Refused.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from gateway.phone import handset
from gateway.phone.air import Air
from gateway.phone.line import NoConnection, Refused
from gateway.replay.handset import Action, Verb
from gateway.wire.smpp.ussd import Step, code_of

if TYPE_CHECKING:
    from gateway.phone.control import Control

LATE_SECONDS = 1.0
"""How far past its deadline a page is left when it times out."""
WAIT_SECONDS_MAX = 180.0
"""The longest a page is waited for (dialogue_seconds_max), where its deadline was not told."""
_STILL = "the clock is the system's: serve with --clock movable to pass time"


def _air(control: Control) -> Air:
    if control.air is None:
        raise NoConnection("not bound to the gateway")
    return control.air


async def _ussd(control: Control, step: Step, text: str) -> None:
    code = code_of(control.phone.dialled)
    await _air(control).ussd(step, control.msisdn, code, text)


async def _dial(control: Control, action: Action) -> None:
    await _ussd(control, Step.BEGIN, action.text)


async def _answer(control: Control, action: Action) -> None:
    await _ussd(control, Step.CONTINUE, action.text)


async def _hang_up(control: Control, _action: Action) -> None:
    if control.phone.in_call:
        await control.calls.hang_up()
    else:
        await _ussd(control, Step.ABORT, "")


async def _drop(control: Control, action: Action) -> None:
    if control.phone.in_call:
        await control.calls.drop()
    else:
        await _hang_up(control, action)


async def _write(control: Control, action: Action) -> None:
    await _air(control).text(control.msisdn, action.to, action.text)


async def _time_out(control: Control, _action: Action) -> None:
    deadline, now = control.phone.deadline, await control.api.now()
    left = WAIT_SECONDS_MAX if deadline is None else max(0.0, deadline - now)
    try:
        control.now = await control.api.advance(left + LATE_SECONDS)
    except Refused:
        raise Refused(_STILL) from None


async def _move(control: Control, action: Action) -> None:
    control.knows(await control.api.locate(control.msisdn, action.text, action.to))


async def _speak(control: Control, action: Action) -> None:
    control.knows(await control.api.change(control.msisdn, language=action.text))


async def _call(control: Control, action: Action) -> None:
    msisdn = control.msisdn

    def told(state: str, words: str) -> None:
        phone, now = control.phones[msisdn], time.monotonic()
        if state == "talking":
            phone = handset.talking(phone, now)
        elif state == "over":
            phone = handset.hung_up(phone, words or state, now)
        control.phone = phone

    control.phone = handset.calling(control.phone, action.text, "calling")
    try:
        await control.calls.call(msisdn, action.text, told)
    except (NoConnection, Refused) as fault:
        told("over", str(fault))
        raise


async def _press(control: Control, action: Action) -> None:
    for key in action.text:
        await control.calls.press(key)
        control.phone = handset.pressed(control.phone, key)


VERBS: Mapping[Verb, Callable[[Control, Action], Awaitable[None]]] = {
    "dial": _dial,
    "answer": _answer,
    "sms": _write,
    "call": _call,
    "press": _press,
    "hang_up": _hang_up,
    "drop": _drop,
    "timeout": _time_out,
    "move": _move,
    "language": _speak,
}
"""What a hand can do with a phone."""
