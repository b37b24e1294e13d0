"""From two exports of a system that was never seen to Today: at most eight answers."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dashboard.bring_in import changes
from dashboard.bring_in import desk as desks
from dashboard.bring_in.desk import Desk
from intake.map.propose import Question
from safeguards.home.home import create_demo
from safeguards.keys.keys import Keys
from tests.support.registers.layouts import CHILDREN, LAYOUTS, Layout, build_register
from tests.support.registers.read import is_readable, list_truth, write_register
from tests.support.schools.homes import keys_at
from tests.support.schools.small_home import SmallHome
from tests.support.sizes import Count, size

_MOST_ANSWERS = 8
_SCHOOL = CHILDREN[:12]
_CARED = CHILDREN[:4]
_BORN, _CAME = date(2017, 5, 14), date(2022, 9, 25)
#: Of each system: the names of the columns of its roll, and what stands in them.  Each is as far
#: from ours as what is public of it; the last five are nobody's.
_NUMBER, _BOTH, _FAMILY, _GIVEN = "{0}", "Made{1}, Up", "Made{1}", "Up"
ROLLS: dict[str, dict[str, str]] = {
    "SIMS": {
        "UPN": _NUMBER, "Legal Surname": _FAMILY, "Legal Forename": _GIVEN, "DOB": "{2:%d/%m/%Y}",
        "Gender": "F", "NC Yr": "4", "Reg Group": "4A", "DOA": "{3:%d/%m/%Y}", "DOL": "",
    },
    "Arbor": {
        "UPN": _NUMBER, "Last name": _FAMILY, "First name": _GIVEN, "Sex": "Female",
        "Date of birth": "{2.day} {2:%b %Y}", "Year group": "Year 4", "Form": "4A",
        "Date joined": "{3.day} {3:%b %Y}", "Date left": "",
    },
    "Bromcom": {
        "Full Name": _BOTH, "UPN": _NUMBER, "Gender": "Girl", "Date Of Birth": "{2:%d/%m/%Y}",
        "Year": "4", "Tutor Group": "4A", "Admission Date": "{3:%d/%m/%Y}", "Leaving Date": "",
    },
    "ScholarPack": {
        "Surname": _FAMILY, "Forename": _GIVEN, "Unique Pupil Number": _NUMBER, "Gender": "F",
        "Birth date": "{2:%d-%b-%Y}", "National Curriculum year": "4", "Class": "4A",
        "Start date": "{3:%d-%b-%Y}", "End date": "",
    },
    "Pupil Asset": {
        "Pupil": _BOTH, "UPN": _NUMBER, "DoB": "{2:%Y-%m-%d}", "Gender": "Female",
        "NC Year": "4", "Joined": "{3:%Y-%m-%d}", "Left": "",
    },
    "a list by hand": {
        "Child": _BOTH, "Number": _NUMBER, "Born": "{2:%d/%m/%Y}", "Boy/Girl": "G", "Yr": "4",
        "Came": "{3:%d/%m/%Y}", "Went": "",
    },
    "figures for the sex": {
        "Pupil UPN": _NUMBER, "Family name": _FAMILY, "Given name": _GIVEN, "Gender": "2",
        "D.O.B.": "{2:%d/%m/%y}", "Year group": "Y4", "Entry date": "{3:%d/%m/%y}",
        "Exit date": "",
    },
    "a system from elsewhere": {
        "learner_id": _NUMBER, "last_name": _FAMILY, "first_name": _GIVEN, "gender": "female",
        "birthdate": "{2:%Y-%m-%d}", "grade": "4", "enrolled_on": "{3:%Y-%m-%d}",
        "withdrawn_on": "",
    },
    "a census of the office": {
        "UPN": _NUMBER, "Surname": _FAMILY, "Forename": _GIVEN, "Preferred": "", "Sex": "F",
        "DOB": "{2:%d.%m.%Y}", "Actual NC Year": "4", "Date of entry": "{3:%d.%m.%Y}",
        "Date of leaving": "", "Address": "", "Postcode": "",
    },
    "an app for registers": {
        "Name": _BOTH, "UPN number": _NUMBER, "Date of Birth": "{2:%d %B %Y}", "Sex": "Girl",
        "Year group": "4", "Start": "{3:%d %B %Y}", "Finish": "",
    },
}  # fmt: skip
#: What the office answers, whichever of them a table leaves open.
_RIGHT = (
    *("Came", "Start", "grade", "enrolled_on", "Actual NC Year"),
    *("surname, forename", "F", "2026"),
)
_TERMS = "term, 07/09/2026, 23/10/2026\nterm, 02/11/2026, 18/12/2026"
_CARE = "\n".join(f"{child}, looked after, unknown, Ashmere" for child in _CARED)
#: The school's number, name and ages, its terms, and who is in care.
_TYPED = 5
_FEW_DAYS = 20


def list_registers() -> list[Layout]:
    """Two of each system, of the length that a first one has."""
    few = [each for each in LAYOUTS if each.days <= _FEW_DAYS and is_readable(each)]
    systems = dict.fromkeys(each.system for each in few)
    return [each for name in systems for each in [one for one in few if one.system == name][:2]]


def test_from_two_exports_to_today_there_are_few_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: Count
) -> None:
    """By the page's own functions; the marks of who is shown are those of the register.

    The control is an office that answers nothing but what it must type.
    """
    monkeypatch.setattr(desks, "get_utc_now", lambda: datetime(2026, 12, 1, 7, tzinfo=UTC))
    asked = []
    for number, name in enumerate([*ROLLS][: size("registers.starts")]):
        (tmp_path / name).mkdir()
        monkeypatch.setenv("LAC_KEYS", keys_at(tmp_path / name / "home")["LAC_KEYS"])
        asked.append(walk(tmp_path / name, ROLLS[name], list_registers()[number]))
    too_many = [each for each in asked if each + _TYPED > _MOST_ANSWERS]
    count("starts", len(asked), len(too_many), sum(map(bool, asked)))
    assert too_many == []


def walk(folder: Path, columns: dict[str, str], layout: Layout) -> int:
    """From an empty home to Today; how much was asked of the two exports."""
    home, made = SmallHome(folder), build_register(layout, _SCHOOL)
    Keys.create(create_demo(home.folder), home.environ)
    desk = Desk(home.home, "Office", "manager", None)
    files = {**write_register(made), "pupils.csv": write_roll(columns)}
    answers: dict[str, str] = {}
    while tables := desk.list_own_tables(files, answers):
        table = tables[0]
        assert table.proposal.mapping is not None, table.proposal.why_not
        if table.proposal.questions:
            question = table.proposal.questions[0]
            answers[f"{table.name}|{question.key}"] = answer(question, columns)
        else:
            desk.keep_mapping(table)
    school = ["0019999", "Made-up Junior School", "junior"]
    typed = {"terms.csv": _TERMS, "care_episodes.csv": _CARE}
    files |= changes.build_typed_files(school, typed, desk.today)
    found = desk.preview(files, "")
    assert (found.why_not, [each.problem for each in found.problems][:3]) == ("", []), answers
    desk.load(files, "", lambda _: None)
    cared = [mark for mark in list_truth(made) if mark[0] in _CARED]
    assert home.ask("select count(*) from raw_mark") == [(len(cared),)]
    assert home.ask("select count(*) from cohort_member", "2026-12-01") == [(len(_CARED),)]
    return len(answers)


def answer(question: Question, columns: dict[str, str]) -> str:
    """The right answer, as far as the table is the roll."""
    if question.key == "date_form":
        is_short = any("%y" in each for each in columns.values())
        return "day first, two figures of the year" if is_short else "day first"
    return next(each for each in _RIGHT if each in (question.choices or _RIGHT[-1:]))


def write_roll(columns: dict[str, str]) -> bytes:
    """A roll under these names, with what stands in each column."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for number, child in enumerate(_SCHOOL):
        who = (child, chr(65 + number), _BORN.replace(day=number + 8), _CAME)
        writer.writerow([each.format(*who) for each in columns.values()])
    return out.getvalue().encode()
