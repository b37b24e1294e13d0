"""The chronology of a child: all dated events that the role may see, in order."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from dashboard.report.content.model import Block, Heading, Paragraph, Sheet, Table
from dashboard.sheets import filtered
from dashboard.text import tables, words
from dashboard.ui import names
from queries import read
from safeguards.access import access

CHRONOLOGY = "Chronology"
#: The plain tables that it includes, by mart: the column of the day, and the name of the kind.
_PLAIN = words.TEXTS["chronology"]
#: Columns that are only for machines, or repeat another.
_UNSAID = ("is_past",)


def build_chronology(session: access.Session, child: read.Row, about: str) -> Sheet:
    """Build the sheet with a row for each event, oldest first. `about` is under the title."""
    pupil_id, has_protection = child["pupil_id"], session.has_category("child_protection")
    events = sorted(_list_events(session, pupil_id))
    rows = tuple((words.format_table_day(day), kind, text) for day, kind, text in events)
    block: Block = (
        Table(CHRONOLOGY, ("Day", "Kind", "What"), rows)
        if rows
        else Paragraph("Nothing is recorded by this date.")
    )
    title = f"{CHRONOLOGY}: {names.call(pupil_id, child['handle'], with_class=True)}"
    head = Heading(1, f"Up to {words.format_day(session.as_at)}")
    reader = words.say("For the safeguarding lead only.", session.home_of)
    readers = [reader] if has_protection else []
    return filtered.build_sheet(session, title, (head, block), about, *readers, note="")


def _list_events(session: access.Session, pupil_id: str) -> Iterator[tuple[date, str, str]]:
    for mart in read.list_plain_marts().values():
        is_kept = mart.name in _PLAIN and session.has_table(read.get_plain_table(mart))
        if is_kept and session.has_category(mart.find_field("Category") or ""):
            day, kind = _PLAIN[mart.name]
            for row in read.fetch_plain_rows(session, mart, pupil_id).to_dicts():
                yield row.pop(day), kind, _describe(row)
    for period in read.fetch_pupil_periods(session, pupil_id).to_dicts():
        event = words.capitalise(period["label"])
        yield period["start_date"], words.capitalise(period["lane"]), f"{event} begins"
    for row in read.fetch_actions(session).filter(pupil_id=pupil_id).to_dicts():
        if row["corrected_by"] is None:
            action = words.describe_action(row, session.home_of)
            yield row["action_date"], "Action", ": ".join(filter(None, (action, row["line"])))
    suspensions = read.fetch_pupil_suspensions(session, pupil_id)
    for row in suspensions.to_dicts():
        length = words.format_count(row["sessions"], "session")
        yield row["suspension_date"], row["category"] or "Suspension", length


def _describe(row: dict[str, object]) -> str:
    """Return the values of a row that are not null, in words as in a list."""
    parts = []
    for name, value in row.items():
        if value is None or name in _UNSAID:
            continue
        label = name.removesuffix("_date").removeprefix("has_").replace("_", " ")
        text = tables.format_cell(value)
        if isinstance(value, date | int | Decimal):
            text = f"{label}{'' if isinstance(value, date) else ':'} {text}"
        parts.append(text)
    return words.capitalise("; ".join(parts))
