"""The questions that pages, notebooks and reports ask, one function each.

Every answer is a frame of mart columns, so a number has one definition wherever it is shown.  A
`Reader` is an open session (safeguards.access.access) or a store with a day: it has the person's
role and the day.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Protocol

import polars as pl

from queries import reference
from queries.statement import format_sql
from queries.views import views
from queries.views.views import View

#: A row of a mart, or of an answer of this module, by the names of its columns.
Row = dict[str, Any]


class Reader(Protocol):
    """An object that answers a query for one role and one day."""

    def read(self, query: str, parameters: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """Return the rows of a query; `$name` takes its value from `parameters`."""
        ...


_Ask = Callable[[Reader], pl.DataFrame]


def _ask(query: str) -> _Ask:
    """Build a question whose answer is the rows of a query."""
    return lambda reader: reader.read(query)


def _ask_of_children(query: str) -> _Ask:
    """Build the same without the keys of a store's version."""
    return lambda reader: reader.read(query).drop("school_key", "pupil_key")


def _ask_of_members(mart: str, *order: str) -> _Ask:
    """Build the question for a mart's rows about members, by year group, handle and `order`."""
    return lambda reader: _fetch_for_members(reader, mart, *order)


def _ask_of_child(mart: str, order: str) -> Callable[[Reader, str], pl.DataFrame]:
    """Build the question for a mart's rows about the child with a pupil_id, in an order."""
    query = "from {mart} where pupil_id = $pupil_id order by {order:own}"
    text = format_sql(query, mart=mart, order=order)
    return lambda reader, pupil_id: reader.read(text, {"pupil_id": pupil_id})


def _ask_for_lead(mart: str, day: str, *order: str) -> _Ask:
    """Build the question for a mart's rows about any child, newest day first: for the lead only."""
    return lambda reader: _fetch_for_lead(reader, mart, *order).sort(
        day, descending=True, maintain_order=True
    )


def _ask_for_gate(query: str) -> Callable[[Reader], list[Row]]:
    """Build a question for a disclosure gate only: a row for each child, term or measure."""
    return lambda reader: reader.read(query).to_dicts()


def _ask_of_premium(rows: str, by: Sequence[str], order: str) -> _Ask:
    """Build the question for premium_term, added up by some columns and term, in an order."""
    query = """
        select
            {by},
            academic_year,
            term,
            string_agg(distinct kind, ', ' order by kind) as kinds,
            min(first_day) as first_day,
            sum(sums)::integer as sums,
            sum(planned) as planned,
            sum(spent) as spent,
            sum(unspent_sums)::integer as unspent_sums,
            sum(in_pep)::integer as in_pep,
            min(spend_by) as spend_by
        from {rows:own}
        group by all
        order by {order:own}
    """
    return _ask(format_sql(query, rows=rows, by=by, order=order))


#: Children (pupil_id) that somebody chose; None for all of a group.
Own = frozenset[str] | None


def select_own(rows: pl.DataFrame, own: Own) -> pl.DataFrame:
    """Return the rows of the chosen children (pupil_id), or all for None."""
    return rows if own is None else rows.filter(pl.col("pupil_id").is_in(own))


def _ask_to_add_up(query: str, *by: str) -> Callable[..., pl.DataFrame]:
    """Build the question for rows of children, added up by these columns.

    Counts and pounds are added up; of other columns the first value counts.  `own`, the second
    argument of the question, limits the rows to these children (pupil_id).
    """

    def ask(reader: Reader, own: Own = None) -> pl.DataFrame:
        rows = reader.read(query)
        rows = select_own(rows, own)
        counts = pl.selectors.integer() | pl.selectors.decimal()
        return (
            rows.drop({"school_key", "pupil_key", "pupil_id", "handle"} - {*by}, strict=False)
            .group_by(*by, maintain_order=True)
            .agg(counts.sum(), (~counts).first())
        )

    return ask


