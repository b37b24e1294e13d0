"""The words on the screen: labels, how numbers and dates are written, and what we never say.

Every text that a page shows is made here or stands in a page as a whole sentence, so that
a test can read it all (`dashboard.text.plain_words` is its reader).
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from importlib.metadata import version as installed_version

import polars as pl

from queries import reference

APP = "Welfare and progress"

PAGES = {
    "today": "Today",
    "children": "Children",
    "child": "Child",
    "attendance": "Attendance",
    "wellbeing": "Wellbeing",
    "learning": "Learning",
    "plans": "Plans and dates",
    "safeguarding": "Safeguarding",
    "reports": "Reports",
    "rights": "Requests",
    "bring_in": "Bring in files",
    "data_check": "Data check",
    "opened": "Identities opened",
    "help": "Help",
}

#: Pages of one kind of data alone: a school that keeps none of it has no such page.
KIND_PAGES = {"safeguarding": "child_protection", "learning": "learning"}

ROLES = {
    "pastoral": "Pastoral staff",
    "dsl": "Safeguarding lead",
    "teacher": "Designated teacher",
    "head": "Headteacher",
    "manager": "Business manager",
    "none": "No role",
}

#: The groups of cohort_attendance, in the order in which pages list them.
GROUPS = {
    "all": "All groups",
    "looked after": "Looked after",
    "has a social worker": "Has a social worker",
    "previously looked after": "Previously looked after",
}

#: How a sentence names the children of a group.
GROUP_CHILDREN = {
    "all": "all groups together",
    "looked after": "children looked after",
    "has a social worker": "children who have a social worker",
    "previously looked after": "children previously looked after",
}

#: What these files hold goes to the vault only, so the store keeps none of their rows.
SEALED_FILES = ("other_numbers.csv", "contacts.csv")
NOT_RECORDED = "not recorded"
TOO_EARLY = "too early to say"
#: What a cell says where nothing is asked for.
NOTHING = "\N{EN DASH}"

_PLURALS = {"child": "children", "is": "are", "has": "have", "was": "were"}


def pluralise(number: int, noun: str) -> str:
    """The noun that goes with a number: 1 child, 2 children."""
    if number == 1:
        return noun
    *first, last = noun.split(" ")
    if last in _PLURALS:
        return " ".join([*first, _PLURALS[last]])
    if last.endswith("y") and last[-2:] != "ay":
        return f"{noun[:-1]}ies"
    return f"{noun}s"


def format_count(number: int, noun: str) -> str:
    """A number with its noun: "no children", "1 child", "1,200 sessions"."""
    return f"{f'{number:,}' if number else 'no'} {pluralise(number, noun)}"


def format_part(part: int, whole: int, noun: str = "session") -> str:
    """A part of a whole: "14 of 142 sessions"; "no sessions" where the whole is none."""
    return f"{part:,} of {whole:,} {pluralise(whole, noun)}" if whole else format_count(0, noun)


def format_part_columns(part: str, whole: str) -> pl.Expr:
    """Two columns as one of a table: "14 of 142", which a phone has room for."""
    return pl.struct(part, whole).map_elements(
        lambda row: f"{row[part]:,} of {row[whole]:,}", pl.String
    )


def format_percent(share: float) -> str:
    """A share of sessions, 0 to 1, as "3.8%".  Never of children: one child is too much."""
    return f"{share * 100:.1f}%"


def format_day(value: date) -> str:
    """Friday 20 November 2026."""
    return f"{value:%A} {value.day} {value:%B %Y}"


def format_short_day(value: date) -> str:
    """20 November 2026."""
    return f"{value.day} {value:%B %Y}"


def format_table_day(value: date) -> str:
    """20 Nov 2026: a day in a column, which must not break over lines."""
    return f"{value.day}\u00a0{value:%b}\u00a0{value.year}"


def format_near_day(value: date, as_at: date) -> str:
    """5 Nov, which does not break over lines; with its year where that is not `as_at`'s."""
    text = f"{value.day}\u00a0{value:%b}"
    return text if value.year == as_at.year else f"{text} {value.year}"


