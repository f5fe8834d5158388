"""What README shows of a gateway in a test runs as it stands there."""

from __future__ import annotations

import re

from tests.source import ROOT


def test_the_example_of_the_readme(tmp_path, monkeypatch):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [example] = [
        code for code in re.findall(r"```python\n(.*?)```", readme, re.DOTALL) if "gw." in code
    ]
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "README.md", "exec"), {})
    assert (tmp_path / "run.pcap").stat().st_size > 1000
