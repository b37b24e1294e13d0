"""Today's list on paper: every listed child, and the dates that are overdue or due this week."""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from dashboard.report.content.model import Block, Heading, Paragraph, Sheet, Table
from dashboard.text import duties as duty_words
from dashboard.text import rules, standing, words
from dashboard.text.standing import DutyDate
from dashboard.ui import names
from queries.read import Row
from safeguards.access import access

TODAY = "Today's list"


def build_today_list(
    session: access.Session,
    looks: pl.DataFrame,
    last_actions: Mapping[str, Row],
    dates: Sequence[DutyDate],
) -> Sheet:
    """The list; `looks` with reasons in words, `dates` the near ones by day."""
    listed = looks.filter(~pl.col("is_closed")).partition_by("pupil_id", maintain_order=True)
    past, week, _ = standing.split_by_span(dates, session.as_at)
    return Sheet(
        title=f"{TODAY}, {words.format_day(session.as_at)}",
        school=session.school_name,
        as_at=session.as_at,
        taken_by=session.actor,
        about=(f"{duty_words.format_headline(len(listed), len(past))}.",),
        note=words.spell_out_terms("PEP", "SDQ", "EHCP"),
        blocks=(
            *_list_looks(session, listed, last_actions),
            *_list_dates(f"Overdue ({len(past)})", past),
            *_list_dates(
                f"Next {words.format_count(standing.WEEK.days, 'day')} ({len(week)})", week
            ),
        ),
    )


def _list_looks(
    session: access.Session, listed: list[pl.DataFrame], last_actions: Mapping[str, Row]
) -> Iterable[Block]:
    yield Heading(1, f"Needs attention ({len(listed)})")
    rows = []
    for each in listed:
        reasons = each.to_dicts()
        child = reasons[0]
        last = last_actions.get(child["pupil_id"])
        rows.append(
            (
                names.call(child["pupil_id"], child["handle"]),
                names.find_class(child["pupil_id"])
                or words.format_year_number(child["year_group"]),
                "".join(rules.list_reason_parts(row["reason"] for row in reasons)),
                duty_words.describe_last_action(last, session.as_at),
            )
        )
    if rows:
        yield Table("Needs attention", ("Child", "Year", "Why", "Last action"), tuple(rows))
    else:
        yield Paragraph("Nobody needs attention today.")


def _list_dates(title: str, dates: Sequence[DutyDate]) -> Iterable[Block]:
    yield Heading(1, title)
    rows = [
        (
            names.call(each.pupil_id, each.handle),
            each.name,
            words.capitalise(each.text),
            each.holder,
        )
        for each in dates
    ]
    if rows:
        yield Table(title, ("Child", "What", "When", "For"), tuple(rows))
    else:
        yield Paragraph("Nothing.")