fetch_schools = _ask_to_add_up(
    """
    select
        loads.*,
        facts.* exclude (school_key, pupil_key)
    from school_load as loads
    left join school_standing as facts on loads.school_key = facts.school_key
    order by loads.school_name, loads.school_key
    """,
    "school_key",
    "days_behind",
    "load_id",
)
fetch_school_loads = _ask("from school_load order by school_name, school_key")
fetch_child_protection = _ask("from child_protection order by handle, status")
fetch_attention_reasons = _ask("from needs_a_look order by year_group, handle, rule")
fetch_lead_reasons = _ask("from every_look order by year_group, handle, rule")
fetch_loaded_files = _ask("from load_file order by load_id desc, source_id")
fetch_overdue_counts = _ask_to_add_up(
    "from overdue_count order by school_name, school_key, first_day desc nulls last",
    "school_key",
    "academic_year",
    "term",
)
fetch_phases = _ask_to_add_up("from phase_attendance order by phase = 'all', phase", "phase")
fetch_without_place = _ask_of_children("from no_school_place order by handle")
fetch_former_members = _ask_of_children("from former_member order by year_group, handle")
fetch_actions = _ask_of_children(
    "from pupil_action order by action_date desc, logged_at desc, action_id desc"
)
fetch_former_steps = _ask_of_children(
    """
    from former_step
    left join (select school_key, school_name from school_load) using (school_key)
    where done_date is null
    order by year_group, handle, step
    """
)
fetch_care_histories = _ask_of_children("from care_history order by handle")
fetch_provisions = _ask_of_children("from pupil_provision order by provision_date, kind")
fetch_sdq = _ask_of_members("pupil_sdq", "informant, sdq_date")
fetch_health = _ask_of_members("pupil_health", "subject")
fetch_ehcps = _ask_of_members("pupil_ehcp")
fetch_sen_provision = _ask_of_members("pupil_sen")
fetch_progress = _ask_of_members("pupil_progress", "subject")
fetch_key_stage_results = _ask_of_children("from key_stage_result order by handle, subject")
fetch_premium_terms = _ask_of_premium("premium_term", ["kind"], "first_day desc, kind")
fetch_school_premium = _ask_to_add_up(
    """
    select * exclude (kind, spend_by) from premium_term
    inner join (select school_key, school_name from school_load) using (school_key)
    order by school_name, school_key, first_day desc
    """,
    "school_key",
    "academic_year",
    "term",
)
fetch_pupil_premium = _ask_of_premium(
    "premium_term left join (select pupil_id, year_group from cohort_member) using (pupil_id)",
    ["year_group", "pupil_id", "handle"],
    "year_group nulls last, handle, first_day desc",
)
fetch_tests = _ask_of_members("pupil_test", "test", "test_date")
fetch_interventions = _ask_of_members("pupil_intervention", "intervention_date", "kind")
fetch_peps = _ask_of_members("pupil_pep", "pep_date")
fetch_pupil_school = _ask_of_child("pupil_school", "school_names")
fetch_pupil_years = _ask_of_child("pupil_attendance", "academic_year desc")
fetch_pupil_periods = _ask_of_child("pupil_period", "lane, start_date, label")
fetch_pupil_suspensions = _ask_of_child("pupil_suspension", "suspension_date")
fetch_own_words = _ask_of_child("pupil_words", "words_date desc, line")
fetch_concerns = _ask_for_lead("pupil_concern", "concern_date", "kind", "line")
fetch_care_leavers = _ask_for_lead("pupil_care_leaver", "care_leaver_date")
fetch_times_missing = _ask_for_lead("pupil_missing", "missing_date")
fetch_this_week = _ask_of_members("pupil_this_week")
fetch_report_terms = _ask_for_gate("from report_term order by school_key, first_day")
fetch_report_children = _ask_for_gate("from report_child order by pupil_id, term")
fetch_report_duties = _ask_for_gate("from report_duty order by pupil_id, duty, rule, started_on")
fetch_annual_counts = _ask_for_gate("from annual_count order by measure")
fetch_group_figures = _ask("from group_figure order by measure, part")
fetch_report_roll = _ask_for_gate("from report_roll order by school_key, cohort")
fetch_report_lines = _ask_for_gate("from report_line order by school_key")


