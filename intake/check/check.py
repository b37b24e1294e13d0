"""Check exports against the contract, and report every fault of every file together."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import chain

import polars as pl
import polars.selectors as cs

from intake.check.account import Account
from intake.check.across import SCHOOL_DAY, check_across, is_closed_day
from intake.check.coverage import describe_register, describe_strangers, list_whole_days
from intake.check.doubts import DOUBT_SCHEMA, find_doubts
from intake.check.held import Held
from intake.check.lines import LINE_SCHEMA, build_name_check, check_lines, find_doubtful_lines
from intake.check.register import Summary, sum_rows
from intake.check.rows import check_rows
from intake.check.values import TypedFile, check_values
from intake.problems import Problem, build_problem, format_count
from intake.tables import FIRST_RETURN_ROW, Counted, ExportFolder, Places
from queries import reference
from queries.contract import (
    ALL_EXPORTS,
    ATTENDANCE,
    CALENDAR,
    HANDLE_EXPORTS,
    ROLL,
    Export,
    key_by_handle,
)
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
_FAULTY_LINES = pl.Schema({"found_in": pl.String(), "upn": pl.String(), "number": pl.Int64()})


@dataclass(frozen=True, eq=False)
class CheckResult:
    """The rows of the exports, and what is wrong with them.

    Attributes:
        frames: The rows without a fault of their own of each file that was read: `row` (UInt32,
            the spreadsheet line) and the contract's columns, dates as Date, whole numbers as
            Int64, other text as String, blank as null. `care_episodes.start` is null if the start
            is unknown. A file in `refused_files` may lack rows here: do not load it.
        problems: All problems, by file in the contract's order, then row, then column.
        refused_files: The files that have a fault, or are required and missing. A file that is
            taken row by row is refused only if it cannot be read, if its only row is faulty, or if
            several of its rows are, more than the share `faulty_rows` of threshold.csv.
            A fault of a national file refuses nothing: see `wrong_children`.
        left_out: The faulty rows of files that are taken without them, by LEFT_OUT_SCHEMA, a row
            for each fault. `column` is "" for the whole row.
        places: Where people find the rows. `problems` already has these places.
        shown_names: The name that people use for each file.
        register: The sums of the register's rows without a fault of their own.
        row_by_row_files: The files that were read and are taken row by row.
        faulty: How many of the school's own rows have a fault, or marks of a register by days, for
            each of these files that has any.
        wrong_children: The kind of national file and the UPN of each child of whom nothing is
            taken from it, because a row for a file that is taken whole has a fault.
        faulty_lines: The `number` of lines of a national table (`found_in`), by `upn`, from which
            a row of ours has a fault.
        blocking_files: The refused files without which nothing is ever loaded.
        unavailable_files: Other required files that are refused. A load can go on only if the home
            has their rows from an earlier one.
        digests: The SHA-256 of each file, in hexadecimal digits.
        last_marked_day: The last school day on which at least half of the register's rows have
            a mark; None if there is none, or if no register or no calendar was read.
        doubtful_lines: The texts that may name somebody, by LINE_SCHEMA.
    """

    frames: dict[str, pl.DataFrame] = field(repr=False)
    problems: tuple[Problem, ...]
    refused_files: frozenset[str]
    blocking_files: frozenset[str]
    unavailable_files: frozenset[str]
    unknown_files: tuple[str, ...]
    digests: dict[str, str]
    last_marked_day: date | None
    held: Held = field(default_factory=Held, repr=False)
    notes: tuple[str, ...] = ()
    left_out: pl.DataFrame = field(default_factory=LEFT_OUT_SCHEMA.to_frame, repr=False)
    row_by_row_files: frozenset[str] = frozenset()
    faulty: Mapping[str, int] = field(default_factory=dict)
    wrong_children: frozenset[tuple[str, str]] = field(default_factory=frozenset, repr=False)
    faulty_lines: pl.DataFrame = field(default_factory=_FAULTY_LINES.to_frame, repr=False)
    places: Places = field(default_factory=Places, repr=False)
    shown_names: Mapping[str, str] = field(default_factory=dict)
    has_return: bool = False
    counted: tuple[Counted, ...] = ()
    unread: tuple[str, ...] = ()
    school_days: frozenset[date] = frozenset()
    register: Summary = field(default_factory=Summary, repr=False)
    doubtful_lines: pl.DataFrame = field(default_factory=LINE_SCHEMA.to_frame, repr=False)
    _doubts: dict[date, pl.DataFrame] = field(default_factory=dict, repr=False)

    @cached_property
    def taken_register(self) -> Summary:
        """Return the sums of the register's rows that are taken: nearly always all of them."""
        taken = self.accepted_frames
        is_all = taken.get(ATTENDANCE.name) is self.frames.get(ATTENDANCE.name)
        return self.register if is_all else _sum_register(taken)

    def list_upns(self) -> set[str]:
        """Return the UPNs in the rows that are taken."""
        frames = self.accepted_frames.values()
        return {upn for rows in frames if "upn" in rows.columns for upn in rows["upn"].unique()}

    def find_doubts(self, today: date) -> pl.DataFrame:
        """Return the doubtful rows that are taken, with UPN or handle and date if known."""
        if today not in self._doubts:
            self._doubts[today] = self._look_for_doubts(today)
        return self._doubts[today]

    def hide_lines(self, seal: Callable[[str], str], shown: Mapping[str, str]) -> "CheckResult":
        """Return the result with each doubtful line sealed, and a note in its place.

        Args:
            seal: A function that seals a text, the same text always in the same way.
            shown: The text that a person allows to be shown instead of a note, by note.
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

    def _look_for_doubts(self, today: date) -> pl.DataFrame:
        frames = self.accepted_frames
        parts = [LEFT_OUT_SCHEMA.to_frame()]
        lines = self.doubtful_lines.filter(pl.col("file").is_in(list(frames)))
        doubts = find_doubts(frames, today, self.held)
        all_doubts = pl.concat([doubts, lines.select(DOUBT_SCHEMA.names())])
        for (name,), doubts in all_doubts.group_by("file", maintain_order=True):
            known = _name_child(frames[str(name)].join(doubts, on="row", how="semi"))
            parts.append(doubts.join(known, on="row", how="inner", maintain_order="left"))
        return pl.concat(parts, how="diagonal")

    def list_lacks(self, today: date) -> list[str]:
        """Say what a register lacks, and how many of its UPNs are not on the roll."""
        roll, register = self.frames.get(ROLL.name), self.register
        lacks = [*describe_strangers(register, roll, self.held)]
        if register.rows and ATTENDANCE.name not in self.refused_files:
            days = list_whole_days(self.taken_register, roll, self.held)
            lacks += describe_register(register, days, self.school_days, roll, self.held, today)
        return [f"{self.shown_names[ATTENDANCE.name]}: {lack}." for lack in lacks]

    def describe_obstacle(self, *, has_earlier: bool) -> str:
        """Say why nothing of the files can be loaded, or return "" if something can.

        Args:
            has_earlier: Whether the sender's files were loaded before.
        """
        lacking = self.blocking_files | (frozenset() if has_earlier else self.unavailable_files)
        if lacking:
            return f"Nothing can be loaded without {' and '.join(sorted(lacking))}."
        if not self.digests:
            return NONE_KNOWN
        return "" if self.accepted_frames else "Nothing can be loaded: every file has a fault."

    @cached_property
    def accepted_frames(self) -> dict[str, pl.DataFrame]:
        """Return the rows of the files that are not refused, without those that are left out."""
        return {
            name: self._drop_left_out(name, rows)
            for name, rows in self.frames.items()
            if name not in self.refused_files
        }

    def _drop_left_out(self, name: str, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of a file that are not left out: nearly always all of them."""
        left_out = self.left_out.filter(file=name)
        if left_out.is_empty():
            return rows
        return rows.filter(~pl.col("row").is_in(left_out["row"].implode()))

    def list_doubts(self, today: date) -> tuple[Problem, ...]:
        """Return what is unusual in the rows that are taken, as problems that leave out no row."""
        exports = {export.name: export for export in ALL_EXPORTS}
        problems = (
            build_problem(exports[file], row, column, doubt, name=self.shown_names[file])
            for file, row, column, doubt, *_ in self.find_doubts(today).iter_rows()
        )
        return tuple(_name_places(_sort_problems(problems), self.places))


