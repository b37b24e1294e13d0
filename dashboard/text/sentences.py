"""Sentences that pages build from figures. Each is tested with none, one, two and many."""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from dashboard.text import words
from queries.read import Row
from safeguards.access import roles

#: The national figure's own name for a group, by the group's name.
NATIONAL = {"looked after": "looked after 12 months"}


def describe_week(attended: int, possible: int, last: tuple[int, int] | None) -> str:
    """Compare the week's sessions with the week before, if as many sessions were possible.

    `last` is (attended, possible) of the week before, or None if it had no session.
    """
    now = f"These children attended {words.format_part(attended, possible)}"
    if last is None:
        return f"{now}. There were no sessions the week before."
    before, before_possible = last
    if before_possible != possible:
        return f"{now}, and {before:,} of {before_possible:,} the week before."
    if attended == before:
        return f"{now}, as many as the week before."
    more = "more" if attended > before else "fewer"
    return f"{now}, {abs(attended - before)} {more} than the week before."


_RESTRICTED = "Restricted: kept but not used, and shown only to the safeguarding lead"


def list_remarks(row: Row, protection: list[str], home_of: str = "school") -> list[str]:
    """Return the remarks under a child's row: how the lead knows the child, and a restriction."""
    remarks = [words.capitalise(f"{line}.") for line in protection]
    return [*remarks, f"{words.say(_RESTRICTED, home_of)}."] if row["is_restricted"] else remarks


def describe_child(row: Row, home_of: str = "school") -> str:
    """Return the line under a child's handle: year group, groups, start, home and authority."""
    known = words.describe_groups(row)
    if row["is_looked_after"]:
        start = row["looked_after_since"]
        since = words.format_short_day(start) if start else f"a date that is {words.NOT_RECORDED}"
        known = known.replace("Looked after", f"Looked after since {since}", 1)
    parts = [words.format_year_group(row["year_group"]), known]
    if row["is_looked_after"]:
        home = row["home_kind"] or f"kind of home {words.NOT_RECORDED}"
        parts.append(words.capitalise(home))
        parts.append(str(row["legal_status"] or f"Legal status {words.NOT_RECORDED}"))
        parts.append(f"Local authority: {row['authority'] or words.NOT_RECORDED}")
    parts.append(f"On roll since {words.format_short_day(row['entry_date'])}")
    if row["is_restricted"]:
        parts.append(words.say(_RESTRICTED, home_of))
    return ". ".join(parts) + "."


def describe_end(row: Row, home_of: str = "") -> str:
    """Say why and since when a child of former_member is no longer on the pages.

    `home_of` is "school" on the child's own page, which says that the next school is not recorded.
    """
    if row["why"] == "left":
        day = words.format_short_day(row["leaving_date"])
        return f"Left on {day}{'; next school not recorded' if home_of == 'school' else ''}"
    return f"Care ended on {words.format_short_day(row['ended_on'])}; still on roll"


def describe_without_place(row: Row) -> str:
    """Say how long a child of no_school_place has had no school, and where they were before."""
    text = f"No school place for {words.format_count(row['days_without'], 'day')}"
    authority = row["authority"] or words.NOT_RECORDED
    return f"{text}. Last school: {row['last_school'] or 'none'}. Local authority: {authority}"


def describe_former_steps(rows: Sequence[Row], as_at: date) -> str:
    """Say what is left to do for a child of former_step, with the last day of each step."""
    steps = [
        row["name"]
        + (f" by {words.format_near_day(row['due_date'], as_at)}" if row["due_date"] else "")
        for row in rows
    ]
    return f"{describe_departure(rows[0], as_at)}: {'; '.join(steps)}"


def describe_departure(row: Row, as_at: date) -> str:
    """Say in two or three words why and when a child of former_step left or care ended."""
    ended, day = "Care ended", row["ended_on"]
    if row["why"] == "left":
        ended, day = "Left", day - timedelta(1)
    return f"{ended} {words.format_near_day(day, as_at)}"


