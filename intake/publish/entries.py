"""What people type, from the form to the views: check, seal, and a new version at once.

`log_action` and `add_fact` are what the forms call.  An entry is
safe once it stands in `written/`; the store is made again from there as often as need be.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import polars as pl

from intake.problems import IntakeError, Problem, build_problem
from intake.publish import typed
from intake.publish.amend import publish_entries
from intake.publish.flagged import NOTE, WAIVED
from intake.publish.retired import compute_cutoffs, fetch_last_days, is_expired
from intake.switches import describe_off
from queries.contract import (
    CARE_EPISODES,
    CONCERNS,
    FACT_EXPORTS,
    FILE_TABLES,
    Export,
    get_category,
)
from queries.contract.model.category import AGE_BAND
from queries.errors import StoreError
from queries.store import store, versions
from safeguards.access import access
from safeguards.access.name_cards import build_name_check
from safeguards.handles import generate_id
from safeguards.journal.access_log import get_utc_now
from safeguards.journal.ledger import Ledger
from safeguards.journal.typed_entries import Entry, EntryKind, TypedEntries
from safeguards.keys.keys import Keys
from safeguards.vault.lines import LineSeal, name_sealed_line
from safeguards.vault.vault import Vault

#: Why somebody leaves it at a faulty row.
WAIVER_REASONS = (
    "Nobody can find out the facts now",
    "The row is not about a child here",
    "The fact is recorded elsewhere",
    "The row does not matter",
)
_FLAGGED_ROWS = """
select
    coalesce(pupils.pupil_id, '') as pupil_id,
    coalesce(pupils.handle, '') as handle,
    sources.file_name,
    sources.sha256,
    rows.row_number::varchar as row_number,
    coalesce(rows.column_name, '') as column_name,
    rows.fault,
    case
        when rows.first_date = rows.last_date then rows.first_date::varchar else ''
    end as day,
    rows.source_id,
    rows.is_left_out,
    rows.sealed_line
from raw_flagged_row as rows
inner join raw_source as sources using (source_id)
left join raw_pupil as pupils using (pupil_key)
order by sources.file_name, rows.row_number
"""

#: For how long an action can be taken back.
UNDO_TTL = timedelta(seconds=60)

_CHILD = """
select
    pupils.pupil_key,
    pupils.pupil_id,
    arg_max(stays.year_group, stays.entry_date) as year_group,
    arg_max(stays.year_group_date, stays.entry_date) as year_group_date
from raw_pupil as pupils
left join raw_enrolment as stays on pupils.pupil_key = stays.pupil_key
where pupils.handle = $handle
group by pupils.pupil_key, pupils.pupil_id
"""
_IS_HERE = "select count(*) > 0 from raw_pupil where pupil_id = $pupil_id"
_EPISODES = """
select
    status::varchar as status,
    case when is_start_known then counts_from end as "start",
    case when not is_start_known then counts_from end as known_since,
    end_date as "end"
from stg_care_episode
where pupil_key = $pupil_key
"""


@dataclass(frozen=True)
class HiddenLine:
    """A text of a file that is not shown yet, what stands in its place, and its row's place."""

    line: str
    note: str
    row: Mapping[str, Any]


@dataclass(frozen=True)
class EntryResult:
    """What became of what somebody typed.

    entry_id: null where there are problems, and nothing was kept.  shown_from: the day
    from which views show it: the session's, or a later one that the data have not reached.
    """

    entry_id: str | None
    problems: tuple[Problem, ...] = ()
    visible_from: date | None = None


