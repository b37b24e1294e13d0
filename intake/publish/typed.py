"""What people type, held against the contract.

Pure functions.  A typed fact is a row of an export without its child: one definition
says what may stand in it, whether it comes in a file or a letter.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, timedelta
from functools import cache

import polars as pl

from intake.check.across import check_across
from intake.check.ages import compute_year_group_band
from intake.check.held import Held
from intake.check.rows import check_rows
from intake.check.values import TypedFile, check_values
from intake.identify import events
from intake.problems import Problem, build_problem
from intake.spelling import spell_value
from intake.tables import ExportFile, build_schema
from queries import reference
from queries.contract import CARE_EPISODES, EXPORTS, FACT_EXPORTS, Column, Export
from queries.contract.model.category import AGE_BAND
from queries.contract.model.dates import parse_date
from safeguards.journal.typed_entries import Entry, find_flagged
from safeguards.wording import ALWAYS_REFUSED, IsName, check_line

#: Beside a fact's columns; never in a raw_ row.
WHERE_WRITTEN = "where_written"
RULES = "rules"
#: Those of the rules that an action was about; not there in what was logged before it was asked.
ANSWERS = "answers"

#: Texts that are places by their nature.
_PLACES = ("authority",)

_SOURCE = Column(WHERE_WRITTEN, "text", "The letter or form it comes from.", pattern=r".{3,80}")

#: An action, in the form of an export of which no file exists.
ACTION_EXPORT = Export(
    name="action",
    grain="One thing that somebody did for a child.",
    key=("date",),
    columns=(
        Column("kind", "code", "The kind of action.", code_list="action_kind"),
        Column("outcome", "code?", "What came of a call.", code_list="call_outcome"),
        Column("date", "date", "The day of the action."),
        Column("line", "text?", "What was done, in a few words.", pattern=r".{1,120}"),
        Column(*("follow_up", "date?", "The review date."), may_lie_ahead=True),
    ),
)

_ROW = 1
_LONGEST_FOLLOW_UP = timedelta(366)


def find_export(name: str) -> Export | None:
    """Return the export called `name` if its rows may be typed, else None."""
    return next((export for export in FACT_EXPORTS if export.name == name), None)


def normalise_values(export: Export, values: Mapping[str, str]) -> dict[str, str]:
    """Return given values, which must be valid, in canonical spelling; dates as YYYY-MM-DD."""
    found = {}
    for column in export.columns:
        if text := values.get(column.name, ""):
            spelled = spell_value(column, text)
            parsed = parse_date(spelled) if column.kind == "date" else None
            found[column.name] = parsed[0].isoformat() if parsed else spelled
    return found


@cache
def list_calls() -> frozenset[str]:
    """Return the kinds of action that are calls, which have an outcome."""
    return frozenset(reference.read("action_kind").filter("is_call")["code"])


def has_answer(outcome: str | None) -> bool:
    """Return whether an action with this outcome answers a reason; one without any does."""
    answers = reference.read("call_outcome").filter("is_answer")["code"]
    return not outcome or outcome in answers


def check_action(
    values: Mapping[str, str], latest: date, is_name: IsName, *, is_confirmed: bool = False
) -> list[Problem]:
    """Find what is wrong with an action: its kind, outcome, day, line or review date.

    An outcome is given for a call, and for nothing else.

    Args:
        values: what was typed, by column.
        latest: the last day on which it can have been done.
        is_name: says of a folded word whether it is part of a name on the roll.
        is_confirmed: whether the person says that the words name no child.

    """
    found = [
        *_check_row(ACTION_EXPORT, values),
        *_check_future_dates(ACTION_EXPORT, values, latest),
        *_check_wording(ACTION_EXPORT, values, latest, is_name, is_confirmed=is_confirmed),
    ]
    given = normalise_values(ACTION_EXPORT, values)
    if not found and (given["kind"] in list_calls()) is not ("outcome" in given):
        problem, fix = "Only a call has an outcome.", "Leave the outcome out."
        if "outcome" not in given:
            problem, fix = "The outcome of the call is missing.", "Choose what came of the call."
        found.append(_refuse(ACTION_EXPORT, "outcome", problem, fix))
    if not found and "follow_up" in given:
        ahead = parse_valid_date(given["follow_up"]) - parse_valid_date(given["date"])
        if not timedelta(0) <= ahead <= _LONGEST_FOLLOW_UP:
            said = (
                "The review date is before the action, or more than a year later.",
                "Give a review date from the day of the action to a year later.",
            )
            found.append(_refuse(ACTION_EXPORT, "follow_up", *said))
    return _sort_problems(ACTION_EXPORT, found)


def check_fact(
    export: Export,
    values: Mapping[str, str],
    *,
    where_written: str,
    latest: date,
    is_name: IsName,
    is_confirmed: bool = False,
) -> list[Problem]:
    """List what is wrong with a typed fact: the same as with a row of that export, and more.

    values: by column, without the child's; a blank may be left out.  No other column may
    be given, the source of the fact is named in 3 to 80 characters, and what has happened
    did so by `latest`, the day of typing.  is_name, is_confirmed: as of `check_action`.  In the
    order of the columns.
    """
    columns = drop_upn_column(export)
    found = _check_row(columns, values)
    source = replace(export, columns=(*export.columns, _SOURCE))
    judged = check_typed_rows(replace(export, columns=(_SOURCE,)), [{WHERE_WRITTEN: where_written}])
    for fault in judged.faults["fault"]:
        problem = build_problem(source, _ROW, WHERE_WRITTEN, fault)
        fix = 'Name the letter in 3 to 80 characters, such as "letter, Tameside, 12 November".'
        found.append(replace(problem, fix=fix))
    if set(values) - set(columns.header):
        said = "One of these columns cannot be filled in by hand."
        can = f"You can fill in: {', '.join(columns.header)}."
        found.append(_refuse(export, "", said, can, "wrong header"))
    texts = {**values, WHERE_WRITTEN: where_written}
    found += _check_wording(source, texts, latest, is_name, is_confirmed=is_confirmed)
    return _sort_problems(source, [*found, *_check_future_dates(columns, values, latest)])


def check_shown_line(file: str, line: str, latest: date) -> list[Problem]:
    """Find what is wrong with a text that somebody lets be shown, in place of a file's."""
    export = next(each for each in EXPORTS if each.name == file)
    columns = tuple(column for column in export.columns if column.is_line)
    values = dict.fromkeys((column.name for column in columns), line)
    judged = check_typed_rows(replace(export, columns=columns), [values]).faults
    return [
        *(build_problem(export, _ROW, column, fault) for _, column, fault in judged.iter_rows()),
        *_check_wording(export, values, latest, lambda _: False, is_confirmed=True),
    ]


