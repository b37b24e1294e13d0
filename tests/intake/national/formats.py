"""A made-up school by files of its own, the same with each national file, and the examples.

Orla and Ned are the children of the examples, which are made up after public layouts.
"""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from intake.check.check import CheckResult, check_exports
from intake.read.read import read_exports
from synthetic.returns.census import write_school_census
from synthetic.returns.cin import write_census
from synthetic.returns.ctf import write_transfer_file
from synthetic.returns.giap import write_downloads
from synthetic.returns.sen2 import write_sen_return
from synthetic.returns.ssda903 import write_return
from tests.support.schools.homes import UNTIL, exports

EXAMPLES = Path(__file__).with_name("examples")
ROLL, CARE, MARKS = "roll.csv", "care_episodes.csv", "attendance.csv"
ORLA, NED = "U012200121004", "N012200120017"
_NAMES = "upn,surname,forename,date_of_birth,sex,year_group,entry_date,leaving_date\n"
ORLAS = f"{_NAMES}{ORLA},Testmere,Orla,2016-11-03,F,5,2023-09-04,\n"
NEDS = f"{_NAMES}{NED},Fakeham,Ned,2015-02-20,M,6,2023-09-04,\n"
BOTH = ORLAS + NEDS.removeprefix(_NAMES)

Write = Callable[[Mapping[str, str]], tuple[dict[str, str], str]]
#: Who writes a national file in place of rows of ours, by its format.
WRITERS: dict[str, Write] = {
    "ctf": write_transfer_file,
    "ctf without commas": lambda files: write_transfer_file(files, has_commas=False),
    "ssda903": write_return,
    "census": write_school_census,
    "cin": write_census,
    "giap": write_downloads,
    "sen2": write_sen_return,
}


@cache
def written(name: str) -> tuple[dict[str, str], dict[str, str], str]:
    """A school by our files, the same with a national file, and the authority's name.

    Only a transfer file has a say in the register, of which every fifth child will do; with the
    others there is the start of one.
    """
    folder = exports(7, 60, 1, UNTIL)
    files = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.csv")}
    header, *marks = files[MARKS].splitlines(keepends=True)
    marks = [line for line in marks if line[12] in "05"] if name.startswith("ctf") else marks[:400]
    if name == "ctf without commas":  # one sign a code: as in years before there were codes of two
        marks = [line for line in marks if line[-2] not in "1234567"]
    files[MARKS] = "".join([header, *marks])
    if name == "ssda903":
        # of every other review the school has no more than a return tells, and so of a time missing
        reviews = files["reviews.csv"].splitlines()
        told = [f"{line.rpartition(',')[0]}," if n % 2 else line for n, line in enumerate(reviews)]
        files["reviews.csv"] = "\n".join([*told, ""])
        upn = next(line for line in reviews if "2026-0" in line).partition(",")[0]
        files["missing.csv"] += f"{upn},2026-06-01,M,2026-06-02,,\n"
    if name == "giap":
        # of the tests that a school without older years lacks, one of each
        upn = files[CARE].splitlines()[1].partition(",")[0]
        more = ["2023-06-12,phonics,33,", "2022-06-13,phonics,,L"]
        more += [f"2026-05-12,{test}" for test in ("reading,104,", "maths,,A", "spelling,,N")]
        files["tests.csv"] += "".join(f"{upn},{test}\n" for test in more)
    return files, *WRITERS[name](files)


def without_register(name: str) -> dict[str, str]:
    """The school with a national file, less the register."""
    return {each: text for each, text in written(name)[1].items() if each != MARKS}


def checked(files: Mapping[str, str], authority: str = "Ashmere") -> CheckResult:
    """What the check says of these files."""
    coming = {name: text.encode() for name, text in files.items()}
    return check_exports(read_exports(coming, authority=authority))


def read_examples(start: str) -> dict[str, str]:
    """The examples whose names begin so."""
    return {path.name: path.read_text(encoding="utf-8") for path in EXAMPLES.glob(f"{start}*")}


def list_told(result: CheckResult) -> list[tuple[str, int, str, str]]:
    """Where each fault is shown, but for files that are not there."""
    return [
        (each.shown_file, each.row, each.shown_column, each.fault)
        for each in result.problems
        if each.fault != "missing file"
    ]


def list_rows(result: CheckResult, name: str, *columns: str) -> list[tuple[str, ...]]:
    """The rows that are taken of a file, as texts in order."""
    rows = result.accepted_frames[name].select(columns)
    return sorted(tuple(f"{each}" for each in row) for row in rows.rows())
