# ruff: noqa: E501 - a header of theirs is one line, however long
"""Tables that schools have beside the registers of tests/support/registers, and what each says.

Written before anything read them.  The first are the made-up examples of layouts that are
known or inferred (see docs/mappings.md); the others are invented after the headers that
developers expect.  Orla and Ned are children of a made-up authority.
"""

from dataclasses import dataclass, field
from pathlib import Path

EXAMPLES = Path(__file__).with_name("examples")
ORLA, NED = "U012200121004", "N012200120017"
ROLL, MARKS, CARE = "roll.csv", "attendance.csv", "care_episodes.csv"

Row = tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """One table and what it says.

    file: the export that it is, None for one that cannot be any of ours.  layout: how it says
    it.  columns: theirs by ours.  questions: what cannot be seen in it.  answers: what a person
    says then.  shown: the columns of `rows`, the first rows that come of it.
    """

    name: str
    text: str
    file: str | None
    layout: str = "rows"
    columns: dict[str, str] = field(default_factory=dict)
    questions: frozenset[str] = frozenset()
    answers: dict[str, str] = field(default_factory=dict)
    shown: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


def _example(name: str) -> str:
    return (EXAMPLES / name).read_text(encoding="utf-8")


_NAMED = ("upn", "surname", "forename", "date_of_birth", "sex", "year_group", "entry_date")
_TWO = (
    (ORLA, "Testmere", "Orla", "2016-11-03", "F", "5", "2023-09-04"),
    (NED, "Fakeham", "Ned", "2015-02-20", "M", "6", "2023-09-04"),
)
_MARK = ("upn", "date", "session", "code")
_WEEK = {ORLA: list("##/\\/\\/III"), NED: list("##/\\/\\/\\/\\")}


def _week(days: int = 5, half: tuple[str, ...] = ("AM", "PM")) -> tuple[Row, ...]:
    """The marks of the example's first days, a child after the other."""
    return tuple(
        (child, f"2025-09-0{day + 1}", name, codes[day * 2 + place])
        for child, codes in _WEEK.items()
        for day in range(days)
        for place, name in enumerate(half)
    )


_UPN = {"upn": "UPN"}