def compute_age_band(
    export: Export, values: Mapping[str, str], year_group: int | None, year_group_date: date | None
) -> tuple[str | None, list[Problem]]:
    """Return the band of a child's age on the day of a fact, or why there is none.

    year_group: R is 0, as it was on `true_on`; null where the child has no stay.  values
    are canonical.
    """
    told = (year_group, year_group_date, parse_valid_date(values["date"]))
    schema = {"group": pl.Int64, "true_on": pl.Date, "day": pl.Date}
    frame = pl.DataFrame([told], schema=schema, orient="row")
    band = frame.select(compute_year_group_band("group", "true_on", "day")).item()
    if band is not None:
        return str(band), []
    said = "Until Year 1, the year group does not say whether the child was under 5 on that day."
    fix = f"Ask the school office to add this record to {export.name} by UPN."
    return None, [_refuse(export, "date", said, fix)]


def check_overlap(values: Mapping[str, str], others: pl.DataFrame) -> list[Problem]:
    """Check whether a care episode shares a day with one that excludes it.

    values are canonical.  others: status, start, known_since and end of the child's other
    episodes.  One whose start nobody knows does not stand in the way of the same status
    with a start: that is what the letter tells.
    """
    new = check_typed_rows(drop_upn_column(CARE_EPISODES), [values]).rows
    status, start = new.select("status", "start").row(0)
    if start is not None:
        others = others.filter((pl.col("status") != status) | pl.col("start").is_not_null())
    others = drop_episode(others, values)
    both = pl.concat([others, new.drop("row")], how="diagonal_relaxed")
    rows = both.with_row_index("row").with_columns(pl.lit("").alias("upn"))
    text = rows.select("row", pl.lit("").alias("start"))
    typed = TypedFile(CARE_EPISODES, text, rows, check_typed_rows(ACTION_EXPORT, []).faults, ())
    found = check_across({CARE_EPISODES.name: typed}, Held(), {})[CARE_EPISODES.name].faults
    faults = found.filter(pl.col("row") == others.height, pl.col("fault") == "overlap")
    return [build_problem(CARE_EPISODES, _ROW, "start", fault) for fault in faults["fault"]]