def log_action(
    session: access.Session,
    *,
    handle: str,
    kind: str,
    outcome: str = "",
    answers: Collection[str] | None = None,
    line: str = "",
    on: date | None = None,
    follow_up: date | None = None,
    corrects: str | None = None,
    page: str = "today",
    now: datetime | None = None,
    is_confirmed: bool = False,
) -> EntryResult:
    """Keep what somebody did about a child, with the rules that list the child now.

    outcome: what came of a call, of call_outcome.csv; "" for what is no call.
    answers: the rules that the action was about; None for all of them.  An action whose outcome
    reached nobody answers none.
    on: the day it was done; the session's day by default.  follow_up: when to look again.
    corrects: the id of the action that this one stands in for, whichever child's it was;
    both are shown.  is_confirmed: the person says that the words name no child, where they
    were asked.  Afterwards the session is no longer current: open a new one.
    `access.Denied` for roles that may not; IntakeError if nothing is there to be corrected,
    or it is kept but does not show yet; SafeguardsError and StoreError as their names say.
    """
    keys, child = _find_pupil(session, handle, page, "log_action")
    if child is None:
        return EntryResult(
            None, (build_problem(typed.ACTION_EXPORT, 1, "handle", "not on the roll"),)
        )
    now = now or get_utc_now()
    values = {
        "kind": kind,
        "outcome": outcome,
        "date": str(on or session.as_at),
        "line": line,
        "follow_up": str(follow_up or ""),
    }
    if problems := typed.check_action(
        values,
        _compute_latest_day(session, now),
        build_name_check(session),
        is_confirmed=is_confirmed,
    ):
        return EntryResult(None, tuple(problems))
    if corrects is not None:
        _find_standing(session, keys, corrects, "action")
    values = typed.normalise_values(typed.ACTION_EXPORT, values)
    values[typed.RULES] = json.dumps(_fetch_figures(session, child["pupil_id"]))
    if not typed.has_answer(outcome):
        answers = ()
    if answers is not None:
        values[typed.ANSWERS] = json.dumps(sorted(answers))
    said = {"role": session.choose_role(page, "log_action"), "corrects": corrects}
    entry = _build_entry(session, now, "action", child["pupil_id"], values=values, **said)
    return _save_entry(session, keys, entry, on or session.as_at)


def _fetch_figures(session: access.Session, pupil_id: str) -> dict[str, int]:
    """Return the rules that list a child now, each with its figure."""
    listed = session.read(
        "select rule, figure from needs_a_look where pupil_id = $pupil_id order by rule",
        {"pupil_id": pupil_id},
    )
    return dict(listed.iter_rows())


def undo_action(
    session: access.Session, *, action_id: str, page: str = "today", now: datetime | None = None
) -> EntryResult:
    """Take back what this person logged a moment ago: the log keeps it, no view shows it.

    IntakeError unless it stands, is this person's own and is not older than UNDO_TTL; the
    rest as for `log_action`.
    """
    keys = Keys.load(session.home)
    if not session.is_allowed(page, "log_action"):
        session.enter(page, action="log_action")  # writes the denial down, and raises it
    undone = _find_standing(session, keys, action_id, "action")
    session.enter(page, undone.pupil_id, "log_action")
    now = now or get_utc_now()
    if undone.actor != session.actor or now - undone.at > UNDO_TTL:
        raise IntakeError(
            "Only the person who logged an action can undo it, and only within a minute. Correct "
            "the action instead: both versions stay on record."
        )
    day = {"date": undone.values["date"]}
    said = {"role": session.choose_role(page, "log_action"), "corrects": action_id}
    entry = _build_entry(session, now, "undo", undone.pupil_id, values=day, **said)
    return _save_entry(session, keys, entry, session.as_at)


def add_fact(
    session: access.Session,
    *,
    handle: str,
    file: str,
    values: Mapping[str, str],
    where_written: str,
    corrects: str | None = None,
    page: str = "child",
    now: datetime | None = None,
    is_confirmed: bool = False,
) -> EntryResult:
    """Keep a fact that arrived in a letter, as a row of the export `file`.

    A note of concern may be raised by who sees none; any other fact is typed by who may see its
    kind of data.  values: text by column, without the child's.  corrects: the id of the fact
    that this one takes the place of, whichever child's it was.  The rest as for `log_action`;
    IntakeError too if no such row can be typed, or nothing is there to be corrected.
    """
    export = typed.find_export(file)
    if export is None:
        names = ", ".join(each.name for each in FACT_EXPORTS)
        raise IntakeError(f"An entry must be a row of one of these: {names}.")
    if not session.has_table(FILE_TABLES[export.name]):
        raise IntakeError(describe_off(export.name))
    action = _get_action(session, export)
    keys, child = _find_pupil(session, handle, page, action)
    if child is None:
        return EntryResult(None, (build_problem(export, 1, "handle", "not on the roll"),))
    now = now or get_utc_now()
    problems = typed.check_fact(
        export,
        values,
        where_written=where_written,
        latest=_compute_latest_day(session, now),
        is_name=build_name_check(session),
        is_confirmed=is_confirmed,
    )
    if problems:
        return EntryResult(None, tuple(problems))
    corrected = None if corrects is None else _find_standing(session, keys, corrects, "fact")
    given = typed.normalise_values(export, values)
    if get_category(export).has_age_band:
        band, problems = typed.compute_age_band(
            export, given, child["year_group"], child["year_group_date"]
        )
        given |= {AGE_BAND: band} if band else {}
    if export is CARE_EPISODES:
        problems = typed.check_overlap(given, _read_other_episodes(session, keys, child, corrected))
    if problems:
        return EntryResult(None, tuple(problems))
    said = {"values": given, "where_written": where_written.strip(), "corrects": corrects}
    said["role"] = session.choose_role(page, action)
    entry = _build_entry(session, now, "fact", child["pupil_id"], file=file, **said)
    return _save_entry(session, keys, entry, typed.get_fact_date(given, session.as_at))


