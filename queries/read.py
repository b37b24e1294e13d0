"""The questions that pages, notebooks and reports ask, one function each.

Every answer is a frame of mart columns, so a number has one definition wherever it is
shown.  A `Reader` is an open session (safeguards.access.access) or a store with a day: it knows
who asks and for which day.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol, TypeVar, cast

import polars as pl

from queries import reference
from queries.rows import (
    CohortMember,
    Duty,
    LastAction,
    PupilThisWeek,
    ReportDuty,
    ReportLine,
    ReportTerm,
    SdqCoverage,
)
from queries.statement import format_sql
from queries.views import views
from queries.views.views import View

Row = TypeVar("Row")


class Member(CohortMember):
    """A row of `fetch_members`: the year's attendance is null for a child without a mark."""

    possible_sessions: int | None
    absent_sessions: int | None
    unauthorised_absent_sessions: int | None
    late_sessions: int | None
    absence_rate: float | None
    is_persistent_absentee: bool | None
    is_too_early: bool | None


class MemberDuty(Duty):
    """A row of `fetch_duties`: next_date is the day that is booked, else the last day."""

    year_group: int
    is_looked_after: bool
    next_date: date | None


class MemberWeek(PupilThisWeek):
    """A row of `fetch_this_week`."""

    year_group: int
    cohort: str