def describe_access(role_names: Sequence[str], *, is_restricted: bool = False) -> list[str]:
    """Say what can be seen on a child's page, and by which of the home's roles."""

    def format_roles(category: str | None) -> str:
        allowed = [
            role
            for role in role_names
            if roles.is_allowed(role, "child", "view", category)
            and (roles.has_access_to_restricted(role) or not is_restricted)
        ]
        return words.format_list(words.ROLES[role].lower() for role in allowed)

    return [
        f"Who can see this page: {format_roles(None)}.",
        f"Who can see scores, health checks, plans and their dates: {format_roles('wellbeing')}.",
        f"Who can see child in need and child protection data: {format_roles('child_protection')}.",
    ]


def describe_waiting_marks(number: int, days: int) -> str:
    """Say that marks have had no reason for longer than `days` school days, and what to do."""
    has = words.pluralise(number, "has")
    return (
        "Reasons should be in the register within "
        f"{words.format_count(days, 'school day')}. "
        f"{words.capitalise(words.format_count(number, 'mark'))} {has} been without a reason for "
        "longer. "
        "Until there is a reason, a mark counts as unauthorised."
    )


def describe_group_year(row: Row, *, too_early: bool) -> str:
    """Return a group's year in one line, without a rate while it is too early."""
    text = f"{words.format_part(row['absent_sessions'], row['possible_sessions'])} missed this year"
    rate = row["absence_rate"]
    return text if too_early or rate is None else f"{text} ({words.format_percent(rate)})"


def describe_on_day(row: Row) -> str:
    """Say what the children who were in the group at the time missed, if that is different."""
    missed = row["on_day_absent_sessions"], row["on_day_possible_sessions"]
    text = "This figure counts the children who are in the group today."
    if missed == (row["absent_sessions"], row["possible_sessions"]):
        return text
    return f"{text} Children who were in the group at the time missed {words.format_part(*missed)}."


def describe_whole_school(school: Row | None) -> str:
    """Describe the whole school's year, or say that it is not recorded."""
    if school is None or school["absence_rate"] is None:
        return "The whole school's sessions are not recorded, so there is no comparison."
    missed = words.format_part(school["absent_sessions"], school["possible_sessions"])
    return f"The whole school missed {missed} ({words.format_percent(school['absence_rate'])})."


def find_national_rate(group: str, year: str, lines: pl.DataFrame) -> float | None:
    """Return the group's national share of sessions missed that year, if it is published."""
    rows = lines.filter(
        (pl.col("cohort") == NATIONAL.get(group, "")) & (pl.col("academic_year") == year)
    )
    return float(rows["rate"].item()) if rows.height else None


def describe_national_line(group: str, year: str, lines: pl.DataFrame) -> str:
    """Give the national figure for the group in the same year, or say why there is none."""
    if group not in NATIONAL:
        return str(words.TEXTS["no_nation"][group])
    figures = lines.filter(cohort=NATIONAL[group]).sort("academic_year")
    text = "In England in"
    if find_national_rate(group, year, lines) is None:
        text = f"England's figure for {year} is not published yet."
        if figures.is_empty():
            return text
        text = f"{text} In"
    else:
        figures = figures.filter(academic_year=year)
    row = figures.row(-1, named=True)
    return (
        f"{text} {row['academic_year']}, children looked after for 12 months or more in "
        f"{row['scope']} missed {words.format_percent(row['rate'])} of sessions."
    )


def format_data_headline(checks: int, refused: list[str]) -> str:
    """Say in one line whether today's numbers can be trusted."""
    text = (
        "Checked, nothing to fix"
        if checks == 0
        else f"{words.capitalise(words.format_count(checks, 'check'))} found something to fix"
    )
    if not refused:
        return text
    return f"{text}, {words.format_list(refused)} {words.pluralise(len(refused), 'was')} refused"
