"""The sentences that pages build from figures: each tested at none, one, two and many."""

import polars as pl

from dashboard.text import words
from queries.read import Member
from queries.rows import CohortAttendance, PupilThisWeek, SchoolAttendance
from safeguards.access import roles

#: The national line that a group has of its own, by the group's name.
_NATIONAL = {"looked after": "looked after 12 months"}
_NO_NATIONAL = {
    "all": "No national figure is published for these groups together.",
    "has a social worker": (
        "National figures part children in need from children on a protection plan. "
        "There is none for both together."
    ),
    "previously looked after": "No national figure is held for children previously looked after.",
}


def format_week_headline(missing: int, children: int, waiting: int) -> str:
    """The one sentence on top of Today."""
    if missing == 0:
        who = "The child was" if children == 1 else f"All {children} children were"
        first = f"{who} in school for every session recorded this week"
    elif children == 1:
        first = "The child missed sessions this week"
    else:
        first = f"{missing} of {children} children missed sessions this week"
    if waiting == 0:
        return f"{first}, and no mark waits too long for a reason."
    has = words.pluralise(waiting, "has")
    return f"{first}, and {words.format_count(waiting, 'mark')} {has} waited too long for a reason."


def describe_week_change(attended: int, possible: int, last: tuple[int, int] | None) -> str:
    """One week's sessions beside the last's; a difference only where as many were possible.

    `last` is (attended, possible) of the week before, None if it had no session.
    """
    now = f"They attended {words.format_part(attended, possible)}"
    if last is None:
        return f"{now}. There were no sessions the week before."
    before, before_possible = last
    if before_possible != possible:
        return (
            f"{now}. The week before, they attended {words.format_part(before, before_possible)}."
        )
    if attended == before:
        return f"{now}, as many as the week before."
    more = "more" if attended > before else "fewer"
    return f"{now}, {abs(attended - before)} {more} than the week before."


def describe_child_week(row: PupilThisWeek) -> str:
    """How a child's week reads: "missed 3 of 8 sessions this week, 2 with no reason yet"."""
    text = f"{words.describe_missed(row['absent_sessions'], row['possible_sessions'])} this week"
    unexplained = row["unexplained_sessions"]
    return f"{text}, {unexplained} with no reason yet" if unexplained else text


def describe_child_year(row: Member) -> str:
    """How a child's year reads, with the words for a year that has only begun."""
    text = words.describe_missed(row["absent_sessions"], row["possible_sessions"])
    if row["possible_sessions"] and row["is_too_early"]:
        return f"{text} this year: {words.TOO_EARLY} more"
    return f"{text} this year" if row["possible_sessions"] else text


def describe_home(row: Member) -> str:
    """The kind of home of a child who is looked after; empty for any other child."""
    if not row["is_looked_after"]:
        return ""
    return str(row["home_kind"] or f"kind of home {words.NOT_RECORDED}")


def describe_care_start(row: Member) -> str:
    """From when a child is looked after; says so where nobody knows."""
    if not row["is_looked_after"]:
        return ""
    start = row["looked_after_since"]
    return (
        f"since {words.format_short_day(start)}"
        if start
        else f"since a day that is {words.NOT_RECORDED}"
    )


_RESTRICTED = "Restricted: kept, not used, and shown to the safeguarding lead only"


def describe_child_briefly(row: Member, protection: list[str]) -> str:
    """A child's line in the list: how we know the child, the home, the year so far."""
    known = words.describe_groups(row)
    home = describe_home(row)
    parts = [f"{known}, {home}" if home else known]
    parts += [words.capitalise(line) for line in protection]
    parts.append(words.capitalise(describe_child_year(row)))
    if row["is_restricted"]:
        parts.append(_RESTRICTED)
    return ". ".join(parts) + "."


def describe_child(row: Member) -> str:
    """The line under a child's handle: year group, groups, since when, home and authority."""
    known = words.describe_groups(row)
    if row["is_looked_after"]:
        known = known.replace("Looked after", f"Looked after {describe_care_start(row)}", 1)
    parts = [words.format_year_group(row["year_group"]), known]
    if row["is_looked_after"]:
        parts.append(words.capitalise(describe_home(row)))
        parts.append(str(row["legal_status"] or f"Legal status {words.NOT_RECORDED}"))
        parts.append(f"Authority: {row['authority'] or words.NOT_RECORDED}")
    parts.append(f"On roll since {words.format_short_day(row['entry_date'])}")
    if row["is_restricted"]:
        parts.append(_RESTRICTED)
    return ". ".join(parts) + "."


