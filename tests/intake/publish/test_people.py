"""A load takes the registers of classes together.

Twelve children, three classes of four, one child of each in care; two days of two sessions, so the
whole school has 48 sessions.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest

from intake.map.keep import save_mapping
from intake.problems import IntakeError
from tests.support.registers.read import map_tables
from tests.support.schools.good_exports import GOOD, Files, upn
from tests.support.schools.small_home import SmallHome

ROLL, CARE = "roll.csv", "care_episodes.csv"
CHILDREN = [upn(number) for number in range(1, 13)]
CLASSES = [CHILDREN[:4], CHILDREN[4:8], CHILDREN[8:]]
WEEKS = "select school_days, possible_sessions, authorised_absent_sessions from raw_school_week"


def roll(children: Sequence[str] = CHILDREN, **left: str) -> str:
    """A roll; left: the last day of a child, by UPN.  Each has a birthday of its own."""
    lines = [
        f"{child},Sparrow,Robin {chr(65 + place)},2018-01-{1 + place:02d},F,4,2025-09-01,"
        + left.get(child, "")
        for place, child in enumerate(children)
    ]
    header = "upn,surname,forename,date_of_birth,sex,year_group,entry_date,leaving_date"
    return "\n".join([header, *lines, ""])


def care(*children: str) -> str:
    lines = [f"{child},looked after,2024-05-01,,Ashmere" for child in children]
    return "\n".join(["upn,status,start,end,authority", *lines, ""])


def register(children: Sequence[str], absent: int = 0, days: Sequence[int] = (16, 17)) -> str:
    """Their marks; the first so many are absences."""
    codes = {"AM": "/", "PM": "\\"}
    sessions = [(child, day, half) for child in children for day in days for half in codes]
    lines = [
        f"{child},2026-11-{day},{half},{'I' if place < absent else codes[half]}"
        for place, (child, day, half) in enumerate(sessions)
    ]
    return "\n".join(["upn,date,session,code", *lines, ""])


SCHOOL: Files = {
    **{name: GOOD[name] for name in ("school.csv", "calendar.csv")},
    ROLL: roll(),
    CARE: care(*(children[0] for children in CLASSES)),
}


def write_class(children: Sequence[str]) -> str:
    """A register of a class as a school has it, with one absence."""
    days = ",".join(f"{day} Nov 2026 {half}" for day in (16, 17) for half in ("AM", "PM"))
    rows = [f"{child},A child,{'I' if child == children[0] else '/'},/,/,/" for child in children]
    return "\n".join([f"UPN,Name,{days}", *rows, ""])


@pytest.mark.parametrize("is_own", [True, False])
def test_the_registers_of_all_classes_together_are_the_schools(
    tmp_path: Path, is_own: bool
) -> None:
    """Files of ours, or of the school's own making: 3 absences of 48 sessions."""
    desk = SmallHome(tmp_path)
    desk.load(SCHOOL)
    write = (lambda children: register(children, absent=1)) if is_own else write_class
    files = {f"{name}.csv": write(of) for name, of in zip("345", CLASSES, strict=True)}
    if not is_own:
        for mapping in map_tables({"3.csv": files["3.csv"].encode()})[0]:
            save_mapping(desk.folder, mapping, desk.environ)
    outcome = desk.load(files)
    (account,) = outcome.accounts
    assert (account.name, account.number, account.taken) == ("3.csv and 2 more", 48, 12)
    assert desk.ask(WEEKS) == [(2, 48, 3)]
    assert desk.load(files).version is None, "the same files again"
    with pytest.raises(IntakeError, match=r"3\.csv and 4\.csv are both attendance\.csv"):
        desk.load({**files, "4.csv": write(CLASSES[0])})
