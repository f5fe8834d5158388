"""Chooses the measures, runs them, prints one table."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
from pathlib import Path

from scripts.benchmarks.processes import LOAD_CORE, pin
from scripts.benchmarks.report import Figure, as_json, table

MEASURES = {
    "ceiling": "(a) submit+deliver pairs a second: our server to a bare loop",
    "steps": "(b) USSD steps a second, p50 and p99, CPU by ring",
    "sms": "(c) SMS exchanges with a charge a second: the gateway to raw inserts",
    "codec": "(d) PDUs built and parsed a second: ours to smpplib",
    "memory": "(e) octets of memory a live dialogue at 100,000",
    "batch": "(g) a tariff change of 10,000 numbers in the background, beside 50 dialogues",
    "replay": "(h) steps of flow files a second in process, and 500 numbers over real SMPP",
    "voice": "(i) calls set up a second with prompts and the account core",
    "voice_media": "(f) lateness of RTP at 800 calls, longest gap: ours and a bare sender",
}


def main() -> int:
    """Exit status 0; 1 where a target is missed and --strict was given."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"  {name:12} {meaning}" for name, meaning in MEASURES.items()),
    )
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help="default: all of them")
    parser.add_argument("--runs", type=int, default=5, help="of each measure (default 5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures too")
    parser.add_argument("--strict", action="store_true", help="exit 1 where a target is missed")
    given = parser.parse_args()
    unknown = [name for name in given.measures if name not in MEASURES]
    if unknown or given.runs < 1:
        parser.error(f"no such measure: {unknown[0]}" if unknown else "--runs must be 1 or more")

    pin(LOAD_CORE)
    figures: list[Figure] = []
    for name in given.measures or MEASURES:
        print(f"measuring {name} ...", file=sys.stderr)
        figures += importlib.import_module(f"scripts.benchmarks.{name}").measure(given.runs)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {given.runs} runs\n")
    print(table(figures))
    if given.json:
        given.json.write_text(json.dumps(as_json(figures), indent=1) + "\n")
    return 1 if given.strict and any(f.verdict == "missed" for f in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
