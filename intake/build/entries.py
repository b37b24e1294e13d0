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
from intake.build.amend import publish_typed
from intake.build.retired import is_past, last_days_in, retired
from intake.contract import CARE_EPISODES, HEALTH, Export
from intake.problems import IntakeError, Problem
from queries.errors import StoreError
from queries.store import store, versions
from safeguards.access import access
from safeguards.home.home import Home
from safeguards.journal.access_log import utc_now
from safeguards.journal.ledger import Ledger
from safeguards.journal.typed_entries import Entry, Written, new_entry_id
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
class Recorded:
    """What became of what somebody typed.

    entry_id: null where there are problems, and nothing was kept.  shown_from: the day
    from which views show it: the session's, or a later one that the data have not reached.
    """

    entry_id: str | None
    problems: tuple[Problem, ...] = ()
    shown_from: date | None = None


def log_action(
    session: access.Session,
    *,
    handle: str,
    kind: str,
    line: str,
    on: date | None = None,
    page: str = "today",
    now: datetime | None = None,
) -> Recorded:
    """Keep what somebody did about a child, with the rules that list the child now.

    on: the day it was done; the session's day by default.  Afterwards the session is no
    longer current: open a new one.  `access.Denied` for roles that may not, IntakeError
    if it is kept but does not show yet; SafeguardsError and StoreError as their names say.
    """
    keys, child = _found(session, handle, page, "log_action")
    if child is None:
        return Recorded(None, (_unknown_child(typed.ACTION),))
    now = now or utc_now()
    values = {"kind": kind, "date": str(on or session.as_at), "line": line}
    if problems := typed.action_problems(values, _latest(session, now)):
        return Recorded(None, tuple(problems))
    listed = session.read(
        "select rule, figure from needs_a_look where pupil_id = $pupil_id order by rule",
        {"pupil_id": child["pupil_id"]},
    )
    values[typed.RULES] = json.dumps(dict(listed.iter_rows()))
    entry = Entry(
        entry_id=new_entry_id(),
        at=now,
        actor=session.actor,
        role=session.role,
        kind="action",
        pupil_id=child["pupil_id"],
        file="",
        values=values,
    )
    return _kept(session, keys, entry, on or session.as_at)


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
) -> Recorded:
    """Keep a fact that arrived in a letter, as a row of the export `file`.

    values: text by column, without the child's.  corrects: the id of the fact that this
    one takes the place of, whichever child's it was.  The rest as for `log_action`;
    IntakeError too if no such row can be typed, or nothing is there to be corrected.
    """
    export = typed.export_of(file)
    if export is None:
        names = ", ".join(each.name for each in typed.FACT_EXPORTS)
        raise IntakeError(f"A fact is a row of one of these: {names}.")
    keys, child = _found(session, handle, page, "add_fact")
    if child is None:
        return Recorded(None, (_unknown_child(export),))
    now = now or utc_now()
    problems = typed.fact_problems(
        export, values, where_written=where_written, latest=_latest(session, now)
    )
    if problems:
        return Recorded(None, tuple(problems))
    corrected = _corrected(session.home, keys, corrects)
    given = typed.canonical(export, values)
    if export is HEALTH:
        band, problems = typed.age_band(given, child["year_group"], child["year_group_date"])
        given |= {typed.AGE_BAND: band} if band else {}
    if export is CARE_EPISODES:
        problems = typed.overlap_problems(given, _others(session, keys, child, corrected))
    if problems:
        return Recorded(None, tuple(problems))
    entry = Entry(
        entry_id=new_entry_id(),
        at=now,
        actor=session.actor,
        role=session.role,
        kind="fact",
        pupil_id=child["pupil_id"],
        file=file,
        values=given,
        where_written=where_written,
        corrects=corrects,
    )
    return _kept(session, keys, entry, typed.day_of(given, session.as_at))


def typed_facts(session: access.Session, handle: str, page: str = "today") -> tuple[Entry, ...]:
    """The facts typed about a child that nothing has corrected, newest first.

    Empty for a handle of nobody; `access.Denied` for roles that may not add facts.
    """
    keys, child = _found(session, handle, page, "add_fact")
    written = Written.open(session.home, keys).current() if child else ()
    of_child = [each for each in written if child and each.pupil_id == child["pupil_id"]]
    return tuple(each for each in reversed(of_child) if each.kind == "fact")


def _found(
    session: access.Session, handle: str, page: str, action: str
) -> tuple[Keys, dict[str, Any] | None]:
    """The home's keys and the child of a handle, None if it is nobody's, once it may be.

    The line in the log is written before anything is told.
    """
    keys = Keys.of(session.home)
    rows = _in_use(session, keys).read(_CHILD, {"handle": handle})
    child = rows.row(0, named=True) if rows.height else None
    session.enter(page, child["pupil_id"] if child else None, action)
    return keys, child


def _in_use(session: access.Session, keys: Keys) -> store.Store:
    """The version in use, without the children of whom this session has no row."""
    path = versions.current(session.home.store)
    if path is None:
        raise IntakeError("Nothing has been loaded into this home yet.")
    return access.opened(path, keys.store, access.hidden(session.role, session.purpose))


def _latest(session: access.Session, now: datetime) -> date:
    """The last day on which something can have happened: made-up data may run ahead."""
    return max(now.astimezone().date(), session.as_at)


def _corrected(home: Home, keys: Keys, corrects: str | None) -> Entry | None:
    if corrects is None:
        return None
    for entry in Written.open(home, keys).current():
        if entry.entry_id == corrects and entry.kind == "fact":
            return entry
    raise IntakeError("There is no fact of that id, or another one has corrected it already.")


def _others(
    session: access.Session, keys: Keys, child: Mapping[str, Any], corrected: Entry | None
) -> pl.DataFrame:
    """The child's care episodes but for the one that is being corrected."""
    rows = _in_use(session, keys).read(_EPISODES, {"pupil_key": child["pupil_key"]})
    if corrected is None or corrected.file != CARE_EPISODES.name:
        return rows
    return typed.without_episode(rows, corrected.values)


def _unknown_child(export: Export) -> Problem:
    return Problem(
        file=export.name,
        row=1,
        column="handle",
        fault="not on the roll",
        problem="The handle is no child's of this home.",
        fix="Choose one from the list, or copy it from the dashboard.",
    )


def _refuse_past(session: access.Session, keys: Keys, entry: Entry) -> None:
    """IntakeError for what the school's schedule has taken out: nothing of it is kept again."""
    past = retired(Ledger.open(session.home, keys).entries(), Vault.open(session.home, keys).pupils)
    if past and is_past(entry, last_days_in(_in_use(session, keys)), past):
        raise IntakeError(
            "The retention schedule has taken out what was here of this kind about this child, "
            "so nothing from that time is kept again."
        )


def _kept(session: access.Session, keys: Keys, entry: Entry, day: date) -> Recorded:
    """Seal the entry, show it, and say from when it shows."""
    _refuse_past(session, keys, entry)
    Written.open(session.home, keys).append(entry)
    try:
        publish_typed(session.home, keys)
    except (IntakeError, StoreError, duckdb.Error, OSError) as error:
        raise IntakeError(
            f"Entry {entry.entry_id} is kept and need not be typed again, but it may not "
            f"show before the next load: {error}"
        ) from error
    return Recorded(entry.entry_id, shown_from=max(day, session.as_at))
