"""`gateway top`: what a gateway that runs does now, on a terminal."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.service.commands.options import loaded, settings
from gateway.service.errors import USAGE, Fault

if TYPE_CHECKING:
    from gateway.service.scrape import Look, Span

_OTHER_SCREEN, _OWN_SCREEN = "\x1b[?1049h\x1b[?25l\x1b[?7l", "\x1b[?7h\x1b[?25h\x1b[?1049l"
"""The other screen has no cursor, and does not wrap: what is too wide is cut."""
_HOME, _REST_OF_LINE, _REST_OF_SCREEN = "\x1b[H", "\x1b[K", "\x1b[J"


@click.command()
@click.option("--once", is_flag=True, help="measure once, print, and end")
@click.option(
    "--every",
    type=click.FloatRange(0.1, 3600),
    default=1.0,
    metavar="SECONDS",
    help="between two looks  [1]",
)
@settings("host", "http_port")
def command(once: bool, every: float, config_file: Path | None, **given: str | None) -> None:
    """Show what a gateway that runs does now.

    Rates and percentiles are those of the last second, by two looks at /metrics; the first picture
    is of all the time since its start. q ends it.
    """
    if not once and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Fault("no terminal here: --once prints one picture", USAGE)
    config = loaded(config_file, given)
    place = config.host, config.http_port
    if once:
        _print_once(place, every)
    else:
        from gateway.service.replaying import on_own_reactor

        on_own_reactor(lambda reactor: _watch(reactor, place, every))


def _print_once(place: tuple[str, int], every: float) -> None:
    from gateway.service.scrape import Span, look

    before = look(*place)
    time.sleep(every)
    for line in _lines(Span(before, look(*place)), place):
        click.echo(line)


def _lines(span: Span, place: tuple[str, int]) -> list[str]:
    from gateway.service.top import picture

    return list(picture(span, f"{place[0]}:{place[1]}"))


async def _watch(reactor: Any, place: tuple[str, int], every: float) -> None:
    """Draw until `q` or Ctrl-C. Raises Fault where there is no gateway at the beginning; one that
    goes away later is waited for."""
    from twisted.internet.defer import Deferred
    from twisted.internet.task import LoopingCall
    from twisted.internet.threads import deferToThread

    from gateway.service.keyboard import first_interrupt, listening
    from gateway.service.scrape import Span, look

    over: Deferred[None] = Deferred()

    def end() -> None:
        if not over.called:
            over.callback(None)

    last: Look = await deferToThread(look, *place)
    screen = _Screen()

    async def once_more() -> None:
        nonlocal last
        try:
            now = await deferToThread(look, *place)
        except Fault as fault:
            screen.note(str(fault))
            return
        screen.draw(_lines(Span(last, now), place))
        last = now

    loop = LoopingCall(lambda: Deferred.fromCoroutine(once_more()))
    loop.clock = reactor
    with screen, listening(reactor, {"q": end}), first_interrupt(reactor, end):
        screen.draw(_lines(Span.since_start(last), place))
        loop.start(every, now=False).addErrback(over.errback)
        try:
            await over
        finally:
            if loop.running:
                loop.stop()


class _Screen:
    """The other screen of a terminal; what stood there before is there again at the end."""

    def __enter__(self) -> None:
        sys.stdout.write(_OTHER_SCREEN)

    def __exit__(self, *_: object) -> None:
        sys.stdout.write(_OWN_SCREEN)
        sys.stdout.flush()

    def draw(self, lines: list[str]) -> None:
        """As many of the lines as there is room for, and how to leave."""
        rows = shutil.get_terminal_size().lines
        shown = [*lines[: rows - 1], "q quits"]
        text = f"{_REST_OF_LINE}\n".join(map(_in_colours, shown))
        sys.stdout.write(f"{_HOME}{text}{_REST_OF_LINE}{_REST_OF_SCREEN}")
        sys.stdout.flush()

    def note(self, text: str) -> None:
        """A word in place of the first line; the rest stays."""
        sys.stdout.write(f"{_HOME}{_in_colours(click.style(text, fg='red'))}{_REST_OF_LINE}")
        sys.stdout.flush()


def _in_colours(text: str) -> str:
    from gateway.service.menu_lines import is_colourful

    return click.unstyle(text) if is_colourful() is False else text
