"""A small good folder of exports, and ways to spoil it one place at a time.

Three made-up children, one week and the weekend around it.  Thursday the school was shut;
on Friday the register is not finished: its blanks are not marks yet.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from intake.check.check import CheckResult, check_exports
from intake.check.upn import compute_check_letter
from intake.read.read import read_exports
from intake.tables import ExportFile, ExportFolder
from queries.contract import ALL_EXPORTS, Export


def upn(number: int, authority: str = "001") -> str:
    """A right UPN of a made-up authority."""
    rest = f"{authority}999926{number:03d}"
    return compute_check_letter(rest) + rest


ANN, BEN, CAT = upn(1), upn(2), upn(3)

_SATURDAY = 5

_REGISTER = """\
2026-11-16 AM / / I
2026-11-16 PM \\ \\ I
2026-11-17 AM / L /
2026-11-17 PM \\ . N
2026-11-18 AM / / B
2026-11-18 PM \\ \\ \\
2026-11-19 AM Y4 Y4 Y4
2026-11-19 PM Y4 Y4 Y4
2026-11-20 AM / . .
2026-11-20 PM . . .
2026-11-21 AM # . ."""


def _attendance() -> str:
    lines = ["upn,date,session,code"]
    for line in _REGISTER.splitlines():
        day, half, *codes = line.split()
        for child, code in zip((ANN, BEN, CAT), codes, strict=True):
            lines.append(f"{child},{day},{half},{'' if code == '.' else code}")
    return "\n".join(lines) + "\n"


GOOD: dict[str, str] = {
    "school.csv": "school_id,name,phase\n0019999,Brook Lane Junior School,junior\n",
    "calendar.csv": """\
date,kind
2026-11-13,INSET
2026-11-14,holiday
2026-11-15,holiday
2026-11-16,school day
2026-11-17,school day
2026-11-18,school day
2026-11-19,closed
2026-11-20,school day
2026-11-21,holiday
""",
    "roll.csv": f"""\
upn,surname,forename,preferred_forename,date_of_birth,sex,year_group,class,entry_date,\
leaving_date,address,postcode,sen_provision
{ANN},Achébe,Ann,Annie,03/02/2017,F,4,4A,01/09/2024,,"Flat 2, 1 ""Old"" Mill",ZZ99 3VZ,K
{BEN},O'Brien,Ben,,28/08/2018,M,3,3B,02/09/2025,,,,
{CAT},Smith-Jones,Cat,,01/09/2016,U,5,,01/09/2023,18/07/2025,,,
{CAT},Smith-Jones,Cat,,01/09/2016,U,5,5A,07/09/2026,,,ZZ993VZ,N
""",
    "care_episodes.csv": f"""\
upn,status,start,known_since,end,authority,legal_status,home
{ANN},looked after,2023-05-01,,2024-05-01,Northmoor,C1,foster
{ANN},looked after,2024-05-01,,,Northmoor,C2,foster
{BEN},in need,2025-01-10,,2025-06-01,,,
{BEN},on a protection plan,2025-06-01,,,Southmoor,,
{CAT},previously looked after,unknown,2023-09-01,,,,
""",
    "attendance.csv": _attendance(),
    "whole_school_weekly.csv": """\
week_start,possible_sessions,authorised_absent_sessions,unauthorised_absent_sessions
2026-11-09,2800,100,40
2026-11-16,2240,90,0
""",
    "sdq.csv": f"""\
upn,date,informant,total,emotional,conduct,hyperactivity,peer,prosocial,impact,reason
{ANN},2026-09-21,carer,14,4,2,5,3,8,2,
{ANN},2026-09-22,teacher,,,,,,,,SDQ4
{BEN},2026-09-21,self,15,,,,,,,
{BEN},2026-09-21,teacher,40,10,10,10,10,0,6,
""",
    "health.csv": f"""\
upn,kind,date,outcome,next_due,reason
{ANN},review assessment,2026-03-02,done,2027-03-02,
{ANN},dental check,2026-12-07,booked,,
{BEN},immunisations,2026-05-04,not done,,carer refused
""",
    "ehcp.csv": f"""\
upn,date,event,primary_need
{BEN},2026-01-12,requested,
{BEN},2026-06-01,plan issued,SEMH
{BEN},2027-05-24,review booked,
""",
    "pep.csv": f"""\
upn,date,outcome,quality,child_attended,targets_set
{ANN},2026-10-05,held,good,yes,3
{ANN},2027-02-01,booked,,,
{BEN},2026-10-06,held,,,
""",
    "suspensions.csv": f"""\
upn,date,category,sessions,reason
{BEN},2026-10-13,SUSP,4,PP
{BEN},2026-11-03,LNCH,0,
""",
}

