"""A roll and a register in 1,900 forms: what says the same is taken, all else is named.

Each form is rated before it is read (`tests/support/hostile/office.py`).
"""

import re
from collections import Counter

import pytest

from intake.contract import CALENDAR
from tests.support.hostile.office import MARKS, RATINGS, ROLL, rated_cases
from tests.support.hostile.pollution import Case, rows_of
from tests.support.schools.good_exports import checked, lengthened
from tests.support.sizes import Count, rng, size

BASE = lengthened(weeks=3)


def missed(case: Case) -> set[str]:
    """What is wrong with how a case was met: silent, or refused without naming why."""
    rating = RATINGS[case.kind]
    good, result = checked(BASE), checked({**BASE, case.name: case.content})
    problems = [each for each in result.problems if each.file == case.name]
    found: set[str] = set()
    if problems and not any(re.search(rating.named, f"{p.problem} {p.fix}") for p in problems):
        found.add("not named")
    if case.name in result.refused_files:
        return found
    absent = [name for note in result.notes for name in re.findall(r"[a-z_]{3,}", note)]
    kept = [name for name in good.frames[case.name].columns if name not in (*absent, "row")]
    expected = Counter(good.frames[case.name].select(kept).rows())
    rows = Counter(result.accepted_frames[case.name].select(kept).rows())
    faulty = len({each.row for each in problems})
    # the last line of a file that was cut off may be whole by chance, which nobody can see
    more = 1 if case.may_lack_rows else 0
    if (_plain(rows) - _plain(expected)).total() > more:
        found.add("silently different")
    if not case.may_lack_rows and (_plain(expected) - _plain(rows)).total() > faulty:
        found.add("silently less")
    return found


def _plain(rows: Counter[tuple[object, ...]]) -> Counter[tuple[object, ...]]:
    """Without backslashes within words: a sign like any other, read as it was written."""
    return Counter(
        tuple(c.replace("\\", "") if isinstance(c, str) and len(c) > 2 else c for c in row)
        for row in rows.elements()
    )


def is_taken(case: Case) -> bool:
    """Whether a case is taken without a word of a fault."""
    return not [
        each
        for each in checked({**BASE, case.name: case.content}).problems
        if each.file in (case.name, CALENDAR.name)
    ]


def test_every_kind_is_rated() -> None:
    kinds = {case.kind for case in rated_cases(BASE, draw=rng("office.files"))}
    assert kinds == set(RATINGS)


@pytest.mark.slow
def test_what_says_the_same_is_taken_and_all_else_is_named(count: Count) -> None:
    """Nothing is silently different, and nine in ten of those that say the same are taken."""
    drawn = rated_cases(BASE, draw=rng("office.files"))[: size("office.files")]
    broken = [(case.kind, case.name, what) for case in drawn if (what := missed(case))]
    same = [case for case in drawn if RATINGS[case.kind].says_the_same]
    refused = Counter(case.kind for case in same if not is_taken(case))
    count("office.files", len(drawn), len(broken), len(same) - refused.total())
    assert broken == []
    assert refused.total() <= len(same) // 10, refused


def test_the_rows_of_a_good_file_are_known() -> None:
    assert rows_of(checked(BASE).frames[ROLL].rows())
    assert len(checked(BASE).frames[MARKS]) == 93
