"""What people type, from the form to the views: check, seal, and a new version at once.

`log_action` and `add_fact` are what the forms and the command line call.  An entry is
safe once it stands in `written/`; the store is made again from there as often as need be.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb
import polars as pl

from intake.build import typed
from intake.build.amend import publish_entries
from intake.build.retired import compute_cutoffs, fetch_last_days, is_expired
from intake.contract import CARE_EPISODES, FACT_EXPORTS, Export, get_category
from intake.problems import IntakeError, Problem
from queries.errors import StoreError
from queries.store import store, versions
from safeguards.access import access
from safeguards.home.home import Home
from safeguards.journal.access_log import get_utc_now
from safeguards.journal.ledger import Ledger
from safeguards.journal.typed_entries import Entry, TypedEntries, generate_entry_id
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault

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
    line: str,
    on: date | None = None,
    page: str = "today",
    now: datetime | None = None,
) -> EntryResult:
    """Keep what somebody did about a child, with the rules that list the child now.

    on: the day it was done; the session's day by default.  Afterwards the session is no
    longer current: open a new one.  `access.Denied` for roles that may not, IntakeError
    if it is kept but does not show yet; SafeguardsError and StoreError as their names say.
    """
    keys, child = _find_pupil(session, handle, page, "log_action")
    if child is None:
        return EntryResult(None, (_build_unknown_problem(typed.ACTION_EXPORT),))
    now = now or get_utc_now()
    values = {"kind": kind, "date": str(on or session.as_at), "line": line}
    if problems := typed.check_action(values, _compute_latest_day(session, now)):
        return EntryResult(None, tuple(problems))
    values = typed.normalise_values(typed.ACTION_EXPORT, values)
    listed = session.read(
        "select rule, figure from needs_a_look where pupil_id = $pupil_id order by rule",
        {"pupil_id": child["pupil_id"]},
    )
    values[typed.RULES] = json.dumps(dict(listed.iter_rows()))
    entry = Entry(
        entry_id=generate_entry_id(),
        at=now,
        actor=session.actor,
        role=session.role,
        kind="action",
        pupil_id=child["pupil_id"],
        file="",
        values=values,
    )
    return _save_entry(session, keys, entry, on or session.as_at)


def add_fact(
    session: access.Session,
    *,
    handle: str,
    file: str,
    values: Mapping[str, str],
    where_written: str,
    corrects: str | None = None,
    page: str = "today",
    now: datetime | None = None,
) -> EntryResult:
    """Keep a fact that arrived in a letter, as a row of the export `file`.

    values: text by column, without the child's.  corrects: the id of the fact that this
    one takes the place of, whichever child's it was.  The rest as for `log_action`;
    IntakeError too if no such row can be typed, or nothing is there to be corrected.
    """
    export = typed.find_export(file)
    if export is None:
        names = ", ".join(each.name for each in FACT_EXPORTS)
        raise IntakeError(f"A fact is a row of one of these: {names}.")
    keys, child = _find_pupil(session, handle, page, "add_fact")
    if child is None:
        return EntryResult(None, (_build_unknown_problem(export),))
    now = now or get_utc_now()
    problems = typed.check_fact(
        export, values, where_written=where_written, latest=_compute_latest_day(session, now)
    )
    if problems:
        return EntryResult(None, tuple(problems))
    corrected = _find_corrected_entry(session.home, keys, corrects)
    given = typed.normalise_values(export, values)
    if get_category(export).has_age_band:
        band, problems = typed.compute_age_band(
            export, given, child["year_group"], child["year_group_date"]
        )
        given |= {typed.AGE_BAND: band} if band else {}
    if export is CARE_EPISODES:
        problems = typed.check_overlap(given, _read_other_episodes(session, keys, child, corrected))
    if problems:
        return EntryResult(None, tuple(problems))
    entry = Entry(
        entry_id=generate_entry_id(),
        at=now,
        actor=session.actor,
        role=session.role,
        kind="fact",
        pupil_id=child["pupil_id"],
        file=file,
        values=given,
        where_written=where_written.strip(),
        corrects=corrects,
    )
    return _save_entry(session, keys, entry, typed.get_fact_date(given, session.as_at))


def list_typed_facts(
    session: access.Session, handle: str, page: str = "today"
) -> tuple[Entry, ...]:
    """The facts typed about a child that nothing has corrected, newest first.

    Empty for a handle of nobody; `access.Denied` for roles that may not add facts.
    """
    keys, child = _find_pupil(session, handle, page, "add_fact")
    written = TypedEntries.open(session.home, keys).list_current() if child else ()
    of_child = [each for each in written if child and each.pupil_id == child["pupil_id"]]
    return tuple(each for each in reversed(of_child) if each.kind == "fact")


def _find_pupil(
    session: access.Session, handle: str, page: str, action: str
) -> tuple[Keys, dict[str, Any] | None]:
    """The home's keys and the child of a handle, None if it is nobody's, once it may be.

    The line in the log is written before anything is told.
    """
    keys = Keys.load(session.home)
    rows = _open_current_store(session, keys).read(_CHILD, {"handle": handle})
    child = rows.row(0, named=True) if rows.height else None
    session.enter(page, child["pupil_id"] if child else None, action)
    return keys, child


def _open_current_store(session: access.Session, keys: Keys) -> store.Store:
    """The version in use, without the children of whom this session has no row."""
    path = versions.find_current_version(session.home.store)
    if path is None:
        raise IntakeError("Nothing has been loaded into this home yet.")
    return access.open_store(
        path, keys.store, access.list_excluded_tables(session.role, session.purpose)
    )


def _compute_latest_day(session: access.Session, now: datetime) -> date:
    """The last day on which something can have happened: made-up data may run ahead."""
    return max(now.astimezone().date(), session.as_at)


def _find_corrected_entry(home: Home, keys: Keys, corrects: str | None) -> Entry | None:
    if corrects is None:
        return None
    for entry in TypedEntries.open(home, keys).list_current():
        if entry.entry_id == corrects and entry.kind == "fact":
            return entry
    raise IntakeError("There is no fact of that id, or another one has corrected it already.")


def _read_other_episodes(
    session: access.Session, keys: Keys, child: Mapping[str, Any], corrected: Entry | None
) -> pl.DataFrame:
    """The child's care episodes but for the one that is being corrected."""
    rows = _open_current_store(session, keys).read(_EPISODES, {"pupil_key": child["pupil_key"]})
    if corrected is None or corrected.file != CARE_EPISODES.name:
        return rows
    return typed.drop_episode(rows, corrected.values)


