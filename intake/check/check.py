"""Check exports against the contract: every fault of every file, told together."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import chain

import polars as pl

from intake.check.across import SCHOOL_DAY, check_across, is_closed_day
from intake.check.count import Sum, describe_register, describe_sums, split_scope, sum_files
from intake.check.doubts import DOUBT_SCHEMA, find_doubts, list_doubtful_sessions, list_suspended
from intake.check.held import Held
from intake.check.lines import LINE_SCHEMA, build_name_check, check_lines, find_doubtful_lines
from intake.check.quick import judge_register
from intake.check.rows import check_rows
from intake.check.values import TypedFile, check_values
from intake.problems import IntakeError, Problem, build_problem, format_count
from intake.register.staged import Staged
from intake.register.summary import Summary, add_sums, sum_rows
from intake.tables import FIRST_RETURN_ROW, ExportFile, ExportFolder, Places
from queries import reference
from queries.contract import ALL_EXPORTS, ATTENDANCE, CALENDAR, HANDLE_EXPORTS, ROLL, key_by_handle
from safeguards.vault.lines import name_sealed_line

LEFT_OUT_SCHEMA = pl.Schema(
    {
        "file": pl.String(),
        "row": pl.UInt32(),
        "column": pl.String(),
        "fault": pl.String(),
        "upn": pl.String(),
        "handle": pl.String(),
        "date": pl.Date(),
    }
)


@dataclass(frozen=True, eq=False)
class CheckResult:
    """What the exports hold and what is wrong with them.

    frames: for each file that was read, its rows without a fault of their own: `row`
        (UInt32, spreadsheet line) and the contract's columns, dates as Date, whole numbers
        as Int64, other text as String, blank as null; `care_episodes.start` is null where
        the start is unknown.  A file in `refused` may lack rows here: do not load it.
    problems: all of them, by file in the contract's order, then row, then column.
    refused_files: the files that have a fault, or are required and not there.  One that is
        taken row by row is among them only if it cannot be read, or more than the share
        `faulty_rows` of threshold.csv, and more than one, of its rows are faulty.
    left_out: the faulty rows of files that are taken without them, a row for each fault:
        file, row, column ("" for the whole row), fault, and upn or handle and date as far
        as they can be read.  places: where people find the rows; `problems` has them already.
    shown_names: what people call each file.
    staged: the right rows of a register that are too many for its frame; plain: their sums.
    register: the sums of the register's rows without a fault of their own; of none without one.
    row_by_row_files: those that are read, and taken row by row.  faulty_rows: of each of
        them that has any, how many rows have a fault.
    blocking_files: those refused without which nothing is loaded, whatever the home holds.
    unavailable_files: other required files that cannot be taken from here; a load can go on
        only if the home has their rows from an earlier one.
    unknown_files: names of files in the folder that are no export.  notes: see `ExportFile`.
    has_return: see `ExportFolder`.
    digests: SHA-256 of each file that is there, hexadecimal digits.
    rows_read: rows of each file that is there, with and without faults.
    last_marked_day: the last school day on which at least half of the register's rows have
        a mark; None if there is none, or no register or no calendar was read.
    blank_marks: blank marks on school days up to then; later ones are not yet made.
    sums: what was in each file and what became of it.  unread: see `ExportFolder`.
    held: what the home holds, against which the rows were checked.
    doubtful_lines: the texts that may name somebody, by LINE_SCHEMA.
    """

    frames: dict[str, pl.DataFrame] = field(repr=False)
    problems: tuple[Problem, ...]
    refused_files: frozenset[str]
    blocking_files: frozenset[str]
    unavailable_files: frozenset[str]
    unknown_files: tuple[str, ...]
    digests: dict[str, str]
    rows_read: dict[str, int]
    last_marked_day: date | None
    blank_marks: int
    held: Held = field(default_factory=Held, repr=False)
    notes: tuple[str, ...] = ()
    left_out: pl.DataFrame = field(default_factory=LEFT_OUT_SCHEMA.to_frame, repr=False)
    row_by_row_files: frozenset[str] = frozenset()
    faulty_rows: Mapping[str, int] = field(default_factory=dict)
    places: Places = field(default_factory=Places, repr=False)
    shown_names: Mapping[str, str] = field(default_factory=dict)
    has_return: bool = False
    sums: tuple[Sum, ...] = ()
    unread: tuple[str, ...] = ()
    school_days: frozenset[date] = frozenset()
    staged: Staged | None = field(default=None, repr=False)
    plain: Summary = field(default_factory=Summary, repr=False)
    register: Summary = field(default_factory=Summary, repr=False)
    doubtful_lines: pl.DataFrame = field(default_factory=LINE_SCHEMA.to_frame, repr=False)
    _doubts: dict[date, pl.DataFrame] = field(default_factory=dict, repr=False)

    @cached_property
    def taken_register(self) -> Summary:
        """The sums of the register's rows that are taken: nearly always of all."""
        taken = self.accepted_frames
        is_all = taken.get(ATTENDANCE.name) is self.frames.get(ATTENDANCE.name)
        return self.register if is_all else _sum_register(self.plain, taken)

    def list_upns(self) -> set[str]:
        """Every number that the rows that are taken name."""
        frames = self.accepted_frames.values()
        named = {upn for rows in frames if "upn" in rows.columns for upn in rows["upn"]}
        return named | {*self.taken_register.children["upn"]}

    def find_doubts(self, today: date) -> pl.DataFrame:
        """The doubtful rows that are taken, with upn or handle and date as far as known."""
        if today not in self._doubts:
            self._doubts[today] = self._look_for_doubts(today)
        return self._doubts[today]

    def hide_lines(self, seal: Callable[[str], str], shown: Mapping[str, str]) -> "CheckResult":
        """Return the same with each doubtful line sealed, and a note of that in its place.

        Args:
            seal: seals a text, always alike.
            shown: by the note in the place of a text, what a person lets be shown for it.

        """
        lines = self.doubtful_lines
        seals = {line: seal(line) for line in lines["line"].unique()}
        notes = {line: name_sealed_line(sealed) for line, sealed in seals.items()}
        texts = {line: shown.get(note, note) for line, note in notes.items()}
        frames = dict(self.frames)
        for name, column in lines.select("file", "column").unique().iter_rows():
            frames[name] = frames[name].with_columns(pl.col(column).replace(texts))
        still = {line: sealed for line, sealed in seals.items() if notes[line] not in shown}
        hidden = lines.filter(pl.col("line").is_in(list(still))).with_columns(
            sealed=pl.col("line").replace_strict(still, return_dtype=pl.String)
        )
        return replace(self, frames=frames, doubtful_lines=hidden, _doubts={})

    def release(self) -> None:
        """Let the rows of a register go that are in a database of their own."""
        if self.staged is not None:
            self.staged.close()

    def _look_for_doubts(self, today: date) -> pl.DataFrame:
        frames = dict(self.accepted_frames)
        if self.staged is not None and ATTENDANCE.name in frames:
            rows = [frames[ATTENDANCE.name]]
            rows.append(self.staged.find_rows(list_doubtful_sessions(self.plain.sessions, today)))
            rows.append(self.staged.read_rows(list_suspended(frames)))
            columns = rows[0].columns
            both = pl.concat(each.select(columns) for each in rows)
            frames[ATTENDANCE.name] = both.unique("row").sort("row")
        told = [LEFT_OUT_SCHEMA.to_frame()]
        lines = self.doubtful_lines.filter(pl.col("file").is_in(list(frames)))
        found = pl.concat([find_doubts(frames, today), lines.select(DOUBT_SCHEMA.names())])
        for (name,), doubts in found.group_by("file", maintain_order=True):
            known = frames[str(name)].select("row", pl.col("^(upn|handle|date)$"))
            told.append(doubts.join(known, on="row", how="inner", maintain_order="left"))
        return pl.concat(told, how="diagonal")

    def list_sums(
        self, today: date, shown: Collection[str] | None = None, *, is_kept: bool = False
    ) -> list[str]:
        """What was in each file and became of it, in words, and what a register lacks.

        shown: the numbers of the children who are shown here, once a load knows them.
        is_kept: for the store, which keeps no name that somebody gave a file or a sheet.
        """
        sums: Sequence[Sum] = self.sums
        if shown is not None:
            sums = split_scope(sums, self.accepted_frames, self.taken_register, shown)
        if is_kept:
            sums = [replace(each, name=each.file or "a return", told=()) for each in sums]
        lines = describe_sums(sums)
        if self.register.rows and ATTENDANCE.name not in self.refused_files:
            name = ATTENDANCE.name if is_kept else self.shown_names[ATTENDANCE.name]
            roll = self.frames.get(ROLL.name)
            lacks = describe_register(self.register, self.school_days, roll, today)
            lines += [f"{name}: {each}." for each in lacks]
        return lines

    def list_refused_sums(self) -> list[str]:
        """What was in each file, of which nothing is taken."""
        return describe_sums([replace(each, is_refused=True) for each in self.sums])

    @property
    def accepted_frames(self) -> dict[str, pl.DataFrame]:
        """The rows that are taken: of the files that are not refused, less those left out."""
        return {
            name: self._drop_left_out(name, rows)
            for name, rows in self.frames.items()
            if name not in self.refused_files
        }

    def _drop_left_out(self, name: str, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows of a file that are not left out: nearly always all of them."""
        if not self.faulty_rows.get(name):
            return rows
        left_out = self.left_out.filter(file=name)
        return rows.join(left_out, on="row", how="anti", maintain_order="left")

    def list_doubts(self, today: date) -> tuple[Problem, ...]:
        """What is unusual in the rows that are taken, as problems that leave no row out."""
        exports = {export.name: export for export in ALL_EXPORTS}
        found = (
            build_problem(exports[file], row, column, doubt, name=self.shown_names[file])
            for file, row, column, doubt, *_ in self.find_doubts(today).iter_rows()
        )
        return tuple(_name_places(_sort_problems(found), self.places))


def check_exports(read: ExportFolder, held: Held | None = None) -> CheckResult:
    """Check what was read.  Faults are problems, never exceptions.

    held: what the home holds, which stands in for files that are not at hand.
    """
    held = held or Held()
    judged = {
        name: check_rows(check_values(file))
        for name, file in read.files.items()
        if file.is_read and file.staged is None
    }
    is_name = build_name_check(judged, held)
    typed = {name: check_lines(each) for name, each in judged.items()}
    register = read.files.get(ATTENDANCE.name)
    staged = register.staged if register is not None else None
    beside, plain = held.build_files(typed, staged), Summary()
    if register is not None and staged is not None:
        look = judge_register(register, staged, typed, beside)
        typed[register.export.name] = check_rows(check_values(look.file, look.judged))
        read = replace(read, files={**read.files, register.export.name: look.file})
        plain = look.right
    # Rows with a fault of their own go; rows with a fault beside other rows stay.
    frames = {name: each.right_rows for name, each in typed.items()}
    sums_of_register = _sum_register(plain, frames)
    found = check_across(typed, held, beside)
    told = _drop_held(read, held)
    problems = _sort_problems(chain(told, *(_build_problems(each) for each in found.values())))
    faulty_rows = {
        name: len({each.row for each in problems if each.file == name})
        for name, file in read.files.items()
        if file.is_read and file.export.is_row_by_row
    }
    taken = {
        name for name, count in faulty_rows.items() if not _is_wrong_file(read.files[name], count)
    }
    refused = frozenset(problem.file for problem in problems) - taken
    sums = _sum_up(read, problems, refused, sums_of_register, plain)
    places = Places.from_files(read.files)
    calendar = beside.get(CALENDAR.name, typed.get(CALENDAR.name))
    last_marked_day, blank_marks = _count_blank_marks(sums_of_register, calendar)
    return CheckResult(
        frames=frames,
        problems=tuple(_name_places(problems, places)),
        refused_files=refused,
        blocking_files=frozenset(
            e.name for e in ALL_EXPORTS if e.is_blocking and e.name in refused
        ),
        unavailable_files=frozenset(
            e.name for e in ALL_EXPORTS if e.required and not e.is_blocking and e.name in refused
        ),
        unknown_files=read.unknown_files,
        digests={name: file.digest for name, file in read.files.items()},
        rows_read={name: file.rows_read for name, file in read.files.items()},
        last_marked_day=last_marked_day,
        blank_marks=blank_marks,
        held=held,
        notes=(*read.notes, *_describe_held(held, frames, sums_of_register)),
        has_return=read.has_return,
        left_out=_list_left_out(problems, typed, refused),
        row_by_row_files=frozenset(faulty_rows),
        faulty_rows={name: count for name, count in faulty_rows.items() if count},
        places=places,
        shown_names={name: file.name or name for name, file in read.files.items()},
        sums=sums,
        unread=read.unread,
        school_days=_list_school_days(calendar),
        staged=staged,
        plain=plain,
        register=sums_of_register,
        doubtful_lines=find_doubtful_lines(frames, is_name),
    )


def _sum_register(plain: Summary, frames: Mapping[str, pl.DataFrame]) -> Summary:
    """The sums of a register: of its frame, and of the right rows beyond it."""
    rows = frames.get(ATTENDANCE.name)
    return Summary() if rows is None else add_sums(plain, sum_rows(rows))


def _drop_held(read: ExportFolder, held: Held) -> Iterator[Problem]:
    """The problems of files, less that one is missing of which the home has rows.

    What is not taken without a file beside it, the lack of that still stops.
    """
    lacks = held.list_lacks(file.export for file in read.files.values())
    for each in read.problems:
        is_missing = each.fault == "missing file"
        if is_missing and each.file in held.not_asked:
            continue
        if not (is_missing and each.file in held.files):
            yield each
        elif alone := lacks.get(each.file):
            yield replace(each, fix=f"Add {each.file}: {alone.name} cannot be loaded without it.")


def _describe_held(
    held: Held, frames: Mapping[str, pl.DataFrame], register: Summary
) -> Iterator[str]:
    """What a person should know of a roll that stands in for the one that is not at hand."""
    names_some = register.rows or any(
        "upn" in rows.columns for rows in frames.values() if len(rows)
    )
    if ROLL.name in frames or held.roll_day is None or not names_some:
        return
    day = f"{held.roll_day.day} {held.roll_day:%B %Y}"
    yield f"The roll used is the one loaded on {day}."
    if ATTENDANCE.name not in frames or held.roll_children is None:
        return
    numbers = register.children.height
    if more := numbers - held.roll_children:
        what = f"{abs(more):,} {'more' if more > 0 else 'fewer'}"
        yield f"The register names {numbers:,} children, {what} than the roll. Load a new roll."


def _sum_up(
    read: ExportFolder,
    problems: Sequence[Problem],
    refused: Collection[str],
    register: Summary,
    plain: Summary,
) -> tuple[Sum, ...]:
    """The sum of each file.  IntakeError if one is not even, which is a mistake of the program."""
    faulty: dict[str, set[int]] = {}
    for each in problems:
        faulty.setdefault(each.file, set()).add(each.row)
    found = []
    for one in sum_files(read.counted, read.files, faulty, plain):
        if not one.is_even:
            raise IntakeError(
                f"{one.name} has {one.number:,} {one.unit}s, and not all of them are accounted "
                "for. This is a fault in the program. Nothing was loaded. Please report it."
            )
        summed = replace(one, is_refused=one.is_refused or one.file in refused)
        if register.rows and one.unit == "mark":
            children, days = register.children.height, register.sessions["date"].n_unique()
            summed = replace(summed, children=children, days=days)
        found.append(summed)
    return tuple(found)


def _list_school_days(calendar: TypedFile | None) -> frozenset[date]:
    if calendar is None:
        return frozenset()
    return frozenset(calendar.rows.filter(kind=SCHOOL_DAY)["date"].drop_nulls())


#: Where no file is one of ours, in a home that has the rest.
NONE_KNOWN = (
    "None of these files was recognised. The Bring in files page asks how to read tables of "
    "another form."
)


def format_totals(
    checked: CheckResult, problems: Sequence[Problem], doubts: Sequence[Problem] = ()
) -> list[str]:
    """What becomes of the files in all: the last lines of `lac check` and of the page."""
    lines = [*checked.unread]
    if doubts:
        are = "1 row is" if len(doubts) == 1 else f"{len(doubts):,} rows are"
        lines.append(f"{are} unusual, but used as they are. Please check.")
    for name, faulty in checked.faulty_rows.items():
        of = f"{checked.shown_names[name]}: {faulty:,} of {checked.rows_read[name]:,} rows"
        is_refused = name in checked.refused_files
        lines.append(
            f"{of} are too many, so the whole file is left out."
            if is_refused
            else f"{of} would be left out, and the rest loaded."
        )
    if problems:
        files = len({each.shown_file for each in problems})
        faults = format_count(len(problems), "fault")
        return [*lines, f"{faults} in {format_count(files, 'file')}."]
    if checked.unread:
        return lines
    if not checked.rows_read:
        return [*lines, NONE_KNOWN]
    return [*lines, f"Nothing to fix in {format_count(sum(checked.rows_read.values()), 'row')}."]


def _name_places(problems: Sequence[Problem], places: Places) -> Iterator[Problem]:
    """The problems at the line and under the heading at which people find them.

    One cell may stand in several rows of ours, in several files of ours if it is a return's.
    """
    told: set[tuple[str, str, str, int]] = set()
    found = places.find([(each.file, each.row, each.column) for each in problems])
    for each, (line, heading, found_in) in zip(problems, found, strict=True):
        moved = each.call_column(heading).move_to_row(line, "", found_in)
        said = moved.column or moved.problem
        cell = (moved.shown_file, f"{said} {moved.value}", moved.fault, line)
        if cell not in told or not line:
            told.add(cell)
            yield moved


def _is_wrong_file(file: ExportFile, faulty_rows: int) -> bool:
    """Whether too many rows of a file that is taken row by row have a fault.

    One row alone is never too many, but where it is the only one.
    """
    if faulty_rows <= 1:
        return 0 < faulty_rows == file.rows_read
    share = reference.read("threshold").filter(name="faulty_rows")["value"].item()
    return faulty_rows > float(share) * file.rows_read


def _list_left_out(
    problems: Iterable[Problem], typed: Mapping[str, TypedFile], refused: Collection[str]
) -> pl.DataFrame:
    """The faulty rows of files that are taken without them; see `CheckResult`."""
    faulty: dict[str, list[Problem]] = {}
    for each in problems:
        if each.file not in refused:
            faulty.setdefault(each.file, []).append(each)
    found = [LEFT_OUT_SCHEMA.to_frame()]
    for name, each_fault in faulty.items():
        rows = typed[name].rows
        faults = pl.DataFrame(
            [(name, each.row, each.column, each.fault) for each in each_fault],
            schema=dict(list(LEFT_OUT_SCHEMA.items())[:4]),
            orient="row",
        )
        known = rows.select("row", pl.col("^(upn|handle|date)$"))
        found.append(faults.join(known, on="row", how="left", maintain_order="left"))
    return pl.concat(found, how="diagonal")


def _build_problems(typed: TypedFile) -> list[Problem]:
    """The faults of one file in words.

    Of a row of a national file no value is shown: a date of birth stands beside the rest there,
    and one comma too many puts it under a column that is not personal.
    """
    if typed.faults.is_empty():
        return []
    is_own = pl.col("row") < FIRST_RETURN_ROW
    problems: list[Problem] = []
    for (column,), faults in typed.faults.group_by("column"):
        name = str(column)
        shown = pl.when(is_own).then(pl.col(name)).otherwise(pl.lit(""))
        texts = typed.text.select("row", shown.alias("value"))
        alike = faults.join(texts, on="row").group_by("fault", "value").agg("row")
        for fault, value, rows in alike.iter_rows():
            first = build_problem(typed.export, rows[0], name, fault, value, name=typed.name)
            problems += [first, *(first.move_to_row(row) for row in rows[1:])]
    return problems


def _sort_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """By file, row and column, in the contract's order; "" comes before any column."""
    place = {
        (export.name, column): (number, position)
        for number, export in enumerate(ALL_EXPORTS)
        for position, column in enumerate(("", *export.header))
    }
    for export in HANDLE_EXPORTS:
        columns = zip(key_by_handle(export).header, export.header, strict=True)
        place |= {(export.name, mine): place[export.name, other] for mine, other in columns}

    def key(problem: Problem) -> tuple[int, int, int]:
        number, position = place[problem.file, problem.column]
        return number, problem.row, position

    return tuple(sorted(problems, key=key))


def _count_blank_marks(register: Summary, calendar: TypedFile | None) -> tuple[date | None, int]:
    """The last marked day of the register, and the blank marks on school days up to it."""
    if not register.rows or calendar is None:
        return None, 0
    # A stray mark on a Sunday must not make it the last marked day.
    school_days = register.sessions.filter(~is_closed_day("date", calendar))
    rows = pl.col("rows")
    marks = rows.filter(pl.col("code").is_not_null()).sum().alias("marks")
    days = school_days.group_by("date").agg(rows.sum(), marks)
    last = days.filter(pl.col("marks") * 2 >= pl.col("rows"))["date"].max()
    if not isinstance(last, date):
        return None, 0
    counted = days.filter(pl.col("date") <= last)
    return last, int((counted["rows"] - counted["marks"]).sum())