LAYOUTS: tuple[Known, ...] = (
    Known(
        "register grid, day names without a year",
        _example("register_grid_made_up_inferred_day_name.csv"),
        MARKS, "a session a column", _UPN,
        frozenset({"school_year"}), {"school_year": "2025"}, _MARK, _week(),
    ),
    Known(
        "census, pupils on roll",
        _example("census_spring_pupilonroll_made_up.csv"),
        ROLL, "rows",
        {
            "upn": "upn", "surname": "surname", "forename": "forename",
            "date_of_birth": "dob", "sex": "sex",
            "year_group": "ncyearactual", "entry_date": "entrydate",
            "sen_provision": "senprovision",
        },
        shown=_NAMED, rows=_TWO,
    ),
    Known(
        "census, suspensions: no UPN in it",
        _example("census_spring_termlyexclusionsonroll_made_up.csv"),
        None, questions=frozenset({"column:upn"}), answers={"column:upn": ""},
    ),
    Known(
        "pupil premium of the department",
        _example("giap_pupil_premium_made_up.csv"),
        None,  # a roll, but that nobody's first day is in it
        questions=frozenset({"column:entry_date"}), answers={"column:entry_date": ""},
    ),
    Known("SSDA903, header", _example("ssda903_header_made_up.csv"), None),
    Known("SSDA903, episodes", _example("ssda903_episodes_made_up.csv"), None),
    Known(
        "roll after SIMS",
        f"""Forename,Surname,UPN,Year,Reg,DOB,Gender,Admission Date,Leaving Date
Orla,Testmere,{ORLA},5,5E,03/11/2016,F,04/09/2023,
Ned,Fakeham,{NED},Year 6,6F,20/02/2015,Male,04/09/2023,18/07/2025
""",
        ROLL, "rows",
        {"upn": "UPN", "surname": "Surname", "forename": "Forename", "class": "Reg",
         "date_of_birth": "DOB", "sex": "Gender", "year_group": "Year",
         "entry_date": "Admission Date", "leaving_date": "Leaving Date"},
        shown=_NAMED, rows=_TWO,
    ),
    Known(
        "roll after a public test file",
        f"""UPN,Legal Forename,Legal Surname,DOB,Year,Reg Group,SEN,Sex,Date of admission,Date of leaving
{ORLA},Orla,Testmere,03/11/2016,5,5E,K,F,04/09/2023,
{NED},Ned,Fakeham,20/02/2015,6,6F,N,M,04/09/2023,
""",
        ROLL, "rows",
        {"upn": "UPN", "surname": "Legal Surname", "forename": "Legal Forename",
         "class": "Reg Group", "date_of_birth": "DOB", "sex": "Sex", "year_group": "Year",
         "entry_date": "Date of admission", "leaving_date": "Date of leaving",
         "sen_provision": "SEN"},
        shown=_NAMED, rows=_TWO,
    ),
    Known(
        "students after Xporter",
        f"""Id,Upn,LegalSurname,LegalForename,PreferredForename,DateOfBirth,Gender,YearGroup,RegGroup,EntryDate,LeavingDate,InLEACare,Postcode
1,{ORLA},Testmere,Orla,Orly,2016-11-03,F,5,5E,2023-09-04,,1,ZZ99 3VZ
2,{NED},Fakeham,Ned,,2015-02-20,M,6,6F,2023-09-04,,0,
""",
        ROLL, "rows",
        {"upn": "Upn", "surname": "LegalSurname", "forename": "LegalForename",
         "preferred_forename": "PreferredForename", "class": "RegGroup",
         "date_of_birth": "DateOfBirth", "sex": "Gender", "year_group": "YearGroup",
         "entry_date": "EntryDate", "leaving_date": "LeavingDate", "postcode": "Postcode"},
        shown=_NAMED, rows=_TWO,
    ),
    Known(
        "roll with both names in one column",
        f"""UPN,Name,DOB,Sex,Year,Class,Joined,Left
{ORLA},"Testmere, Orla",03/11/2016,F,5,5E,04/09/2023,
{NED},"Fakeham, Ned",20/02/2015,M,6,6F,04/09/2023,
""",
        ROLL, "rows",
        {"upn": "UPN", "name": "Name", "class": "Class", "date_of_birth": "DOB", "sex": "Sex",
         "year_group": "Year", "entry_date": "Joined", "leaving_date": "Left"},
        frozenset({"name_order"}), {"name_order": "surname, forename"}, _NAMED, _TWO,
    ),
    Known(
        "roll with titles above and a total below",
        f"""Brook Lane Junior School,,,,,,,,
Pupils on roll,,,as at,20/11/2025,,,,

UPN,Surname,Forename,D.O.B.,M/F,NC Year,Tutor group,On roll,Off roll
{ORLA},Testmere,Orla,03/11/2016,F,5,5E,04/09/2023,
{NED},Fakeham,Ned,20/02/2015,M,6,6F,04/09/2023,
""",
        ROLL, "rows",
        {"upn": "UPN", "surname": "Surname", "forename": "Forename", "class": "Tutor group",
         "date_of_birth": "D.O.B.", "sex": "M/F", "year_group": "NC Year",
         "entry_date": "On roll", "leaving_date": "Off roll"},
        shown=_NAMED, rows=_TWO,
    ),
    Known(
        "roll whose dates can be read in two ways",
        f"""UPN,Surname,Forename,Birth date,Gender,Year,Entry date,Leaving date
{ORLA},Testmere,Orla,03/11/2016,F,5,04/09/2023,
{NED},Fakeham,Ned,02/02/2015,M,6,04/09/2023,
""",
        ROLL, "rows",
        {"upn": "UPN", "surname": "Surname", "forename": "Forename",
         "date_of_birth": "Birth date", "sex": "Gender", "year_group": "Year",
         "entry_date": "Entry date", "leaving_date": "Leaving date"},
        frozenset({"date_form"}), {"date_form": "day first"},
        ("upn", "date_of_birth", "entry_date"),
        ((ORLA, "2016-11-03", "2023-09-04"), (NED, "2015-02-02", "2023-09-04")),
    ),
    Known(
        "roll with the month first",
        f"""UPN,Surname,Forename,DOB,Gender,Year,Entry date,Leaving date
{ORLA},Testmere,Orla,11/03/2016,F,5,09/04/2023,
{NED},Fakeham,Ned,02/20/2015,M,6,09/04/2023,
""",
        ROLL, "rows",
        {"upn": "UPN", "surname": "Surname", "forename": "Forename", "date_of_birth": "DOB",
         "sex": "Gender", "year_group": "Year", "entry_date": "Entry date",
         "leaving_date": "Leaving date"},
        shown=_NAMED, rows=_TWO,
    ),
    Known(
        "roll with years of two figures",
        f"""UPN,Family name,Given name,Date Of Birth,Gender,NC Year Actual,Start date,End date
{ORLA},Testmere,Orla,03/11/16,F,5,04/09/23,
{NED},Fakeham,Ned,20/02/15,M,6,04/09/23,
""",
        ROLL, "rows",
        {"upn": "UPN", "surname": "Family name", "forename": "Given name",
         "date_of_birth": "Date Of Birth", "sex": "Gender", "year_group": "NC Year Actual",
         "entry_date": "Start date", "leaving_date": "End date"},
        frozenset({"date_form"}), {"date_form": "day first, two figures of the year"}, _NAMED, _TWO,
    ),
    Known(
        "roll with figures for the sex",
        f"""Unique Pupil Number,Surname,First Name,Date of Birth,Gender,Year taught in,Reg,Entry date,Leaving date
{ORLA},Testmere,Orla,03/11/2016,2,5,5E,04/09/2023,
{NED},Fakeham,Ned,20/02/2015,1,6,6F,04/09/2023,
""",
        ROLL, "rows",
        {"upn": "Unique Pupil Number", "surname": "Surname", "forename": "First Name",
         "class": "Reg", "date_of_birth": "Date of Birth", "sex": "Gender",
         "year_group": "Year taught in", "entry_date": "Entry date",
         "leaving_date": "Leaving date"},
        frozenset({"value:sex:1", "value:sex:2"}), {"value:sex:1": "M", "value:sex:2": "F"},
        _NAMED, _TWO,
    ),
    Known(
        "a mark a row after Assembly",
        f"""upn,registration_group_id,session_date,session_name,attendance_mark,minutes_late,comments
{ORLA},7,2025-09-02,AM,L,5,
{NED},7,2025-09-02,PM,\\,,
""",
        MARKS, "rows",
        {"upn": "upn", "date": "session_date", "session": "session_name",
         "code": "attendance_mark"},
        shown=_MARK,
        rows=((ORLA, "2025-09-02", "AM", "L"), (NED, "2025-09-02", "PM", "\\")),
    ),
    Known(
        "a mark a row after SIF",
        f"""LearnerUPN,AttendanceDate,Session,AttendanceCode,School
{ORLA},2025-09-02,Morning,/,Brook Lane
{NED},2025-09-02,Afternoon,I,Brook Lane
""",
        MARKS, "rows",
        {"upn": "LearnerUPN", "date": "AttendanceDate", "session": "Session",
         "code": "AttendanceCode"},
        shown=_MARK,
        rows=((ORLA, "2025-09-02", "AM", "/"), (NED, "2025-09-02", "PM", "I")),
    ),
    Known(
        "attendance after SIMS partners: a person's number and no UPN",
        """PersonID,BaseGroupID,AttendanceDate,SessionName,AttendanceMark
77,5,2025-09-02,AM,/
""",
        None, questions=frozenset({"column:upn"}), answers={"column:upn": ""},
    ),
    Known(
        "a year of marks with commas",
        f"""UPN,AttendanceStartDate,AttendanceMarks
{ORLA},2025-09-01,"#,#,/,\\,C1,\\,/,I,I,I,#,#,#,#,/,\\,/,\\,/,\\,/,\\,/,\\,#,#,#,#"
""",
        MARKS, "a string of marks a row",
        {"upn": "UPN", "date": "AttendanceStartDate", "marks": "AttendanceMarks"},
        shown=_MARK,
        rows=((ORLA, "2025-09-01", "AM", "#"), (ORLA, "2025-09-01", "PM", "#"),
              (ORLA, "2025-09-02", "AM", "/"), (ORLA, "2025-09-02", "PM", "\\"),
              (ORLA, "2025-09-03", "AM", "C1")),
    ),
    Known(
        "a year of marks without commas, school days only",
        f"""Pupil UPN,Start date,Marks
{ORLA},02/09/2025,/\\/\\/\\/\\/\\/\\/I/\\/\\/\\L\\/\\
""",
        MARKS, "a string of marks a row",
        {"upn": "Pupil UPN", "date": "Start date", "marks": "Marks"},
        frozenset({"date_form", "days_a_week"}), {"date_form": "day first", "days_a_week": "5"},
        _MARK,
        ((ORLA, "2025-09-02", "AM", "/"), (ORLA, "2025-09-02", "PM", "\\"),
         (ORLA, "2025-09-03", "AM", "/"), (ORLA, "2025-09-03", "PM", "\\")),
    ),
    Known(
        "register grid, days and months in words without a year or a day's name",
        f"""UPN,Name,1 Sep AM,1 Sep PM,2 Sep AM,2 Sep PM
{ORLA},"Testmere, Orla",#,#,/,\\
{NED},"Fakeham, Ned",#,#,/,\\
""",
        MARKS, "a session a column", _UPN,
        frozenset({"school_year"}), {"school_year": "2025"}, _MARK, _week(2),
    ),
    Known(
        "register grid, one column that can be read in two ways",
        f"""UPN,03/09/2025 AM
{ORLA},/
""",
        MARKS, "a session a column", _UPN,
        frozenset({"date_form"}), {"date_form": "day first"}, _MARK,
        ((ORLA, "2025-09-03", "AM", "/"),),
    ),
    Known(
        "register with figures for morning and afternoon and a local sign",
        f"""UPN,Date,Session,Mark
{ORLA},2021-03-02,1,/
{ORLA},2021-03-02,2,7
""",
        MARKS, "rows",
        {"upn": "UPN", "date": "Date", "session": "Session", "code": "Mark"},
        frozenset({"value:session:1", "value:session:2", "value:code:7"}),
        {"value:session:1": "AM", "value:session:2": "PM", "value:code:7": "I"},
        _MARK, ((ORLA, "2021-03-02", "AM", "/"), (ORLA, "2021-03-02", "PM", "I")),
    ),
    Known(
        "suspensions of a school's own making",
        f"""UPN,Start date,Category,Sessions,Reason1,Reason2
{NED},22/01/2025,SUSP,2,PP,
{NED},03/02/2025,SUSP,1,DB,
""",
        "suspensions.csv", "rows",
        {"upn": "UPN", "date": "Start date", "category": "Category", "sessions": "Sessions",
         "reason": "Reason1"},
        shown=("upn", "date", "category", "sessions", "reason"),
        rows=((NED, "2025-01-22", "SUSP", "2", "PP"), (NED, "2025-02-03", "SUSP", "1", "DB")),
    ),
    Known(
        "questionnaire scores of a school's own making",
        f"""UPN,Date completed,Completed by,Total difficulties,Emotional,Conduct,Hyperactivity,Peer,Prosocial,Impact
{NED},22/01/2025,Teacher,14,4,2,5,3,8,2
{NED},23/01/2025,Parent,12,3,2,4,3,8,1
""",
        "sdq.csv", "rows",
        {"upn": "UPN", "date": "Date completed", "informant": "Completed by",
         "total": "Total difficulties", "emotional": "Emotional", "conduct": "Conduct",
         "hyperactivity": "Hyperactivity", "peer": "Peer", "prosocial": "Prosocial",
         "impact": "Impact"},
        frozenset({"value:informant:Parent"}), {"value:informant:Parent": "carer"},
        ("upn", "date", "informant", "total"),
        ((NED, "2025-01-22", "teacher", "14"), (NED, "2025-01-23", "carer", "12")),
    ),
    Known("a list of dates and names", "Date,Event\n01/09/2025,INSET\n25/12/2025,Christmas\n", None),
)  # fmt: skip
