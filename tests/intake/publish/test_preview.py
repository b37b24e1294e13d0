"""What a load would change is told before it, and nothing is written."""

from datetime import date
from pathlib import Path

import pytest

from intake.check.check import NONE_KNOWN
from intake.publish.load import Load
from intake.publish.merge import FileChange
from intake.publish.preview import Preview, preview_load
from safeguards.home.home import create_demo
from safeguards.keys.keys import Keys
from tests.support.schools.good_exports import CAT, GOOD, Files, with_cell, with_line, without
from tests.support.schools.small_home import NOW, SmallHome

SDQ = "sdq.csv"


@pytest.fixture
def desk(tmp_path: Path) -> SmallHome:
    made = SmallHome(tmp_path)
    made.load()
    return made


def preview(desk: SmallHome, files: Files) -> Preview:
    """What a load of these files would do; the home stays as it is."""
    before = read_bytes(desk)
    coming = {name: text.encode() for name, text in files.items()}
    found = preview_load(Load(desk.folder, NOW, environ=desk.environ), coming)
    assert read_bytes(desk) == before
    return found


def read_bytes(desk: SmallHome) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()}


def changes(found: Preview) -> dict[str, tuple[int, int, int]]:
    counts = {each.file: (each.new, each.changed, each.no_longer_there) for each in found.changes}
    return {name: each for name, each in counts.items() if any(each)}


def test_before_a_first_load_all_is_new(tmp_path: Path) -> None:
    desk = SmallHome(tmp_path)
    Keys.create(create_demo(desk.folder), desk.environ)
    found = preview(desk, GOOD)
    assert (found.children_new, found.children_left, found.why_not) == (3, 0, "")
    assert (found.earlier_until, found.data_until) == (None, date(2026, 11, 18))
    assert FileChange("attendance.csv", 25, 0, 0, 0) in found.changes
    lacking = preview(desk, without("calendar.csv"))
    assert lacking.why_not == "Nothing can be loaded without calendar.csv."


def test_rows_that_are_new_changed_and_gone_are_counted(desk: SmallHome) -> None:
    same = preview(desk, GOOD)
    assert (changes(same), same.children_new, same.problems) == ({}, 0, ())
    coming = with_cell(SDQ, 2, "date", "2026-09-20")  # a key: the row as it was is gone
    found = preview(desk, with_cell("attendance.csv", 2, "code", "I", coming))
    assert changes(found) == {"attendance.csv": (0, 1, 0), SDQ: (1, 0, 1)}


def test_nothing_is_offered_where_no_file_is_known(desk: SmallHome) -> None:
    found = preview(desk, {"5E.csv": f"UPN,16/11/2026 AM\n{CAT},/\n"})
    assert (found.why_not, found.changes) == (NONE_KNOWN, ())


def test_nothing_is_loaded_where_every_file_has_a_fault(desk: SmallHome) -> None:
    """No version is made, and the page and the command say why."""
    terms = {"terms.csv": "kind,first_day,last_day\nterm,01/09/2027,01/08/2027\n"}
    why_not = "Nothing can be loaded: every file has a fault."
    assert preview(desk, terms).why_not == why_not
    outcome = desk.load(terms)
    assert (outcome.version, outcome.why_not) == (None, why_not)
    assert [each.refused for each in outcome.accounts] == [1]


def test_a_child_who_left_is_counted_and_a_fault_is_told(desk: SmallHome) -> None:
    fewer = {
        name: "".join(f"{line}\n" for line in text.splitlines() if not line.startswith(CAT))
        for name, text in GOOD.items()
    }
    assert preview(desk, fewer).children_left == 1
    assert preview(desk, with_line(SDQ, 2, "x", GOOD)).problems[0].shown_file == SDQ
