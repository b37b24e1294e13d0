"""Faults planted into national files, each held against what a check tells of it."""

from collections.abc import Callable, Mapping

from intake.check.check import CheckResult
from synthetic.returns.faults import PlannedFault, inject_planned_faults

Check = Callable[[dict[str, str]], CheckResult]


def plant_and_check(
    files: Mapping[str, str], planned: list[PlannedFault], check: Check, places: tuple[str, ...]
) -> None:
    """As many at a time as there are rows; none is told that was not planted.

    places: how the names of the files begin in which faults are looked for.
    """
    left = planned
    while left:
        spoilt, planted = inject_planned_faults(files, left)
        assert planted, "no row is left that could have them"
        expected = {(each.file, each.row, each.column, each.kind) for each in planted.values()}
        told = [
            (each.shown_file, each.row, each.shown_column, each.fault)
            for each in check(spoilt).problems
            if each.shown_file.startswith(places)
        ]
        assert set(told) == expected
        assert len(told) == len(expected)
        left = [each for each in left if each not in planted]
