"""What was done with a phone, kept as a flow file for `gateway replay`.

Rule: a file that is there is never written over.
"""

from __future__ import annotations

from pathlib import Path

from gateway.phone.handset import Phone
from gateway.phone.link import code_of
from gateway.replay.recording import Recording, write_flow

FOLDER = Path("flows")
"""Flows are kept here where it exists, else where the phone was opened."""
SUFFIX = ".flow.yaml"


def save(phone: Phone, folder: Path | None = None) -> Path:
    """The file written. Raises OSError."""
    folder = folder or (FOLDER if FOLDER.is_dir() else Path())
    path = _free(folder, code_of(phone.dialled) or phone.msisdn)
    recording = Recording(path.name.removesuffix(SUFFIX), phone.msisdn, phone.done)
    with path.open("x", encoding="utf-8") as file:
        file.write(write_flow(recording))
    return path


def _free(folder: Path, name: str) -> Path:
    """`105.flow.yaml`, or the first `105-2.flow.yaml` … that is not there."""
    path, number = folder / f"{name}{SUFFIX}", 1
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}{SUFFIX}"
    return path
