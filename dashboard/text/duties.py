"""What pages say about duties, plans and meetings: facts with their days, blame for nobody."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from dashboard.text import words

Row = dict[str, Any]

#: Who holds a duty, as a sentence names them.
HOLDERS = {
    "school": "the school",
    "social worker": "the social worker",
    "health": "the health service",
    "authority": "the authority",
}

_STAGES = {
    "asked for": "assessment asked for",
    "being assessed": "being assessed",
    "draft": "draft plan issued",
    "plan": "plan in place",
    "refused": "no plan: the authority said no",
    "ceased": "plan has ended",
}
#: Weeks from the request to the final plan.
_FINAL_WEEKS = 20


def status(row: Row) -> str:
    """How a duty stands, with its day: "due 2 December 2026", "waiting since 23 October 2026"."""
    due = row["due_date"]
    if row["status"] == "booked":
        return f"booked for {words.short_day(row['booked_date'])}{_too_late(row)}"
    if row["status"] == "cannot be known":
        return f"{row['missing']} is {words.NOT_RECORDED}"
    if row["status"] == "done":
        return f"done {words.short_day(row['done_date'])}"
    if row["status"] == "not recorded":
        return f"no record yet, was due {words.short_day(due)}"
    start = {"overdue": "was due", "waiting on others": "waiting since"}.get(row["status"], "due")
    return f"{start} {words.short_day(due)}"


def beside_day(row: Row) -> str:
    """How a duty stands where its day stands beside it, and who holds the next step."""
    text = {
        "overdue": "was due",
        "waiting on others": "waiting since then",
        "booked": f"booked{_too_late(row)}",
    }.get(row["status"], "due")
    return f"{words.sentence(text)}. {words.sentence(holder(row))} holds it."


def _too_late(row: Row) -> str:
    return f", last day was {words.short_day(row['due_date'])}" if row["is_late"] else ""


def duty(row: Row) -> str:
    """A duty by what it is, for how many days of absence where there are more than one."""
    number = row.get("number", 1)
    name = str(row["name"])
    return f"{name} ({number})" if number > 1 else name


def holder(row: Row) -> str:
    """Who holds the next step."""
    return HOLDERS[row["holder"]]


def headline(children: int, due: int, past: int) -> str:
    """The one sentence on top of Today: who needs a look, and what is due."""
    if children == 0:
        look = "No child needs a look today"
    else:
        needs = "needs" if children == 1 else "need"
        look = f"{words.sentence(words.count(children, 'child'))} {needs} a look today"
    first = f"{look}, and {words.count(due, 'date')} {words.plural(due, 'is')} coming up"
    if past == 0:
        return f"{first}. No date has passed without its step."
    return (
        f"{first}. {words.sentence(words.count(past, 'date'))} {words.plural(past, 'has')} passed."
    )


def nothing_to_look_at(upcoming: Row | None) -> str:
    """What stands where nobody needs a look: the next date there is."""
    text = "Nothing needs a look today."
    if upcoming is None:
        return text
    day = words.short_day(upcoming["next_date"])
    return f"{text} Next: {upcoming['name']}, {upcoming['handle']}, {day}."


def closed(reasons: int) -> str:
    """How many reasons are not shown since somebody has acted."""
    if reasons == 0:
        return ""
    return (
        f"{words.sentence(words.count(reasons, 'reason'))} {words.plural(reasons, 'is')} "
        "closed by an action."
    )


def reasons(rows: Iterable[Row]) -> str:
    """The reasons of one child as one sentence."""
    return words.sentence("; ".join(row["reason"] for row in rows)) + "."


def why(rule: Row) -> str:
    """The rule behind a reason: its window, its threshold and whose rule it is."""
    window, least = int(rule["window"]), int(rule["threshold"])
    parts = [f"Rule: {rule['rule']}."]
    if window:
        unit = "week" if rule["rule"] == "same weekday" else "school day"
        parts.append(f"It looks back over {words.count(window, unit)}.")
    parts.append(
        "It lists a child whose share of missed sessions reached 1 in 10 in that time."
        if rule["rule"] == "crossed 10 %"
        else f"It lists a child from {least} on."
    )
    parts.append(
        "It comes from national rules." if rule["is_verified"] else "This is a school setting."
    )
    return " ".join(parts)


def last_action(row: Row | None) -> str:
    """What somebody last did about a child."""
    if row is None:
        return "No action is logged yet."
    return f"Last action: {row['kind']}, {words.short_day(row['action_date'])}."


def full_week(children: int, of: int) -> str:
    """How many were in school all week; empty for none."""
    if children == 0 or of == 0:
        return ""
    if of == 1:
        return "The child was in school for every session this week."
    was = words.plural(children, "was")
    return f"{children} of {of} children {was} in school for every session this week."


def pep_on_time(handles: list[str]) -> str:
    """The meetings that were held on time; empty for none."""
    if not handles:
        return ""
    meetings = "1 PEP was" if len(handles) == 1 else f"{len(handles)} PEPs were"
    return f"{meetings} held on time this month: {words.listed(handles)}."


def check(row: Row) -> str:
    """A row of pupil_health in words."""
    parts = [row["state"]]
    if row["last_done_date"]:
        parts.append(f"last done {words.short_day(row['last_done_date'])}")
    if row["last_outcome"] == "not done":
        parts.append(f"last time not done: {row['last_reason'] or f'reason {words.NOT_RECORDED}'}")
    if row["booked_date"]:
        parts.append(f"booked for {words.short_day(row['booked_date'])}")
    return ", ".join(parts)


def stage(row: Row) -> str:
    """The stage of a plan, without a judgement."""
    return _STAGES[row["stage"]]


def weeks(row: Row) -> str:
    """How far the weeks from request to plan have run."""
    if row["week"] is None:
        return f"request {words.NOT_RECORDED}"
    late = f", past the {_FINAL_WEEKS} weeks" if row["is_late"] else ""
    if row["stage"] in {"asked for", "being assessed", "draft"}:
        return f"week {row['week']} of {_FINAL_WEEKS}{late}"
    return f"took {words.count(row['week'], 'week')}{late}"


def whose_step(row: Row) -> str:
    """Who holds the next step of a plan, and by when."""
    if row["waits_for"] is None:
        return "no step is open"
    text = HOLDERS[row["waits_for"]]
    return f"{text}, by {words.short_day(row['next_due_date'])}" if row["next_due_date"] else text


def meeting(row: Row) -> str:
    """When a PEP was held, and whether on time."""
    parts = [f"held {words.short_day(row['pep_date'])}"]
    if row["is_on_time"] is not None:
        parts.append("on time" if row["is_on_time"] else "after its last day")
    return ", ".join(parts)


def paper(row: Row) -> str:
    """How good a PEP was: the authority's word, whether the child was there, the targets."""
    there = {True: "The child was there", False: "The child was not there"}
    targets = row["targets_set"]
    parts = [
        words.sentence(row["quality"] or f"quality {words.NOT_RECORDED}"),
        there.get(
            row["has_child_attended"], f"Whether the child was there is {words.NOT_RECORDED}"
        ),
        f"Targets {words.NOT_RECORDED}"
        if targets is None
        else words.sentence(words.count(targets, "target")),
    ]
    return ". ".join(parts) + "."


def by_date(value: date | None) -> str:
    """A day of a table."""
    return words.NOT_RECORDED if value is None else words.table_day(value)