class Reader(Protocol):
    """Whatever answers a query for one role and one day."""

    def read(self, query: str, parameters: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """The rows of a query; `$name` takes its value from `parameters`."""
        ...


def list_rows(kind: type[Row], frame: pl.DataFrame) -> list[Row]:
    """The rows of a frame as `kind`, a TypedDict; KeyError if it lacks a column of it."""
    if missing := sorted(kind.__annotations__.keys() - set(frame.columns)):
        raise KeyError(f"{kind.__name__} has no {', '.join(missing)} here")
    return cast("list[Row]", frame.to_dicts())


def get_first_row(kind: type[Row], frame: pl.DataFrame) -> Row | None:
    """The first row of a frame, as of `list_rows`; None if it has none."""
    return next(iter(list_rows(kind, frame.head(1))), None)


def fetch_academic_year(reader: Reader) -> str:
    """The academic year of the day asked for, such as 2026/27."""
    return str(reader.read("select academic_year(as_at()) as academic_year").item())


def fetch_members(reader: Reader) -> pl.DataFrame:
    """Every child of cohort_member with this year's attendance, by year group and handle.

    The attendance columns are null for a child without a mark this year.
    """
    return reader.read(
        """
        select
            members.* exclude (school_key, pupil_key),
            years.* exclude (pupil_key, pupil_id, handle)
        from cohort_member as members
        left join pupil_attendance as years
            on
                members.pupil_key = years.pupil_key
                and years.academic_year = academic_year(as_at())
        order by members.year_group, members.handle
        """
    )


def fetch_pupil(reader: Reader, pupil_id: str) -> Member | None:
    """One row of `members`; None when the child is not a member on the day."""
    return get_first_row(Member, fetch_members(reader).filter(pupil_id=pupil_id))


def fetch_pupil_years(reader: Reader, pupil_id: str) -> pl.DataFrame:
    """A child's pupil_attendance, a row an academic year, newest first."""
    return reader.read(
        "from pupil_attendance where pupil_id = $pupil_id order by academic_year desc",
        {"pupil_id": pupil_id},
    )


def fetch_pupil_sessions(reader: Reader, pupil_id: str, academic_year: str) -> pl.DataFrame:
    """A child's pupil_session in one academic year, in the order of the register."""
    return reader.read(
        """
        from pupil_session
        where pupil_id = $pupil_id and academic_year = $academic_year
        order by session_date, half
        """,
        {"pupil_id": pupil_id, "academic_year": academic_year},
    )


def fetch_child_protection(reader: Reader) -> pl.DataFrame:
    """Who is in need or on a protection plan: safeguarding lead only."""
    return reader.read("from child_protection order by handle, status")


def fetch_this_week(reader: Reader) -> pl.DataFrame:
    """pupil_this_week of the children of cohort_member, by year group and handle."""
    return _fetch_for_members(reader, "pupil_this_week", columns=("year_group", "cohort"))


def fetch_cohort_years(reader: Reader, cohort: str = "all") -> pl.DataFrame:
    """cohort_attendance of one group, a row an academic year, newest first."""
    return reader.read(
        "from cohort_attendance where cohort = $cohort order by academic_year desc",
        {"cohort": cohort},
    )


def fetch_cohort_weeks(reader: Reader, academic_year: str, cohort: str = "all") -> pl.DataFrame:
    """cohort_week_attendance of one group in one academic year, oldest week first."""
    return reader.read(
        """
        from cohort_week_attendance
        where cohort = $cohort and academic_year = $academic_year
        order by week_start
        """,
        {"cohort": cohort, "academic_year": academic_year},
    )


def fetch_absence_reasons(reader: Reader, academic_year: str, cohort: str = "all") -> pl.DataFrame:
    """cohort_absence_reason of one group and year, most sessions first."""
    return reader.read(
        """
        from cohort_absence_reason
        where cohort = $cohort and academic_year = $academic_year
        order by absent_sessions desc, code
        """,
        {"cohort": cohort, "academic_year": academic_year},
    )


def fetch_school_years(reader: Reader) -> pl.DataFrame:
    """school_attendance, a row an academic year, newest first; empty when not recorded."""
    return reader.read("from school_attendance order by academic_year desc")


def fetch_national_lines(reader: Reader, measure: str) -> pl.DataFrame:
    """national_line of one measure, newest year first."""
    return reader.read(
        "from national_line where measure = $measure order by academic_year desc, cohort",
        {"measure": measure},
    )


def fetch_attention_reasons(reader: Reader) -> pl.DataFrame:
    """needs_a_look, by year group and handle: a row a child and reason."""
    return reader.read("from needs_a_look order by year_group, handle, rule")


def load_attention_rules() -> pl.DataFrame:
    """The rules of needs_a_look: words, window, threshold, source and whether it is verified."""
    return reference.read("look")


def get_due_soon_days() -> int:
    """The school days before its last day from which a duty is due soon."""
    return int(str(reference.read("deadline")["soon_school_days"].cast(pl.Int64).max()))


def fetch_threshold(reader: Reader, name: str) -> float:
    """The value of a row of threshold.csv on the day; LookupError if none held then."""
    value = reader.read("select threshold($name, as_at()) as value", {"name": name}).item()
    if value is None:
        raise LookupError(f"{name} has no value on that day")
    return float(value)


def fetch_thresholds(reader: Reader) -> dict[str, float]:
    """Every value of threshold.csv that held on the day, by name."""
    rows = reader.read(
        """
        select
            names.name,
            threshold(names.name, as_at())::double as value
        from (select unnest($names) as name) as names
        """,
        {"names": tuple(reference.read("threshold")["name"].unique(maintain_order=True))},
    )
    return {name: value for name, value in rows.iter_rows() if value is not None}


def get_default_threshold(name: str) -> float:
    """The value of a row of threshold.csv that holds until further notice, without a home.

    ValueError if there is none.
    """
    rows = reference.read("threshold").filter(pl.col("name") == name, pl.col("valid_to").is_null())
    return float(rows["value"].item())


def fetch_last_actions(reader: Reader) -> dict[str, LastAction]:
    """last_action by pupil_id."""
    rows = reader.read("from last_action order by handle")
    return {row["pupil_id"]: row for row in list_rows(LastAction, rows)}


def fetch_duties(reader: Reader) -> pl.DataFrame:
    """Every duty of the children of cohort_member, done ones too, by its day: MemberDuty.

    next_date is null where the day cannot be known.
    """
    duties = _fetch_for_members(reader, "duty", "facts.name")
    next_date = pl.coalesce("booked_date", "due_date")
    return duties.with_columns(next_date=next_date).sort(
        "next_date", nulls_last=True, maintain_order=True
    )


def fetch_sdq(reader: Reader) -> pl.DataFrame:
    """pupil_sdq of the children of cohort_member, by year group and handle, oldest first."""
    return _fetch_for_members(reader, "pupil_sdq", "informant, sdq_date")


def fetch_sdq_coverage(reader: Reader) -> SdqCoverage | None:
    """Of the children in care, how many have a score; None when nobody is in care."""
    return get_first_row(SdqCoverage, reader.read("from sdq_coverage order by school_key"))


def load_sdq_bands(informant: str) -> pl.DataFrame:
    """The bands of the total for one informant, the lowest first."""
    return (
        reference.read("sdq_band")
        .filter((pl.col("informant") == informant) & (pl.col("scale") == "total"))
        .select("band", pl.col("lowest").cast(pl.Int64), pl.col("highest").cast(pl.Int64))
        .sort("lowest")
    )


def fetch_health(reader: Reader) -> pl.DataFrame:
    """pupil_health of the children of cohort_member, by year group and handle."""
    return _fetch_for_members(reader, "pupil_health", "subject")


def fetch_ehcps(reader: Reader) -> pl.DataFrame:
    """pupil_ehcp of the children of cohort_member, by year group and handle."""
    return _fetch_for_members(reader, "pupil_ehcp")


def fetch_peps(reader: Reader) -> pl.DataFrame:
    """pupil_pep of the children of cohort_member, by year group and handle, oldest first."""
    return _fetch_for_members(reader, "pupil_pep", "pep_date")


def fetch_pupil_periods(reader: Reader, pupil_id: str) -> pl.DataFrame:
    """A child's pupil_period by lane, oldest first."""
    return reader.read(
        "from pupil_period where pupil_id = $pupil_id order by lane, start_date, label",
        {"pupil_id": pupil_id},
    )


def fetch_pupil_suspensions(reader: Reader, pupil_id: str) -> pl.DataFrame:
    """A child's pupil_suspension, oldest first."""
    return reader.read(
        "from pupil_suspension where pupil_id = $pupil_id order by suspension_date",
        {"pupil_id": pupil_id},
    )


def fetch_loaded_files(reader: Reader) -> pl.DataFrame:
    """load_file, newest load first."""
    return reader.read("from load_file order by load_id desc, source_id")


def list_plain_marts() -> dict[str, View]:
    """The marts that the child's page shows as plain tables, by their titles."""
    found = {view.find_field("Page"): view for view in views.load_views().values()}
    return {title: view for title, view in found.items() if title}


def fetch_plain_rows(reader: Reader, mart: View, pupil_id: str) -> pl.DataFrame:
    """A child's rows of a plain mart, in the order of its key, without its codes."""
    query = "from {name} where pupil_id = $pupil_id order by {key}"
    rows = reader.read(format_sql(query, name=mart.name, key=mart.key), {"pupil_id": pupil_id})
    return rows.drop("pupil_key", "pupil_id", "handle")


def fetch_check(reader: Reader, name: str) -> pl.DataFrame:
    """The rows of one check view, by its name without `check_`."""
    view = views.load_views()[f"check_{name}"]
    return reader.read(format_sql("from {name} order by {key}", name=view.name, key=view.key))


def list_definitions() -> dict[str, str]:
    """The definition of every mart and check, by name: what Help shows."""
    return {
        view.name: view.definition
        for view in views.load_views().values()
        if view.layer in {"marts", "checks"}
    }


def _fetch_for_members(
    reader: Reader,
    mart: str,
    *order: str,
    columns: Sequence[str] = ("year_group", "is_looked_after"),
) -> pl.DataFrame:
    """A mart about children for those of cohort_member, with these of its columns before."""
    query = format_sql(
        """
        select
            {members:own},
            facts.* exclude (pupil_key)
        from {mart} as facts
        inner join cohort_member as members on facts.pupil_key = members.pupil_key
        order by {by:own}
        """,
        mart=mart,
        members=[f"members.{column}" for column in columns],
        by=["members.year_group", "facts.handle", *order],
    )
    return reader.read(query)


def fetch_report_pupils(reader: Reader) -> pl.DataFrame:
    """report_child, for the disclosure gate only."""
    return reader.read("from report_child order by pupil_id")


def fetch_report_absences(reader: Reader) -> pl.DataFrame:
    """report_absence, for the disclosure gate only."""
    return reader.read("from report_absence order by reason, pupil_id")


def fetch_report_duties(reader: Reader) -> dict[str, ReportDuty]:
    """report_duty by kind of duty; one that nobody is owed is absent."""
    rows = reader.read("from report_duty order by duty")
    return {row["duty"]: row for row in list_rows(ReportDuty, rows)}


def fetch_report_term(reader: Reader) -> ReportTerm | None:
    """report_term of the day; None before the first."""
    return get_first_row(ReportTerm, reader.read("from report_term order by school_key"))


def fetch_recorded_subjects(reader: Reader) -> frozenset[str]:
    """The subjects of report_recorded that anything was recorded about."""
    rows = reader.read("from report_recorded where is_recorded order by subject")
    return frozenset(rows["subject"].to_list())


def fetch_report_lines(reader: Reader) -> dict[str, ReportLine]:
    """report_line by line; one that is not recorded or not published is absent."""
    rows = reader.read("from report_line order by line")
    return {row["line"]: row for row in list_rows(ReportLine, rows)}
