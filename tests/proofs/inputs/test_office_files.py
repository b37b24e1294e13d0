"""A roll and a register in 1,900 forms: what says the same is taken, all else is named.

Each form is rated before it is read (`tests/support/hostile/office.py`).
"""

import re
from collections import Counter

import pytest

from intake.check.check import CheckResult
from tests.support.hostile.office import MARKS, RATINGS, ROLL, rated_cases
from tests.support.hostile.pollution import Case, found_silent, rows_of
from tests.support.schools.good_exports import checked, lengthened
from tests.support.sizes import Count, rng, size

BASE = lengthened(weeks=3)


def judge(case: Case, good: CheckResult) -> set[str]:
    """What became of a case: "taken", and what is wrong with how it was met."""
    rating = RATINGS[case.kind]
    result = checked({**BASE, case.name: case.content})
    problems = [each for each in result.problems if each.file == case.name]
    found = set() if problems else {"taken"}
    if problems and not any(re.search(rating.named, f"{p.problem} {p.fix}") for p in problems):
        found.add("not named")
    return found | found_silent(case, result, good)


def test_every_kind_is_rated() -> None:
    kinds = {case.kind for case in rated_cases(BASE, draw=rng("office.files"))}
    assert kinds == set(RATINGS)


@pytest.mark.slow
def test_what_says_the_same_is_taken_and_all_else_is_named(count: Count) -> None:
    """Nothing is silently different, and nine in ten of those that say the same are taken."""
    drawn = rated_cases(BASE, draw=rng("office.files"))[: size("office.files")]
    good = checked(BASE)
    judged = [(case, judge(case, good)) for case in drawn]
    broken = [(case.kind, case.name, what) for case, what in judged if what - {"taken"}]
    same = [(case.kind, what) for case, what in judged if RATINGS[case.kind].says_the_same]
    refused = Counter(kind for kind, what in same if "taken" not in what)
    count("office.files", len(drawn), len(broken), refused.total())
    assert broken == []
    assert refused.total() <= len(same) // 10, refused
    assert len(same) > len(drawn) // 5


def test_the_rows_of_a_good_file_are_known() -> None:
    assert rows_of(checked(BASE).frames[ROLL].rows())
    assert len(checked(BASE).frames[MARKS]) == 93
