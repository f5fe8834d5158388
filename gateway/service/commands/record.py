"""`gateway record`: a code dialled, its menus answered, and all of it written down as a flow."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.service.commands.options import WHERE_FILES_ARE, loaded, password_of, settings
from gateway.service.errors import FAILED, NO_CONNECTION, USAGE, Fault

if TYPE_CHECKING:
    from gateway.replay.recording import Done
    from gateway.service.config import Config


@click.command()
@click.argument("code")
@click.argument("answers", nargs=-1, metavar="[ANSWER ...]")
@click.option("--as", "caller", required=True, metavar="MSISDN", help="who dials")
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="the flow file"
)
@click.option("--name", metavar="TEXT", help="of the flow  [the name of the file]")
@click.option("--offline", is_flag=True, help="in process, on the demo data as new")
@click.option("--system-id", default="harness", metavar="NAME", help="SMPP account  [harness]")
@settings("data", *WHERE_FILES_ARE, "host", "smpp_port")
def command(
    code: str,
    answers: tuple[str, ...],
    caller: str,
    out: Path,
    name: str | None,
    offline: bool,
    system_id: str,
    config_file: Path | None,
    **given: str | None,
) -> None:
    """Dial a code and write the conversation down as a flow.

    CODE may leave out its signs: 105 is *105#. Answers are the ANSWERs given, then lines of
    standard input. Money, dates, times, the own number and codes are written as holes, so that
    the flow replays green another day and for another number.

    Exit status: 0 written, 1 refused, 2 wrong use, 4 no connection.
    """
    from gateway.domain.numbers import normalise_msisdn
    from gateway.phone.line import Mistyped, dialled
    from gateway.replay.recording import Recording, write_flow
    from gateway.replay.script import SUFFIX

    msisdn = normalise_msisdn(caller)
    if msisdn is None:
        raise Fault(f"--as: {caller!r} is no MSISDN, as 79220000001", USAGE)
    if not out.name.endswith(SUFFIX):
        raise Fault(f"--out: {out}: flow files end in {SUFFIX}", USAGE)
    if not out.parent.is_dir():
        raise Fault(f"--out: there is no directory {out.parent}", USAGE)
    try:
        whole = dialled(code)
    except Mistyped as fault:
        raise Fault(f"CODE: {fault}", USAGE) from None
    config = loaded(config_file, given)
    spoken = _lines(answers)
    steps = (
        _offline(config, msisdn, whole, spoken)
        if offline
        else _over_smpp(config, system_id, msisdn, whole, spoken)
    )
    title = name or out.name.removesuffix(SUFFIX)
    try:
        out.write_text(write_flow(Recording(title, msisdn, tuple(steps))), encoding="utf-8")
    except OSError as fault:
        raise Fault(f"{out}: {fault.strerror}", USAGE) from None
    click.echo(f"{out}: {len(steps)} steps")


def _lines(answers: tuple[str, ...]) -> Iterator[str]:
    """The answers given, then what is typed; an empty line is none."""
    yield from answers
    if not answers or sys.stdin.isatty():
        yield from (text for line in sys.stdin if (text := line.rstrip("\r\n")).strip())


def _offline(config: Config, msisdn: str, code: str, answers: Iterator[str]) -> list[Done]:
    from gateway.replay.handset import Action, NotPlayed, Wants
    from gateway.replay.recording import Done
    from gateway.service.rehearsal import Rehearsal, at_once
    from gateway.service.replaying import numbers_needed

    with Rehearsal(config, numbers_needed([msisdn])) as rehearsal:
        handset = rehearsal.handset(msisdn)
        done: list[Done] = []
        action: Action | None = Action("dial", code)
        while action is not None:
            try:
                seen = at_once(handset.act(action, Wants()))
            except NotPlayed as fault:
                raise Fault(str(fault), FAILED) from None
            done.append(Done(action, seen))
            _show(seen.text)
            text = next(answers, None) if seen.more else None
            action = None if text is None else Action("answer", text)
        return done


def _over_smpp(
    config: Config, system_id: str, msisdn: str, code: str, answers: Iterator[str]
) -> list[Done]:
    from gateway.phone.line import NoConnection, Refused, Shown
    from gateway.phone.link import Handset, dial_smpp
    from gateway.replay.handset import Action, Received, Seen
    from gateway.replay.recording import Done

    password = password_of(config, system_id)

    def seen(phone: Handset, shown: Shown) -> Seen:
        _show(shown.text)
        sms = tuple(Received(one.sender, one.text) for one in phone.inbox())
        return Seen(shown.text, shown.more, sms)

    try:
        phone = dial_smpp(config.host, config.smpp_port, system_id, password, msisdn)
        try:
            done = [Done(Action("dial", code), seen(phone, phone.dial(code)))]
            while done[-1].seen.more and (text := next(answers, None)) is not None:
                done.append(Done(Action("answer", text), seen(phone, phone.answer(text))))
            return done
        finally:
            phone.hang_up()
    except NoConnection as fault:
        raise Fault(str(fault), NO_CONNECTION) from None
    except Refused as fault:
        raise Fault(str(fault), FAILED) from None


def _show(text: str | None) -> None:
    from gateway.replay.visible import visible

    click.echo(f"{visible(text or '')}\n")
