"""Refuse a file that says something else, and read right one that says the same in another form.

DuckDB's own reader, which guesses at the form of a file, is the control: it takes a good part of
the same files for something that they do not say.
"""

import re
from collections import Counter
from pathlib import Path

import pytest

from intake.check.check import CheckResult
from tests.support.hostile.files import MARKS, ROLL, SAME, Case, found_silent, guessed_wrong, rate
from tests.support.schools.good_exports import ANN, GOOD, checked, lengthened
from tests.support.sizes import Count, rng, size

BASE = lengthened(weeks=3)


def judge(case: Case, good: CheckResult) -> set[str]:
    """Return what became of a case: "taken", and what is wrong with how it was met."""
    result = checked({**BASE, case.name: case.content})
    problems = [problem for problem in result.problems if problem.file == case.name]
    outcome = set() if problems else {"taken"}
    if problems and not any(re.search(case.named or ".", f"{p.problem} {p.fix}") for p in problems):
        outcome.add("not named")
    return outcome | found_silent(case, result, good)


@pytest.mark.slow
def test_what_says_the_same_is_taken_and_all_else_is_named(tmp_path: Path, count: Count) -> None:
    """Nothing is silently different; nine in ten of those that say the same are taken."""
    cases = rate(BASE, draw=rng("hostile.files"))[: size("hostile.files")]
    good = checked(BASE)
    assert good.frames[ROLL].height > 0
    assert len(good.frames[MARKS]) == 93
    judged = [(case, judge(case, good)) for case in cases]
    broken = [(case.kind, case.name, what) for case, what in judged if what - {"taken"}]
    same = [(case.kind, what) for case, what in judged if case.named is SAME]
    refused = Counter(kind for kind, what in same if "taken" not in what)
    control = sum(guessed_wrong(case, BASE, tmp_path) for case in cases)
    count("hostile_files", len(cases), len(broken), control)
    assert broken == []
    assert control > len(cases) // 4
    assert refused.total() <= len(same) // 10, refused
    assert len(same) > len(cases) // 8


@pytest.mark.parametrize("spelled", [ANN.lower(), f" {ANN}", f"{ANN.lower()}\u00a0"])
def test_small_letters_and_blanks_around_are_the_same_child(spelled: str) -> None:
    result = checked({name: text.replace(ANN, spelled) for name, text in GOOD.items()})
    assert result.problems == ()
    assert ANN in set(result.frames[ROLL]["upn"])
