"""The chronology of a child: all that is dated and that the role may see, in one order."""

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
#: What of a child's plain tables is in it, by mart: the day, and what to call it.
_PLAIN = words.TEXTS["chronology"]
#: What a column says by itself, or only to machines.
_UNSAID = ("is_past",)


def build_chronology(session: access.Session, child: read.Row, about: str) -> Sheet:
    """The sheet: a row a day and thing, the oldest first; `about` stands under the title."""
    pupil_id, has_protection = child["pupil_id"], session.has_category("child_protection")
    found = sorted(_list_events(session, pupil_id))
    rows = tuple((words.format_table_day(day), kind, text) for day, kind, text in found)
    told: Block = (
        Table(CHRONOLOGY, ("Day", "Kind", "What"), rows)
        if rows
        else Paragraph("Nothing is recorded by this date.")
    )
    title = f"{CHRONOLOGY}: {names.call(pupil_id, child['handle'], with_class=True)}"
    head = Heading(1, f"Up to {words.format_day(session.as_at)}")
    whom = words.say("For the safeguarding lead only.", session.home_of)
    for_whom = [whom] * has_protection
    return filtered.build_sheet(session, title, (head, told), about, *for_whom, note="")


def _list_events(session: access.Session, pupil_id: str) -> Iterator[tuple[date, str, str]]:
    for mart in read.list_plain_marts().values():
        is_kept = mart.name in _PLAIN and session.has_table(read.get_plain_table(mart))
        if is_kept and session.has_category(mart.find_field("Category") or ""):
            day, kind = _PLAIN[mart.name]
            for row in read.fetch_plain_rows(session, mart, pupil_id).to_dicts():
                yield row.pop(day), kind, _describe(row)
    for period in read.fetch_pupil_periods(session, pupil_id).to_dicts():
        what = words.capitalise(period["label"])
        yield period["start_date"], words.capitalise(period["lane"]), f"{what} begins"
    for row in read.fetch_actions(session).filter(pupil_id=pupil_id).to_dicts():
        if row["corrected_by"] is None:
            action = words.describe_action(row, session.home_of)
            yield row["action_date"], "Action", ": ".join(filter(None, (action, row["line"])))
    suspensions = read.fetch_pupil_suspensions(session, pupil_id)
    for each in suspensions.to_dicts():
        length = words.format_count(each["sessions"], "session")
        yield each["suspension_date"], each["category"] or "Suspension", length


def _describe(row: dict[str, object]) -> str:
    """The cells of a row that say something, each said as in a list."""
    parts = []
    for name, value in row.items():
        if value is None or name in _UNSAID:
            continue
        called = name.removesuffix("_date").removeprefix("has_").replace("_", " ")
        told = tables.format_cell(value)
        if isinstance(value, date | int | Decimal):
            told = f"{called}{'' if isinstance(value, date) else ':'} {told}"
        parts.append(told)
    return words.capitalise("; ".join(parts))
