"""The sentences that pages build from figures: each tested at none, one, two and many."""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from dashboard.text import words
from queries.read import Row
from safeguards.access import roles

#: The national line that a group has of its own, by the group's name.
NATIONAL = {"looked after": "looked after 12 months"}


def describe_week(attended: int, possible: int, last: tuple[int, int] | None) -> str:
    """One week's sessions beside the last's; a difference only where as many were possible.

    `last` is (attended, possible) of the week before, None if it had no session.
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
    """What stands under a child's row: how the lead knows the child, and a restriction."""
    remarks = [words.capitalise(f"{line}.") for line in protection]
    return [*remarks, f"{words.say(_RESTRICTED, home_of)}."] if row["is_restricted"] else remarks


def describe_child(row: Row, home_of: str = "school") -> str:
    """The line under a child's handle: year group, groups, since when, home and authority."""
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
    """Return why a child of former_member is no longer on the pages, and since when.

    home_of: "school" on the child's own page, which says that nobody knows the next school.
    """
    if row["why"] == "left":
        day = words.format_short_day(row["leaving_date"])
        return f"Left on {day}{'; next school not recorded' if home_of == 'school' else ''}"
    return f"Care ended on {words.format_short_day(row['ended_on'])}; still on roll"


def describe_without_place(row: Row) -> str:
    """Where a child of no_school_place is: for how long in no school, and where before."""
    told = f"No school place for {words.format_count(row['days_without'], 'day')}"
    authority = row["authority"] or words.NOT_RECORDED
    return f"{told}. Last school: {row['last_school'] or 'none'}. Local authority: {authority}"


def describe_former_steps(rows: Sequence[Row], as_at: date) -> str:
    """What is left to do for one child of former_step, each step with its last day."""
    steps = [
        row["name"]
        + (f" by {words.format_near_day(row['due_date'], as_at)}" if row["due_date"] else "")
        for row in rows
    ]
    return f"{describe_departure(rows[0], as_at)}: {'; '.join(steps)}"


def describe_departure(row: Row, as_at: date) -> str:
    """Why and since when a child of former_step is no longer here, in two or three words."""
    ended, day = "Care ended", row["ended_on"]
    if row["why"] == "left":
        ended, day = "Left", day - timedelta(1)
    return f"{ended} {words.format_near_day(day, as_at)}"


def describe_access(own: Sequence[str], *, is_restricted: bool = False) -> list[str]:
    """What may be seen on a child's page, and by which of the home's own roles."""

    def format_roles(category: str | None) -> str:
        allowed = [
            role
            for role in own
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
    """What the marks of N that are too old ask for: over `days` school days."""
    has = words.pluralise(number, "has")
    return (
        "Reasons should be in the register within "
        f"{words.format_count(days, 'school day')}. "
        f"{words.capitalise(words.format_count(number, 'mark'))} {has} been without a reason for "
        "longer. "
        "Until there is a reason, a mark counts as unauthorised."
    )


def describe_group_year(row: Row, *, too_early: bool) -> str:
    """A group's year in one line; no rate before there are enough school weeks."""
    text = f"{words.format_part(row['absent_sessions'], row['possible_sessions'])} missed this year"
    rate = row["absence_rate"]
    return text if too_early or rate is None else f"{text} ({words.format_percent(rate)})"


def describe_on_day(row: Row) -> str:
    """What whoever belonged on the day missed, where that differs from who belongs today."""
    told = row["on_day_absent_sessions"], row["on_day_possible_sessions"]
    who = "This figure counts the children who are in the group today."
    if told == (row["absent_sessions"], row["possible_sessions"]):
        return who
    return f"{who} Children who were in the group at the time missed {words.format_part(*told)}."


def describe_whole_school(school: Row | None) -> str:
    """The whole school's year, or that it is not recorded."""
    if school is None or school["absence_rate"] is None:
        return "The whole school's sessions are not recorded, so there is no comparison."
    missed = words.format_part(school["absent_sessions"], school["possible_sessions"])
    return f"The whole school missed {missed} ({words.format_percent(school['absence_rate'])})."


def find_national_rate(group: str, year: str, lines: pl.DataFrame) -> float | None:
    """The national share of sessions missed by the group's own line that year, if published."""
    found = lines.filter(
        (pl.col("cohort") == NATIONAL.get(group, "")) & (pl.col("academic_year") == year)
    )
    return float(found["rate"].item()) if found.height else None


def describe_national_line(group: str, year: str, lines: pl.DataFrame) -> str:
    """The group's own national line of the same year, or why there is none to set beside it."""
    if group not in NATIONAL:
        return str(words.TEXTS["no_nation"][group])
    own = lines.filter(cohort=NATIONAL[group]).sort("academic_year")
    text = "In England in"
    if find_national_rate(group, year, lines) is None:
        text = f"England's figure for {year} is not published yet."
        if own.is_empty():
            return text
        text = f"{text} In"
    else:
        own = own.filter(academic_year=year)
    row = own.row(-1, named=True)
    return (
        f"{text} {row['academic_year']}, children looked after for 12 months or more in "
        f"{row['scope']} missed {words.format_percent(row['rate'])} of sessions."
    )


def format_data_headline(checks: int, refused: list[str]) -> str:
    """Whether today's numbers can be trusted, in one line."""
    found = (
        "Checked, nothing to fix"
        if checks == 0
        else f"{words.capitalise(words.format_count(checks, 'check'))} found something to fix"
    )
    if not refused:
        return found
    return f"{found}, {words.format_list(refused)} {words.pluralise(len(refused), 'was')} refused"
