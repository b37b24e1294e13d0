"""A category that nobody has heard of: its rows are enough.

It is put into a copy of the rooms, whose every other file is as it was, and goes by commands
and pages all the way that a child's data can go.
"""

import csv
import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from dashboard.text import words
from queries.contract import ROLL
from safeguards.keys.passphrase import DEMO_PASSPHRASE
from tests.support.schools.good_exports import ANN, GOOD, upn, write

ROOT = Path(__file__).parents[3]
ROOMS = ("queries", "safeguards", "intake", "stewardship", "synthetic", "dashboard", "cli")
DAN = upn(4)

_FILE = """
[clubs.file]
name = "clubs.csv"
grain = "One row for each day at a club."
key = ["upn", "date"]

[clubs.table]
name = "raw_club"
key = ["pupil_key", "club_date"]
day = "club_date"
"""
_CATEGORY = (
    "clubs,care,,Day at a club,Clubs,true,,,voluntary,which clubs you go to,Said by the child,,,,"
    "school record,own authority\n"
)
_COLUMNS = """\
clubs.csv,date,date,,,The day.,,,,,,,,,,
clubs.csv,kind,code,,,Which club.,chess|choir,,,,,,,,,
clubs.csv,minutes,whole number?,0..600,Made up: ten hours.,How long.,,,,,,,,,,
"""
_PAGE = """
from pathlib import Path
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash
from dashboard.ui import lists
from safeguards.access import access
session = access.open(Path({home!r}), purpose="t", actor="t", role="dsl")
found = session.read("select pupil_id from cohort_member where handle = {handle!r}").item()
app = AppTest.from_file("dashboard/app.py", default_timeout=60)
app.query_params[lists.ADDRESS] = session.get_address(found)
app.run()
app._page_hash = calc_hash("child")
app.run()
assert not app.exception, app.exception
records = app.button_group(key="records")
records.set_value(records.options).run()
print([header.value for header in app.header])
print([html.value for html in app.get("html") if "listing" in html.value])
"""


_TYPE = """
from pathlib import Path
from intake.publish.entries import add_fact
from safeguards.access import access
session = access.open(Path({home!r}), purpose="t", actor="t", role="dsl")
values = dict(date="2026-11-18", kind="chess")
told = dict(handle={handle!r}, file="clubs.csv", where_written="letter of the club")
print(add_fact(session, values=values, **told).entry_id)
"""

_DEED = """
from datetime import UTC, datetime
from pathlib import Path
from safeguards.access import access
from safeguards.keys.keys import Keys
from stewardship.packets import draft
from stewardship.registers.requests import get_pupil_record
from stewardship.rights import erase, restrict
s = access.open(Path({home!r}), purpose="rights", actor="t", role="dsl")
now = datetime.now(UTC)
"""
_WRITE = "Path({out!r}).write_bytes(draft.make_draft(s, {handle!r}, now))"
_RESTRICT = "restrict.set_flag(s, {handle!r}, 'restriction', in_force=True, now=now)"
_ERASE = """
home, keys = s.home, Keys.load(s.home)
child = get_pupil_record(home, keys, {handle!r})
erase.erase_pupils(home, keys, [child], why="request", now=now, actor="t", role="dsl")
"""


class House:
    """A copy of the rooms with the category in it, and a home in which it is used."""

    def __init__(self, root: Path) -> None:
        self.root, self.home, self.work = root / "rooms", root / "home", root / "work"
        self.work.mkdir()
        for room in ROOMS:
            shutil.copytree(
                ROOT / room, self.root / room, ignore=shutil.ignore_patterns("__pycache__")
            )
        contract = self.root / "queries" / "contract"
        tables = {"files.toml": _FILE, "columns.csv": _COLUMNS, "categories.csv": _CATEGORY}
        for table, rows in tables.items():
            with (contract / table).open("a") as file:
                file.write(rows)

    def run(self, *arguments: object, given: str = "") -> str:
        """What a process of the copy says; it must end well."""
        done = subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=self.root,
            env={
                **{key: text for key, text in os.environ.items() if not key.startswith("LAC_")},
                "PYTHONPATH": str(self.root),
                "LAC_KEYS": str(self.home.with_name("keys")),
                "LAC_HOME": str(self.home),
                "LAC_ROLE": "dsl",
            },
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def lac(self, *arguments: object, given: str = "") -> str:
        """What a command on the home says."""
        return self.run("-m", "cli.main", *arguments, "--home", self.home, given=given)

    def do(self, deed: str, **given: str) -> None:
        """What the page Requests does with a session of the safeguarding lead."""
        self.run("-c", _DEED.format(home=str(self.home)) + deed.format(**given))

    def rows(self, home: Path | None = None) -> list[dict[str, str]]:
        """The mart of the category."""
        said = self.run(
            *("-m", "cli.main", "sql", "from pupil_club order by handle, club_date"),
            *("--home", home or self.home),
        )
        return list(csv.DictReader(io.StringIO(said)))

    def load(self, clubs: str, roll: str = GOOD[ROLL.name]) -> None:
        folder = self.work / "exports"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        care = GOOD["care_episodes.csv"] + f"{DAN},in need,2023-05-01,,2024-05-01,,,\n"
        write({**GOOD, ROLL.name: roll, "care_episodes.csv": care}, folder)
        (folder / "clubs.csv").write_text(clubs)
        assert "Loaded" in self.lac("load", folder)