def drop_episode(episodes: pl.DataFrame, values: Mapping[str, str]) -> pl.DataFrame:
    """Drop the care episode that canonical `values` describe."""
    one = check_typed_rows(drop_upn_column(CARE_EPISODES), [values]).rows
    same = ["status", "start", "known_since"]
    return episodes.join(one, on=same, how="anti", nulls_equal=True, maintain_order="left")


def get_fact_date(values: Mapping[str, str], as_at: date) -> date:
    """Return the day of a fact from canonical values; a booking shows at once, so on `as_at`."""
    if is_booking(values):
        return as_at
    text = next(values[name] for name in ("date", "known_since", "start") if name in values)
    return parse_valid_date(text)


def is_booking(values: Mapping[str, str]) -> bool:
    """Say whether a row is a booked appointment, meeting or step, which is to come."""
    return values.get("outcome") == "booked" or values.get("event") in reference.list_bookings()


def parse_valid_date(text: str) -> date:
    """Parse a date that has been checked; ValueError for any other text."""
    found = parse_date(text)
    if found is None:
        raise ValueError("this is not a date")
    return found[0]


def drop_upn_column(export: Export) -> Export:
    """Return the export without the column that names the child."""
    return replace(
        export,
        columns=tuple(column for column in export.columns if column.kind != "UPN"),
        key=tuple(name for name in export.key if name != "upn"),
    )


def check_typed_rows(export: Export, rows: Sequence[Mapping[str, str]]) -> TypedFile:
    """Check the values of rows of text; `row` counts from 0."""
    texts = [
        (number, *(values.get(name, "") for name in export.header))
        for number, values in enumerate(rows)
    ]
    frame = pl.DataFrame(texts, schema=build_schema(export), orient="row")
    return check_values(ExportFile(export, "", is_read=True, rows_read=0, problems=(), rows=frame))


def _check_row(export: Export, values: Mapping[str, str]) -> list[Problem]:
    """List the faults of one row by itself, in the words for a row of a file."""
    typed = check_rows(check_typed_rows(export, [values]))
    reported_export = next((each for each in FACT_EXPORTS if each.name == export.name), export)
    return [
        build_problem(reported_export, _ROW, column, fault, values.get(column, ""))
        for column, fault in typed.faults.select("column", "fault").iter_rows()
    ]


def _check_future_dates(export: Export, values: Mapping[str, str], latest: date) -> list[Problem]:
    """List dates of events after `latest`; bookings and columns that may lie ahead are exempt."""
    values = normalise_values(export, values)
    if is_booking(values):
        return []
    late = [
        column.name
        for column in export.columns
        if column.kind == "date"
        and not column.may_lie_ahead
        and (found := parse_date(values.get(column.name, ""))) is not None
        and found[0] > latest
    ]
    fix = "Give the date of the event. Only bookings can have a date in the future."
    return [_refuse(export, name, f"{name} is a date in the future.", fix) for name in late]


def _refuse(
    export: Export, column: str, said: str, fix: str, fault: str = "not allowed"
) -> Problem:
    return Problem(export.name, _ROW, column, fault, said, fix)


def _check_wording(
    export: Export, values: Mapping[str, str], latest: date, is_name: IsName, *, is_confirmed: bool
) -> Iterator[Problem]:
    """Yield what must not be in a free text, each kind once, without repeating the text."""
    for column in export.columns:
        if column.kind != "text":
            continue
        found = check_line(values.get(column.name, ""), is_name, as_at=latest)
        for kind, question in {each.kind: each.question for each in found}.items():
            fault = "personal" if kind in ALWAYS_REFUSED else "may name a child"
            fix = "Remove this from the text."
            if kind not in ALWAYS_REFUSED:
                fix = "Remove the name, or confirm that the text names nobody."
            if kind in ALWAYS_REFUSED or not (is_confirmed or column.name in _PLACES):
                yield _refuse(export, column.name, question, fix, fault)


