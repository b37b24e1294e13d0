"""A register that is read part by part says what it says whole."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import polars as pl
import pytest

from intake.check.account import build_accounts, describe_accounts
from intake.check.check import CheckResult, check_exports
from intake.identify.scope import find_scope
from intake.read import csv_source, files
from intake.read.read import read_exports
from intake.tables import Table
from tests.support.schools.good_exports import lengthened, write
from tests.support.sizes import Count, rng, size

MARKS = "attendance.csv"
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


#: A piece of a row, and what stands in its place.
_CHANGES = (
    *((",", ""), (",", ",,"), (",", ";"), (",", ',"'), (",", "\n"), (",", "\0,")),
    *(("\n", "\r"), ("\n", "\n\n"), ("\n", ",x\n"), ("\n", "\nupn,date,session,code\n")),
    *(("AM", "noon"), ("-11-", "-13-"), ("2026", "1926"), ("A", "a"), ("/", "?"), ("/", "\xe9")),
)


def damage(text: str, draw: Random) -> bytes:
    """Return a register in which some pieces are changed, rows stand twice, or the end is gone."""
    header, *rows = text.splitlines(keepends=True)
    for _ in range(draw.randrange(1, 5)):
        place, (piece, instead) = draw.randrange(len(rows)), draw.choice(_CHANGES)
        rows[place] = rows[place].replace(piece, instead, 1)
        rows.insert(draw.randrange(len(rows)), draw.choice(rows))
    data = "".join([header, *rows]).encode(draw.choice(("utf-8", "utf-8", "utf-8-sig", "cp1252")))
    return data[: draw.choice((None, draw.randrange(len(data))))]


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


def test_every_damaged_register_says_the_same(
    tmp_path: Path, parts: dict[str, int], count: Count
) -> None:
    """Faults are the same word for word, and so are rows, sums and doubts."""
    draw, number = rng("office.streamed"), size("office.streamed")
    broken, in_parts, folder = [], 0, write(BASE, tmp_path)
    for case in range(number):
        (folder / MARKS).write_bytes(damage(BASE[MARKS], draw))
        before = parts["files"]
        streamed = told(check_exports(read_exports(folder)))
        in_parts += parts["files"] > before
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(files, "_open_csv", _OPEN_CSV)
            whole = told(check_exports(read_exports(folder)))
        differing = [name for name, what in whole.items() if streamed[name] != what]
        if differing:
            broken.append((case, differing))
    count("damaged_streamed", number, len(broken), in_parts)
    assert broken == []
    assert in_parts > number // 2
