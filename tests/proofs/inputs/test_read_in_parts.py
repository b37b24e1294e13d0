"""A register that is read part by part says what it says whole."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import polars as pl
import pytest

from intake.check.account import build_accounts, describe_accounts
from intake.check.check import CheckResult, check_exports
from intake.identify.scope import find_scope
from intake.read import csv_source, files
from intake.read.read import read_exports
from intake.tables import Table
from tests.support.hostile.files import MARKS, rate
from tests.support.schools.good_exports import lengthened, write
from tests.support.sizes import Count, rng, size

_BESIDE = ("school.csv", "calendar.csv", "roll.csv", "care_episodes.csv")
#: The register and what it is held against.
BASE = {name: text for name, text in lengthened(weeks=3).items() if name in (MARKS, *_BESIDE)}
_OPEN_CSV = files._open_csv


def told(result: CheckResult) -> dict[str, object]:
    """All that people are told of a register, and its rows that are taken."""
    rows = result.accepted_frames.get(MARKS, pl.DataFrame())
    day = max(result.school_days)
    return {
        "faults": result.problems,
        "rows": sorted(rows.rows()),
        "notes": result.notes,
        "accounts": describe_accounts(build_accounts(result, find_scope(result))),
        "lacks": result.list_lacks(day),
        "doubts": result.list_doubts(day),
        "left out": sorted(map(repr, result.left_out.rows())),
        "read": (result.last_marked_day, result.digests),
    }


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Lets a register be read in parts of a few lines, however small it is, where it may be."""
    read_parts = csv_source.read_parts
    opened: dict[str, int] = {"files": 0}

    def open_parts(folder: files.Folder, name: str) -> Table:
        whole = _OPEN_CSV(folder, name)
        if name != MARKS or whole.fault:
            return whole
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(files, "LARGE_BYTES", 0)
            return _OPEN_CSV(folder, name)

    def count_files(path: Path) -> Iterator[pl.Series]:
        opened["files"] += 1
        return read_parts(path)

    monkeypatch.setattr(files, "_open_csv", open_parts)
    monkeypatch.setattr(files, "read_parts", count_files)
    monkeypatch.setattr(csv_source, "PART_LETTERS", 300)
    return opened


def test_every_hostile_register_says_the_same(
    tmp_path: Path, parts: dict[str, int], count: Count
) -> None:
    """Of each kind of damage some, and the rated ones; faults word for word, rows, sums, doubts."""
    cases = (each for each in rate(BASE, draw=rng("office.streamed")) if each.name == MARKS)
    drawn = list(islice(cases, size("office.streamed")))
    broken, folder = [], write(BASE, tmp_path)
    for case in drawn:
        (folder / MARKS).write_bytes(case.content)
        streamed = told(check_exports(read_exports(folder)))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(files, "_open_csv", _OPEN_CSV)
            whole = told(check_exports(read_exports(folder)))
        differing = [name for name, what in whole.items() if streamed[name] != what]
        if differing:
            broken.append((case.kind, differing))
    count("hostile_streamed", len(drawn), len(broken), parts["files"])
    assert broken == []
    assert parts["files"] > len(drawn) // 2
