"""What pages say about duties, plans and meetings: facts with their days, blame for nobody."""

from collections.abc import Iterable
from datetime import date

from dashboard.text import rules, words
from queries.read import MemberDuty
from queries.rows import Duty, LastAction, PupilEhcp, PupilHealth, PupilPep

#: Statuses of `duty` at which nothing is left to do.
ENDED_STATUSES = ("done", "reason given", "missed")

_STAGES = {
    "asked for": "assessment asked for",
    "being assessed": "being assessed",
    "draft": "draft plan issued",
    "plan": "plan in place",
    "refused": "no plan: the authority said no",
    "ceased": "plan has ended",
}


def describe_status(row: Duty) -> str:
    """How a duty stands, with its day: "due 2 December 2026", "waiting since 23 October 2026"."""
    due = row["due_date"]
    if row["done_date"]:
        ended = "reason given" if row["status"] == "reason given" else "done"
        return f"{ended} {words.format_short_day(row['done_date'])}"
    if row["booked_date"]:
        return f"booked for {words.format_short_day(row['booked_date'])}{_describe_lateness(row)}"
    if due is None:
        return f"{row['missing']} is {words.NOT_RECORDED}"
    if row["status"] == "not recorded":
        return f"no record yet, was due {words.format_short_day(due)}"
    starts = {
        "overdue": "was due",
        "waiting on others": "waiting since",
        "missed": "missed, was due",
    }
    start = starts.get(row["status"], "due")
    return f"{start} {words.format_short_day(due)}"


def describe_status_and_holder(row: Duty) -> str:
    """How a duty stands where its day stands beside it, and who holds the next step."""
    text = {
        "overdue": "was due",
        "waiting on others": "waiting since then",
        "booked": f"booked{_describe_lateness(row)}",
    }.get(row["status"], "due")
    return f"{words.capitalise(text)}. {words.capitalise(describe_holder(row))} holds it."


def _describe_lateness(row: Duty) -> str:
    due = row["due_date"]
    return f", last day was {words.format_short_day(due)}" if due and row["is_late"] else ""


def format_duty_name(name: str, number: int = 1) -> str:
    """A duty by what it is, for how many days of absence where there are more than one."""
    return f"{name} ({number})" if number > 1 else name


def describe_holder(row: Duty) -> str:
    """Who holds the next step."""
    return words.HOLDERS[row["holder"]]


def format_headline(children: int, due: int, past: int) -> str:
    """The one sentence on top of Today: who needs a look, and what is due."""
    if children == 0:
        first_part = "No child needs a look today"
    else:
        needs = "needs" if children == 1 else "need"
        first_part = (
            f"{words.capitalise(words.format_count(children, 'child'))} {needs} a look today"
        )
    first = (
        f"{first_part}, and {words.format_count(due, 'date')} {words.pluralise(due, 'is')} coming "
        "up"
    )
    if past == 0:
        return f"{first}. No date has passed without its step."
    return (
        f"{first}. {words.capitalise(words.format_count(past, 'date'))} "
        f"{words.pluralise(past, 'has')} passed."
    )


def describe_no_reasons(upcoming: MemberDuty | None) -> str:
    """What stands where nobody needs a look: the next date there is."""
    text = "Nothing needs a look today."
    if upcoming is None or upcoming["next_date"] is None:
        return text
    day = words.format_short_day(upcoming["next_date"])
    return f"{text} Next: {upcoming['name']}, {upcoming['handle']}, {day}."


def describe_closed_reasons(reasons: int) -> str:
    """How many reasons are not shown since somebody has acted."""
    if reasons == 0:
        return ""
    return (
        f"{words.capitalise(words.format_count(reasons, 'reason'))} "
        f"{words.pluralise(reasons, 'is')} "
        "closed by an action."
    )


def describe_reasons(reasons: Iterable[str]) -> str:
    """The reasons of one child as one sentence."""
    return words.capitalise("; ".join(reasons)) + "."


def describe_last_action(row: LastAction | None) -> str:
    """What somebody last did about a child."""
    if row is None:
        return "No action is logged yet."
    return f"Last action: {row['kind']}, {words.format_short_day(row['action_date'])}."


def describe_full_week(children: int, total_children: int) -> str:
    """How many were in school all week; empty for none."""
    if children == 0 or total_children == 0:
        return ""
    if total_children == 1:
        return "The child was in school for every session this week."
    was = words.pluralise(children, "was")
    return f"{children} of {total_children} children {was} in school for every session this week."


def describe_peps_on_time(handles: list[str]) -> str:
    """The meetings that were held on time; empty for none."""
    if not handles:
        return ""
    meetings = "1 PEP was" if len(handles) == 1 else f"{len(handles)} PEPs were"
    return f"{meetings} held on time this month: {words.format_list(handles)}."


def describe_health_check(row: PupilHealth) -> str:
    """A row of pupil_health in words."""
    parts = [row["state"]]
    if row["last_done_date"]:
        parts.append(f"last done {words.format_short_day(row['last_done_date'])}")
    if row["last_outcome"] == "not done":
        parts.append(f"last time not done: {row['last_reason'] or f'reason {words.NOT_RECORDED}'}")
    if row["booked_date"]:
        parts.append(f"booked for {words.format_short_day(row['booked_date'])}")
    return ", ".join(parts)


def describe_stage(row: PupilEhcp) -> str:
    """The stage of a plan, without a judgement."""
    return _STAGES[row["stage"]]


def describe_weeks(row: PupilEhcp) -> str:
    """How far the weeks from request to plan have run."""
    if row["week"] is None:
        return f"request {words.NOT_RECORDED}"
    late = f", past the {rules.format_deadline('EHC_FINAL')}" if row["is_late"] else ""
    if row["stage"] in {"asked for", "being assessed", "draft"}:
        return f"week {row['week']} of {rules.get_deadline('EHC_FINAL')['amount']}{late}"
    return f"took {words.format_count(row['week'], 'week')}{late}"


def describe_next_step(row: PupilEhcp) -> str:
    """Who holds the next step of a plan, and by when."""
    if row["waits_for"] is None:
        return "no step is open"
    text = words.HOLDERS[row["waits_for"]]
    return (
        f"{text}, by {words.format_short_day(row['next_due_date'])}"
        if row["next_due_date"]
        else text
    )


def describe_meeting(row: PupilPep) -> str:
    """When a PEP was held, and whether on time."""
    parts = [f"held {words.format_short_day(row['pep_date'])}"]
    if row["is_on_time"] is not None:
        parts.append("on time" if row["is_on_time"] else "after its last day")
    return ", ".join(parts)


def describe_pep_quality(row: PupilPep) -> str:
    """How good a PEP was: the authority's word, whether the child was there, the targets."""
    there = {
        True: "The child was there",
        False: "The child was not there",
        None: f"Whether the child was there is {words.NOT_RECORDED}",
    }
    targets = row["targets_set"]
    parts = [
        words.capitalise(row["quality"] or f"quality {words.NOT_RECORDED}"),
        there[row["has_child_attended"]],
        f"Targets {words.NOT_RECORDED}"
        if targets is None
        else words.capitalise(words.format_count(targets, "target")),
    ]
    return ". ".join(parts) + "."


def format_optional_day(value: date | None) -> str:
    """A day of a table."""
    return words.NOT_RECORDED if value is None else words.format_table_day(value)
