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
_GOLDEN = Path(__file__).parents[2] / "golden"


def _read(path: str, children: Mapping[str, str]) -> str:
    """A text of tests/golden, with UPNs in place of the children's names."""
    text = (_GOLDEN / path).read_text("utf-8")
    for child, number in {"ANN": ANN, "BEN": BEN, "CAT": CAT, **children}.items():
        text = text.replace(child, number)
    return text


def read_list(path: str, **children: str) -> list[list[str]]:
    """The cells of each line of a list there."""
    lines = [line for line in _read(path, children).splitlines() if line and line[0] != "#"]
    return [line.split(" | ") for line in lines]


def _read_files(names: str) -> dict[str, str]:
    return {f"{name}.csv": _read(f"good_exports/{name}.csv", {}) for name in names.split()}


GOOD = _read_files(
    "school calendar roll care_episodes attendance whole_school_weekly sdq health ehcp pep "
    "suspensions"
)

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
MORE = _read_files(
    "protection concerns reviews care_changes missing assessments tests interventions premium "
    "provision choices substance permanence own_words"
)

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


def added(name: str, text: str, files: Files = GOOD) -> Files:
    """Return the files with lines added at the end of one; a short line gets blank cells."""
    commas = len(export_of(name).header) - 1
    lines = [line and line + "," * (commas - line.count(",")) for line in text.split("\n")]
    return {**files, name: files[name] + "\n".join([*lines, ""])}


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
        export.name: _read_export(export, files[export.name])
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
    return _read_export(export, data).files[export.name]


# all files of a case but one are the good ones
@lru_cache(maxsize=100)
def _read_export(export: Export, data: bytes) -> ExportFolder:
    return read_exports({export.name: data})


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text