def get_first_row(frame: pl.DataFrame) -> Row | None:
    """Return the first row of a frame; None if it has none."""
    return next(iter(frame.head(1).to_dicts()), None)


def fetch_academic_year(reader: Reader) -> str:
    """Return the academic year of the last day of the register, such as 2026/27."""
    return str(reader.read("select academic_year(register_day()) as academic_year").item())


def fetch_members(reader: Reader) -> pl.DataFrame:
    """Return every child of cohort_member with this year's attendance, by year group and handle.

    The attendance columns are null for a child without a mark this year.
    """
    return reader.read(
        """
        select
            members.* exclude (school_key, pupil_key),
            years.* exclude (school_key, pupil_key, pupil_id, handle)
        from cohort_member as members
        left join pupil_attendance as years
            on
                members.pupil_key = years.pupil_key
                and years.academic_year = academic_year(register_day())
        order by members.year_group, members.handle
        """
    )


def fetch_school_names(reader: Reader, mart: str = "cohort_member") -> dict[str, str]:
    """Return the school of each child of cohort_member, or of another mart, by pupil_id."""
    query = """
        select children.pupil_id, schools.school_name
        from {mart} as children
        inner join school_load as schools on children.school_key = schools.school_key
    """
    return dict(reader.read(format_sql(query, mart=mart)).iter_rows())


def fetch_absentees(reader: Reader) -> pl.DataFrame:
    """Return the members who missed a session on the register's last day, by year group and handle.

    `am` and `pm` are the words of the mark, or "present"; null where none is recorded.
    `lacks_reason` says whether the reason for a session is still to be found.
    """
    return reader.read(
        """
        with marks as (
            select
                pupil_key,
                session_date,
                half,
                code,
                is_absent,
                if(kind = 'present', 'present', coalesce(label, code)) as mark
            from pupil_session
            where session_date = register_day()
        )
        select
            members.year_group,
            members.pupil_id,
            members.handle,
            marks.session_date,
            max(marks.mark) filter (where marks.half = 'AM') as am,
            max(marks.mark) filter (where marks.half = 'PM') as pm,
            coalesce(bool_or(marks.code = 'N'), false) as lacks_reason
        from marks
        inner join cohort_member as members on marks.pupil_key = members.pupil_key
        group by all
        having bool_or(marks.is_absent)
        order by members.year_group, members.handle
        """
    )


def fetch_pupil(reader: Reader, pupil_id: str) -> Row | None:
    """Return one row of `fetch_members`; None if the child is not a member on the day."""
    return get_first_row(fetch_members(reader).filter(pupil_id=pupil_id))


def fetch_pupil_sessions(reader: Reader, pupil_id: str, academic_year: str) -> pl.DataFrame:
    """Return the pupil_session of a member in one academic year, oldest first."""
    child = reader.read(
        "select pupil_key from cohort_member where pupil_id = $pupil_id", {"pupil_id": pupil_id}
    )
    # the value of the key lets DuckDB skip the marks of all others
    return reader.read(
        """
        from pupil_session
        where pupil_key = $pupil_key and academic_year = $academic_year
        order by session_date, half
        """,
        {"pupil_key": child["pupil_key"].max(), "academic_year": academic_year},
    )


def fetch_member_weeks(reader: Reader, academic_year: str) -> pl.DataFrame:
    """Return pupil_week_attendance of the members in one academic year, oldest week first.

    It has their pupil_id.  Weeks in which none of them had a possible session are left out.
    """
    return reader.read(
        """
        select
            members.pupil_id,
            weeks.* exclude (school_key, pupil_key)
        from pupil_week_attendance as weeks
        inner join cohort_member as members on weeks.pupil_key = members.pupil_key
        where weeks.academic_year = $academic_year and weeks.week_start <= register_day()
        qualify sum(weeks.possible_sessions) over (partition by weeks.week_start) > 0
        order by weeks.week_start, members.pupil_id
        """,
        {"academic_year": academic_year},
    )


