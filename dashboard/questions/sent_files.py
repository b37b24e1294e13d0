"""Questions about the files that schools sent."""

import polars as pl

from dashboard.questions.question import SchoolQuestion, fetch_schools, tell_part
from dashboard.text import words
from dashboard.text.cells import Part, format_status
from queries import read
from safeguards.access import access

_REGISTER, _REFUSED = "attendance.csv", "▲ refused"
#: The files that have a column.
_COLUMNS = {
    "PEPs": "pep.csv",
    "EHCPs": "ehcp.csv",
    "Suspensions": "suspensions.csv",
    "Attainment": "attainment.csv",
    "Premium": "premium.csv",
    "Part-time": "provision.csv",
}


def _tell_register_day(row: read.Row) -> Part:
    """Say how far a school's register goes, and in words if it is behind."""
    up_to, days = words.format_table_day(row["data_until"]), row["days_behind"]
    if not row["is_behind"]:
        return up_to
    behind = f"{up_to}: {words.format_count(days or 0, 'school day')} behind"
    return format_status("overdue", "no marks yet" if days is None else behind)


def _tell_register(row: read.Row) -> Part:
    """Say how far a register goes, or that its only file was refused."""
    status = str(row[_REGISTER])
    return status if status.startswith(_REFUSED) else _tell_register_day(row)


def _fetch_files(session: access.Session, own: read.Own) -> pl.DataFrame:
    """Return a row for each school with the day each file came in, or "not sent" or "refused".

    The column `others` counts the files without a column that any school sent, and names those
    that this one did not send.
    """
    schools = fetch_schools(session, own)
    status_by_file = {row["school_key"]: dict[str, str]() for row in schools.to_dicts()}
    for row in read.fetch_loaded_files(session).to_dicts():  # newest first
        statuses, name = status_by_file.get(row["school_key"], {}), row["file_name"]
        status, day = statuses.get(name), words.format_table_day(row["loaded_at"])
        if row["is_refused"]:
            statuses[name] = status or _REFUSED
        elif status in (None, _REFUSED):
            statuses[name] = f"{status}, has that of {day}" if status else day
    kinds = {"roll.csv", _REGISTER, *_COLUMNS.values()}
    others = sorted(set[str]().union(*status_by_file.values()) - kinds)
    for statuses in status_by_file.values():
        statuses["others"] = _describe_others(statuses, others)
    table = pl.DataFrame(
        list(status_by_file.values()), dict.fromkeys(["others", *sorted(kinds)], pl.String)
    )
    return schools.hstack(table.with_columns(pl.all().fill_null("not sent")))


def _describe_others(statuses: dict[str, str], others: list[str]) -> str:
    """Say how many of the other files came in, which were refused, and which were not sent."""
    missing = [name for name in others if name not in statuses]
    refused = [name for name in others if statuses.get(name) == _REFUSED]
    parts = [f"{len(others) - len(missing) - len(refused)} of {len(others)}"]
    for status, names in ((_REFUSED, refused), ("not sent", missing)):
        kinds = ", ".join(name.removesuffix(".csv").replace("_", " ") for name in names)
        if kinds:
            parts.append(f"{status}: {kinds}")
    return "; ".join(parts)


#: The lists on the page Schools, for roles that see no child and for others.
FILES = SchoolQuestion(
    title="Files",
    is_summed=False,
    category="load",
    columns={"Register up to": _tell_register_day, "Files came in": "loaded_at"},
)
FILES_AND_PLANS = SchoolQuestion(
    title="Files and plans",
    is_summed=False,
    category="care",
    columns={
        **FILES.columns,
        "Children": "children",
        "PEP meetings held": tell_part("meetings_held", "meetings_owed"),
        "Overdue": "overdue",
        "Waiting on others": "waiting",
    },
    note="Overdue: dates that have passed for the school, alone or with a social worker. "
    "Waiting on others: those for a social worker, a local authority or health. A child counts "
    "once for each kind of date. Overdue by school has both, by term.",
)
QUESTIONS = (
    SchoolQuestion(
        title="Files by kind",
        purpose="Which files each school has sent, and when; how far its register goes.",
        is_summed=False,
        category="load",
        page="bring_in",
        fetch=_fetch_files,
        columns={
            "Roll": "roll.csv",
            "Register": _tell_register,
            **_COLUMNS,
            "Other files": "others",
        },
        note="The day on which the newest file of each kind came in; of the register, its last "
        "full day. Other files: of the other kinds that some school sent. A school that has not "
        "sent a file may have nothing to report.",
    ),
)