def check_exports(read: ExportFolder, held: Held | None = None) -> CheckResult:
    """Check what was read. Report faults as problems, and raise no exception for them.

    held: what the home holds, which stands in for files that are missing.
    """
    held = held or Held()
    judged = {
        name: check_rows(check_values(file)) for name, file in read.files.items() if file.is_read
    }
    is_name = build_name_check(judged, held)
    typed = {name: check_lines(file) for name, file in judged.items()}
    home_files = held.build_files(typed)
    given = _list_given(read)
    checked = check_across(typed, held, home_files)
    kept, wrong = _leave_out_children(typed, checked, read, given)
    kept_files = check_across(kept, held, home_files) if wrong else checked
    problems = [*_drop_held(read, held), *chain(*map(_build_problems, kept_files.values()))]
    rest = _build_problems_of_children(checked) if wrong else ()
    verdict = _judge_files(read, given, problems, _sort_problems(dict.fromkeys([*problems, *rest])))
    # Rows with a fault of their own go; rows with a fault beside other rows stay.
    frames = {name: file.right_rows for name, file in kept.items()}
    register = _sum_register(frames)
    places = Places.from_files(read.files)
    calendar = home_files.get(CALENDAR.name, typed.get(CALENDAR.name))
    return CheckResult(
        frames=frames,
        problems=tuple(_name_places(verdict.problems, places)),
        refused_files=verdict.refused,
        blocking_files=_list_refused(verdict, lambda export: export.is_blocking),
        unavailable_files=_list_refused(
            verdict, lambda export: export.required and not export.is_blocking
        ),
        unknown_files=read.unknown_files,
        digests={name: file.digest for name, file in read.files.items()},
        last_marked_day=_find_last_marked_day(register, calendar),
        held=held,
        notes=(*read.notes, *_describe_held(held, frames), *_describe_wrong(wrong, read.counted)),
        has_return=read.has_return,
        left_out=_list_left_out(verdict.left_out, typed),
        row_by_row_files=frozenset(verdict.faulty_rows),
        faulty={
            name: _count_faulty(read, name, rows)
            for name, rows in verdict.faulty_rows.items()
            if rows
        },
        wrong_children=frozenset(wrong),
        faulty_lines=_count_faulty_lines(verdict.left_out, typed, given),
        places=places,
        shown_names={name: file.name or name for name, file in read.files.items()},
        counted=read.counted,
        unread=read.unread,
        school_days=_list_school_days(calendar),
        register=register,
        doubtful_lines=find_doubtful_lines(frames, is_name),
    )


