"""What a load would change is told before it, and is what the load then does."""

from datetime import date
from pathlib import Path

import pytest

from intake.publish.load import load_exports
from intake.publish.preview import FileChange, Preview, preview_load
from safeguards.home.home import create_demo
from safeguards.keys.keys import Keys
from tests.intake.publish.test_load import NOW
from tests.support.schools.good_exports import CAT, GOOD, Files, with_cell, with_line, without
from tests.support.schools.homes import keys_at

SDQ = "sdq.csv"


class Desk:
    """A home, and files that somebody brings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environ = keys_at(folder)
        Keys.create(create_demo(folder), self.environ)

    def preview(self, files: Files) -> Preview:
        coming = {name: text.encode() for name, text in files.items()}
        return preview_load(coming, self.folder, now=NOW, environ=self.environ)

    def load(self, files: Files) -> None:
        coming = {name: text.encode() for name, text in files.items()}
        load_exports(coming, self.folder, now=NOW, environ=self.environ)

    def read_bytes(self) -> dict[Path, bytes]:
        paths = [path for path in self.folder.rglob("*") if path.is_file()]
        return {path: path.read_bytes() for path in paths}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "home")


def changes(found: Preview) -> dict[str, tuple[int, int, int]]:
    counts = {each.file: (each.new, each.changed, each.no_longer_there) for each in found.changes}
    return {name: each for name, each in counts.items() if any(each)}


def test_a_first_load_is_all_new_and_nothing_is_written(desk: Desk) -> None:
    before = desk.read_bytes()
    found = desk.preview(GOOD)
    assert desk.read_bytes() == before
    assert (found.children_new, found.children_left, found.why_not) == (3, 0, "")
    assert (found.earlier_until, found.data_until) == (None, date(2026, 11, 18))
    assert FileChange("attendance.csv", 25, 0, 0) in found.changes


def test_the_same_again_changes_nothing(desk: Desk) -> None:
    desk.load(GOOD)
    found = desk.preview(GOOD)
    assert (changes(found), found.children_new, found.problems) == ({}, 0, ())


def test_rows_that_are_new_changed_and_gone_are_counted(desk: Desk) -> None:
    desk.load(GOOD)
    coming = with_cell(SDQ, 2, "date", "2026-09-20")  # a key: the row as it was is gone
    found = desk.preview(with_cell("attendance.csv", 2, "code", "I", coming))
    assert changes(found) == {"attendance.csv": (0, 1, 0), SDQ: (1, 0, 1)}


def test_what_is_missing_is_said_only_where_the_home_lacks_it(desk: Desk) -> None:
    files = without("calendar.csv")
    assert desk.preview(files).why_not == "Nothing can be loaded without calendar.csv."
    desk.load(GOOD)
    assert desk.preview(files).problems == ()
    no_roll = desk.preview(without("roll.csv"))
    assert no_roll.why_not == "Nothing can be loaded without roll.csv."
    assert [each.file for each in no_roll.problems] == ["roll.csv"]


def test_a_child_who_left_is_counted(desk: Desk) -> None:
    desk.load(GOOD)
    fewer = {
        name: "".join(f"{line}\n" for line in text.splitlines() if not line.startswith(CAT))
        for name, text in GOOD.items()
    }
    assert desk.preview(fewer).children_left == 1
    assert desk.preview(with_line(SDQ, 2, "x", GOOD)).problems[0].shown_file == SDQ
