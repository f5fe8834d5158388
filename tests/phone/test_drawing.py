"""What a key costs: a page is drawn without a layout, however long the timeline; and the pane."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from textual.app import App, ComposeResult
from textual.screen import Screen

from gateway.phone import handset
from gateway.phone.handset import EVENTS_MAX
from gateway.phone.pane import Pane
from tests.phone.held import holding, on_a_loop

KEY_CPU_SECONDS_MAX = 0.05
"""The processor's time and not the wall's: what else the machine does is not the phone's."""
ROWS = [("plain", f"row {number}") for number in range(30)]


@pytest.fixture
def layouts(monkeypatch) -> list[object]:
    """One entry for each layout of a screen."""
    made: list[object] = []
    lay = Screen._refresh_layout

    def counted(screen, *args, **options):
        made.append(args)
        lay(screen, *args, **options)

    monkeypatch.setattr(Screen, "_refresh_layout", counted)
    return made


@on_a_loop
async def test_a_key_is_answered_without_a_layout_and_within_fifty_milliseconds(
    gateway, msisdn, layouts
):
    async with holding(gateway, msisdn, dial="105") as phone:
        control = phone.app.control
        control.phone = handset.told(control.phone, [f"  > line {at}" for at in range(EVENTS_MAX)])
        await phone.sees("1 Мой счёт", f"line {EVENTS_MAX - 1}")
        taken = []
        for answer, words in (("1", "5 Обещанный"), ("0", "8 Помощь")) * 3:
            drawn, began = len(layouts), time.thread_time()
            await phone.type(answer)
            await phone.sees(words, f"  > {answer}")
            taken.append(time.thread_time() - began)
            assert len(layouts) == drawn
        assert min(taken) < KEY_CPU_SECONDS_MAX, taken


@on_a_loop
async def test_a_notice_of_two_rows_is_seen_whole(gateway, msisdn, layouts):
    async with holding(gateway, msisdn) as phone:
        await phone.sees("no dialogue")
        drawn = len(layouts)
        phone.app.control.say("one row")
        await phone.sees("one row")
        assert len(layouts) == drawn
        phone.app.control.say("word " * 25 + "end")
        await phone.sees("word", "end")
        phone.app.control.say("one row again")
        await phone.sees("one row again")


@pytest.mark.parametrize("coloured", [True, False])
@on_a_loop
async def test_colour_says_again_what_the_mark_says(gateway, msisdn, monkeypatch, coloured):
    monkeypatch.delenv("NO_COLOR", raising=False)
    if not coloured:
        monkeypatch.setenv("NO_COLOR", "1")
    async with holding(gateway, msisdn, dial="105") as phone:
        await phone.sees("$ 0.00 CH01")
        parts = [part for strip in phone.app.screen._compositor.render_strips() for part in strip]
        [charge] = [part.style for part in parts if part.text.startswith("  $ 0.00")]
        assert _is_coloured(charge.color) is coloured


def _is_coloured(color) -> bool:
    red, green, blue = color.get_truecolor()
    return not red == green == blue


class Alone(App[None]):
    """A pane and nothing else."""

    def compose(self) -> ComposeResult:
        yield Pane("pane")


def seen(app: App[None]) -> list[str]:
    strips = app.screen._compositor.render_strips()
    return ["".join(part.text for part in strip).strip() for strip in strips]


def rows(shown: Sequence[str]) -> list[str]:
    return [line for line in shown if line.startswith("row")]


@on_a_loop
async def test_the_end_is_followed_until_it_is_scrolled_away_from():
    app = Alone()
    async with app.run_test(size=(20, 10)) as pilot:
        pane = app.query_one(Pane)

        async def look() -> list[str]:
            await pilot.pause()
            return rows(seen(app))

        pane.show("", ROWS, follow=True)
        assert (await look())[-1] == "row 29"
        pane.scroll_pages(-1)
        assert (await look())[0] == "row 11"
        pane.show("", [*ROWS, ("plain", "row 30")], follow=True)
        assert (await look())[0] == "row 11", "what is read stays where it is"
        pane.scroll_pages(9)
        pane.show("", [*ROWS, ("plain", "row 31")], follow=True)
        assert (await look())[-1] == "row 31"
        await pilot.resize_terminal(20, 6)
        assert (await look())[-1] == "row 31"


@on_a_loop
async def test_what_is_read_from_its_beginning_says_how_much_is_below():
    app = Alone()
    async with app.run_test(size=(30, 10)) as pilot:
        pane = app.query_one(Pane)
        pane.show("Mistakes", ROWS, follow=False)
        await pilot.pause()
        assert rows(seen(app))[0] == "row 0"
        assert "20 more below" in pane.border_subtitle
        pane.scroll_rows(99)
        await pilot.pause()
        assert rows(seen(app))[-1] == "row 29"
        assert pane.border_subtitle == ""
        pane.show("Mistakes", ROWS[:5], follow=False)
        await pilot.pause()
        assert rows(seen(app)) == [text for _, text in ROWS[:5]]