def fetch_cohort_years(reader: Reader, cohort: str = "all", own: Own = None) -> pl.DataFrame:
    """Return cohort_attendance of one group, a row for each academic year, newest first.

    With `own` it is the same for these children instead, without the columns about a group's days.
    """
    if own is not None:
        rows = reader.read(
            """
            from pupil_attendance
            where pupil_key in (select pupil_key from cohort_member)
            order by academic_year desc
            """
        )
        is_too_early = pl.col("is_too_early")
        return _pool_children(
            rows,
            own,
            "academic_year",
            children=pl.len(),
            too_early_children=is_too_early.sum(),
            persistent_children=(pl.col("is_persistent_absentee") & ~is_too_early).sum(),
        )
    return reader.read(
        "from cohort_attendance where cohort = $cohort order by academic_year desc",
        {"cohort": cohort},
    )


def fetch_cohort_weeks(
    reader: Reader, academic_year: str, cohort: str = "all", own: Own = None
) -> pl.DataFrame:
    """Return cohort_week_attendance of one group in one academic year, oldest week first.

    With `own` it is the same for all weeks of these children instead.
    """
    if own is not None:
        weeks = fetch_member_weeks(reader, academic_year)
        return _pool_children(weeks, own, "week_start").with_columns(
            school_absence_rate=pl.lit(None, pl.Float64)
        )
    return reader.read(
        """
        from cohort_week_attendance
        where cohort = $cohort and academic_year = $academic_year
        order by week_start
        """,
        {"cohort": cohort, "academic_year": academic_year},
    )


def fetch_absence_reasons(
    reader: Reader, academic_year: str, cohort: str = "all", own: Own = None
) -> pl.DataFrame:
    """Return pupil_absence_reason of one group and year added up, most sessions first.

    With `own` it is the same for these children instead.
    """
    rows = reader.read(
        """
        from pupil_absence_reason
        where
            academic_year = $academic_year
            and pupil_key in (
                select pupil_key from cohort_member
                where
                    $cohort in ('all', cohort)
                    or ($cohort = 'previously looked after' and is_previously_looked_after)
            )
        order by last_date
        """,
        {"academic_year": academic_year, "cohort": cohort if own is None else "all"},
    )
    rows = select_own(rows, own)
    pooled = rows.group_by("code", "is_authorised", maintain_order=True).agg(
        pl.col("reason").last(), pl.len().alias("children"), pl.col("absent_sessions").sum()
    )
    return pooled.sort("absent_sessions", "code", descending=[True, False])


def _pool_children(
    rows: pl.DataFrame, own: frozenset[str], *by: str, **counts: pl.Expr
) -> pl.DataFrame:
    """Add up the sessions of some children, and their rate; rows stay in their order."""
    rate = pl.col("absent_sessions") / pl.col("possible_sessions")
    return (
        rows.filter(pl.col("pupil_id").is_in(own))
        .group_by(*by, maintain_order=True)
        .agg(pl.col("^.*_sessions$").sum(), **counts)
        .with_columns(absence_rate=rate.fill_nan(None))
    )


def fetch_school_years(reader: Reader) -> pl.DataFrame:
    """Return school_attendance, a row for each academic year, newest first.

    It is empty if nothing is recorded, and for several schools, since no whole school is theirs.
    """
    rows = reader.read("from school_attendance order by academic_year desc")
    return rows.clear() if rows["school_key"].n_unique() > 1 else rows


def fetch_national_lines(reader: Reader, measure: str) -> pl.DataFrame:
    """Return national_line of one measure, newest year first."""
    return reader.read(
        "from national_line where measure = $measure order by academic_year desc, cohort",
        {"measure": measure},
    )