#: The good files, with the ages that their year groups and forms ask for.
PLAIN = {
    **GOOD,
    "roll.csv": GOOD["roll.csv"]
    .replace("03/02/2017", "03/02/2018")
    .replace("28/08/2018", "28/08/2019")
    .replace(",U,5,,01/09/2023", ",U,3,,01/09/2023"),
    "sdq.csv": GOOD["sdq.csv"].replace(f"{BEN},2026-09-21,self,15,,,,,,,\n", ""),
}

#: Files that a school may have beside those; a test that is about one of them adds it.
MORE: dict[str, str] = {
    "protection.csv": f"""\
upn,date,event,abuse,referred_by,reason
{BEN},2025-01-10,referral,,2A,
{BEN},2025-06-01,plan begun,NEG,,
{BEN},2026-12-02,conference booked,,,
""",
    "concerns.csv": f"""\
upn,date,kind,level,raised_by,line,done,follow_up,closed
{BEN},2026-10-05,feelings,note,teacher,tearful,spoke with the child,2026-10-12,2026-10-12
{BEN},2026-11-16,care,concern,lunchtime staff,no coat in the rain,,2026-11-23,
{CAT},2026-11-17,home,urgent,the child,afraid to go home,referred,,
""",
}

MORE |= {
    "reviews.csv": f"""\
upn,date,outcome,took_part,school_report
{ANN},2026-06-02,held,PN1,yes
{ANN},2026-11-10,held,,
{ANN},2027-05-04,booked,,
""",
    "care_changes.csv": f"""\
upn,date,kind,reason
{ANN},2026-03-09,social worker,MANAGE
{ANN},2026-09-14,social worker,
{ANN},2024-09-02,school,
""",
    "missing.csv": f"""\
upn,date,kind,back,interview,interview_date
{ANN},2026-10-11,A,2026-10-12,held,2026-10-15
{BEN},2026-11-14,M,2026-11-14,not offered,
{CAT},2026-11-19,A,,,
""",
}

MORE |= {
    "assessments.csv": f"""\
upn,date,subject,step,class_step
{ANN},2026-07-10,reading,12,14
{ANN},2026-07-10,maths,13,
{BEN},2026-07-10,reading,8,8
""",
    "tests.csv": f"""\
upn,date,test,score,outcome
{ANN},2026-06-10,tables,19,
{ANN},2026-10-07,reading age,112,
{BEN},2026-06-10,tables,,A
""",
    "interventions.csv": f"""\
upn,date,kind,review,end,helped
{ANN},2026-09-21,reading,2026-11-09,,
{BEN},2026-03-02,feelings,2026-04-20,2026-05-18,partly
{BEN},2026-09-21,mentor,,,
""",
    "premium.csv": f"""\
upn,date,kind,planned,spent,in_pep
{ANN},2026-09-30,tutor,450,225,yes
{ANN},2026-09-30,club,60,,
{CAT},2026-10-07,equipment,120,120,no
""",
    "provision.csv": f"""\
upn,date,kind,agreed_by,review,end
{ANN},2026-09-14,part-time timetable,parent or carer,2026-11-16,2026-12-18
{BEN},2026-11-02,alternative provision,social worker,,
{CAT},2026-11-02,part-time timetable,nobody yet,,
""",
    "choices.csv": f"""\
upn,date,item,given_by,taken_back
{ANN},2026-09-07,sdq,parent,
{BEN},2026-09-07,health,authority,2026-10-05
""",
    "substance.csv": f"""\
upn,date,help_received,help_offered
{ANN},2026-06-10,yes,
{BEN},2026-09-14,no,yes
""",
    "permanence.csv": f"""\
upn,date,event,reason
{ANN},2024-03-04,placement order,
{ANN},2024-06-03,matched,
{CAT},2025-02-03,plan given up,RD3
""",
    "own_words.csv": f"""\
upn,date,setting,line,taken_out
{ANN},2026-10-05,PEP,please tell me before things change,
{ANN},2026-10-05,conversation,break is too loud for me,2026-11-02
{CAT},2026-11-10,review of care,I am proud of my story,
""",
}