def _build_unknown_problem(export: Export) -> Problem:
    return Problem(
        file=export.name,
        row=1,
        column="handle",
        fault="not on the roll",
        problem="The handle is no child's of this home.",
        fix="Choose one from the list, or copy it from the dashboard.",
    )


def _refuse_expired(session: access.Session, keys: Keys, entry: Entry) -> None:
    """IntakeError for what the school's schedule has taken out: nothing of it is kept again."""
    cutoffs = compute_cutoffs(
        Ledger.open(session.home, keys).list_entries(), Vault.open(session.home, keys).pupils
    )
    if cutoffs and is_expired(entry, fetch_last_days(_open_current_store(session, keys)), cutoffs):
        raise IntakeError(
            "The retention schedule has taken out what was here of this kind about this child, "
            "so nothing from that time is kept again."
        )


def _save_entry(session: access.Session, keys: Keys, entry: Entry, day: date) -> EntryResult:
    """Seal the entry, show it, and say from when it shows."""
    _refuse_expired(session, keys, entry)
    TypedEntries.open(session.home, keys).append(entry)
    try:
        publish_entries(session.home, keys)
    except (IntakeError, StoreError, duckdb.Error, OSError) as error:
        raise IntakeError(
            f"Entry {entry.entry_id} is kept and need not be typed again, but it may not "
            f"show before the next load: {error}"
        ) from error
    return EntryResult(entry.entry_id, visible_from=max(day, session.as_at))
