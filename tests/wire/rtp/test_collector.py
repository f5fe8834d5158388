"""What a prompt gathers: barge-in, type-ahead, lengths, terminators and timers, as a table.

A script is words: a key is pressed, `+2` lets two seconds pass (timers fire on the way), `end` is
the end of the prompt, `next` begins the same prompt again, `flush` forgets what was typed ahead.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.wire.rtp.collector import BargedIn, Collector, Entered, Event, Gather, NoInput
from gateway.wire.rtp.telephone_event import KEYS

MENU = Gather()
PIN = Gather(keys_max=4)
AMOUNT = Gather(keys_max=5)
DEAF = Gather(barge_in=False)
STRICT = Gather(barge_in=False, type_ahead=False)
FRESH = Gather(type_ahead=False)
TWO = Gather(keys_max=2)


def told(event: Event) -> str:
    """An event in a word."""
    match event:
        case BargedIn():
            return "stop"
        case Entered(keys, by):
            return f"{keys}/{by}"
        case NoInput():
            return "none"


def played(gather: Gather, script: str) -> str:
    """What a collector says to a script, each event with the second it came in."""
    collector, now, said = Collector(keys_max=6), 0.0, []

    def say(events: list[Event]) -> None:
        said.extend(told(event) + (f"@{now:g}" if now else "") for event in events)

    say(collector.start(gather, now))
    for word in script.split():
        if word.startswith("+"):
            until = now + float(word[1:])
            while (at := collector.next_timer()) is not None and at <= until:
                now = at
                say(collector.timer_fired(now))
            now = until
        elif word == "end":
            say(collector.prompt_ended(now))
        elif word == "next":
            say(collector.start(gather, now))
        elif word == "flush":
            collector.flush()
        else:
            say(collector.press(word, now))
    return " ".join(said)


@pytest.mark.parametrize(
    ("what", "gather", "script", "said"),
    [
        ("a key stops the prompt and answers", MENU, "5", "stop 5/length"),
        ("after the prompt nothing is to stop", MENU, "end 5", "5/length"),
        ("no key during the prompt is no fault", MENU, "+60", ""),
        ("no key in time", MENU, "end +10", "none@7"),
        ("the time runs from the prompt's end", MENU, "+5 end +6.9 5", "5/length@11.9"),
        ("hash is a key of a menu", MENU, "end #", "#/length"),
        ("a known length waits for no hash", PIN, "end 1 2 3 4", "1234/length"),
        ("a hash behind a whole entry starts the next", PIN, "end 1 2 3 4 #", "1234/length"),
        ("a shorter entry runs after a pause", TWO, "end 5 +5", "5/timeout@3"),
        ("so does one too short: the menu judges", PIN, "end 1 2 +5", "12/timeout@3"),
        ("each key gives three seconds more", PIN, "end 1 +2 2 +2 3 +2 4", "1234/length@6"),
        ("a hash ends an entry", AMOUNT, "end 5 0 #", "50/terminator"),
        ("a hash alone is an empty entry", AMOUNT, "end #", "/terminator"),
        ("the first key stops, the others do not", AMOUNT, "5 0 #", "stop 50/terminator"),
        ("a star first is back", AMOUNT, "end *", "*/instant"),
        ("a star later is a key", AMOUNT, "end 1 * 5 #", "1*5/terminator"),
        ("keys during a prompt not to be stopped wait", DEAF, "1 +1 end", "1/length@1"),
        ("and stop nothing", DEAF, "1 2 3", ""),
        ("keys during the law's prompt are lost", STRICT, "1 end 2", "2/length"),
        ("keys are typed ahead", MENU, "1 2 next", "stop 1/length stop 2/length"),
        ("and forgotten where that is asked", MENU, "1 2 flush next", "stop 1/length"),
        ("and where the prompt wants it", FRESH, "1 2 next", "stop 1/length"),
        ("no more than may wait", DEAF, "1 2 3 4 5 6 7 8 end next end next end next end "
         "next end next end next end", "1/length 2/length 3/length 4/length 5/length 6/length"),
        ("an answer is given once", MENU, "end 5 +60", "5/length"),
        ("silence is told once", MENU, "end +60", "none@7"),
        ("the end of a stopped prompt starts no timer", AMOUNT, "5 end +5", "stop 5/timeout@3"),
        ("a late end means nothing", MENU, "end 5 end +60", "5/length"),
    ],
)  # fmt: skip
def test_scripts(what: str, gather: Gather, script: str, said: str) -> None:
    assert played(gather, script) == said, what


def test_a_timer_that_is_early_does_nothing() -> None:
    collector = Collector()
    collector.start(MENU, 0.0)
    assert collector.next_timer() is None
    collector.prompt_ended(1.0)
    assert collector.next_timer() == 8.0
    assert collector.timer_fired(7.9) == []
    assert collector.timer_fired(8.0) == [NoInput()]
    assert collector.next_timer() is None


def test_keys_are_not_in_a_repr() -> None:
    assert "1234" not in repr(Entered("1234", "length"))


WORDS = st.lists(st.sampled_from([*KEYS, "+1", "+4", "+8", "end", "next", "flush"]), max_size=30)


@given(st.sampled_from([MENU, PIN, AMOUNT, DEAF, STRICT, FRESH, TWO]), WORDS)
def test_each_prompt_is_answered_at_most_once(gather: Gather, words: list[str]) -> None:
    """Invariant: no more answers than prompts, none longer than wanted, and no timer without a
    prompt that waits."""
    answers = [s for s in played(gather, " ".join(words)).split() if not s.startswith("stop")]
    assert len(answers) <= 1 + words.count("next")
    for answer in answers:
        assert answer.startswith("none") or len(answer.split("/")[0]) <= gather.keys_max


@given(WORDS)
def test_a_waiting_prompt_is_answered_in_the_end(words: list[str]) -> None:
    """Invariant: a prompt that was played to its end is answered within its timers."""
    said = played(AMOUNT, " ".join([*words, "flush", "next", "end", "+60"]))
    assert said.split()[-1].rsplit("@")[0].endswith(("none", "/timeout"))


def test_what_is_cancelled_is_answered_by_nobody_and_keys_are_kept() -> None:
    """A good-bye takes the place of a question: keys then do not interrupt it."""
    collector = Collector()
    collector.start(Gather(), 0.0)
    collector.cancel()
    assert collector.press("1", 1.0) == []
    assert (collector.next_timer(), collector.timer_fired(99.0)) == (None, [])
    assert Entered("1", "length") in collector.start(Gather(), 2.0)