def format_month(text: str) -> str:
    """November 2026, of the text 2026-11."""
    return f"{date.fromisoformat(f'{text}-01'):%B %Y}"


def format_week(value: date) -> str:
    """7 Sep: a week by its Monday, as charts write it."""
    return f"{value.day} {value:%b}"


def format_year_before(academic_year: str) -> str:
    """2025/26, of 2026/27."""
    start = int(academic_year.partition("/")[0])
    return f"{start - 1}/{start % 100:02}"


def format_span(first: date | None, last: date | None) -> str:
    """1 September 2025 to 20 November 2026."""
    if first is None or last is None:
        return NOTHING
    return (
        format_short_day(first)
        if first == last
        else f"{format_short_day(first)} to {format_short_day(last)}"
    )


def format_list(parts: Iterable[str]) -> str:
    """One, two and three."""
    items = list(parts)
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def capitalise(text: str) -> str:
    """The text with a capital at its start, and nothing else changed."""
    return text[:1].upper() + text[1:]


def format_year_group(number: int | None) -> str:
    """Year 4; Reception for 0."""
    if number is None:
        return f"year group {NOT_RECORDED}"
    return f"Year {number}" if number else "Reception"


def format_year_number(number: int | None) -> str:
    """4, in a column of year groups; R for Reception, a dash where it is not recorded."""
    return NOTHING if number is None else str(number or "R")


def describe_missed(absent: int | None, possible: int | None) -> str:
    """How a child's year reads: "missed 14 of 142 sessions"."""
    if possible is None or absent is None:
        return "no marks this year"
    if possible == 0:
        return "no possible sessions yet"
    if absent == 0:
        return f"missed none of {format_count(possible, 'session')}"
    return f"missed {format_part(absent, possible)}"


def describe_groups(member: Mapping[str, object]) -> str:
    """Every group that holds for a row of cohort_member: "Looked after; has a social worker"."""
    groups = [
        label
        for column, label in (
            ("is_looked_after", "looked after"),
            ("has_social_worker", "has a social worker"),
            ("is_previously_looked_after", "previously looked after"),
        )
        if member[column]
    ]
    return capitalise("; ".join(groups))


