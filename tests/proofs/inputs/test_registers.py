"""Registers in fifty layouts, cell by cell, and what happens to them in an office."""

from collections import Counter

import pytest

from intake.map.mapping import Mapping
from tests.support.registers.layouts import (
    CHILDREN,
    LAYOUTS,
    Layout,
    Register,
    build_register,
    mutate,
)
from tests.support.registers.read import (
    Outcome,
    describe_difference,
    is_readable,
    judge,
    map_tables,
    read_register,
    without_count,
    write_register,
)
from tests.support.sizes import Count, draw_some, rng, share, size

_MOST_QUESTIONS = 2
_FEWEST_READ = 36
#: Wider ones say the same and take longer.
_MOST_DAYS = 40
_FEW_DAYS = 20


def test_no_layout_is_silently_different(count: Count) -> None:
    """Read as it is with two questions at most, or refused with the way on.

    276 children each in the whole run, a dozen otherwise, and few of the layouts in a small one.
    """
    children = CHILDREN if share() == "whole" else CHILDREN[:12]
    layouts = draw_some("registers.layouts", LAYOUTS)
    found: Counter[str] = Counter()
    wrong = []
    for layout in layouts:
        made = build_register(layout, children)
        outcome = read_register(made)
        judged = judge(made, outcome)
        found[judged] += 1
        if judged not in ("read", "refused") or len(outcome.questions) > _MOST_QUESTIONS:
            wrong.append(describe_difference(made, outcome))
    count("register_layouts", len(layouts), len(wrong), found["refused"])
    assert wrong == []
    assert found["read"] >= len(layouts) * _FEWEST_READ // len(LAYOUTS)


@pytest.mark.parametrize(
    "layout",
    draw_some(
        "registers.cells",
        [each for each in LAYOUTS if each.days <= _FEW_DAYS and is_readable(each)],
    ),
    ids=lambda each: each.name,
)
def test_a_fault_is_told_at_the_cell_that_was_typed(layout: Layout) -> None:
    """By sheet, row and heading: of the last child's first mark, in blocks and sheets as well."""
    made = build_register(layout, CHILDREN[: 40 if "a sheet a class" in layout.extras else 12])
    mappings, *_ = map_tables(write_register(made))
    sheet, place = list(made.body)[-1], made.places[0]
    rows = made.sheets[sheet]
    last = max(n for n, row in enumerate(rows) if row and row[0] in CHILDREN)
    rows[last][place] = "?"
    (fault,) = read_register(made, mappings).problems
    assert (fault.row, fault.fault) == (last + 1, "not allowed")
    assert fault.shown_file.endswith(sheet if layout.file == "xlsx" else "register.csv")
    heads = [row for row in rows[:last] if len(row) > place and "3A" not in row[:3]]
    heads = [row for row in heads if row[0] not in CHILDREN]
    assert fault.shown_column.endswith(f"{heads[-1][place]}")


def test_what_happens_to_a_register_is_seen(count: Count) -> None:
    """A column or row dropped, doubled, shifted, hidden or blanked: other rows are told.

    The control is a reader that tells the faults of rows and counts nothing.
    """
    draw = rng("registers.mutations")
    layouts = [layout for layout in LAYOUTS if layout.days <= _MOST_DAYS and is_readable(layout)]
    kept: dict[Layout, tuple[Register, list[Mapping], Outcome]] = {}
    unseen, control = [], 0
    for _ in range(size("registers.mutations")):
        layout = draw.choice(layouts if share() == "whole" else layouts[:3])
        if layout not in kept:
            made = build_register(layout, CHILDREN if share() == "whole" else CHILDREN[:40])
            mappings, *_ = map_tables(write_register(made))
            kept[layout] = made, mappings, read_register(made, mappings)
        made, mappings, before = kept[layout]
        name, changed = mutate(made, draw)
        after = read_register(changed, mappings)
        if after.marks != before.marks:
            unseen += [name] if _is_same(after, before) else []
            control += _is_same(without_count(after), without_count(before))
    count("register_mutations", size("registers.mutations"), len(unseen), control)
    assert unseen == []
    assert control or share() != "whole"


def _is_same(one: Outcome, other: Outcome) -> bool:
    """Whether a person is told the same of both."""
    is_refused = (one.marks is None, other.marks is None)
    return (one.said, one.faults, is_refused[0]) == (other.said, other.faults, is_refused[1])


@pytest.mark.parametrize("name", ["SIMS", "Arbor", "Bromcom", "ScholarPack", "Pupil Asset"])
def test_eight_layouts_are_of_each_usual_system(name: str) -> None:
    assert sum(layout.system == name for layout in LAYOUTS) == 8
