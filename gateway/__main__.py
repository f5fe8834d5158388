"""The command line: a table of commands, each in a module that is imported when it is called."""

from __future__ import annotations

import importlib
import os
import sys
from errno import ENOSPC
from io import TextIOWrapper
from typing import Any, NoReturn

import click

GROUP = "gateway.service.commands"

COMMANDS: dict[str, str] = {
    "serve": "Serve USSD, SMS, calls and the HTTP API until stopped.",
    "check": "Find every mistake in menus, short codes, prompts and settings.",
    "dial": "Dial a code and answer its menus, line by line.",
    "phone": "Open a phone in the terminal.",
    "record": "Dial, answer, write and call, and keep it as a flow.",
    "replay": "Play flow files and compare what is seen with what they expect.",
    "load": "Play flow files at a rate, and measure.",
    "top": "Show what a gateway that runs does now.",
    "explain": "Show what a number was charged, and why.",
    "subscribers": "List the subscribers, show one, sign up a new one.",
    "companies": "Sign up companies, decide on requests, follow orders.",
    "verify": "Rebuild every balance from the journal and compare.",
    "prompts": "List the recorded prompts, or what is wrong with them.",
    "menus": "Draw the menus, print what they reach, or the schema of a file.",
    "dashboards": "Print or write a Grafana dashboard and Prometheus alerts.",
    "config": "Show every setting and where its value came from.",
}
"""Name -> what `--help` says; `menus` is `gateway/service/commands/menus.py`, its object `command`.
A test holds these words and those of the commands equal."""


class _Lazy(click.Group):
    """A group that knows its commands by name only, until one is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"{GROUP}.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(args[0], COMMANDS, n=1)
            hint = f"did you mean '{close[0]}'?" if close else "gateway --help lists them"
            ctx.fail(f"there is no command '{args[0]}'; {hint}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        from gateway.service.errors import INTERRUPTED

        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            sys.stderr.write("\ngateway: interrupted\n")
            sys.exit(INTERRUPTED)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _version(ctx: click.Context, _parameter: click.Parameter, asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        click.echo(f"gateway {version('channel-gateway')}")
        ctx.exit()


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the version.",
)
def cli() -> None:
    """An operator's self-service over USSD, SMS and voice."""


def main() -> NoReturn:
    """Run a command. A Fault is said on standard error and becomes the exit status."""
    from gateway.service.errors import USAGE, Fault

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # what its encoding lacks is escaped, as \u0411
            stream.reconfigure(errors="backslashreplace")
    try:
        cli(prog_name="gateway")
    except Fault as fault:
        words = str(fault)
        sys.stderr.write(f"{words}\n" if "\n" in words else f"gateway: {words}\n")
        sys.exit(fault.exit_status)
    except BrokenPipeError:  # the reader of a pipe went away
        _drop_output()
        sys.exit(1)
    except OSError as fault:
        if fault.errno != ENOSPC:
            raise
        _drop_output()
        sys.stderr.write(f"gateway: {fault.strerror}\n")
        sys.exit(USAGE)
    sys.exit(0)


def _drop_output() -> None:
    """Nothing may be flushed at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