def fetch_absence_lines(reader: Reader) -> pl.DataFrame:
    """Return national_line of absence for the schools' phase, or all phases if theirs differ."""
    phases = fetch_school_loads(reader)["national_phase"].unique().to_list()
    lines = fetch_national_lines(reader, "absence")
    return lines.filter(phase=phases[0] if len(phases) == 1 else "all")


def fetch_protection_cases(reader: Reader) -> pl.DataFrame:
    """Return protection_case, by year group and handle: for the safeguarding lead only."""
    return _fetch_for_lead(reader, "protection_case")


def fetch_protection_duties(reader: Reader) -> pl.DataFrame:
    """Return every_duty of child protection by its day: for the safeguarding lead only.

    year_group is 0 for a child who is not in cohort_member.
    """
    duties = _fetch_for_lead(reader, "every_duty", "name").filter(category="child_protection")
    return _sort_duties(duties.with_columns(pl.col("year_group").fill_null(0)))


def load_key_stages() -> pl.DataFrame:
    """Return the key stages, the youngest children first, with notes on the results of each."""
    return reference.read("key_stage")


def load_attention_rules() -> pl.DataFrame:
    """Return the rules of needs_a_look: words, window, threshold, source and whether verified."""
    return reference.read("look")


def fetch_threshold(reader: Reader, name: str) -> float:
    """Return a value of threshold.csv on the day; a KeyError means that none held then."""
    return fetch_thresholds(reader)[name]


def fetch_thresholds(reader: Reader) -> dict[str, float]:
    """Return every value of threshold.csv that held on the day, by name."""
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
    """Return the value of threshold.csv that holds until further notice, without a home.

    A ValueError means that there is none.
    """
    rows = reference.read_current("threshold").filter(name=name)
    return float(rows["value"].item())


def fetch_last_actions(reader: Reader) -> dict[str, Row]:
    """Return each child's newest action that nobody corrected, by pupil_id."""
    standing = fetch_actions(reader).filter(pl.col("corrected_by").is_null())
    rows = standing.unique("pupil_id", keep="first", maintain_order=True)
    return {row["pupil_id"]: row for row in rows.to_dicts()}


def fetch_duties(reader: Reader) -> pl.DataFrame:
    """Return every duty of the children of cohort_member, done ones too, by its day.

    next_date is the day that is booked, otherwise the last day; null if neither is known.
    """
    return _sort_duties(_fetch_for_members(reader, "duty", "facts.name"))


def _sort_duties(duties: pl.DataFrame) -> pl.DataFrame:
    next_date = pl.coalesce("booked_date", "due_date")
    return duties.with_columns(next_date=next_date).sort(
        "next_date", nulls_last=True, maintain_order=True
    )


def fetch_sdq_coverage(reader: Reader, own: Own = None) -> Row | None:
    """Return the counts of sdq_coverage, for `own` children only if given; None without a child."""
    children = reader.read("from sdq_coverage order by pupil_key")
    children = select_own(children, own)
    status, is_long = pl.col("said"), pl.col("is_looked_after_12_months")
    counts = children.select(
        children=pl.len(),
        scored_children=(status == "score").sum(),
        reason_children=(status == "reason").sum(),
        missing_children=(status == "missing").sum(),
        long_children=is_long.sum(),
        long_scored_children=(is_long & (status == "score")).sum(),
        unknown_children=(~pl.col("is_start_known")).sum(),
    )
    return get_first_row(counts) if children.height else None


def load_sdq_bands(informant: str, scale: str = "total") -> pl.DataFrame:
    """Return the bands of a scale for one informant, the lowest first."""
    return (
        reference.read("sdq_band")
        .filter(informant=informant, scale=scale)
        .select("band", pl.col("lowest").cast(pl.Int64), pl.col("highest").cast(pl.Int64))
        .sort("lowest")
    )