@dataclass(frozen=True)
class _Verdict:
    """The files that are refused, and the rows that are left out of the others.

    problems: all problems, in order.  left_out: the problems of rows that are left out.
    faulty_rows: the school's own rows with a fault, of each file that is taken row by row.
    """

    problems: Sequence[Problem]
    refused: frozenset[str]
    left_out: list[Problem]
    faulty_rows: Mapping[str, set[int]]


def _judge_files(
    read: ExportFolder,
    given: Mapping[str, pl.DataFrame],
    remaining: Iterable[Problem],
    problems: Sequence[Problem],
) -> _Verdict:
    """Decide which files are taken.

    Args:
        read: The files as text.
        given: See `_list_given`.
        remaining: The problems that remain after the children with faults are left out.
        problems: All problems, in order.
    """
    remaining = [problem for problem in remaining if problem.row < FIRST_RETURN_ROW]
    faulty_rows = {
        name: {problem.row for problem in remaining if problem.file == name and problem.row}
        for name, file in read.files.items()
        if file.is_read and file.export.is_row_by_row
    }
    taken = {
        name
        for name, rows in faulty_rows.items()
        if not _is_wrong_file(len(rows), read.files[name].rows_read - len(given.get(name, ())))
    }
    refused = frozenset(problem.file for problem in remaining) - taken
    left_out = [
        problem
        for problem in problems
        if problem.file not in refused
        and (problem.row >= FIRST_RETURN_ROW or problem.file in taken)
    ]
    return _Verdict(problems, refused, left_out, faulty_rows)


