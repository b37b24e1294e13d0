"""The schedule by which a child's data is deleted here, which the school can edit.

The data here is a second copy to look at, so by default it is deleted at the end of the school
year after the one in which the child left.  A category is deleted on its own day, unless its rule
asks for a review or there is a hold on the child.  With the last category the whole child is
deleted, with identity and contacts.  Pure, except for reading the schedule.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from queries.contract import DAY_COLUMNS, TABLES
from queries.contract.model.category import Retention
from queries.school_year import get_age_year, get_last_day_of_age_year
from queries.statement import format_sql
from queries.store.store import Store
from safeguards.cells import serialise_csv
from safeguards.errors import RightsError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from safeguards.keys.lists import Rows, parse_list, read_list
from stewardship.packets.holdings import fetch_tables_with_children

FILE = "retention.csv"

_HEADER = ("category", "tables", "keep_school_years", "then", "source", "is_verified")
_THEN = ("delete", "review")
_LAST = "until the last category is deleted, and the whole child with it"
#: The most digits of a number of years: up to 999.
_MOST_DIGITS = 3
_LEAVING = """
select pupils.pupil_id, leavers.leaving_date
from int_pupil_leaving as leavers
inner join stg_pupil as pupils on leavers.pupil_key = pupils.pupil_key
order by pupils.pupil_id
"""


@dataclass(frozen=True)
class Rule:
    """A row of the schedule: the school years kept after the one of leaving, and what is next."""

    category: str
    tables: tuple[str, ...]
    keep_school_years: int
    then: str
    source: str

    @property
    def sentence(self) -> str:
        """The rule in words, for a person to confirm."""
        years = f"{self.keep_school_years} school year{'s' * (self.keep_school_years != 1)}"
        return f"`{self.category}`: {years} after the year of leaving, then {self.then}"


@dataclass(frozen=True)
class Child:
    """A child as a plan needs them: when they left, and how many rows they have in which table.

    leaving_date: null while the child may still be here.  rows: the number of rows by table.
    """

    pupil_id: str
    leaving_date: date | None
    rows: Mapping[str, int]


@dataclass(frozen=True)
class Part:
    """A child's rows in tables of one category, and whether they are deleted now.

    why: the last day on which the schedule keeps them, or another reason to keep them.
    """

    category: str
    tables: tuple[str, ...]
    rows: int
    is_due: bool
    why: str


@dataclass(frozen=True)
class Item:
    """A child whose time is over by at least one rule, with a part for each category.

    is_whole: whether nothing about the child is kept, here or in the vault.
    """

    child: Child
    parts: tuple[Part, ...]
    is_whole: bool

    @property
    def is_due(self) -> bool:
        """Whether any of the child's data is deleted now."""
        return any(part.is_due for part in self.parts)

    def describe_fate(self) -> str:
        """Say in words what happens to the child's data."""
        if self.is_whole:
            return "will be deleted completely, with identity and contacts in the vault."
        if self.is_due:
            return (
                "will be deleted in part. Identity and contacts stay in the vault until all "
                "is deleted."
            )
        return "stays."

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables whose rows go while the child stays.  Empty if the whole child goes."""
        going = (part.tables for part in self.parts if part.is_due and not self.is_whole)
        return tuple(sorted(table for tables in going for table in tables))


def build_template() -> str:
    """Return the first schedule of a home, a row for each group, for the school to confirm."""
    tables: dict[Retention, list[str]] = {}
    for name, category in TABLES.items():
        if category.retention is not None:
            tables.setdefault(category.retention, []).append(name)
    rows = (
        (
            kept.group,
            " ".join(names),
            kept.school_years,
            kept.then,
            kept.source,
            str(kept.is_verified).lower(),
        )
        for kept, names in tables.items()
    )
    return serialise_csv(_HEADER, rows).replace("\r\n", "\n")


def load_schedule(home: Home, keys: Keys) -> tuple[tuple[Rule, ...], bool]:
    """Return the rules of a home, or else the template's, and whether they are the home's.

    RightsError for a faulty row: a mistyped schedule deletes nothing.  ProofError for a schedule
    that somebody edited and nobody confirmed.
    """
    rows = read_list(keys.heads, home.folder / FILE, _HEADER, RightsError)
    usual = parse_list(build_template().encode("utf-8"), FILE, _HEADER, RightsError)
    return _parse_rules(usual if rows is None else rows), rows is not None


def fetch_children(version: Store) -> tuple[Child, ...]:
    """Return every child of a version, in the order of pupil_id."""
    rows: dict[str, dict[str, int]] = {}
    for table in fetch_tables_with_children(version):
        counts = version.read(
            format_sql(
                "select pupils.pupil_id, count(*) as n from {table} as facts inner join"
                " raw_pupil as pupils on facts.pupil_key = pupils.pupil_key group by all",
                table=table,
            )
        )
        for pupil_id, number in counts.iter_rows():
            rows.setdefault(pupil_id, {})[table] = number
    return tuple(
        Child(pupil_id, leaving_date, rows[pupil_id])
        for pupil_id, leaving_date in version.read(_LEAVING).iter_rows()
    )


def compute_schedule_day(clock: date, data_until: date) -> date:
    """Return the day that the schedule counts to: the earlier of the clock and the last mark.

    A clock that runs ahead deletes nothing early, because no mark confirms it.  A clock that is
    behind only delays deletion.
    """
    return min(clock, data_until)


def plan_deletions(
    children: Iterable[Child], rules: Collection[Rule], on_hold: Collection[str], on: date
) -> list[Item]:
    """Return an item for each child whose time is over on a day by at least one rule.

    The whole child is deleted once no category is kept.  on_hold: the pupil_ids of children who
    must be kept.  RightsError if no rule names a table with rows: data that nobody has decided
    about is not deleted.
    """
    decided = {table for rule in rules for table in rule.tables}
    items = []
    for child in children:
        if unknown := sorted(set(child.rows) - decided):
            raise RightsError(f"{FILE} does not mention {', '.join(unknown)}. Add it to a row.")
        if child.leaving_date is None:
            continue
        ends = {
            rule: compute_year_end(child.leaving_date, rule.keep_school_years)
            for rule in rules
            if not child.rows.keys().isdisjoint(rule.tables)
        }
        if min(ends.values()) < on:
            items.append(_build_item(child, ends, is_held=child.pupil_id in on_hold, on=on))
    return items


def compute_year_end(day: date, more_years: int) -> date:
    """Return the 31 August that ends the year in which a child leaves, some years on.

    Schools write 31 August for a leaver after the summer term, so the year is that of age groups.
    """
    return get_last_day_of_age_year(get_age_year(day) + more_years)


def _build_item(child: Child, ends: Mapping[Rule, date], *, is_held: bool, on: date) -> Item:
    kept = {
        rule: _describe_why_kept(rule, end, is_held=is_held, on=on) for rule, end in ends.items()
    }
    is_whole = not any(kept.values())
    parts = []
    for rule, end in ends.items():
        there = tuple(table for table in rule.tables if table in child.rows)
        last = tuple(table for table in there if table not in DAY_COLUMNS)
        if is_whole or kept[rule]:
            why = kept[rule] or f"kept until {end}"
            parts.append(_build_part(child, rule, there, goes=not kept[rule], why=why))
            continue
        now = tuple(table for table in there if table in DAY_COLUMNS)
        parts.append(_build_part(child, rule, now, goes=True, why=f"kept until {end}"))
        parts.append(_build_part(child, rule, last, goes=False, why=_LAST))
    return Item(child, tuple(part for part in parts if part.tables), is_whole)


def _build_part(child: Child, rule: Rule, tables: tuple[str, ...], *, goes: bool, why: str) -> Part:
    number = sum(child.rows[table] for table in tables)
    return Part(rule.category, tables, number, goes, why)


def _describe_why_kept(rule: Rule, end: date, *, is_held: bool, on: date) -> str:
    """Return the reason to keep a category on a day, or "" if there is none."""
    if is_held:
        return "there is a hold"
    if end >= on:
        return f"kept until {end}"
    return f"kept until {end}, then a review" if rule.then == "review" else ""


def _parse_rules(rows: Rows) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    for number, (category, listed, years, then, source, _) in rows:
        tables = tuple(listed.split())
        taken = {table for rule in rules for table in rule.tables}
        if (
            not tables
            or taken.intersection(tables)
            or not (years.isdecimal() and years.isascii() and len(years) <= _MOST_DIGITS)
            or then not in _THEN
        ):
            raise RightsError(
                f"{FILE}, row {number}: give each table once, a whole number of school years, "
                "then delete or review. Nothing was deleted."
            )
        rules.append(Rule(category, tables, int(years), then, source))
    return tuple(rules)