#: What Help calls each mart and check.
DEFINITIONS = {
    "cohort_member": "Who is on these pages",
    "child_protection": "Who is in need or on a protection plan",
    "pupil_attendance": "A child's year",
    "pupil_this_week": "A child's week so far",
    "pupil_week_attendance": "A child's week",
    "pupil_session": "A child's register",
    "pupil_suspension": "Suspensions and exclusions",
    "pupil_period": "A child's timeline",
    "needs_a_look": "Who needs a look",
    "pupil_action": "What was done",
    "duty": "What is due",
    "every_duty": "What is due, with child protection",
    "protection_case": "Where a child in need or on a plan stands",
    "pupil_protection": "Steps of child protection",
    "pupil_concern": "Notes of concern",
    "care_history": "What changed in a year in care",
    "pupil_review": "Reviews of care",
    "pupil_words": "In the child's own words",
    "pupil_progress": "Steps since a child's start",
    "premium_term": "Pupil premium plus by term",
    "pupil_choice": "Given by choice",
    "pupil_permanence": "Adoption and other permanence",
    "pupil_substance": "Substance misuse",
    "pupil_development": "Developmental checks",
    "pupil_offending": "Offending",
    "pupil_care_leaver": "Care leavers",
    "pupil_assessment": "Teacher assessments",
    "pupil_test": "Tests and checks",
    "pupil_intervention": "Help in place",
    "pupil_premium": "Pupil premium plus",
    "pupil_provision": "Part-time timetables and other provision",
    "pupil_care_change": "Changes of social worker and school",
    "pupil_missing": "Times missing",
    "every_look": "Who needs a look, with what is for the safeguarding lead",
    "former_member": "Who is no longer here",
    "former_step": "What is left to do for who is no longer here",
    "pupil_sdq": "A child's scores",
    "sdq_coverage": "Who has a score",
    "pupil_health": "A child's health checks",
    "pupil_ehcp": "A child's plan",
    "pupil_sen": "What the roll says of special needs",
    "pupil_pep": "A child's meetings about education",
    "cohort_attendance": "A group's year",
    "cohort_week_attendance": "A group's week beside the whole school",
    "cohort_absence_reason": "Reasons for missed sessions",
    "school_attendance": "The whole school's year",
    "school_day": "The school's calendar",
    "school_load": "The school and its newest load",
    "load_file": "Files that were loaded",
    "national_line": "National figures",
    "report_term": "The terms of a governor report",
    "report_roll": "How many children a governor report is about",
    "report_session": "What a governor report adds up of sessions",
    "report_premium": "What a governor report adds up of pupil premium plus",
    "report_line": "What a governor report sets a group's absence beside",
    "report_duty": "The duties that a governor report counts",
    "check_unknown_code": "Marks with a code that no list knows",
    "check_unexplained_n": "Marks still without a reason",
    "check_gap": "Sessions without a mark",
    "check_no_register": "School days without a register",
    "check_closed_day_mark": "Marks on days when school was closed",
    "check_off_newest_roll": "Children missing from the newest roll",
    "check_unknown_start": "Children whose start date nobody knows",
    "check_two_starts": "Children with two starts for the same days",
    "check_conflict": "Two sources that say different things",
    "check_sen_at_odds": "The roll and the steps of a plan disagree",
    "check_plan_at_odds": "On a plan by one source and not by the other",
    "check_step_order": "Steps of child protection in an order that cannot be",
    "check_permanence_order": "Decisions and orders in an order that cannot be",
    "check_dated_ahead": "Records dated after the newest load",
    "check_left_out": "Faults in rows that were left out",
    "check_unusual": "Rows that are unusual, and count as they stand",
}

#: The heading of a page that has a fault of ours.
UNFORESEEN = "Something went wrong on this page"

#: Who holds a duty, as a sentence names them.
HOLDERS = {
    "school": "the school",
    "school and social worker": "the school with the social worker",
    "social worker": "the social worker",
    "health": "the health service",
    "authority": "the local authority",
}

#: The same in a column.
HOLDERS_BRIEFLY = {
    "school": "school",
    "school and social worker": "school, social worker",
    "social worker": "social worker",
    "health": "health",
    "authority": "local authority",
}

#: Kinds of action that are short enough for a column.
ACTIONS_BRIEFLY = {
    "spoke with the child": "Spoke with child",
    "called the carer": "Called carer",
    "called the social worker": "Called social worker",
    "met the family": "Met family",
    "told of a suspension": "Told of suspension",
    "told the Virtual School": "Told Virtual School",
    "sent the record": "Sent record",
    "support put in place": "Support in place",
}

#: What each check asks the office to do.
FIXES = {
    "check_unknown_code": "Look up the right code in the register, then export and load again.",
    "check_unexplained_n": "Find the reason and replace the N in the register. Then load again.",
    "check_no_register": "Export the register of these days and load it.",
    "check_gap": "Fill in the mark in the register, then export and load again.",
    "check_closed_day_mark": "Change the calendar or the mark: one is wrong. Then load again.",
    "check_off_newest_roll": "Ask the office for the leaving date, or add the child to the roll.",
    "check_unknown_start": "Ask the social worker for the date, and put it in the care file.",
    "check_dated_ahead": "Put the date right in the file. Then load it with --replace.",
    "check_two_starts": "Keep the right row in the care file. Then load it with --replace.",
    "check_unusual": "Look at the row. If it is wrong, correct it in the file and load it again.",
    "check_conflict": "Ring the local authority, and put the wrong one right in its file.",
    "check_sen_at_odds": "Ring the local authority, and put the wrong one right: the roll in the "
    "school's system, or the steps of the plan. Then load again.",
    "check_plan_at_odds": "Ring the local authority, and put the wrong one right in its file.",
    "check_step_order": "Ring the local authority for the day, and correct the step.",
    "check_permanence_order": "Ring the local authority for the day, and correct the row.",
    "check_left_out": "Correct the row in the file and load it again. It then comes in by itself. "
    "If nobody can, the safeguarding lead may take it off the list.",
}

