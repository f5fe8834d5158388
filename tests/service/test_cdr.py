"""CDR files: whole lines, begun anew by size and at each start, for their owner alone."""

from __future__ import annotations

import json
import os
from pathlib import Path

from gateway.service.cdr import Cdr, CdrFiles, cdr_line

START = 1_764_064_800.0
CDR = Cdr(
    id="00A00001",
    channel="ussd",
    msisdn="79220000001",
    address="105",
    started_at=START,
    ended_at=START + 12.3456,
    result="completed",
    dialogue="00A00001",
    zone="EUROPE",
    rule="CH01",
    amount=1900,
)


def _files(folder: Path, octets_max: int = 1_000_000) -> CdrFiles:
    return CdrFiles(folder, octets_max, lambda: START)


def _kept(folder: Path) -> list[Path]:
    return sorted(folder.glob("cdr-*.jsonl"))


def test_a_record_is_a_line_with_the_number_in_full() -> None:
    line = cdr_line(CDR)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    record = json.loads(line)
    assert record["msisdn"] == "79220000001"
    assert record["started_at"] == "2025-11-25T10:00:00.000Z"
    assert (record["duration_seconds"], record["amount_minor"]) == (12.346, 1900)
    assert record["currency"] == "RUB"
    assert not {"text", "password", "digits"} & record.keys()


def test_the_records_of_a_batch_are_on_disk_as_soon_as_it_is_flushed(tmp_path: Path) -> None:
    files = _files(tmp_path / "cdr")
    assert _kept(tmp_path / "cdr") == []
    files.write(CDR)
    files.write(CDR)
    files.flush()
    (file,) = _kept(tmp_path / "cdr")
    assert file.name == "cdr-20251125T100000Z-0001.jsonl"
    assert file.read_bytes() == cdr_line(CDR) * 2
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_file_is_ended_before_it_grows_over_its_limit(tmp_path: Path) -> None:
    octets = len(cdr_line(CDR))
    files = _files(tmp_path, octets_max=3 * octets)
    for _ in range(7):
        files.write(CDR)
    files.flush()
    kept = _kept(tmp_path)
    assert [file.stat().st_size // octets for file in kept] == [3, 3, 1]
    for file in kept:
        assert [json.loads(line)["id"] for line in file.read_text().splitlines()]


def test_a_record_longer_than_the_limit_is_still_written(tmp_path: Path) -> None:
    files = _files(tmp_path, octets_max=10)
    files.write(CDR)
    files.write(CDR)
    files.flush()
    assert [file.read_bytes() for file in _kept(tmp_path)] == [cdr_line(CDR)] * 2


def test_a_new_start_begins_a_new_file_and_never_touches_the_old(tmp_path: Path) -> None:
    first = _files(tmp_path)
    first.write(CDR)
    first.flush()
    _kept(tmp_path)[0].write_bytes(cdr_line(CDR)[:20])  # what a crash may leave
    second = _files(tmp_path)
    second.write(CDR)
    second.close()
    second.write(CDR)
    second.flush()
    assert _kept(tmp_path)[0].stat().st_size == 20
    assert len(_kept(tmp_path)) == 3


def test_a_line_the_disk_cut_short_is_its_files_last(tmp_path: Path, monkeypatch) -> None:
    files, whole = _files(tmp_path), os.write
    monkeypatch.setattr(os, "write", lambda file, data: whole(file, data[:20]))
    files.write(CDR)
    files.flush()
    monkeypatch.undo()
    files.write(CDR)
    files.close()
    assert [file.read_bytes() for file in _kept(tmp_path)] == [cdr_line(CDR)[:20], cdr_line(CDR)]