@pytest.mark.slow
def test_its_rows_are_enough(tmp_path: Path) -> None:
    """File, sheet, form, page, bundle, share, backup, retention, restriction and erasure."""
    house = House(tmp_path)
    ann = bring_in(house)
    take_out(house, ann)
    (house.work / "disk").mkdir()
    house.lac("backup", "--to", house.work / "disk")
    assert len(house.rows()) == 4
    end(house, ann)
    (backup,) = (house.work / "disk").iterdir()
    again = tmp_path / "again"
    house.run("-m", "cli.main", "restore", backup, "--home", again, "--older")
    assert house.rows(again) == []  # erased again, by the ledger


def bring_in(house: House) -> str:
    """From CSV, from a sheet by handle and from a letter; Ann's handle."""
    roll = GOOD[ROLL.name] + f"{DAN},Low,Dan,,01/03/2016,M,3,,01/09/2022,19/07/2024,,,\n"
    house.load(f"upn,date,kind,minutes\n{ANN},2026-11-16,chess,40\n{DAN},2024-05-02,choir,\n", roll)
    dan, first = sorted(house.rows(), key=lambda row: row["club_date"])
    assert (first["kind"], first["minutes"], dan["minutes"]) == ("chess", "40", "")
    ann = first["handle"]

    sheet = house.work / "sheet.xlsx"
    house.lac("template", "--out", sheet)
    book = openpyxl.load_workbook(sheet)
    book["clubs"].append([ann, "2026-11-17", "choir", 30])
    folder = house.work / "more"
    folder.mkdir()
    book.save(folder / "sheet.xlsx")
    write({**GOOD, ROLL.name: roll}, folder)
    house.lac("load", folder)

    house.run("-c", _TYPE.format(home=str(house.home), handle=ann))
    days = [row["club_date"] for row in house.rows() if row["handle"] == ann]
    assert days == ["2026-11-16", "2026-11-17", "2026-11-18"]
    return ann


def take_out(house: House, ann: str) -> None:
    """The child's page in words, what is held, and what a recipient may have of it."""
    shown = house.run("-c", _PAGE.format(home=str(house.home), handle=ann))
    assert "'Clubs'" in shown
    assert "choir" in shown
    assert words.NOTHING in shown

    house.do(_WRITE, handle=ann, out=str(house.work / "held.zip"))
    assert read_csv(house.work / "held.zip", "csv/raw_club.csv")[0]["kind"] == "chess"
    assert "which clubs you go to" in read_text(house.work / "held.zip", "for-the-child.html")
    for name, kind in (("Council", "own authority"), ("Nurse", "school nurse")):
        house.lac("share", "add", name, "--kind", kind)
        house.lac(
            *("share", "child", ann, "--to", name, "--out", house.work / f"{name}.zip"),
            *("--purpose", "A meeting about her week", "--ground", "public task"),
            *("--passphrase-fd", "0"),
            given=f"{DEMO_PASSPHRASE}\n",
        )
    assert len(read_csv(house.work / "Council.zip", "csv/raw_club.csv")) == 3
    with zipfile.ZipFile(house.work / "Nurse.zip") as archive:
        assert "csv/raw_club.csv" not in archive.namelist()


def end(house: House, ann: str) -> None:
    """Whoever left in 2024 goes by the schedule, Ann is restricted and then erased."""
    house.lac("retention", "run", given="delete 1\n")
    assert {row["handle"] for row in house.rows()} == {ann}
    house.do(_RESTRICT, handle=ann)
    seen = (
        "from pathlib import Path; from safeguards.access import access;"
        f"s = access.open(Path({str(house.home)!r}), purpose='t', actor='t', role='teacher');"
        "print(s.read('from pupil_club').height)"
    )
    assert house.run("-c", seen).strip() == "0"
    house.do(_ERASE, handle=ann)
    assert house.rows() == []


@pytest.mark.slow
def test_a_fault_in_it_is_found_and_named(tmp_path: Path) -> None:
    """As in any file, by the same rules."""
    house = House(tmp_path)
    folder = house.work / "exports"
    folder.mkdir()
    write(GOOD, folder)
    rows = (f"{ANN},2026-11-16,darts,40", f"{ANN},2026-11-31,chess,", f"{ANN},,chess,x")
    (folder / "clubs.csv").write_text("\n".join(["upn,date,kind,minutes", *rows, ""]))
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", "check", str(folder)],
        cwd=house.root,
        env={**os.environ, "PYTHONPATH": str(house.root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    for place in ('row 2, column "kind"', 'row 3, column "date"', 'row 4, column "minutes"'):
        assert f"clubs.csv, {place}" in done.stdout


def read_text(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode("utf-8")


def read_csv(path: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(read_text(path, name))))
