"""The settings of a gateway under test: free ports, demo data, a clock that stands, no file kept.

Rule: whatever `gateway serve` takes can be given, by the same names, and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from gateway.menu.problems import suggest
from gateway.service.config import Config, load_config
from gateway.service.settings import SETTINGS

File = str | Path | Mapping[str, Any] | None
"""A `--config` file, or what would be in it."""

_DEFAULTS: Final = {
    "smpp_port": "0",
    "http_port": "0",
    "sip_port": "0",
    "clock": "manual",
    "demo": "true",
    "drain_seconds_max": "1",
}
_NAMES: Final = {setting.parameter: setting.name for setting in SETTINGS}


def configured(folder: Path, file: File, settings: Mapping[str, Any]) -> Config:
    """The configuration of a gateway that keeps its data in `folder`; settings that are None are
    not given. Raises TypeError for a setting that there is not, Fault for a value that will not
    do."""
    options = _DEFAULTS | {"data": str(folder)}
    for name, value in settings.items():
        if name not in _NAMES:
            raise TypeError(f"there is no setting {name!r}: {suggest(name, _NAMES, 'settings')}")
        if value is not None:
            options[_NAMES[name]] = str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(file, Mapping):
        written = folder / "gateway.yaml"
        written.write_text(json.dumps(file))  # which is YAML too
        file = written
    return load_config(options, {}, Path(file) if file else None)
