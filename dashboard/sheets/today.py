"""Today's list on paper: every listed child, and the dates that are overdue or due this week."""

from collections.abc import Iterator, Sequence

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
    return filtered.build_sheet(session, title, _list_blocks(parts), f"{headline}.")


def _list_blocks(parts: Sequence[Part]) -> Iterator[Block]:
    for title, heads, rows, nothing in parts:
        yield Heading(1, f"{title} ({len(rows)})")
        yield filtered.build_table(title, heads, rows) if rows else Paragraph(nothing)