Files = dict[str, str]


def lengthened(files: Files = GOOD, weeks: int = 7) -> Files:
    """The files with so many whole weeks before, for two children: a register of a school's
    length, of which one row is a small part.
    """
    days = [date(2026, 11, 6) - timedelta(number) for number in range(7 * weeks)]
    open_days = [day for day in days if day.weekday() < _SATURDAY]
    marks = "".join(
        f"{child},{day},{half},{code}\n"
        for day in open_days
        for child in (ANN, BEN)
        for half, code in (("AM", "/"), ("PM", "\\"))
    )
    calendar = "".join(f"{day},school day\n" for day in open_days)
    return {
        **files,
        "calendar.csv": files["calendar.csv"] + calendar,
        "attendance.csv": files["attendance.csv"] + marks,
    }


#: What the office exports by itself; the rest is filled in by hand.
EXPORTS_ALONE: Files = {name: GOOD[name] for name in list(GOOD)[:6]}


def export_of(name: str) -> Export:
    """The contract of a file."""
    return next(export for export in ALL_EXPORTS if export.name == name)


def with_line(name: str, row: int, line: str, files: Files = GOOD) -> Files:
    """The files with spreadsheet line `row` of one replaced."""
    lines = files[name].split("\n")
    lines[row - 1] = line
    return {**files, name: "\n".join(lines)}


def with_cell(name: str, row: int, column: str, text: str, files: Files = GOOD) -> Files:
    """The files with one cell of a line without quotation marks replaced."""
    cells = files[name].split("\n")[row - 1].split(",")
    cells[export_of(name).header.index(column)] = text
    return with_line(name, row, ",".join(cells), files)


def added(name: str, line: str, files: Files = GOOD) -> Files:
    """The files with a line added at the end of one."""
    return {**files, name: f"{files[name]}{line}\n"}


def without(name: str, files: Files = GOOD) -> Files:
    """The files without one of them."""
    return {other: text for other, text in files.items() if other != name}


def write(files: Files, folder: Path) -> Path:
    """Write the files to a folder, byte for byte."""
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())
    return folder


def checked(files: Mapping[str, str | bytes]) -> CheckResult:
    """Check files that are all there, without a folder."""
    return check_again(tuple((name, _bytes(text)) for name, text in files.items()))


@lru_cache(maxsize=20)
def check_again(given: tuple[tuple[str, bytes], ...]) -> CheckResult:
    """What was found in these files, kept for who asks again."""
    files = dict(given)
    found = {
        export.name: _read(export, files[export.name])
        for export in ALL_EXPORTS
        if export.name in files
    }
    read = {name: each.files[name] for name, each in found.items()}
    problems = tuple(problem for file in read.values() for problem in file.problems)
    notes = tuple(note for file in read.values() for note in file.notes)
    counted = tuple(count for each in found.values() for count in each.counted)
    return check_exports(ExportFolder(read, problems, (), notes, counted=counted))


def read_file(export: Export, data: bytes) -> ExportFile:
    """The bytes of one export file as text.  Bad bytes are problems, never exceptions."""
    return _read(export, data).files[export.name]


# all files of a case but one are the good ones
@lru_cache(maxsize=100)
def _read(export: Export, data: bytes) -> ExportFolder:
    return read_exports({export.name: data})


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text
