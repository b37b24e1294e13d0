"""A load compares people: numbers not on the roll, a new UPN, and the registers of classes.

Twelve children, three classes of four, one child of each in care; two days of two sessions, so the
whole school has 48 sessions.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest

from intake.map.keep import save_mapping
from intake.problems import IntakeError
from intake.publish.load import Load
from intake.publish.preview import preview_load
from tests.support.registers.read import map_tables
from tests.support.schools.good_exports import GOOD, Files, upn
from tests.support.schools.small_home import NOW, SmallHome

MARKS, ROLL, CARE, NUMBERS = (
    "attendance.csv", "roll.csv", "care_episodes.csv", "other_numbers.csv"
)  # fmt: skip
CHILDREN = [upn(number) for number in range(1, 13)]
CLASSES = [CHILDREN[:4], CHILDREN[4:8], CHILDREN[8:]]
STRANGERS = [upn(number) for number in range(91, 94)]
WEEKS = "select school_days, possible_sessions, authorised_absent_sessions from raw_school_week"
NOT_ON_ROLL = "not on the roll. If a child is new, load a new roll. If a child's UPN has changed, "
NOT_ON_ROLL += "put the old one into other_numbers.csv."
OF_A_CLASS = (
    "8 children on roll are not in it, so the whole school's figures are not taken from it. For "
    "those, load the registers of all classes together."
)


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


@pytest.fixture
def desk(tmp_path: Path) -> SmallHome:
    """A school whose whole register was loaded with 3 absences."""
    made = SmallHome(tmp_path)
    made.load({**SCHOOL, MARKS: register(CHILDREN, absent=3)})
    assert made.ask(WEEKS) == [(2, 48, 3)]
    return made


def preview(desk: SmallHome, files: Files) -> tuple[tuple[str, ...], list[str]]:
    """What `lac check` and the page say: of the register, and which rows are doubtful."""
    load = Load(desk.folder, NOW, environ=desk.environ)
    found = preview_load(load, desk.write(files))
    return found.lacks, [each.fault for each in found.doubts]


# Numbers that are not on the roll


@pytest.mark.parametrize("beside", [{}, {ROLL: SCHOOL[ROLL], CARE: SCHOOL[CARE]}])
def test_numbers_that_are_not_on_the_roll_are_counted_by_person(
    desk: SmallHome, beside: Files
) -> None:
    """Three are not, with four marks each; beside a roll so many faults refuse the register."""
    files = {**beside, MARKS: register([*CHILDREN, *STRANGERS])}
    said = f"{MARKS}: 3 numbers in the register are {NOT_ON_ROLL}"
    assert preview(desk, files)[0][0] == said
    outcome = desk.load(files)
    assert outcome.lacks[0] == said
    assert outcome.refused_files == ((MARKS,) if beside else ())


def test_a_changed_number_is_not_on_the_roll_and_its_child_is_lacking(desk: SmallHome) -> None:
    """As many children as on the roll; the week of the whole school stays."""
    changed = [STRANGERS[0], *CHILDREN[1:]]
    assert desk.load({MARKS: register(changed, absent=9)}).lacks[::2] == (
        f"{MARKS}: 1 number in the register is {NOT_ON_ROLL}",
        f"{MARKS}: {OF_A_CLASS.replace('8 children on roll are', '1 child on roll is')}",
    )
    assert desk.ask(WEEKS) == [(2, 48, 3)]


def test_a_register_of_those_on_the_roll_has_no_stranger(desk: SmallHome) -> None:
    """Also of a child who was on the roll and has left."""
    left = roll(**{CHILDREN[3]: "2026-11-16"})
    desk.load({ROLL: left, CARE: SCHOOL[CARE]})
    lacks = desk.load({MARKS: register(CHILDREN, absent=1)}).lacks
    assert not any("not on the roll" in each for each in lacks)


# One left and one joined


def test_a_new_number_with_the_birthday_of_one_who_is_gone_is_asked_about(desk: SmallHome) -> None:
    """It comes in the place of the old one, which the new roll does not name."""
    new = {ROLL: roll([STRANGERS[0], *CHILDREN[1:]]), CARE: care(STRANGERS[0])}
    assert preview(desk, new)[1] == ["the same child"]
    told = desk.load(new).doubts
    assert [(each.file, each.row, each.column) for each in told] == [(ROLL, 2, "upn")]
    assert desk.load(new | {MARKS: register(CHILDREN[1:])}).doubts == ()


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(
            {
                ROLL: roll([STRANGERS[0], *CHILDREN[1:]]),
                CARE: care(STRANGERS[0]),
                NUMBERS: "upn,former_upn,authority,authority_child_id\n"
                f"{STRANGERS[0]},{CHILDREN[0]},,\n",
            },
            id="other_numbers says so",
        ),
        pytest.param(
            {ROLL: roll([STRANGERS[0], *CHILDREN[1:]]).replace("2018-01-01", "2018-01-21")},
            id="another birthday",
        ),
        pytest.param(
            {ROLL: roll([*CHILDREN, STRANGERS[0]]).replace("2018-01-13", "2018-01-01")},
            id="a child with that birthday is still there",
        ),
    ],
)
def test_any_other_newcomer_is_not_asked_about(desk: SmallHome, files: Files) -> None:
    coming = {CARE: SCHOOL[CARE].replace(f"{CHILDREN[0]},looked after,2024-05-01,,Ashmere\n", "")}
    coming |= files
    assert preview(desk, coming)[1] == []
    outcome = desk.load(coming)
    assert (outcome.problems, outcome.doubts) == ((), ())


# The registers of classes


def test_a_corrected_register_of_a_class_leaves_the_schools_week(desk: SmallHome) -> None:
    """The child in care has 4 absences in place of 3; the school's 3 do not become 10."""
    (child,) = {desk.find(CLASSES[0][0]).pupil_id}
    absent = f"""
        select count(*) from raw_mark join raw_pupil using (pupil_key)
        where pupil_id = '{child}' and code = 'I'
    """
    assert desk.ask(absent) == [(3,)]
    files = {MARKS: register(CLASSES[0], absent=10)}
    (_, said), _ = preview(desk, files)
    assert said == f"{MARKS}: {OF_A_CLASS}"
    outcome = desk.load(files)
    assert outcome.lacks[1] == said
    assert not any("Load a new roll" in each for each in outcome.notes)
    assert desk.ask(absent) == [(4,)]
    assert desk.ask(WEEKS) == [(2, 48, 3)]


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
    assert not any("whole school" in each for each in outcome.lacks)
    assert desk.ask(WEEKS) == [(2, 48, 3)]
    assert desk.load(files).version is None, "the same files again"
    with pytest.raises(IntakeError, match=r"3\.csv and 4\.csv are both attendance\.csv"):
        desk.load({**files, "4.csv": write(CLASSES[0])})


def test_a_day_of_one_class_is_no_day_of_the_school(tmp_path: Path) -> None:
    """All are there on Monday, one class on Tuesday: 24 sessions of one day, and not 32 of two."""
    desk = SmallHome(tmp_path)
    lines = register(CHILDREN, days=[16]) + register(CLASSES[0], days=[17]).partition("\n")[2]
    outcome = desk.load({**SCHOOL, MARKS: lines})
    assert outcome.lacks[-1] == (
        f"{MARKS}: the whole school's figures are not taken from it for days on which too few "
        "children have a row: Tue 17 Nov 2026."
    )
    assert desk.ask(WEEKS) == [(1, 24, 0)]
