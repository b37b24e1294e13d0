"""Texts on the screen: labels, how numbers and dates are written, and words that we avoid.

Every text on a page is a line of `words.toml`, is made here, or is a whole sentence in the code
of a page, so that `tests.support.plain_words` can read all texts for a test.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

import polars as pl

from queries import reference
from queries.rows import read_rows
from safeguards.access import roles

APP = "Welfare and progress"

#: The fixed texts of `words.toml`, by the name of their table.
TEXTS: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
)
PAGES: dict[str, str] = {page: texts["title"] for page, texts in TEXTS["pages"].items()}
PURPOSES: dict[str, str] = {page: texts["purpose"] for page, texts in TEXTS["pages"].items()}
#: The kind of data of each page that shows only one kind.
KIND_PAGES = {page: texts["kind"] for page, texts in TEXTS["pages"].items() if "kind" in texts}
#: The column of cohort_member that says whether a child belongs to a group.
GROUP_COLUMNS = {
    "looked after": "is_looked_after",
    "has a social worker": "has_social_worker",
    "previously looked after": "is_previously_looked_after",
}
ROLES, GROUPS, GROUP_CHILDREN = TEXTS["roles"], TEXTS["groups"], TEXTS["group_children"]
HOLDERS, HOLDERS_BRIEFLY = TEXTS["holders"], TEXTS["holders_briefly"]
ACTIONS_BRIEFLY, TERMS = TEXTS["actions_briefly"], TEXTS["terms"]


#: Files whose rows go to the vault only, and not to the store.
SEALED_FILES = ("other_numbers.csv", "contacts.csv")
NOT_RECORDED = "not recorded"
TOO_EARLY = "too early to say"
#: The most children whom a sentence names.
MOST_NAMED = 20
#: The kind of `pupil_suspension` that is not a suspension.
EXCLUDED = "Permanent exclusion"
#: The text of a cell for which nothing is asked.
NOTHING = "\N{EN DASH}"

_FRIDAY = 4
_PLURALS = {"child": "children", "is": "are", "has": "have", "was": "were"}


def pluralise(number: int, noun: str) -> str:
    """Return the noun that goes with a number: 1 child, 2 children."""
    if number == 1:
        return noun
    *first, last = noun.split(" ")
    if last in _PLURALS:
        return " ".join([*first, _PLURALS[last]])
    if last.endswith("y") and last[-2:] != "ay":
        return f"{noun[:-1]}ies"
    return f"{noun}s"


def format_count(number: int, noun: str) -> str:
    """Return a number with its noun: "no children", "1 child", "1,200 sessions"."""
    return f"{f'{number:,}' if number else 'no'} {pluralise(number, noun)}"


def format_part(part: int, whole: int, noun: str = "session", *, with_percent: bool = False) -> str:
    """Return a part of a whole, "14 of 142 sessions (9.9%)", or "no sessions" if the whole is 0."""
    if not whole:
        return format_count(0, noun)
    share = f" ({format_percent(part / whole)})" if with_percent else ""
    return f"{part:,} of {whole:,} {pluralise(whole, noun)}{share}"


def format_part_columns(part: str, whole: str) -> pl.Expr:
    """Join two columns of a table as "14 of 142", which fits on a phone."""
    return pl.struct(part, whole).map_elements(
        lambda row: f"{row[part]:,} of {row[whole]:,}", pl.String
    )


def format_pounds(amount: Decimal | int) -> str:
    """Return an amount such as £1,200, £450.50 or -£300, with pence only if there are any."""
    minus = "-" if amount < 0 else ""
    return f"{minus}£{abs(amount):,.{0 if amount == int(amount) else 2}f}"


def format_spent(pounds: Decimal | int, unknown: int, sums: int) -> str:
    """Return the pounds spent, and how many of the amounts are not recorded."""
    if not unknown:
        return format_pounds(pounds)
    more = f"{format_count(unknown, 'amount')} {NOT_RECORDED}"
    return NOT_RECORDED if unknown == sums else f"{format_pounds(pounds)}, {more}"


def format_percent(share: float) -> str:
    """Return a share, 0 to 1, as "3.8%": of sessions, or of a hundred children or more."""
    return f"{share * 100:.1f}%"


def format_day(value: date) -> str:
    """Return a day as Friday 20 November 2026."""
    return f"{value:%A} {value.day} {value:%B %Y}"


def format_short_day(value: date) -> str:
    """Return a day as 20 November 2026."""
    return f"{value.day} {value:%B %Y}"


def format_table_day(value: date) -> str:
    """Return a day as 20 Nov 2026 for a column, without a line break inside."""
    return f"{value.day}\u00a0{value:%b}\u00a0{value.year}"


def format_near_day(value: date, as_at: date) -> str:
    """Return a day as 5 Nov without a line break, and with its year if `as_at` has another."""
    text = f"{value.day}\u00a0{value:%b}"
    return text if value.year == as_at.year else f"{text} {value.year}"


def format_week(value: date) -> str:
    """Return a week by its Monday, 7 Sep, as on charts."""
    return f"{value.day} {value:%b}"


def format_year_before(academic_year: str) -> str:
    """Return the year before, such as 2025/26 for 2026/27."""
    start = int(academic_year.partition("/")[0])
    return f"{start - 1}/{start % 100:02}"


def format_span(first: date | None, last: date | None) -> str:
    """Return a span of days: 1 Sep 2025 to 20 Nov 2026."""
    if first is None or last is None:
        return NOTHING
    start, end = format_table_day(first), format_table_day(last)
    return start if first == last else f"{start} to {end}"


def format_roles(role: str) -> str:
    """Return all roles of a person in words: "Headteacher and safeguarding lead"."""
    names = [ROLES[part] for part in roles.split_roles(role)]
    return format_list([names[0], *(name[0].lower() + name[1:] for name in names[1:])])


def format_list(parts: Iterable[str]) -> str:
    """Return a list as one, two and three."""
    items = list(parts)
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def format_few(children: list[str], most: int = MOST_NAMED) -> str:
    """Name the children, or return their number if there are more than `most`."""
    few = len(children) <= most
    return format_list(children).removesuffix(".") if few else format_count(len(children), "child")


def capitalise(text: str) -> str:
    """Return the text with a capital first letter, and nothing else changed."""
    return text[:1].upper() + text[1:]


def format_year_group(number: int | None) -> str:
    """Return Year 4, or Reception for 0."""
    if number is None:
        return f"year group {NOT_RECORDED}"
    return f"Year {number}" if number else "Reception"


def format_year_number(number: int | None) -> str:
    """Return 4 for a column of year groups, R for Reception, or a dash if it is not recorded."""
    return NOTHING if number is None else str(number or "R")


def describe_attendance(child: Mapping[str, Any]) -> str:
    """Return a child's year so far: "90.1% (14 of 142 missed)".

    child: a row with the columns of `pupil_attendance`.  No rate is shown while it is too early.
    """
    possible, absent = child["possible_sessions"], child["absent_sessions"]
    if possible is None or absent is None:
        return "no marks this year"
    if possible == 0:
        return "no possible sessions yet"
    missed = f"{absent or 'none'} of {possible:,} missed"
    if child["is_too_early"]:
        return missed
    return f"{format_percent(1 - child['absence_rate'])} ({missed})"


def describe_groups(member: Mapping[str, object]) -> str:
    """Name every group in a row of cohort_member: "Looked after; has a social worker"."""
    return capitalise("; ".join(name for name, column in GROUP_COLUMNS.items() if member[column]))


def say(text: str, home_of: str) -> str:
    """Return one of our texts in the words of a kind of home. A school's text stays as it is."""
    if home_of == "school":
        return text
    return _OF_A_SCHOOL.sub(lambda match: _OF_MANY[match[0]].get(home_of, match[0]), text)


