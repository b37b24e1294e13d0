"""A made-up school by files of its own, the same with each national file, and the examples.

Orla and Ned are the children of the examples, which are made up after public layouts.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from intake.check.check import CheckResult, check_exports
from intake.read.read import read_exports
from tests.support.schools.homes import UNTIL, exports
from tests.support.schools.transfer_file import write_transfer_file

EXAMPLES = Path(__file__).with_name("examples")
ROLL, CARE, MARKS = "roll.csv", "care_episodes.csv", "attendance.csv"
ORLA, NED = "U012200121004", "N012200120017"
_NAMES = "upn,surname,forename,date_of_birth,sex,year_group,entry_date,leaving_date\n"
ORLAS = f"{_NAMES}{ORLA},Testmere,Orla,2016-11-03,F,5,2023-09-04,\n"
NEDS = f"{_NAMES}{NED},Fakeham,Ned,2015-02-20,M,6,2023-09-04,\n"
BOTH = ORLAS + NEDS.removeprefix(_NAMES)

_MADE_UP = Path(__file__).with_name("made_up")
#: What it stands in place of.
_TOLD = {"census": (ROLL, "suspensions.csv")}
_AUTHORITIES = {"ssda903": "Ashmere", "cin": "Ashmere"}
FORMATS = ("ctf", "ssda903", "census", "cin", "giap")


@cache
def written(name: str) -> tuple[dict[str, str], dict[str, str], str]:
    """A school by our files, the same with a national file, and the authority's name.

    The files lie in the folder `made_up`, which tells of 60 children in scope.  With them there is
    the start of a register.
    """
    if name == "ctf":
        files = _read_files(exports(7, 60, 1, UNTIL))
        files[MARKS] = "".join(files[MARKS].splitlines(keepends=True)[:1000])
        return files, write_transfer_file(files), ""
    files = _read_files(_MADE_UP / "own")
    kept = {each: text for each, text in files.items() if each not in _TOLD.get(name, ())}
    return files, {**kept, **_read_files(_MADE_UP / name)}, _AUTHORITIES.get(name, "")


def list_tables(name: str) -> tuple[str, ...]:
    """How the names of a format's own files begin."""
    return ("0019999_CTF",) if name == "ctf" else (f"{name}_", f"{name}.", "autumn_")


def _read_files(folder: Path) -> dict[str, str]:
    found = [*folder.glob("*.csv"), *folder.glob("*.xml")]
    return {path.name: path.read_text(encoding="utf-8") for path in found}


def without_register(name: str) -> dict[str, str]:
    """The school with a national file, less the register."""
    return {each: text for each, text in written(name)[1].items() if each != MARKS}


def checked(files: Mapping[str, str], authority: str = "Ashmere") -> CheckResult:
    """What the check says of these files, each of which was counted or left alone."""
    read = read_exports({name: text.encode() for name, text in files.items()}, authority=authority)
    told = {each.table.partition(": ")[0] for each in read.counted} | {*read.unknown_files}
    assert {*files} <= told | {each.partition(" ")[0] for each in read.unread}
    return check_exports(read)


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
