"""What pages say about duties, plans and meetings: facts with their days, blame for nobody."""

from datetime import date

from dashboard.text import rules, words
from queries.read import Row


def format_headline(children: int, past: int) -> str:
    """The title of Today: who needs attention, and what is overdue."""
    first = words.capitalise(_count_looks(children)) if children else "No child needs attention"
    return f"{first}, {_count_overdue(past) if past else 'nothing is overdue'}"


def describe_no_reasons(past: int) -> str:
    """The head of a child's page on which no reason is open: dates may be overdue all the same."""
    if not past:
        return "Nothing needs attention now"
    return f"No open reason for attention, but {_count_overdue(past)}"


def describe_protection(children: int, past: int) -> str:
    """What Safeguarding has that asks for the lead: "" where it has nothing."""
    told = [_count_looks(children)] * (children > 0) + [_count_overdue(past)] * (past > 0)
    return f"On Safeguarding: {words.format_list(told)}" if told else ""


def _count_looks(children: int) -> str:
    verb = "needs" if children == 1 else "need"
    return f"{words.format_count(children, 'child')} {verb} attention"


def _count_overdue(past: int) -> str:
    return f"{words.format_count(past, 'date')} {words.pluralise(past, 'is')} overdue"


def describe_closed_reasons(reasons: int) -> str:
    """How many reasons are not shown since somebody has acted."""
    has = words.pluralise(reasons, "has")
    return f"{words.capitalise(words.format_count(reasons, 'reason'))} {has} been dealt with."


def describe_last_action(row: Row | None, today: date, home_of: str) -> str:
    """What somebody last did about a child, short enough for a column."""
    if row is None:
        return "No action logged"
    action = words.describe_action(row, home_of, is_brief=True)
    return f"{action}, {words.format_near_day(row['action_date'], today)}"


def describe_full_week(children: int, total_children: int) -> str:
    """How many were in school all week; empty for none."""
    if children == 0 or total_children == 0:
        return ""
    if total_children == 1:
        return "The child was in school for every session of the week."
    was = words.pluralise(children, "was")
    return f"{children} of {total_children} children {was} in school for every session of the week."


def describe_peps_on_time(handles: list[str]) -> str:
    """The meetings that were held on time; empty for none."""
    if not handles:
        return ""
    meetings = "1 PEP was" if len(handles) == 1 else f"{len(handles)} PEPs were"
    whose = f": {words.format_few(handles)}" if len(handles) <= words.MOST_NAMED else ""
    return f"{meetings} held on time this month{whose}."


def describe_stage(row: Row) -> str:
    """The stage of a plan, without a judgement."""
    return str(words.TEXTS["stages"][row["stage"]])


def describe_weeks(row: Row) -> str:
    """How far the weeks from request to plan have run."""
    if row["week"] is None:
        return f"request {words.NOT_RECORDED}"
    limit = rules.get_deadline("EHC_FINAL")["amount"]
    late = f", over the limit of {rules.format_deadline('EHC_FINAL')}" if row["is_late"] else ""
    if row["stage"] in {"asked for", "being assessed", "draft"}:
        return f"week {row['week']} of {limit}{late}"
    if row["is_late"] and row["week"] <= limit:  # by days
        return f"took more than {limit} weeks"
    return f"took {words.format_count(row['week'], 'week')}{late}"


def describe_meeting(row: Row) -> str:
    """When a PEP was held, and whether on time."""
    parts = [f"held {words.format_short_day(row['pep_date'])}"]
    if row["is_on_time"] is not None:
        parts.append("on time" if row["is_on_time"] else "late")
    return ", ".join(parts)


def describe_no_pep(child: Row) -> str:
    """Of a child without a PEP on record: one who came in care may have had one elsewhere."""
    since = child["looked_after_since"]
    has_come_in_care = child["is_looked_after"] and (since is None or since < child["entry_date"])
    return "No PEP at this school yet" if has_come_in_care else "No PEP yet"


def describe_pep_quality(row: Row) -> str:
    """The quality of a PEP: its word, whether the child was there, the targets."""
    there = {
        True: "Child attended",
        False: "Child did not attend",
        None: f"Whether the child attended is {words.NOT_RECORDED}",
    }
    targets = row["targets_set"]
    parts = [
        f"Quality: {row['quality'] or words.NOT_RECORDED}",
        there[row["has_child_attended"]],
        f"Targets {words.NOT_RECORDED}"
        if targets is None
        else words.capitalise(words.format_count(targets, "target")),
    ]
    return ". ".join(parts) + "."


def describe_day_six(row: Row) -> str:
    """Whether a child who was suspended or excluded for long was taught elsewhere in time."""
    due, begun = row["education_due"], row["education_from"]
    if due is None:
        return words.NOTHING
    if begun is not None:
        return f"{'in time' if begun <= due else 'late'}, {words.format_table_day(begun)}"
    if row["education_status"] in ("later", "due soon"):
        return f"due {words.format_table_day(due)}"
    return f"no, due {words.format_table_day(due)}"