def waive_row(
    session: access.Session,
    *,
    source_id: int,
    row_number: int,
    column_name: str,
    fault: str,
    reason: str,
    now: datetime | None = None,
) -> EntryResult:
    """Leave it at a faulty row: Data check lists it no more, and who said so is on record.

    The row is one of check_left_out; column_name is "" for a whole row.  reason: one of
    WAIVER_REASONS.  The rest as for `log_action`; IntakeError if no such row is listed.
    """
    if reason not in WAIVER_REASONS:
        raise IntakeError(f"The reason must be one of these: {', '.join(WAIVER_REASONS)}.")
    keys = Keys.load(session.home)
    rows = _open_current_store(session, keys).read(_FLAGGED_ROWS)
    rows = rows.filter(
        "is_left_out",
        source_id=source_id,
        row_number=str(row_number),
        column_name=column_name,
        fault=fault,
    )
    row = rows.row(0, named=True) if rows.height else None
    session.enter("data_check", (row["pupil_id"] or None) if row else None, "waive_row")
    if row is None:
        raise IntakeError("This row is no longer on the list.")
    values = {**{name: row[name] for name in WAIVED}, "reason": reason}
    entry = _build_waiver(session, now or get_utc_now(), row["pupil_id"], values)
    return _save_entry(session, keys, entry, session.as_at)


def list_hidden_lines(session: access.Session) -> list[HiddenLine]:
    """Return the texts of files that are not shown yet; none for a role that may not decide."""
    if not session.is_allowed("data_check", "waive_row"):
        return []
    keys = Keys.load(session.home)
    rows = _open_current_store(session, keys).read(_FLAGGED_ROWS)
    open_line = LineSeal(keys).open
    return [
        HiddenLine(open_line(row["sealed_line"]), name_sealed_line(row["sealed_line"]), row)
        for row in rows.drop_nulls("sealed_line").iter_rows(named=True)
    ]


def show_line(
    session: access.Session, hidden: HiddenLine, line: str, now: datetime | None = None
) -> EntryResult:
    """Let a text of a file be shown, as it is or as this person has mended it.

    The rest as for `log_action`.
    """
    session.enter("data_check", hidden.row["pupil_id"], "waive_row")
    now, file = now or get_utc_now(), hidden.row["file_name"]
    latest = _compute_latest_day(session, now)
    if problems := typed.check_shown_line(file, line, latest):
        return EntryResult(None, tuple(problems))
    values = {name: hidden.row[name] for name in WAIVED}
    values |= {"reason": "The text can be shown", NOTE: hidden.note, "line": line.strip()}
    entry = _build_waiver(session, now, hidden.row["pupil_id"], values)
    return _save_entry(session, Keys.load(session.home), entry, session.as_at)


def list_typed_facts(session: access.Session, handle: str, file: str) -> tuple[Entry, ...]:
    """List uncorrected facts of an export that were typed about a child, newest first.

    There are none for a kind of data, or a child, that the session may not see.
    """
    if not session.has_category(get_category(file).role_category):
        return ()
    query = "select pupil_id from cohort_member where handle = $handle"
    seen = set(session.read(query, {"handle": handle})["pupil_id"])
    written = TypedEntries.open(session.home, Keys.load(session.home)).list_current()
    return tuple(
        entry
        for entry in reversed(written)
        if (entry.kind, entry.file) == ("fact", file) and entry.pupil_id in seen
    )


def list_own_concerns(session: access.Session, pupil_id: str) -> tuple[Entry, ...]:
    """List the notes of concern that this person raised about a child, newest first.

    Each is as last typed.  There are none for a child of whom the session has no row.
    """
    is_seen = session.read(
        "select pupil_id from cohort_member where pupil_id = $pupil_id", {"pupil_id": pupil_id}
    ).height
    if not is_seen:
        return ()
    written = TypedEntries.open(session.home, Keys.load(session.home)).list_current()
    newest = {
        tuple(entry.values.get(name) for name in ("date", "kind", "line")): entry
        for entry in written
        if (entry.file, entry.actor, entry.pupil_id) == (CONCERNS.name, session.actor, pupil_id)
    }
    return tuple(sorted(newest.values(), key=lambda entry: entry.at, reverse=True))