#: Screen words for what the definitions call by the name of a column or a view.
_COLUMN_WORDS = {
    "cohort_member": "who is on these pages",
    "cohort_attendance": "a group's year",
    "as_at": "the day asked for",
    "cohort": "group",
    "null": NOT_RECORDED,
}

#: What the letters on these pages stand for, said once on each page that uses them.
TERMS = {
    "PEP": "personal education plan",
    "SDQ": "strengths and difficulties questionnaire",
    "EHCP": "Education, Health and Care Plan",
}


def spell_out_terms(*letters: str) -> str:
    """The line that spells letters out."""
    return " ".join(f"{each}: {TERMS[each]}." for each in letters)


def get_definition_title(name: str) -> str:
    """The heading of a definition in Help; the name in plain words if it is a new one."""
    return DEFINITIONS.get(name, capitalise(name.removeprefix("check_").replace("_", " ")))


def list_definitions(comments: Mapping[str, str], figures: Mapping[str, str]) -> dict[str, str]:
    """What Help shows: title and words of each definition, those about children first.

    figures: the words of each rule's figure, by its name.
    """
    known = [name for name in DEFINITIONS if name in comments]
    new = sorted(comments.keys() - DEFINITIONS.keys())
    return {
        get_definition_title(name): format_definition(comments[name], figures)
        for name in [*known, *new]
    }


def format_definition(definition: str, figures: Mapping[str, str]) -> str:
    """A view's comment for people: the names of rules and of columns become words."""
    return _spell_names_out(definition.format_map(figures))


@cache
def _spell_names_out(filled: str) -> str:
    def replace_name(match: re.Match[str]) -> str:
        name = match.group()
        return _COLUMN_WORDS.get(name, re.sub(r"^is_", "", name).replace("_", " "))

    text = re.sub(r"\b(?:[a-z0-9]+_[a-z0-9_]+|cohort|null)\b", replace_name, filled)
    text = re.sub(r"\s+", " ", text)
    return " ".join(capitalise(part) for part in re.split(r"(?<=[.]) ", text))


def tabulate_codes(on: date) -> pl.DataFrame:
    """The attendance codes to use on a day, with what each counts as, in words."""
    codes = reference.read("attendance_code").filter(
        ~pl.col("is_withdrawn"),
        pl.col("valid_from").is_null() | (pl.col("valid_from") <= on),
        pl.col("valid_to").is_null() | (pl.col("valid_to") > on),
    )
    return codes.select(
        Code=pl.col("code"),
        Meaning=pl.col("label"),
        Counts=pl.when(pl.col("is_absent") & pl.col("is_authorised"))
        .then(pl.lit("missed, authorised"))
        .when(pl.col("is_absent"))
        .then(pl.lit("missed, unauthorised"))
        .when(pl.col("is_late"))
        .then(pl.lit("attended, late"))
        .when(pl.col("is_attended"))
        .then(pl.lit("attended"))
        .otherwise(pl.lit("not a possible session")),
    )


def get_version() -> str:
    """The version of lac-monitor that runs."""
    return installed_version("lac-monitor")


def format_moment(value: datetime) -> str:
    """Friday 20 November 2026 at 7:40am."""
    return f"{format_day(value.date())} at {format_clock(value)}"


def format_clock(value: datetime) -> str:
    """7:40am."""
    return f"{value:%I:%M%p}".lstrip("0").lower()
