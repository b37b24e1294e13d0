"""Each national format: the same school as by files of our own, and each fault at its place."""

from pathlib import Path

import msgspec
import polars as pl
import pytest

from intake.check.check import CheckResult
from intake.national import layout
from tests.intake.national.formats import (
    CARE,
    FORMATS,
    MARKS,
    ROLL,
    checked,
    list_tables,
    without_register,
    written,
)
from tests.intake.national.planted import (
    inject_planned_faults,
    list_planned_faults,
    plant_and_check,
)

#: What a format does not say of a child, by our file.
_NOT_SAID: dict[str, dict[str, tuple[str, ...]]] = {
    "census": {ROLL: ("class", "preferred_forename", "address", "postcode")},
    "ctf": {ROLL: ("class",)},
}


def rows_of(result: CheckResult, name: str, format_name: str) -> list[tuple[object, ...]]:
    rows = result.accepted_frames[name].drop("row")
    if format_name == "census" and name == ROLL:  # of who has left it does not say this
        is_here = pl.col("leaving_date").is_null()
        rows = rows.with_columns(sen_provision=pl.when(is_here).then("sen_provision"))
    if name == MARKS:  # no closures: a session that nobody marked is none
        rows = rows.filter(pl.col("code") != "#")
    return sorted(rows.drop(_NOT_SAID.get(format_name, {}).get(name, ())).rows(), key=repr)


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_school_comes_of_it_as_of_our_own_files(name: str) -> None:
    """What a load is given is equal, so whatever is worked out of it is too."""
    own, given, authority = written(name)
    before, found = checked(own), checked(given, authority)
    assert (before.problems, found.problems) == ((), ())
    assert sum(len(text) for text in own.values()) > sum(
        len(text) for each, text in given.items() if each in own
    )
    if name == "ssda903":  # what it tells of the year leaves the school's own file
        assert len(given["reviews.csv"]) < len(own["reviews.csv"])
    for file in before.accepted_frames:
        if (name, file) != ("ssda903", "other_numbers.csv"):  # which has the return's own as well
            assert rows_of(found, file, name) == rows_of(before, file, name), file


@pytest.mark.parametrize(
    "text",
    [
        "[tables.a]\nknowm_by = ['b']",
        "[tables.a]\n[[gives]]\ntable = 'a'\nfile = 'roll.csv'\ncolumns = {}\nknowm_by = 1",
        "knowm_by = 'b'\n[tables.a]",
    ],
)
def test_a_layout_with_a_word_that_none_has_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """A rule that is mistyped is not left out in silence."""
    monkeypatch.setattr(layout, "files", lambda _: tmp_path)
    (tmp_path / "odd.toml").write_text(f"title = 'odd'\n{text}")
    with pytest.raises(msgspec.ValidationError, match="unknown field `knowm_by`"):
        layout.load_layout("odd")


#: Of the return's tables one without days.
_UNUSED = "ssda903_oc2.csv"


@pytest.mark.parametrize("name", FORMATS)
def test_each_planted_fault_is_told_at_its_place(name: str) -> None:
    """In a table at its row, in XML at its element; none refuses a file of the school's."""
    every = list_planned_faults(name)
    assert len(every) >= 35
    planned = [each for each in every if each.table != _UNUSED]
    authority = written(name)[2]

    def check(files: dict[str, str]) -> CheckResult:
        found = checked(files, authority)
        missing = {problem.file for problem in found.problems if not problem.row}
        # of a child whose number on its roll nobody can read, our own files name nobody
        gives_roll = name in ("ctf", "census")
        assert found.refused_files <= missing or gives_roll
        return found

    files = without_register(name)
    if name == "ctf":
        kept = ("school.csv", "calendar.csv", CARE)
        files = {each: text for each, text in files.items() if each in kept or "CTF" in each}
    plant_and_check(files, planned, check, list_tables(name))


def test_a_table_that_no_page_uses_refuses_nothing() -> None:
    planned = [each for each in list_planned_faults("ssda903") if each.table == _UNUSED]
    spoilt, planted = inject_planned_faults(without_register("ssda903"), planned)
    assert planted
    found = checked(spoilt, written("ssda903")[2])
    assert found.problems == ()
    assert any("ignored, since no page uses it: OC2" in note for note in found.notes)