def fetch_newest_peps(reader: Reader) -> pl.DataFrame:
    """Return each member's newest meeting that was held, by year group and handle."""
    held = fetch_peps(reader).filter(outcome="held")
    return held.group_by("pupil_id", maintain_order=True).last()


def fetch_suspensions_of_year(reader: Reader) -> pl.DataFrame:
    """Return the members' pupil_suspension of this academic year, oldest first."""
    rows = _fetch_for_members(reader, "pupil_suspension", "suspension_date")
    of_year = rows.filter(academic_year=fetch_academic_year(reader))
    return of_year.sort("suspension_date", maintain_order=True)


def fetch_missed_weekdays(reader: Reader) -> pl.DataFrame:
    """Return the sessions that each member missed this academic year, by weekday 1 to 5."""
    return reader.read(
        """
        select
            pupil_id,
            isodow(session_date) as weekday,
            count(*) as sessions
        from pupil_session
        where is_absent and academic_year = academic_year(register_day())
            and pupil_key in (select pupil_key from cohort_member)
        group by pupil_id, isodow(session_date)
        order by pupil_id, weekday
        """
    )


def get_plain_table(mart: View) -> str:
    """Return the raw_ table whose rows a plain mart shows: see `Session.has_table`."""
    return f"raw_{mart.name.removeprefix('pupil_')}"


@cache
def list_plain_marts() -> Mapping[str, View]:
    """Return the marts that the child's page shows as plain tables, by their titles."""
    titles = {view.find_field("Page"): view for view in views.load_views().values()}
    return {title: view for title, view in titles.items() if title}


def fetch_plain_rows(reader: Reader, mart: View, pupil_id: str) -> pl.DataFrame:
    """Return a child's rows of a plain mart without its codes, the newest first."""
    query = """
        select * exclude (school_key, pupil_key, pupil_id, handle)
        from {name} where pupil_id = $pupil_id
        order by {day} desc, {key}
    """
    day = next((column for column in mart.key if column.endswith("_date")), mart.key[0])
    text = format_sql(query, name=mart.name, day=day, key=mart.key)
    return reader.read(text, {"pupil_id": pupil_id})


def fetch_check(reader: Reader, name: str) -> pl.DataFrame:
    """Return the rows of one check view, by its name without `check_`."""
    view = views.load_views()[f"check_{name}"]
    return reader.read(format_sql("from {name} order by {key}", name=view.name, key=view.key))


@cache
def list_marts() -> tuple[View, ...]:
    """Return every mart and check."""
    known = views.load_views().values()
    return tuple(view for view in known if view.layer in {"marts", "checks"})


@cache
def list_definitions() -> Mapping[str, str]:
    """Return the definition of every mart and check, by name, as Help shows it."""
    return {view.name: view.definition for view in list_marts()}


def get_summary(name: str) -> str:
    """Describe a mart or a check, in a sentence or two."""
    return views.load_views()[name].summary


def _fetch_for_members(reader: Reader, mart: str, *order: str, join: str = "inner") -> pl.DataFrame:
    """Return a mart's rows about members, with the columns by which pages sort and mark them."""
    query = format_sql(
        """
        select
            members.year_group,
            coalesce(members.is_looked_after, false) as is_looked_after,
            facts.* exclude (school_key, pupil_key)
        from {mart} as facts
        {join:own} join cohort_member as members on facts.pupil_key = members.pupil_key
        order by {by:own}
        """,
        mart=mart,
        join=join,
        by=["members.year_group", "facts.handle", *order],
    )
    return reader.read(query)


def _fetch_for_lead(reader: Reader, mart: str, *order: str) -> pl.DataFrame:
    """Return a mart's rows about any child; is_member is whether a page shows the child.

    year_group and is_looked_after are those of cohort_member, null and false without.
    """
    by = [f"facts.{column}" for column in order]
    rows = _fetch_for_members(reader, mart, *by, join="left")
    return rows.with_columns(is_member=pl.col("year_group").is_not_null())