_OF_MANY: dict[str, dict[str, str]] = TEXTS["of_many"]
#: Longer texts come first, since others may be a part of them.
_OF_A_SCHOOL = re.compile("|".join(map(re.escape, sorted(_OF_MANY, key=len, reverse=True))))


_ROWS = read_rows("dashboard.text", "definitions")
#: The title of each mart and check in Help, what the office must do about a check, and who must do
#: it in a home of many schools: the school, us, or whoever sent the file.
DEFINITIONS = {row["name"]: row["title"] for row in _ROWS}
FIXES = {row["name"]: row["fix"] for row in _ROWS if row["fix"]}
MENDERS = {row["name"]: row["mender"] for row in _ROWS if row["mender"]}

#: Patterns of words that blame or label people, with the words that we use instead.
NOT_SAID = {row["pattern"]: row["instead"] for row in read_rows("dashboard.text", "not_said")}

#: The heading of a page with an error in our code.
UNFORESEEN = str(TEXTS["calm"]["unforeseen"]["title"])


#: Screen words for some of the names that definitions use.
_COLUMN_WORDS = {"as_at": "the date you chose", "cohort": "group", "null": NOT_RECORDED}


def spell_out_terms(*letters: str) -> str:
    """Return the line that spells abbreviations out."""
    return " ".join(f"{term}: {TERMS[term]}." for term in letters)