def describe_access(*, is_restricted: bool = False) -> list[str]:
    """What may be seen on a child's page, and by which roles."""

    def format_roles(category: str | None) -> str:
        allowed = [
            role
            for role in roles.ROLES
            if roles.is_allowed(role, "child", "view", category)
            and (roles.has_access_to_restricted(role) or not is_restricted)
        ]
        return words.format_list(words.ROLES[role].lower() for role in allowed)

    return [
        f"This page: {format_roles(None)}.",
        f"Scores, health checks and plans on it: {format_roles('wellbeing')}.",
        f"Whether the child is in need or on a plan: {format_roles('child_protection')}.",
    ]


def describe_shown_count(shown: int, children: int) -> str:
    """How many of the children a list shows."""
    if shown == children:
        return (
            f"{words.capitalise(words.format_count(children, 'child'))}, by year group and handle."
        )
    return f"{shown} of {words.format_count(children, 'child')}, by year group and handle."


def describe_waiting_marks(number: int, days: int) -> str:
    """What the marks of N that are too old ask for: over `days` school days."""
    has = words.pluralise(number, "has")
    each = "it counts" if number == 1 else "each counts"
    return (
        "A reason should stand in the register within "
        f"{words.format_count(days, 'school day')}. "
        f"{words.capitalise(words.format_count(number, 'mark'))} {has} none yet. "
        f"Until then {each} as unauthorised."
    )


def describe_group_year(row: CohortAttendance, *, too_early: bool) -> str:
    """A group's year in one line; no rate before there are enough school weeks."""
    text = f"{words.format_part(row['absent_sessions'], row['possible_sessions'])} missed this year"
    rate = row["absence_rate"]
    return text if too_early or rate is None else f"{text} ({words.format_percent(rate)})"


def describe_whole_school(school: SchoolAttendance | None) -> str:
    """The whole school's year, or that it is not recorded."""
    if school is None or school["absence_rate"] is None:
        return "The whole school's sessions are not recorded, so nothing stands beside them."
    missed = words.format_part(school["absent_sessions"], school["possible_sessions"])
    return f"The whole school missed {missed} ({words.format_percent(school['absence_rate'])})."


def find_national_rate(group: str, year: str, lines: pl.DataFrame) -> float | None:
    """The national share of sessions missed by the group's own line that year, if published."""
    found = lines.filter(
        (pl.col("cohort") == _NATIONAL.get(group, "")) & (pl.col("academic_year") == year)
    )
    return float(found["rate"].item()) if found.height else None


def has_national_line(group: str) -> bool:
    """Whether figures of the same kind of group are published at all."""
    return group in _NATIONAL


def describe_national_line(group: str, year: str, lines: pl.DataFrame) -> str:
    """The group's own national line of the same year, or why there is none to set beside it."""
    if not has_national_line(group):
        return _NO_NATIONAL[group]
    who = "by children looked after for 12 months or more in state-funded primary schools"
    rate = find_national_rate(group, year, lines)
    if rate is not None:
        return f"England, {year}: {words.format_percent(rate)} of sessions missed {who}."
    published = lines.filter(pl.col("cohort") == _NATIONAL[group]).sort("academic_year")
    text = f"England's figure for {year} is not published yet."
    if published.is_empty():
        return text
    last = published.row(-1, named=True)
    return (
        f"{text} The latest is {last['academic_year']}: "
        f"{words.format_percent(last['rate'])} of sessions missed {who}."
    )


def format_data_headline(checks: int, refused: list[str]) -> str:
    """Whether today's numbers can be trusted, in one line."""
    found = (
        "No check found anything to mend"
        if checks == 0
        else f"{words.capitalise(words.format_count(checks, 'check'))} found something to mend"
    )
    if not refused:
        return f"{found}, and no file of the newest load was refused."
    was = words.pluralise(len(refused), "was")
    return f"{found}, and {words.format_list(refused)} {was} refused."
