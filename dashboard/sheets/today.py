"""Today's list on paper: every listed child, and the dates that are overdue or due this week."""

from collections.abc import Sequence

from dashboard.report.content.model import Block, Heading, Paragraph, Sheet
from dashboard.sheets import filtered
from dashboard.text import words
from dashboard.ui import lists
from safeguards.access import access

TODAY = "Today's list"
#: A title, the heads and the rows of the page under it, and what stands there without any.
Part = tuple[str, Sequence[lists.Part], Sequence[lists.Row], str]


def build_today_list(session: access.Session, headline: str, parts: Sequence[Part]) -> Sheet:
    """The list; headline: the page's own title."""
    title = f"{TODAY}, {words.format_day(session.as_at)}"
    blocks: list[Block] = []
    for name, heads, rows, nothing in parts:
        told = filtered.build_table(name, heads, rows) if rows else Paragraph(nothing)
        blocks += [Heading(1, f"{name} ({len(rows)})"), told]
    return filtered.build_sheet(session, title, blocks, f"{headline}.")
