"""The marks that a load leaves on the disk: they stand as they were, and are counted."""

from datetime import date
from pathlib import Path

import polars as pl

from intake.publish import files
from tests.intake.schools.test_many_schools import ASH, ELM, OAK, SCHOOLS
from tests.support.schools.school_rows import SchoolRows

_FIRST, _LAST, _TODAY = date(2026, 11, 10), date(2026, 11, 16), date(2026, 11, 20)
_KEY = ("school_key", "pupil_key", "session_date", "half", "code", "source_id", "load_id")


def _sorted(marks: pl.DataFrame) -> list[tuple[object, ...]]:
    return sorted(marks.select(pl.col(_KEY).cast(pl.String)).rows())


def test_marks_of_other_days_and_schools_stay(tmp_path: Path) -> None:
    """A load reads those of its senders and days; the next version has all, but of who went out."""
    home = SchoolRows(tmp_path / "home")
    for school, exports in SCHOOLS.items():
        home.load(exports, school=school)
    marks = home.rows["raw_mark"]
    earlier, later = (tmp_path / f"store-{number}.duckdb" for number in (1, 2))
    files.write_version(earlier, None, home.rows)

    rows, standing = files.read_touched_rows(earlier, None, (_FIRST, _LAST), _TODAY, [OAK])
    is_touched = pl.col("session_date").is_between(_FIRST, _LAST) & (pl.col("school_key") == OAK)
    assert _sorted(rows["raw_mark"]) == _sorted(marks.filter(is_touched)) != []
    assert standing is not None
    everybody = rows["raw_pupil"]["pupil_key"]
    assert standing.count(everybody) == marks.filter(~is_touched).height
    by_school = dict(marks.group_by("school_key").len().iter_rows())
    assert [standing.count(everybody, school) for school in (ELM, ASH)] == [25, 25]
    assert 0 < standing.count(everybody, OAK) < by_school[OAK]

    gone = everybody[0]
    rows["raw_pupil"] = rows["raw_pupil"].filter(pl.col("pupil_key") != gone)
    files.write_version(later, None, rows, standing=standing)
    files.verify_version(later, None, rows, standing)
    assert _sorted(files.read_rows(later, None)["raw_mark"]) == _sorted(
        marks.filter(pl.col("pupil_key") != gone)
    )
