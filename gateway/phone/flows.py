"""What was done with a phone, kept as a flow file for `gateway replay`.

Rule: a file that is there is never written over. The first file brings the schema with it, by
which an editor completes and checks them.
"""

from __future__ import annotations

from json import dumps
from pathlib import Path

from gateway.phone.first_day import made_as_now
from gateway.phone.handset import Phone
from gateway.replay.handset import Seen
from gateway.replay.recording import Done, Recording, entries, write_flow
from gateway.wire.smpp.ussd import code_of

FOLDER = Path("flows")
SUFFIX = ".flow.yaml"
SCHEMA = "flow.schema.json"


def save(phone: Phone, name: str = "") -> tuple[Path, int]:
    """The file written, named so or after the code dialled, and its steps. Raises OSError."""
    FOLDER.mkdir(exist_ok=True)
    path = _free(FOLDER, name or code_of(phone.dialled) or phone.msisdn)
    first = (Done(action, Seen()) for action in made_as_now(phone.msisdn, phone.before))
    steps = tuple(entries((*first, *phone.done)))
    points = frozenset(str(each["points"]) for each in (phone.before, phone.profile) if each)
    recording = Recording(path.name.removesuffix(SUFFIX), phone.msisdn, steps, points)
    text = write_flow(recording, SCHEMA)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    bring_schema(FOLDER)
    return path, len(steps)


def bring_schema(folder: Path) -> None:
    """Put the schema beside the flows of a folder that has none, for editors. Raises OSError."""
    from gateway.replay.model import schema

    path = folder / SCHEMA
    if not path.exists():
        path.write_text(dumps(schema(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _free(folder: Path, name: str) -> Path:
    """`105.flow.yaml`, or the first `105-2.flow.yaml` … that is not there."""
    path, number = folder / f"{name}{SUFFIX}", 1
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}{SUFFIX}"
    return path