def _sort_problems(export: Export, problems: list[Problem]) -> list[Problem]:
    place = {"": -1} | {name: number for number, name in enumerate(export.header)}
    return sorted(problems, key=lambda problem: place[problem.column])


def build_typed_rows(entries: Sequence[Entry], pupils: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Build the raw_ rows of entries in the order in which they were typed, by table.

    pupils: `pupil_id` and `pupil_key`; entries about any other child are left behind, and
    so are facts that the contract no longer allows.  Of facts about the same thing the
    last one counts.  A table without rows is left out.  No row has source_id or load_id.
    """
    key_of = dict(pupils.select("pupil_id", "pupil_key").iter_rows())
    there = [entry for entry in entries if entry.pupil_id in key_of]
    of_file: dict[str, list[Entry]] = {}
    for entry in there:
        of_file.setdefault(entry.file, []).append(entry)
    frames = {
        export.name: frame
        for export in FACT_EXPORTS
        if export.name in of_file
        and (frame := _build_file_rows(export, of_file[export.name])).height
    }
    # Within here the pupil_id stands where a file has the UPN.
    keys = pupils.select(pl.col("pupil_id").alias("upn"), pl.lit("").alias("handle"), "pupil_key")
    rows = events.build_raw_rows(frames, keys)
    if actions := [row for entry in there for row in _build_action_rows(entry, key_of)]:
        rows["raw_action"] = pl.DataFrame(
            actions,
            schema_overrides={
                **dict.fromkeys(("outcome", "line", "corrects", "rule"), pl.String),
                "follow_up_date": pl.Date,
                "figure": pl.Int64,
                "is_answer": pl.Boolean,
            },
        )
    for kind in ("restriction", "objection"):
        if flags := find_flagged(there, kind):
            rows[f"raw_{kind}"] = pl.DataFrame(
                [
                    {"pupil_key": key_of[pupil_id], "since_date": entry.at.date()}
                    for pupil_id, entry in flags.items()
                ]
            )
    schools = dict(pupils.select("pupil_key", "school_key").iter_rows())
    school = pl.col("pupil_key").replace_strict(schools, return_dtype=pl.Int64)
    return {table: frame.with_columns(school_key=school) for table, frame in rows.items()}


def _build_file_rows(export: Export, entries: Sequence[Entry]) -> pl.DataFrame:
    """Build the rows that the contract allows, the last one of each key, by the child's code."""
    typed = check_rows(
        check_typed_rows(drop_upn_column(export), [entry.values for entry in entries])
    )
    beside = pl.DataFrame(
        [
            (number, entry.pupil_id, entry.values.get(AGE_BAND))
            for number, entry in enumerate(entries)
        ],
        schema={"row": pl.UInt32, "upn": pl.String, AGE_BAND: pl.String},
        orient="row",
    )
    return typed.right_rows.join(beside, on="row", maintain_order="left").unique(
        export.key, keep="last", maintain_order=True
    )


def _build_action_rows(entry: Entry, key_of: Mapping[str, int]) -> list[dict[str, object]]:
    """Build a row for each rule that listed the child at the time, or one if none did."""
    if entry.kind != "action":
        return []
    listed: dict[str, int] = json.loads(entry.values[RULES])
    answers = json.loads(entry.values[ANSWERS]) if ANSWERS in entry.values else None
    follow_up = entry.values.get("follow_up")
    rules: list[tuple[str | None, int | None]] = [*listed.items()] or [(None, None)]
    return [
        {
            "pupil_key": key_of[entry.pupil_id],
            "action_id": entry.entry_id,
            "action_date": parse_valid_date(entry.values["date"]),
            "kind": entry.values["kind"],
            "outcome": entry.values.get("outcome"),
            "line": entry.values.get("line"),
            "actor": entry.actor,
            "logged_at": entry.at.astimezone(UTC).replace(tzinfo=None),
            "follow_up_date": parse_valid_date(follow_up) if follow_up else None,
            "corrects": entry.corrects,
            "rule": rule,
            "figure": figure,
            "is_answer": None if answers is None or rule is None else rule in answers,
        }
        for rule, figure in rules
    ]