def get_definition_title(name: str) -> str:
    """Return the heading of a definition in Help, or its name in plain words if it is new."""
    return DEFINITIONS.get(name, capitalise(name.removeprefix("check_").replace("_", " ")))


def list_definitions(comments: Mapping[str, str], figures: Mapping[str, str]) -> dict[str, str]:
    """Return the title and words of each definition in Help, those about children first.

    `figures` has the words of each rule's figure, by its name.
    """
    known = [name for name in DEFINITIONS if name in comments]
    new = sorted(comments.keys() - DEFINITIONS.keys())
    return {
        get_definition_title(name): format_definition(comments[name], figures)
        for name in [*known, *new]
    }


def format_definition(definition: str, figures: Mapping[str, str]) -> str:
    """Return a view's comment for people, with words in place of names of rules and columns."""
    return _spell_names_out(definition.format_map(figures))


@cache
def _spell_names_out(filled: str) -> str:
    def replace_name(match: re.Match[str]) -> str:
        name = match.group().strip("`")
        plain = DEFINITIONS.get(name, re.sub(r"^is_", "", name).replace("_", " "))
        return _COLUMN_WORDS.get(name, f'"{plain}"')

    text = re.sub(r"`[a-z0-9_]+`|\b(?:[a-z0-9]+_[a-z0-9_]+|cohort|null)\b", replace_name, filled)
    return "".join(capitalise(part) for part in re.split(r"(?<=[.])(\s)", text))


def list_codes(code_list: str, on: date) -> dict[str, str]:
    """Return the codes of a list that are in use on a day, with their labels."""
    rows = reference.read(code_list).filter(reference.is_valid_on(on)).to_dicts()
    return {row["code"]: capitalise(row["label"]) for row in rows}


def describe_action(row: Mapping[str, Any], home_of: str, *, is_brief: bool = False) -> str:
    """Return what somebody did, and the outcome of a call that reached nobody.

    `row` is one of `pupil_action`: "Called the carer, no answer". `is_brief` fits a column.
    """
    kind = capitalise(row["kind"])
    text = say(ACTIONS_BRIEFLY.get(row["kind"], kind) if is_brief else kind, home_of)
    outcome = _list_failed_calls().get(row["outcome"])
    return f"{text}, {outcome}" if outcome else text


@cache
def _list_failed_calls() -> dict[str, str]:
    """Return the outcomes of calls that reached nobody by code, to follow a comma."""
    rows = reference.read("call_outcome").filter(~pl.col("is_answer")).to_dicts()
    return {row["code"]: f"{row['label'][:1].lower()}{row['label'][1:]}" for row in rows}


def find_next_weekday(day: date) -> date:
    """Return the day after, or the Monday after a Friday or a weekend."""
    return day + timedelta(days=7 - day.weekday() if day.weekday() >= _FRIDAY else 1)


def tabulate_codes(on: date) -> pl.DataFrame:
    """Return the attendance codes to use on a day, with how each counts, in words."""
    counts = pl.coalesce(
        pl.when("is_absent", "is_authorised").then(pl.lit("missed, authorised")),
        pl.when("is_absent").then(pl.lit("missed, unauthorised")),
        pl.when("is_late").then(pl.lit("attended, late")),
        pl.when("is_attended").then(pl.lit("attended")),
        pl.lit("not a possible session"),
    )
    codes = reference.read("attendance_code").filter(
        reference.is_valid_on(on), ~pl.col("is_withdrawn")
    )
    return codes.select(Code="code", Meaning="label", Counts=counts)


def get_version() -> str:
    """Return the version of lac-monitor that runs."""
    return installed_version("lac-monitor")


def format_moment(value: datetime) -> str:
    """Return a time as Friday 20 November 2026 at 7:40am."""
    return f"{format_day(value.date())} at {format_clock(value)}"


def format_clock(value: datetime) -> str:
    """Return a time of day as 7:40am."""
    return f"{value:%I:%M%p}".lstrip("0").lower()