def _build_waiver(
    session: access.Session, now: datetime, pupil_id: str, values: dict[str, Any]
) -> Entry:
    role = session.choose_role("data_check", "waive_row")
    return _build_entry(session, now, "waiver", pupil_id, values=values, role=role)


def _build_entry(
    session: access.Session, now: datetime, kind: EntryKind, pupil_id: str, **fields: Any
) -> Entry:
    """Build an entry of this person; fields: the rest of an `Entry`."""
    rest = {"file": "", **fields, "actor": session.actor}
    return Entry(entry_id=generate_id(), at=now, kind=kind, pupil_id=pupil_id, **rest)


def _get_action(session: access.Session, export: Export) -> str:
    """Return the action that a role must be allowed for a row of an export to be typed."""
    if export is CONCERNS:
        return "raise_concern"
    session.require_category(get_category(export).role_category)
    return "add_fact"


def _find_pupil(
    session: access.Session, handle: str, page: str, action: str
) -> tuple[Keys, dict[str, Any] | None]:
    """Return the home's keys and the child with a handle, or None if nobody has it.

    The access is checked and logged before anything is returned.
    """
    keys = Keys.load(session.home)
    rows = _open_current_store(session, keys).read(_CHILD, {"handle": handle})
    child = rows.row(0, named=True) if rows.height else None
    session.enter(page, child["pupil_id"] if child else None, action)
    return keys, child


def _open_current_store(session: access.Session, keys: Keys) -> store.Store:
    """Open the version in use, without the children who are hidden from this session."""
    path = versions.find_current_version(session.home.store)
    if path is None:
        raise IntakeError("Nothing has been loaded into the school's folder yet.")
    return access.open_store(path, keys.store, *session.hidden)


def _compute_latest_day(session: access.Session, now: datetime) -> date:
    """Return the last day on which something can have happened: made-up data may run ahead."""
    return max(now.astimezone().date(), session.as_at)


def _find_standing(session: access.Session, keys: Keys, entry_id: str, kind: EntryKind) -> Entry:
    """Return the entry if it is uncorrected and its child is in the version; else IntakeError."""
    current = TypedEntries.open(session.home, keys).list_current()
    corrected = {entry.corrects for entry in current}
    version = _open_current_store(session, keys)
    for entry in current:
        is_it = (entry.entry_id, entry.kind) == (entry_id, kind) and entry_id not in corrected
        if is_it and version.read(_IS_HERE, {"pupil_id": entry.pupil_id}).item():
            return entry
    raise IntakeError("There is no entry with this id that can still be corrected or undone.")


def _read_other_episodes(
    session: access.Session, keys: Keys, child: Mapping[str, Any], corrected: Entry | None
) -> pl.DataFrame:
    """Read the child's care episodes without the one that is being corrected."""
    rows = _open_current_store(session, keys).read(_EPISODES, {"pupil_key": child["pupil_key"]})
    if corrected is None or corrected.file != CARE_EPISODES.name:
        return rows
    return typed.drop_episode(rows, corrected.values)


def _refuse_expired(session: access.Session, keys: Keys, entry: Entry) -> None:
    """Raise IntakeError for an entry about data that the retention schedule has deleted."""
    cutoffs = compute_cutoffs(
        Ledger.open(session.home, keys).list_entries(), Vault.open(session.home, keys).pupils
    )
    if cutoffs and is_expired(entry, fetch_last_days(_open_current_store(session, keys)), cutoffs):
        raise IntakeError(
            "The retention schedule has deleted this kind of data about this child, so nothing "
            "about that time can be recorded again."
        )


def _save_entry(session: access.Session, keys: Keys, entry: Entry, day: date) -> EntryResult:
    """Seal the entry, show it, and say from when it shows."""
    _refuse_expired(session, keys, entry)
    TypedEntries.open(session.home, keys).append(entry)
    try:
        publish_entries(session.home, keys)
    except (IntakeError, StoreError, duckdb.Error, OSError) as error:
        why = f" {error}" if isinstance(error, (IntakeError, StoreError)) else ""
        raise IntakeError(
            f"Entry {entry.entry_id} is saved and need not be typed again, but it may not be "
            f"shown before the next load.{why}"
        ) from error
    return EntryResult(entry.entry_id, visible_from=max(day, session.as_at))
