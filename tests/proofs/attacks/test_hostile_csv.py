"""Polluted files: each is refused with a reason, or read exactly as the school meant it.

DuckDB's own reader, which guesses at the form of a file, is the control: it takes a good
part of the same files for something that they do not say.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.support.hostile.pollution import Case, cases, guessed_wrong, rows_of
from tests.support.schools.good_exports import GOOD, checked
from tests.support.sizes import Count, rng, size

Rows = list[tuple[Any, ...]]


def meant(name: str) -> Rows:
    """The rows of the good file."""
    return rows_of(checked(GOOD).frames[name].drop("row").rows())


def is_right(case: Case, rows: Rows, expected: Rows) -> bool:
    """Whether what was taken from a case is what its file says.

    The last line of a file that was cut off may be whole by chance (Y4 became Y), which
    nobody can see: as many tools leave out the last line end, it is taken.  A backslash is
    a sign like any other, in a school's name as well, and is read as it was written.
    """
    if case.may_lack_rows:
        return len(set(rows) - set(expected)) <= 1
    return _without_backslashes(rows) == _without_backslashes(expected)


@pytest.mark.slow
def test_nothing_is_silently_different(tmp_path: Path, count: Count) -> None:
    """2,000 polluted files; what is not refused is the good file's rows."""
    drawn = cases(draw=rng("hostile.files"))[: size("hostile.files")]
    expected = {name: meant(name) for name in GOOD}
    broken = []
    for case in drawn:
        result = checked({**GOOD, case.name: case.content})
        if case.name in result.refused_files:
            assert all(each.problem and each.fix for each in result.problems)
            continue
        rows = rows_of(result.frames[case.name].drop("row").rows())
        if not is_right(case, rows, expected[case.name]):
            broken.append((case.kind, case.name))
    control = sum(guessed_wrong(case, tmp_path) for case in drawn)
    count("hostile_csv", len(drawn), len(broken), control)
    assert broken == []
    assert control > len(drawn) // 4


def _without_backslashes(rows: Rows) -> Rows:
    return rows_of(
        [tuple(c.replace("\\", "") if isinstance(c, str) else c for c in row) for row in rows]
    )
