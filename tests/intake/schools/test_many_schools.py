"""A home of many schools: each as in its own home, and a child of two is one child."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from intake.publish import files as build
from queries.contract import ONLY_SCHOOL
from queries.views import views
from tests.support.schools.good_exports import ANN, BEN, CAT, GOOD, MORE, Files, upn
from tests.support.schools.school_rows import SchoolRows
from tests.support.sizes import draw_some
from tests.support.small_store import SmallStore

AS_AT = "2026-11-20"
ELM, OAK, ASH = 100001, 100002, 100003
_NUMBERS = {"pupil_key", "pupil_id", "handle", "source_id", "load_id", "school_key"}


def school_of(number: int, files: Files = {**GOOD, **MORE}) -> Files:  # noqa: B006 - not changed
    """The good files with three other children."""
    others = {old: upn(100 + 3 * number + place) for place, old in enumerate((ANN, BEN, CAT))}
    found = dict(files)
    for old, new in others.items():
        found = {name: text.replace(old, new) for name, text in found.items()}
    return found


def until(day: str, files: Files) -> Files:
    """The files without the marks after a day."""
    lines = files["attendance.csv"].splitlines(keepends=True)
    marks = [line for line in lines[1:] if line.split(",")[1] <= day]
    return {**files, "attendance.csv": "".join([lines[0], *marks])}


SCHOOLS = {ELM: school_of(1), OAK: until("2026-11-17", school_of(2)), ASH: school_of(3)}


class Shown:
    """What the views say of a home's rows, a child by the UPN that it has in the files."""

    def __init__(self, home: SchoolRows, case: SmallStore) -> None:
        case.put(
            {
                name: frame.to_dicts()
                for name, frame in home.rows.items()
                if name.startswith("raw_") and frame.height
            }
        )
        numbers = [upn(number) for number in range(1, 300)]
        known = {each: home.vault.find_by_upn(each) for each in numbers}
        key_of = dict(home.rows["raw_pupil"].select("pupil_id", "pupil_key").iter_rows())
        self._case = case
        self.upns = {
            key_of[record.pupil_id]: each
            for each, record in known.items()
            if record is not None and record.pupil_id in key_of
        }
        days = [row["session_date"] for row in case.ask("int_register_day", AS_AT)]
        self.register_day = str(max((day for day in days if str(day) <= AS_AT), default=AS_AT))

    def ask(self, view: str, upns: Iterable[str] | None = None) -> list[dict[str, Any]]:
        """The rows of a view, those of these children where they are named."""
        rows = self._case.ask(view, AS_AT, self.register_day)
        found = [{**row, "upn": self.upns.get(row.get("pupil_key", 0))} for row in rows]
        return [row for row in found if upns is None or row["upn"] in upns]

    def of(self, view: str, school: int, upns: Iterable[str]) -> list[str]:
        """What a view says of a school and its children, without what is drawn or counted up."""
        return sorted(
            repr(sorted((name, value) for name, value in row.items() if name not in _NUMBERS))
            for row in self.ask(view)
            if (row["upn"] in upns if "pupil_key" in row else row.get("school_key") == school)
        )


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Mapping[int, SchoolRows]:
    """Each school's own home."""
    homes = {}
    for school, files in SCHOOLS.items():
        homes[school] = SchoolRows(tmp_path_factory.mktemp(f"{school}"))
        homes[school].load(files)
    return homes


@pytest.mark.parametrize("order", draw_some("schools.orders", [*permutations(SCHOOLS)][1::2]))
def test_each_school_is_as_in_its_own_home(
    order: tuple[int, ...], alone: Mapping[int, SchoolRows], tmp_path: Path, case: SmallStore
) -> None:
    """View by view on a common day, in whatever order they come; one of them is late."""
    together = SchoolRows(tmp_path)
    for school in order:
        together.load(SCHOOLS[school], school=school)
    names = [name for name in views.load_views() if not name.startswith(("stg_", "int_"))]
    upns = {school: set(Shown(home, case).upns.values()) for school, home in alone.items()}
    found = Shown(together, case)
    assert len(found.upns) == sum(map(len, upns.values())) == 9
    of_all = {
        (school, name): found.of(name, school, upns[school]) for school in order for name in names
    }
    filled = set()
    for school, home in alone.items():
        own = Shown(home, case)
        for name in names:
            expected = own.of(name, ONLY_SCHOOL, upns[school])
            assert of_all[school, name] == expected, f"{name} of {school}"
            filled |= {name} if expected else set()
    assert len(filled) > 40


def test_a_file_replaces_what_its_own_school_sent(tmp_path: Path) -> None:
    """A second load, and --replace, leave every other school's rows as they are."""
    home = SchoolRows(tmp_path)
    for school, files in SCHOOLS.items():
        home.load(files, school=school)
    before = home.ask("select school_key, count(*) from raw_mark group by all order by all")
    less = {**SCHOOLS[OAK], "pep.csv": "upn,date,outcome,quality,child_attended,targets_set\n"}
    home.load(until("2026-11-16", less), school=OAK, replace=("pep.csv", "attendance.csv"))
    after = home.ask("select school_key, count(*) from raw_mark group by all order by all")
    assert (before[0], before[2]) == (after[0], after[2])
    assert before[1][1] > after[1][1] > 0
    peps = home.ask("select school_key, count(*) from raw_pep group by all order by all")
    assert peps == [(ELM, 3), (ASH, 3)]
    assert home.ask("select max(load_id), count(*) from raw_load") == [(4, 4)]


# The marks that a load leaves on the disk

_FIRST, _LAST, _TODAY = date(2026, 11, 10), date(2026, 11, 16), date(2026, 11, 20)
_KEY = ("school_key", "pupil_key", "session_date", "half", "code", "source_id", "load_id")


def _sort_marks(marks: pl.DataFrame) -> list[tuple[object, ...]]:
    return sorted(marks.select(pl.col(_KEY).cast(pl.String)).rows())


def test_marks_of_other_days_and_schools_stay(tmp_path: Path) -> None:
    """A load reads those of its senders and days; the next version has all, but of who went out."""
    home = SchoolRows(tmp_path / "home")
    for school, exports in SCHOOLS.items():
        home.load(exports, school=school)
    marks = home.rows["raw_mark"]
    earlier, later = (tmp_path / f"store-{number}.duckdb" for number in (1, 2))
    build.write_version(earlier, None, home.rows)

    rows, standing = build.read_touched_rows(earlier, None, (_FIRST, _LAST), _TODAY, [OAK])
    is_touched = pl.col("session_date").is_between(_FIRST, _LAST) & (pl.col("school_key") == OAK)
    assert _sort_marks(rows["raw_mark"]) == _sort_marks(marks.filter(is_touched)) != []
    assert standing is not None
    everybody = rows["raw_pupil"]["pupil_key"]
    assert standing.count(everybody) == marks.filter(~is_touched).height
    by_school = dict(marks.group_by("school_key").len().iter_rows())
    assert [standing.count(everybody, school) for school in (ELM, ASH)] == [25, 25]
    assert 0 < standing.count(everybody, OAK) < by_school[OAK]

    gone = everybody[0]
    rows["raw_pupil"] = rows["raw_pupil"].filter(pl.col("pupil_key") != gone)
    build.write_version(later, None, rows, standing=standing)
    build.verify_version(later, None, rows, standing)
    assert _sort_marks(build.read_rows(later, None)["raw_mark"]) == _sort_marks(
        marks.filter(pl.col("pupil_key") != gone)
    )
