"""The attacker concludes what can be concluded, and nothing else."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.proofs.attacker.exact import Attack, Mover, Step, certain, components, interval
from tests.proofs.attacker.files.figures import ContradictionError, Release, Table, cell, release_of
from tests.proofs.attacker.files.papers import write_pdf, write_word
from tests.proofs.attacker.files.reading import figures

ATTRIBUTES = {
    "Year": ("Lower", "Upper"),
    "SEN": ("None", "Support", "A plan"),
    "Late": ("Yes", "No"),
}


def release(children: int, *tables: Mapping[str, int | None]) -> Release:
    """A release of counts by "Year=Lower" or "Year=Lower SEN=None"."""
    counts = {
        cell(dict(each.split("=") for each in where.split("+"))): count
        for table in tables
        for where, count in table.items()
    }
    return Release(children, ATTRIBUTES, counts)


# --- one release -----------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "write"), [("docx", write_word), ("pdf", write_pdf)])
def test_one_hidden_count_is_recovered_from_the_file(tmp_path: Path, kind: str, write: Any) -> None:
    group = Table("Table 1. The group", ("Group", "Children"), (("Children looked after", "12"),))
    rows = (("None", "7"), ("Support", "c"), ("A plan", "2"))
    table = Table("Table 2. SEN", ("SEN", "Children"), rows)
    read = figures([write(tmp_path / f"a.{kind}", [group, table])])
    assert interval(read, {"SEN": "Support"}) == (3, 3)


def test_two_hidden_counts_share_what_is_left() -> None:
    told = release(12, {"SEN=None": 6, "SEN=Support": None, "SEN=A plan": None})
    assert interval(told, {"SEN": "Support"}) == (0, 6)
    assert Attack([told]).values({"SEN": "A plan"}) == (0, 1, 2, 3, 4, 5, 6)
    assert Attack([told]).narrow() == []


def test_a_two_way_table_tells_of_the_tables_beside_it() -> None:
    """Upper has 5, of whom 4 are shown: at most 1 is under Support there, and 3 at Lower."""
    told = release(
        12,
        {"SEN=None": 8, "SEN=Support": None, "SEN=A plan": None},
        {"Year=Lower": 7, "Year=Upper": 5},
        {"Year=Lower+SEN=None": None, "Year=Lower+SEN=Support": None},
        {"Year=Upper+SEN=None": 4, "Year=Upper+SEN=Support": None, "Year=Lower+SEN=A plan": 0},
        {"Year=Upper+SEN=A plan": None},
    )
    attack = Attack([told])
    assert attack.interval({"Year": "Lower", "SEN": "None"}) == (4, 4)
    assert attack.interval({"Year": "Lower", "SEN": "Support"}) == (3, 3)
    assert attack.interval({"SEN": "Support"}) == (3, 4)
    assert attack.interval({"SEN": "A plan"}) == (0, 1)
    assert {each.cell: each.values for each in attack.narrow()} == {
        cell({"Year": "Lower", "SEN": "None"}): (4,),
        cell({"Year": "Lower", "SEN": "Support"}): (3,),
        cell({"Year": "Upper", "SEN": "Support"}): (0, 1),
        cell({"Year": "Upper", "SEN": "A plan"}): (0, 1),
        cell({"SEN": "Support"}): (3, 4),
        cell({"SEN": "A plan"}): (0, 1),
    }
    narrowest = attack.narrowest()
    assert narrowest is not None
    assert len(narrowest.values) == 1


def test_one_shown_count_of_two_attributes_bounds_both() -> None:
    """Two are Lower and have no SEN, and nobody Upper has a plan."""
    told = release(
        4,
        {"Year=Lower": None, "Year=Upper": None},
        {"SEN=None": None, "SEN=Support": 0, "SEN=A plan": None},
        {"Year=Lower+SEN=None": 2, "Year=Upper+SEN=None": None},
        {"Year=Upper+SEN=A plan": 0},
    )
    assert Attack([told]).values({"Year": "Lower"}) == (2, 3, 4)
    assert Attack([told]).values({"SEN": "A plan"}) == (0, 1, 2)


def test_an_insider_takes_itself_off() -> None:
    """Of five under Support or with a plan it is one who has a plan: the rest are any four."""
    told = release(5, {"SEN=None": 0, "SEN=Support": None, "SEN=A plan": None})
    me = {"Year": "Lower", "SEN": "A plan", "Late": "No"}
    attack = Attack([told])
    assert attack.interval({"SEN": "A plan"}) == (0, 5)
    assert attack.interval({"SEN": "A plan"}, insider=[me]) == (1, 5)
    assert attack.interval({"SEN": "Support"}, insider=[me]) == (0, 4)
    assert attack.narrow([[me]], enough=5) == []
    assert {each.cell for each in attack.narrow([[me]], enough=6)} == {
        cell({"SEN": "A plan"}),
        cell({"SEN": "Support"}),
    }


def test_an_insider_may_be_all_that_was_missing() -> None:
    told = release(
        7,
        {"SEN=None": 6, "SEN=Support": None, "SEN=A plan": None},
        {"Year=Lower": 3, "Year=Upper": 4},
    )
    me = {"Year": "Lower", "SEN": "Support", "Late": "No"}
    attack = Attack([told])
    assert attack.interval({"SEN": "A plan"}) == (0, 1)
    assert attack.interval({"SEN": "A plan"}, insider=[me]) == (0, 0)
    assert attack.certain({"Year": "Lower"}) == {}
    assert attack.certain({"Year": "Lower"}, insider=[me]) == {"SEN": "None"}


def test_what_all_of_a_year_group_have_is_certain_of_each() -> None:
    told = release(
        9,
        {"SEN=None": 5, "SEN=Support": 4, "SEN=A plan": 0, "Year=Lower": 5, "Year=Upper": 4},
        {"Year=Upper+SEN=None": 0, "Year=Lower+SEN=None": None},
        {"Late=Yes": 0, "Late=No": 9},
    )
    assert certain(told, {"Year": "Upper"}) == {"SEN": "Support", "Late": "No"}
    assert certain(told, {"Year": "Lower"}) == {"SEN": "None", "Late": "No"}


def test_figures_that_cannot_be_are_told() -> None:
    with pytest.raises(ContradictionError):
        Attack([release(5, {"SEN=None": 3, "SEN=Support": 3})])
    with pytest.raises(ContradictionError):
        certain(release(5, {"Year=Lower": 0, "Year=Upper+SEN=None": None}), {"Year": "Lower"})
    unsaid = release_of([Table("Table 1. SEN", ("SEN", "Children"), (("None", "c"),))])
    with pytest.raises(ValueError, match="not printed"):
        Attack([unsaid])
    assert Attack([unsaid], children=[4]).interval({"SEN": "None"}) == (4, 4)


# --- more releases ---------------------------------------------------------------------------

HALF = {"Late=Yes": 6, "Late=No": 6}


def test_a_joiner_shows_in_the_difference() -> None:
    attack = Attack([release(12, HALF), release(13, {"Late=Yes": 7, "Late=No": 6})], [Step(1)])
    assert attack.certain_mover(Mover(0, "joiner", {"Year": "Lower"})) == {"Late": "Yes"}


def test_a_leaver_shows_in_the_difference() -> None:
    attack = Attack([release(12, HALF), release(11, {"Late=Yes": 6, "Late=No": 5})], [Step(0, 1)])
    assert attack.certain_mover(Mover(0, "leaver", {"Year": "Lower"})) == {"Late": "No"}


def test_a_change_shows_on_both_sides() -> None:
    changed = {frozenset({"Late"}): 1}
    attack = Attack(
        [release(12, HALF), release(12, {"Late=Yes": 7, "Late=No": 5})], [Step(changed=changed)]
    )
    assert attack.certain_mover(Mover(0, "before change", {"Year": "Lower"})) == {"Late": "No"}
    assert attack.certain_mover(Mover(0, "after change", {"Year": "Lower"})) == {"Late": "Yes"}


def test_who_changes_does_change() -> None:
    """One change and the same figures cannot be; two may be there and back."""
    one, two = (Step(changed={frozenset({"Late"}): many}) for many in (1, 2))
    with pytest.raises(ContradictionError):
        Attack([release(12, HALF)] * 2, [one])
    attack = Attack([release(12, HALF)] * 2, [two])
    assert attack.certain_mover(Mover(0, "before change", {"Year": "Lower"})) == {}
    known = Mover(0, "after change", {"Year": "Lower"}, {"Late": "Yes"})
    assert attack.certain_mover(known) == {}


def test_the_other_side_of_a_change_may_be_known() -> None:
    """Of three kinds of SEN one change went from None, so to Support or to a plan."""
    before = release(9, {"SEN=None": 5, "SEN=Support": None, "SEN=A plan": None})
    after = release(9, {"SEN=None": 4, "SEN=Support": None, "SEN=A plan": None})
    attack = Attack([before, after], [Step(changed={frozenset({"SEN"}): 1})])
    mover = Mover(0, "after change", {})
    assert attack.possible_mover(mover, "SEN") == ("Support", "A plan")
    assert attack.certain_mover(Mover(0, "before change", {})) == {"SEN": "None"}
    with pytest.raises(ContradictionError):
        attack.possible_mover(Mover(0, "after change", {}, {"SEN": "Support"}), "SEN")


def test_hiding_a_pair_tells_nothing_of_the_joiner() -> None:
    shut = {"Late=Yes": None, "Late=No": None}
    attack = Attack([release(12, shut), release(13, shut)], [Step(1)])
    assert attack.certain_mover(Mover(0, "joiner", {"Year": "Lower"})) == {}
    assert attack.narrow() == []


def test_a_count_shown_later_tells_of_an_earlier_one() -> None:
    """Twelve, one joined, one left: a count that is 5 later was from 4 to 6."""
    shut = {"Late=Yes": None, "Late=No": None}
    later = release(12, {"Late=Yes": 5, "Late=No": 7})
    attack = Attack([release(12, shut), later], [Step(1, 1)])
    assert attack.values({"Late": "Yes"}, at=0) == (4, 5, 6)
    narrowest = attack.narrowest()
    assert narrowest is not None
    assert (narrowest.at, narrowest.values) == (0, (4, 5, 6))


def test_a_chain_adds_up_what_no_pair_tells() -> None:
    """First and last are shown, the middle is not: two joined in all, both late."""
    first, last = release(12, HALF), release(14, {"Late=Yes": 8, "Late=No": 6})
    shut = release(13, {"Late=Yes": None, "Late=No": None})
    attack = Attack([first, shut, last], [Step(1), Step(1)])
    movers = [Mover(0, "joiner", {}), Mover(1, "joiner", {})]
    assert attack.certain_movers(movers) == [{"Late": "Yes"}, {"Late": "Yes"}]
    assert attack.interval({"Late": "Yes"}, at=1) == (7, 7)
    open_end = release(14, {"Late=Yes": None, "Late=No": None})
    attack = Attack([first, shut, open_end], [Step(1), Step(1)])
    assert attack.certain_movers(movers) == [{}, {}]


def test_an_insider_who_joined_tells_of_the_other_joiner() -> None:
    attack = Attack([release(12, HALF), release(14, {"Late=Yes": 7, "Late=No": 7})], [Step(2)])
    me = {"Year": "Lower", "SEN": "None", "Late": "No"}
    mover = Mover(0, "joiner", {"Year": "Lower"})
    assert attack.certain_mover(mover) == {}
    assert attack.certain_mover(mover, insider=[None, me]) == {"Late": "Yes"}


def test_an_insider_who_changed_leaves_a_change_for_the_other() -> None:
    """Two changed, and all that shows is one from None to Support: by way of a plan, then."""
    before = release(12, {"SEN=None": 5, "SEN=Support": 4, "SEN=A plan": 3})
    after = release(12, {"SEN=None": 4, "SEN=Support": 5, "SEN=A plan": 3})
    attack = Attack([before, after], [Step(changed={frozenset({"SEN"}): 2})])
    me = {"Year": "Lower", "SEN": "None", "Late": "No"}
    mover = Mover(0, "before change", {})
    assert attack.certain_mover(mover) == {}
    to_plan = [me, {**me, "SEN": "A plan"}]
    assert attack.certain_mover(mover, to_plan) == {"SEN": "A plan"}
    with pytest.raises(ContradictionError):
        attack.certain_mover(mover, [me, {**me, "SEN": "Support"}])


def test_components_are_what_any_release_links() -> None:
    one = release(5, {"Year=Lower+SEN=None": None})
    other = release(5, {"Late=No+SEN=None": None})
    assert components([one]) == (frozenset({"Late"}), frozenset({"SEN", "Year"}))
    assert components([one, other]) == (frozenset({"Late", "SEN", "Year"}),)
