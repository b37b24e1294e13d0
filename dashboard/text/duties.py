"""Texts about duties, plans and meetings. They state facts with their dates, and blame nobody."""

from datetime import date

from dashboard.text import rules, words
from queries.read import Row


def format_headline(children: int, past: int) -> str:
    """Return the title of Today: how many need attention, and how many dates are overdue."""
    first = words.capitalise(_count_looks(children)) if children else "No child needs attention"
    return f"{first}, {_count_overdue(past) if past else 'nothing is overdue'}"


def describe_no_reasons(past: int) -> str:
    """Return the heading of a child without an open reason, whose dates may be overdue."""
    if not past:
        return "Nothing needs attention now"
    return f"No open reason for attention, but {_count_overdue(past)}"


def describe_protection(children: int, past: int) -> str:
    """Say what needs the lead's attention on Safeguarding, or "" if nothing does."""
    parts = [_count_looks(children)] if children > 0 else []
    parts += [_count_overdue(past)] if past > 0 else []
    return f"On Safeguarding: {words.format_list(parts)}" if parts else ""


def _count_looks(children: int) -> str:
    verb = "needs" if children == 1 else "need"
    return f"{words.format_count(children, 'child')} {verb} attention"


def _count_overdue(past: int) -> str:
    return f"{words.format_count(past, 'date')} {words.pluralise(past, 'is')} overdue"


def describe_closed_reasons(reasons: int) -> str:
    """Say how many reasons are not shown because somebody has acted."""
    has = words.pluralise(reasons, "has")
    return f"{words.capitalise(words.format_count(reasons, 'reason'))} {has} been dealt with."


def describe_last_action(row: Row | None, today: date, home_of: str) -> str:
    """Describe the last action about a child in few enough words for a column."""
    if row is None:
        return "No action logged"
    action = words.describe_action(row, home_of, is_brief=True)
    return f"{action}, {words.format_near_day(row['action_date'], today)}"


def describe_full_week(children: int, total_children: int) -> str:
    """Say how many children were in school all week, or "" if none were."""
    if children == 0 or total_children == 0:
        return ""
    if total_children == 1:
        return "The child was in school for every session of the week."
    was = words.pluralise(children, "was")
    return f"{children} of {total_children} children {was} in school for every session of the week."


def describe_peps_on_time(handles: list[str]) -> str:
    """Say how many PEPs were held on time, and for whom, or "" if none were."""
    if not handles:
        return ""
    meetings = "1 PEP was" if len(handles) == 1 else f"{len(handles)} PEPs were"
    children = f": {words.format_few(handles)}" if len(handles) <= words.MOST_NAMED else ""
    return f"{meetings} held on time this month{children}."


def describe_stage(row: Row) -> str:
    """Return the stage of a plan, without a judgement."""
    return str(words.TEXTS["stages"][row["stage"]])


def describe_weeks(row: Row) -> str:
    """Say how many of the weeks from request to plan have passed."""
    if row["week"] is None:
        return f"request {words.NOT_RECORDED}"
    limit = rules.get_deadline("EHC_FINAL")["amount"]
    late = f", over the limit of {rules.format_deadline('EHC_FINAL')}" if row["is_late"] else ""
    if row["stage"] in {"asked for", "being assessed", "draft"}:
        return f"week {row['week']} of {limit}{late}"
    if row["is_late"] and row["week"] <= limit:  # late by days
        return f"took more than {limit} weeks"
    return f"took {words.format_count(row['week'], 'week')}{late}"


def describe_meeting(row: Row) -> str:
    """Say when a PEP was held, and whether that was on time."""
    parts = [f"held {words.format_short_day(row['pep_date'])}"]
    if row["is_on_time"] is not None:
        parts.append("on time" if row["is_on_time"] else "late")
    return ", ".join(parts)


def describe_no_pep(child: Row) -> str:
    """Say that a child has no PEP, or none here if a school before may have held one."""
    since = child["looked_after_since"]
    has_come_in_care = child["is_looked_after"] and (since is None or since < child["entry_date"])
    return "No PEP at this school yet" if has_come_in_care else "No PEP yet"


def describe_pep_quality(row: Row) -> str:
    """Describe a PEP: its quality, whether the child attended, and the number of targets."""
    attendance = {
        True: "Child attended",
        False: "Child did not attend",
        None: f"Whether the child attended is {words.NOT_RECORDED}",
    }
    targets = row["targets_set"]
    parts = [
        f"Quality: {row['quality'] or words.NOT_RECORDED}",
        attendance[row["has_child_attended"]],
        f"Targets {words.NOT_RECORDED}"
        if targets is None
        else words.capitalise(words.format_count(targets, "target")),
    ]
    return ". ".join(parts) + "."


def describe_day_six(row: Row) -> str:
    """Say whether a child was taught elsewhere in time after a long suspension or an exclusion."""
    due, begun = row["education_due"], row["education_from"]
    if due is None:
        return words.NOTHING
    if begun is not None:
        return f"{'in time' if begun <= due else 'late'}, {words.format_table_day(begun)}"
    if row["education_status"] in ("later", "due soon"):
        return f"due {words.format_table_day(due)}"
    return f"no, due {words.format_table_day(due)}"
