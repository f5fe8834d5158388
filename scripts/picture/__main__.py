"""Serves the demo data, holds a dialogue and an SMS exchange on the full-screen phone, and writes
what then stands on its screen as an SVG of a few kilobytes, without anything from elsewhere."""

from __future__ import annotations

import asyncio
import re
import tempfile
from functools import partial
from pathlib import Path

from textual.pilot import Pilot

from gateway.phone.air import bind
from gateway.phone.app import PhoneApp
from gateway.phone.async_api import AsyncApi
from gateway.phone.control import Control
from gateway.phone.demo import CODE, HOST, PASSWORD, SYSTEM_ID, TOKEN_FILE, running
from gateway.phone.soft_phone import SoftPhone
from gateway.phone.tape import Tape

PICTURE = Path(__file__).with_name("phone.svg")
MSISDN = "79220000004"
"""It roams, so that something is charged."""
SIZE = (100, 29)
LINES = ("sms 000105 BALANCE", "1")
PAUSE_SECONDS = 0.5
PAUSES_MAX = 60
_FONT_FACES = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_TERMINAL_ID = re.compile(r"terminal-\d+")


async def drawn(ports: dict[str, int], token: str) -> str:
    """The screen after all lines were entered, as SVG."""
    tape = Tape()
    binding = partial(bind, (HOST, ports["smpp"]), (SYSTEM_ID, PASSWORD), tape)
    api = AsyncApi(HOST, ports["http"], token)
    app = PhoneApp(binding, api, SoftPhone(HOST, ports["sip"]), tape, MSISDN, CODE)
    async with app.run_test(size=SIZE) as pilot:
        told = await grown(pilot, app.control, 0)
        for line in LINES:
            await app.control.enter(line)
            told = await grown(pilot, app.control, told)
        return app.export_screenshot(title="gateway phone")


async def grown(pilot: Pilot[None], control: Control, told: int) -> int:
    """Wait until more than so many lines are on the timeline, and the last page with them."""
    for _ in range(PAUSES_MAX):
        await pilot.pause(PAUSE_SECONDS)
        if control.phone.told > told and control.phone.profile:
            return control.phone.told
    raise SystemExit(f"nothing was told: {control.notice}")


def plain(svg: str) -> str:
    """The same without fonts from elsewhere and without what changes from run to run."""
    svg = _TERMINAL_ID.sub("phone", _FONT_FACES.sub("", svg))
    svg = svg.replace("<svg ", '<svg xml:space="preserve" ', 1)  # lines are set in by blanks
    return svg.replace("Fira Code", "ui-monospace, Menlo, DejaVu Sans Mono")


def main() -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory(prefix="gateway-picture-") as folder:
        data = Path(folder)
        with running(data, data / "log") as gateway:
            token = (data / TOKEN_FILE).read_text().strip()
            svg = plain(asyncio.run(drawn(gateway.ports, token)))
    PICTURE.write_text(svg, encoding="utf-8")
    print(f"{PICTURE}: {len(svg.encode())} octets")


if __name__ == "__main__":
    main()
