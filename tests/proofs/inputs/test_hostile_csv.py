"""Polluted files: each is refused with a reason, or read exactly as the school meant it.

Of a file of marks or events a row may be refused alone.

DuckDB's own reader, which guesses at the form of a file, is the control: it takes a good
part of the same files for something that they do not say.
"""

from pathlib import Path

import pytest

from tests.support.hostile.pollution import cases, found_silent, guessed_wrong
from tests.support.schools.good_exports import GOOD, checked
from tests.support.sizes import Count, rng, size


@pytest.mark.slow
def test_nothing_is_silently_different(tmp_path: Path, count: Count) -> None:
    """2,000 polluted files; what is not refused or left out is the good file's rows."""
    drawn = cases(draw=rng("hostile.files"))[: size("hostile.files")]
    good = checked(GOOD)
    broken = []
    for case in drawn:
        result = checked({**GOOD, case.name: case.content})
        assert all(each.problem and each.fix for each in result.problems)
        if silent := found_silent(case, result, good):
            broken.append((case.kind, case.name, silent))
    control = sum(guessed_wrong(case, tmp_path) for case in drawn)
    count("hostile_csv", len(drawn), len(broken), control)
    assert broken == []
    assert control > len(drawn) // 4