def _list_refused(verdict: _Verdict, is_of_kind: Callable[[Export], bool]) -> frozenset[str]:
    """List the refused files of one kind."""
    names = (export.name for export in ALL_EXPORTS if is_of_kind(export))
    return verdict.refused.intersection(names)


def _build_problems_of_children(files: Mapping[str, TypedFile]) -> Iterator[Problem]:
    """Yield the faults for which children of national files are left out, as problems."""
    for file in files.values():
        for problem in _build_problems(file):
            if problem.row >= FIRST_RETURN_ROW or not file.export.is_row_by_row:
                yield problem


def _list_given(read: ExportFolder) -> dict[str, pl.DataFrame]:
    """Return where the rows from national files stood, by name of our file."""
    return {
        name: file.places.filter(pl.col("sender").is_not_null())
        for name, file in read.files.items()
        if file.places is not None and "sender" in file.places.columns
    }


def _leave_out_children(
    files: Mapping[str, TypedFile],
    checked: Mapping[str, TypedFile],
    read: ExportFolder,
    given: Mapping[str, pl.DataFrame],
) -> tuple[dict[str, TypedFile], set[tuple[str, str]]]:
    """Leave out the children of national files who have a fault in a file that is taken whole.

    Rows of such a child that contradict the school's own file are the ones at fault.

    Args:
        files: The files with the faults of rows by themselves.
        checked: The same files with all their faults.
        read: The same files as text, with the faults of rows that could not be read.
        given: See `_list_given`.

    Returns:
        The files without the rows that national files give about these children, and the
        children, as pairs of the kind of file and the UPN.
    """
    wrong = set[tuple[str, str]]()
    for name, places in given.items():
        if name not in files or files[name].export.is_row_by_row:
            continue
        faulty = checked[name].text.join(checked[name].faults, on="row", how="semi")["upn"]
        broken = pl.Series([problem.row for problem in read.files[name].problems], dtype=pl.UInt32)
        is_wrong = pl.col("child").is_in(faulty.implode()) | pl.col("row").is_in(broken.implode())
        children = places.filter(is_wrong).drop_nulls("child")
        wrong |= set(children.select("sender", "child").iter_rows())
    if not wrong:
        return dict(files), wrong
    pairs = pl.DataFrame([*wrong], schema=["sender", "child"], orient="row")
    kept = dict(files)
    for name, places in given.items():
        gone = places.join(pairs, on=["sender", "child"], how="semi")
        if name in files:
            kept[name] = files[name].drop_rows(gone["row"], gone["child"].unique())
    return kept, wrong


def _describe_wrong(wrong: Iterable[tuple[str, str]], counted: Sequence[Counted]) -> Iterator[str]:
    """Yield how many children are left out of national files because of a fault."""
    children = Counter(sender for sender, _ in wrong)
    for sender, number in sorted(children.items()):
        name = next(table.table for table in counted if table.kind.partition(" ")[0] == sender)
        have = "1 child has" if number == 1 else f"{number:,} children have"
        yield (
            f"{name.partition(': ')[0]}: {have} a row with a fault, so nothing about them is taken "
            "from such files. Send the list of rows to fix back to whoever sent them."
        )


def _count_faulty(read: ExportFolder, name: str, rows: Collection[int]) -> int:
    """Count the faulty rows of the school's own file, or their marks in a register by days."""
    if not any(table.is_of_marks for table in read.counted if table.file == name):
        return len(rows)
    faulty = pl.Series([*rows], dtype=pl.UInt32).implode()
    codes = read.files[name].rows.filter(pl.col("row").is_in(faulty))["code"].cast(pl.String)
    return int((codes.str.strip_chars() != "").sum())


