"""Whatever a flow file holds, it is read or told: never a traceback, never an endless report."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gateway.menu.problems import failed, render
from gateway.replay.script import load_flows
from tests.replay.house import written

HEAD = 'flows:\n  - name: a\n    as: "79220000001"\n    steps:\n'
WORDS = st.sampled_from(
    ["flows", "name", "as", "steps", "dial", "answer", "expect", "text", "contains", "regex", "sms",
     "charge", "prompts", "pages", "secret", "language", "move", "zone", "<money>", "<a:digits>",
     "<a>", "(", "on", "012", "*105#", "!!python/object:os.system", "&a", "*a", "<<", "~", "1e999",
     "0x1", "2026-01-01", "\x00", "\x1b[2J", "\ud800", "\u2028", "\ufeff", "{", "[", ": ", "- ",
     "|", "'", '"', "\n", "\n  ", "\n    - ", "\t", "#", "%YAML 9.9", "---", "..."]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(WORDS, max_size=40).map(" ".join))
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=20,
)
SETTINGS = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def read(folder: Path, octets: bytes) -> str:
    """What is told of a file of these octets."""
    file = folder / "a.flow.yaml"
    file.write_bytes(octets)
    flows, problems = load_flows(file)
    assert bool(flows) is not failed(problems)
    return render(problems)


@SETTINGS
@given(st.binary() | TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")))
@example(b"\xe1\x80\x80\xe2\x80\xa8(")
@example(b"&a [*a, *a]")
@example(b"a: &a\n  b: *a\n")
def test_any_octets(tmp_path: Path, octets: bytes) -> None:
    read(tmp_path, octets)
    read(tmp_path, HEAD.encode() + b"      - " + octets)


@SETTINGS
@given(st.dictionaries(WORDS, ANY, max_size=4))
def test_any_step(tmp_path: Path, step: dict[str, object]) -> None:
    import yaml

    text = yaml.safe_dump({"flows": [{"name": "a", "as": "79220000001", "steps": [step]}]})
    read(tmp_path, text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD + '      - dial: "*105#"\n' * 10_000, "1000"),
        (f'{HEAD}      - dial: "*105#"\n        expect: "{"x" * 1_000_000}"\n', "2000"),
        (HEAD + "      - " + "[" * 5_000, "exceeded maximum nesting depth"),
        ("a: &a [1]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(9)), ""),
    ],
    ids=["10000 steps", "1 MB of text", "deep", "aliases"],
)
def test_too_much_is_told_in_a_few_lines(tmp_path: Path, text: str, says: str) -> None:
    flows, problems = load_flows(written(tmp_path, text))
    assert (flows, failed(problems)) == ((), True)
    told = render(problems)
    assert says in told
    assert len(told) < 4_000, "it is too long to be shown"


def test_no_character_of_a_file_moves_the_cursor(tmp_path: Path) -> None:
    told = read(tmp_path, f'{HEAD}      - dail: "\x1b[2J"\n'.encode())
    assert "a.flow.yaml:5:16: M100 the character U+001B is not allowed" in told
    assert "\x1b" not in told
    assert told.splitlines()[-1].endswith(" " * 15 + "^ remove it")
