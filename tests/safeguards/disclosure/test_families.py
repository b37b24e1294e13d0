"""What a report may make a statement about."""

import re
from pathlib import Path

import pytest

from queries import reference
from queries.contract import TABLES
from safeguards.disclosure.families import load_attributes, parse_attributes

_HEADER = "family,attribute,groups,has,lacks,many,finest,is_yearly,duty,reasons,table"
_MARTS = Path(reference.__file__).parents[1] / "marts"


def test_each_category_is_one_of_the_reports_own() -> None:
    """Attributes and categories are columns and words of report_child."""
    sql = "".join((_MARTS / f"{name}.sql").read_text() for name in ("report_child", "pupil_health"))
    for attribute in load_attributes():
        assert f"as {attribute.key}" in sql
        assert [each for each in attribute.has | attribute.lacks if f"'{each}'" not in sql] == []
        assert [each for each in attribute.groups if f"'{each}'" not in sql] == []


def test_each_is_read_from_a_table_and_said_of_somebody() -> None:
    """One that the school does without is asked for no more."""
    for attribute in load_attributes():
        assert attribute.table in TABLES
        assert re.match(r"(have|had|are|were|live) ", attribute.many)


def test_absence_is_told_in_sums_alone() -> None:
    """No statement follows from the sessions: no attribute of attendance, and no reason alone."""
    keys = {each.key for each in load_attributes()}
    assert "attendance" not in keys
    labels = set(reference.read("attendance_code")["label"])
    reasons = {each.key: each.reasons for each in load_attributes() if each.reasons}
    assert set(reasons) == {"suspended", "timetable"}
    assert frozenset().union(*reasons.values()) <= labels


def test_a_child_is_counted_by_its_category() -> None:
    """One that nobody knows is not passed over."""
    (plan,) = (each for each in load_attributes() if each.key == "ehcp")
    assert plan.count(["has a plan", "no plan", "asked for", "has a plan"]) == 2
    with pytest.raises(ValueError, match="ehcp has no category 'a new one'"):
        plan.count(["has a plan", "a new one"])
    with pytest.raises(ValueError, match="None"):
        plan.count([None])


@pytest.mark.parametrize(
    "rows",
    [
        ["a,x,g,yes,no,,fifths,false,,,", "b,x,g,yes,no,,fifths,false,,,"],
        ["a,x,g,yes,no,,quarters,false,,,"],
        ["a,x,g,yes,yes;no,,fifths,false,,,"],
    ],
)
def test_a_faulty_row_is_refused(rows: list[str]) -> None:
    """An attribute in two families, an unknown partition, a category that is both."""
    with pytest.raises(ValueError, match=r"families.csv, row \d"):
        parse_attributes([_HEADER, *rows])