def _count_faulty_lines(
    left_out: Iterable[Problem], typed: Mapping[str, TypedFile], given: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """Count by child the lines of national tables from which a row of ours has a fault."""
    frames = [_FAULTY_LINES.to_frame().select("found_in", "upn", line=pl.lit(0, pl.UInt32))]
    faulty: dict[str, set[int]] = {}
    for problem in left_out:
        faulty.setdefault(problem.file, set()).add(problem.row)
    for name, rows in given.items():
        numbers = pl.Series([*faulty.get(name, ())], dtype=pl.UInt32)
        lines = rows.filter(pl.col("row").is_in(numbers.implode()))
        upns = typed[name].text.select("row", pl.col("upn").cast(pl.String))
        named = lines.join(upns, on="row")
        frames.append(named.select("found_in", "upn", "line"))
    lines = pl.concat(frames).unique().group_by("found_in", "upn").agg(number=pl.len())
    return lines.cast(_FAULTY_LINES)


def _sum_register(frames: Mapping[str, pl.DataFrame]) -> Summary:
    """Return the sums of the register, or empty sums if there is no register."""
    rows = frames.get(ATTENDANCE.name)
    return Summary() if rows is None else sum_rows(rows)


def _name_child(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the UPN or handle, and the date, of each row, if there are such columns."""
    named = rows.select("row", pl.col("^(upn|handle|date)$"))
    return named.with_columns(cs.categorical().cast(pl.String))


def _drop_held(read: ExportFolder, held: Held) -> Iterator[Problem]:
    """Yield the problems of files, except those of missing files of which the home has rows.

    Keep the problem of a missing file if another file cannot be loaded without it.
    """
    lacks = held.list_lacks(file.export for file in read.files.values())
    for problem in read.problems:
        is_missing = problem.fault == "missing file"
        if is_missing and problem.file in held.not_asked:
            continue
        if not (is_missing and problem.file in held.files):
            yield problem
        elif export := lacks.get(problem.file):
            yield replace(
                problem, fix=f"Add {problem.file}: {export.name} cannot be loaded without it."
            )


def _describe_held(held: Held, frames: Mapping[str, pl.DataFrame]) -> Iterator[str]:
    """Yield which roll stands in for the one that is missing."""
    names_some = any("upn" in rows.columns for rows in frames.values() if len(rows))
    if ROLL.name in frames or held.roll_day is None or not names_some:
        return
    yield f"The roll used is the one loaded on {held.roll_day.day} {held.roll_day:%B %Y}."


def _list_school_days(calendar: TypedFile | None) -> frozenset[date]:
    if calendar is None:
        return frozenset()
    return frozenset(calendar.rows.filter(kind=SCHOOL_DAY)["date"].drop_nulls())


#: The message if no file was recognised.
NONE_KNOWN = (
    "None of these files was recognised. The Bring in files page asks how to read tables of "
    "another form."
)


def format_totals(
    checked: CheckResult,
    accounts: Sequence[Account],
    problems: Sequence[Problem],
    doubts: Sequence[Problem] = (),
) -> list[str]:
    """Return the summary of all files, the last lines of `lac check` and of the page."""
    lines = [*checked.unread]
    if doubts:
        are = "1 row is" if len(doubts) == 1 else f"{len(doubts):,} rows are"
        lines.append(f"{are} unusual, but used as they are. Please check.")
    for account in accounts:
        number = account.faulty or checked.faulty.get(account.file, 0)
        share = f"{account.name}: {number:,} of {format_count(account.number, account.unit)}"
        if account.faulty:
            lines.append(f"{share} would be left out, and the rest loaded.")
        elif number and account.file in checked.refused_files:
            reason = f"{share} are too many"
            if account.number == 1:
                reason = f"{account.name}: its only {account.unit} has a fault"
            lines.append(f"{reason}, so the whole file is left out.")
    if problems:
        files = len({problem.shown_file for problem in problems})
        faults = format_count(len(problems), "fault")
        return [*lines, f"{faults} in {format_count(files, 'file')}."]
    if checked.unread:
        return lines
    if not checked.digests:
        return [*lines, NONE_KNOWN]
    counts = [
        (unit, sum(account.number for account in accounts if account.unit == unit))
        for unit in ("row", "mark")
    ]
    amounts = [format_count(number, unit) for unit, number in counts if number]
    return [*lines, f"Nothing to fix in {' and '.join(amounts) or '0 rows'}."]


def _name_places(problems: Sequence[Problem], places: Places) -> Iterator[Problem]:
    """Yield the problems with the line and the heading at which people find them.

    Yield a cell once, even if it stands in several rows of ours, or in several files of a return.
    """
    cells: set[tuple[str, str, str, int]] = set()
    located = places.find([(problem.file, problem.row, problem.column) for problem in problems])
    for problem, (line, heading, found_in) in zip(problems, located, strict=True):
        moved = problem.call_column(heading).move_to_row(line, "", found_in)
        content = moved.column or moved.problem
        cell = (moved.shown_file, f"{content} {moved.value}", moved.fault, line)
        if cell not in cells or not line:
            cells.add(cell)
            yield moved


def _is_wrong_file(faulty: int, number: int) -> bool:
    """Say whether too many rows of a file that is taken row by row have a fault.

    A single faulty row is never too many, unless it is the only row.
    """
    if faulty <= 1:
        return 0 < faulty == number
    share = reference.read("threshold").filter(name="faulty_rows")["value"].item()
    return faulty > float(share) * number


def _list_left_out(problems: Iterable[Problem], typed: Mapping[str, TypedFile]) -> pl.DataFrame:
    """Return the faults of rows that are left out while the rest is taken, by LEFT_OUT_SCHEMA."""
    faulty: dict[str, list[Problem]] = {}
    for problem in problems:
        faulty.setdefault(problem.file, []).append(problem)
    frames = [LEFT_OUT_SCHEMA.to_frame()]
    for name, file_problems in faulty.items():
        faults = pl.DataFrame(
            [(name, problem.row, problem.column, problem.fault) for problem in file_problems],
            schema=dict(list(LEFT_OUT_SCHEMA.items())[:4]),
            orient="row",
        )
        known = _name_child(typed[name].rows.join(faults, on="row", how="semi"))
        frames.append(faults.join(known, on="row", how="left", maintain_order="left"))
    return pl.concat(frames, how="diagonal")


def _build_problems(typed: TypedFile) -> list[Problem]:
    """Return the faults of one file as problems.

    Show no value of a row of a national file: it has dates of birth in other columns, and one
    comma too many moves them under a column that is not personal.
    """
    if typed.faults.is_empty():
        return []
    is_own = pl.col("row") < FIRST_RETURN_ROW
    problems: list[Problem] = []
    for (column,), faults in typed.faults.group_by("column"):
        name = str(column)
        shown = pl.when(is_own).then(pl.col(name).cast(pl.String)).otherwise(pl.lit(""))
        texts = typed.text.join(faults, on="row", how="semi").select("row", value=shown)
        groups = faults.join(texts, on="row").group_by("fault", "value").agg("row")
        for fault, value, rows in groups.iter_rows():
            first = build_problem(typed.export, rows[0], name, fault, value, name=typed.name)
            problems += [first, *(first.move_to_row(row) for row in rows[1:])]
    return problems


def _sort_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort by file, row and column, in the contract's order. A column "" comes first."""
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


def _find_last_marked_day(register: Summary, calendar: TypedFile | None) -> date | None:
    """Return the last marked day of the register; see `CheckResult`."""
    if not register.rows or calendar is None:
        return None
    # A stray mark on a Sunday must not make that the last marked day.
    school_days = register.sessions.filter(~is_closed_day("date", calendar))
    rows = pl.col("rows")
    marks = rows.filter(pl.col("code").is_not_null()).sum().alias("marks")
    days = school_days.group_by("date").agg(rows.sum(), marks)
    last = days.filter(pl.col("marks") * 2 >= pl.col("rows"))["date"].max()
    return last if isinstance(last, date) else None
