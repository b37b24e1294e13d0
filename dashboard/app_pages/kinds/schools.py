"""Schools: what each has sent and how its children stand, and what is asked over all schools.

Only a home of many schools has this page. Schools stand by name and children by year group and
code name; nothing ranks them.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from dashboard.sheets import letter, take
from dashboard.text import duties as duty_words
from dashboard.text import rules, words
from dashboard.ui import components, lists, tab
from dashboard.ui.markdown import escape
from queries import read
from safeguards.access import access, recall

#: Rows of a list before "Show all": as many as a screen has room for.
_FIRST = 30
#: What an answer has a line of, as the style sheet has it: a school; a child, with year and school;
#: or a child who has no school.
_SCHOOL, _CHILD, _ANY_CHILD = "school", "asked", "found"
_LEADS = {
    _SCHOOL: ("School",),
    _CHILD: (lists.CHILD, lists.YEAR, "School"),
    _ANY_CHILD: (lists.CHILD, lists.YEAR),
}


def render(asked: str = "") -> None:
    """Draw the page, or the one of a question."""
    session = tab.enter("schools")
    if asked:
        _render_answer(session, asked)
        return
    _go_to_question()
    behind = _fetch_schools(session).filter("is_behind")
    files = "Files and plans" if session.has_category("care") else "Files"
    rows = _list_answers(session, files)
    title = words.capitalise(words.format_count(len(rows), "school"))
    title = f"{title}, {behind.height or 'none'} behind with the register"
    components.render_title("schools", title)
    _render_rows(session, files, rows)
    _render_letter(session, behind)


def _go_to_question() -> None:
    """Where an address from before each question had its own leads."""
    before = st.query_params.get("question", "")
    for address, title in words.QUESTIONS.items():
        if before and title.startswith(before):
            st.switch_page(components.get_page(address))


def _render_answer(session: access.Session, asked: str) -> None:
    """What answers a question: the title counts it."""
    question, rows = _QUESTIONS[asked], _list_answers(session, asked)
    number, own = _count_rows(question, rows), components.render_place_choice(session)
    if question["kind"] != _SCHOOL:
        rows = lists.select_rows(rows, own)
    elif own is not None:
        schools = set(map(read.fetch_school_names(session).get, own))
        rows = [row for row in rows if row.place in schools]
    shown = _count_rows(question, rows)
    noun = "school" if question["kind"] == _SCHOOL else question.get("counts", "child")
    is_whole = shown == number
    counted = (
        words.format_count(number, noun) if is_whole else words.format_part(shown, number, noun)
    )
    components.render_title(asked, components.say_whose(session, f"{asked}: {counted}"))
    if question["kind"] == _SCHOOL and own is not None:
        components.render_small_text("The figures are of all children of each school.")
    if asked == _CASELOADS:
        _render_caseloads(session, rows)
    if told := _describe_sums(session, asked, own):
        st.markdown(escape(told))
    _render_rows(session, asked, rows)
    if asked == _ATTENDANCE and own is None:
        _render_phases(session)


def _count_rows(question: dict[str, Any], rows: Sequence[lists.Row]) -> int:
    """How many schools or children are listed, or things that the question counts."""
    return len(rows if "counts" in question else {row.child or row.place for row in rows})


@recall.share
def _describe_sums(session: access.Session, asked: str, own: frozenset[str] | None) -> str:
    """What the rows of these children (pupil_id) come to; "" where nothing is to be summed up."""
    if asked not in _SUMS:
        return ""
    rows = _fetch(session, asked)
    rows = rows if own is None else rows.filter(pl.col("pupil_id").is_in(own))
    return "" if rows.is_empty() else _SUMS[asked](rows)


def _render_rows(session: access.Session, asked: str, rows: Sequence[lists.Row]) -> None:
    question, figures = _QUESTIONS[asked], rules.fetch_figures(session)
    columns = (rules.fill(head, figures) for head in question["columns"])
    heads = (*_LEADS[question["kind"]], *columns)
    if question.get("is_summed") and len(rows) > 1:
        names = frozenset(row.place for row in rows)
        rows = [_sum_up(session, asked, names), *rows]
    group = lists.Group(rows, label=asked)
    if rows:
        lists.render_list(session, asked, question["kind"], heads, [group], first=_FIRST)
    else:
        st.markdown("Nothing is recorded." if question["kind"] == _SCHOOL else "Nobody is listed.")
    if note := question.get("note"):
        components.render_small_text(rules.fill(note, figures))


def _fetch(session: access.Session, asked: str) -> pl.DataFrame:
    """The rows of a question; of one that says so only those with any of some columns."""
    rows, only = _FETCH[asked](session), _QUESTIONS[asked].get("only")
    return rows.filter(pl.max_horizontal(only) > 0) if only else rows


def _fetch_schools(session: access.Session) -> pl.DataFrame:
    """Who sees no child has no more than their loads; an adviser those of their own children."""
    if not session.has_category("care"):
        return read.fetch_school_loads(session)
    found = read.fetch_schools(session)
    return found.filter(pl.col("children") > 0) if session.role == "adviser" else found


@recall.share
def _list_answers(session: access.Session, asked: str) -> list[lists.Row]:
    question, schools = _QUESTIONS[asked], {}
    if question["kind"] == _CHILD:
        schools = read.fetch_school_names(session)
    found = []
    for row in _fetch(session, asked).to_dicts():
        told = _tell(question, row)
        if question["kind"] == _SCHOOL:
            found.append(lists.Row(place=row["school_name"], cells=tuple(told)))
            continue
        school = [schools.get(row["pupil_id"], "")] if question["kind"] == _CHILD else []
        found.append(
            lists.Row(
                child=(row["pupil_id"], row["handle"]),
                year_group=row.get("year_group"),
                is_linked=question["kind"] == _CHILD
                or (row["last_place_ended_on"] is not None and session.has_category("plans")),
                cells=(*school, *told),
            )
        )
    return found


def _tell(question: dict[str, Any], row: read.Row) -> list[lists.Part]:
    columns = question["columns"].items()
    return [_say(_find_told(told, row) if told else _TOLD[head](row)) for head, told in columns]


def _find_told(told: str, row: read.Row) -> Any:
    """What a row says by "one", "one of another" or "one if another", as words.toml has it."""
    one, *rest = told.split()
    if not rest:
        return row[one]
    how, another = rest
    if not row[another]:
        return words.NOTHING
    return f"{row[one]:,} of {row[another]:,}" if how == "of" else row[one]


@recall.share
def _sum_up(session: access.Session, asked: str, names: frozenset[str]) -> lists.Row:
    """The rows of these schools as one: counts added up."""
    every = _fetch(session, asked)
    rows = every.filter(_is_of(names))
    sums = rows.select(pl.selectors.numeric().sum()).row(0, named=True)
    row = dict.fromkeys(rows.columns) | sums
    if "grades" in row:
        row["grades"] = _describe_grades(_fetch_graded(session).filter(_is_of(names)))
    whose = "All schools" if rows.height == every.height else "These schools"
    return lists.Row((lists.style("what", whose), *_tell(_QUESTIONS[asked], row)))


def _is_of(names: frozenset[str]) -> pl.Expr:
    return pl.col("school_name").is_in(names)


def _say(value: date | float | lists.Part | None) -> lists.Part:
    if value is None:
        return words.NOT_RECORDED
    if isinstance(value, date):
        return words.format_table_day(value)
    return f"{value:,}" if isinstance(value, int | float) else value


def _render_phases(session: access.Session) -> None:
    """Children looked after for a year beside England's of the same phase, or that it has none."""
    rows = read.fetch_phases(session).to_dicts()
    if not rows:
        return
    st.header("Looked after for 12 months or more, compared with England", anchor=False)
    components.render_cards(pl.DataFrame([_tabulate_phase(row) for row in rows]))
    years = words.format_list(sorted({row["national_year"] for row in rows} - {None}))
    components.render_small_text(
        f"Ours: this school year, so far. England: the latest figures published ({years}), for "
        "children looked after for 12 months or more in schools of the same phase."
    )


def _tabulate_phase(row: read.Row) -> dict[str, str]:
    """One phase's row: a share of sessions once there are enough weeks; children as counts."""
    told = {"Phase": words.capitalise(row["phase"]), "Children": f"{row['children']:,}"}
    for head, (part, whole, national) in _COMPARED.items():
        noun = "session" if whole == "possible_sessions" else "child"
        own, england = words.format_part(row[part], row[whole], noun), row[national]
        if noun == "session" and row["judged_children"]:
            own = f"{own} ({words.format_percent(row[part] / row[whole])})"
        told[head] = (
            f"{own}. No national figure here"
            if england is None
            else f"{own}. England: {words.format_percent(england)}"
        )
    return told


def _render_letter(session: access.Session, behind: pl.DataFrame) -> None:
    """To a school that is behind: what to write to it, to copy or as a file."""
    late = {row["school_name"]: row for row in behind.to_dicts()}
    if not late or not session.is_allowed("schools", "download"):
        return
    st.header("A letter to a school that is behind", anchor=False)
    row = late[st.selectbox("To", list(late), width=320)]
    st.code("\n\n".join(letter.write_letter(session, row)), language=None, wrap_lines=True)
    name = f"letter-{row['school_key']}"
    take.render_ways(session, "schools", lambda: letter.build_letter(session, row), name, "letter")


def _render_caseloads(session: access.Session, rows: Sequence[lists.Row]) -> None:
    """How many of the children listed each adviser has; who is in no caseload is said too."""
    whose, nobody = session.fetch_advisers(), "In no caseload"
    numbers = Counter(whose.get(row.child[0], nobody) for row in rows if row.child)
    told = (f"{name}: {words.format_count(each, 'child')}" for name, each in numbers.items())
    components.render_small_text(escape("; ".join(sorted(told))))


def _name_advisers(session: access.Session, children: pl.DataFrame) -> pl.DataFrame:
    adviser = pl.col("pupil_id").replace_strict(
        session.fetch_advisers(), default="in no caseload", return_dtype=pl.String
    )
    return children.with_columns(adviser=adviser)


def _describe_register(row: read.Row) -> lists.Part:
    """How far a school's register goes; that it is behind is said in words."""
    up_to, days = words.format_table_day(row["data_until"]), row["days_behind"]
    if not row["is_behind"]:
        return up_to
    behind = f"{up_to}: {words.format_count(days or 0, 'school day')} behind"
    return lists.format_status("overdue", "no marks yet" if days is None else behind)


def _fetch_provisions(session: access.Session) -> pl.DataFrame:
    until = pl.col("end_date").fill_null(date.max)
    now = pl.lit(session.as_at).is_between("provision_date", until)
    is_past = (pl.col("review_date") < session.as_at).fill_null(value=False)
    return read.fetch_provisions(session).filter(now).with_columns(is_past=is_past)


def _fetch_school_files(session: access.Session) -> pl.DataFrame:
    """By school, a column a file: its latest day, or that it was refused or never sent."""
    schools = _fetch_schools(session).select("school_key", "school_name")
    kinds = dict.fromkeys(_QUESTIONS["Files by kind"]["columns"].values(), pl.String)
    told = {row["school_key"]: dict(row) for row in schools.to_dicts()}
    for row in read.fetch_loaded_files(session).to_dicts():  # the newest first
        files, name = told.get(row["school_key"], {}), row["file_name"]
        is_dated, seen = row["last_date"] and name != _ROLL, files.get(name)
        day = words.format_table_day(row["last_date"] if is_dated else row["loaded_at"])
        if row["is_refused"]:
            files[name] = seen or _REFUSED
        elif seen in (None, _REFUSED):
            came = day if is_dated else f"came in {day}"
            files[name] = f"{seen}, has {came}" if seen else came
    found = pl.DataFrame(list(told.values()), {**schools.schema, **kinds})
    return found.with_columns(pl.col(*kinds).fill_null("not sent"))


def _fetch_graded(session: access.Session) -> pl.DataFrame:
    """The latest plans of children, each with the name of its school."""
    schools = read.fetch_school_names(session)
    name = pl.col("pupil_id").replace_strict(schools, default=None, return_dtype=pl.String)
    return read.fetch_newest_peps(session).with_columns(school_name=name)


def _fetch_school_peps(session: access.Session) -> pl.DataFrame:
    """With the grades of the latest plans at each."""
    parts = _fetch_graded(session).partition_by("school_name", as_dict=True)
    grades = {str(name): _describe_grades(part) for (name,), part in parts.items()}
    told = pl.col("school_name").replace_strict(grades, default="", return_dtype=pl.String)
    return _fetch_schools(session).with_columns(grades=told)


def _fetch_ehcps(session: access.Session) -> pl.DataFrame:
    """pupil_ehcp by who must act, our own authority first; waits_on says it in words."""
    members = read.fetch_members(session)
    authorities = dict(members.select("pupil_id", "authority").iter_rows())
    own = {True: "us", False: "another authority", None: "an authority, not said which"}

    def name(row: read.Row) -> str:
        if row["waits_for"] == "authority":
            return own[session.is_own_authority(authorities.get(row["pupil_id"]))]
        return str(words.HOLDERS[row["waits_for"]]) if row["waits_for"] else "nobody"

    rows = read.fetch_ehcps(session)
    waits = pl.Series("waits_on", map(name, rows.to_dicts()), pl.String)
    order = [*own.values(), *words.HOLDERS.values(), "nobody"]
    place = pl.col("waits_on").replace_strict({each: n for n, each in enumerate(order)})
    return rows.with_columns(waits).sort(place, maintain_order=True)


def _sum_ehcps(rows: pl.DataFrame) -> str:
    counted = rows["waits_on"].value_counts(sort=False).rows()
    order = rows["waits_on"].unique(maintain_order=True).to_list()
    told = (f"{each} {dict(counted)[each]:,}" for each in order)
    return f"Who must act next: {', '.join(told)}."


def _describe_grades(peps: pl.DataFrame) -> str:
    """How many of the latest plans have each grade, of children in care: "good 3, fair 1"."""
    said = Counter(peps.filter("is_looked_after")["quality"].to_list())
    unsaid = {words.NOT_RECORDED: said.pop(None)} if None in said else {}
    told = {**dict(sorted(said.items())), **unsaid}
    return words.capitalise(", ".join(f"{grade} {number}" for grade, number in told.items()))


def _sum_suspensions(rows: pl.DataFrame) -> str:
    """Days and sessions lost, permanent exclusions by name, and education from day six."""
    excluded = pl.col("category") == "Permanent exclusion"
    numbers = rows.select(
        suspensions=(~excluded).sum(),
        exclusions=excluded.sum(),
        children=pl.col("pupil_id").n_unique(),
        days=pl.col("days").sum(),
        sessions=pl.col("sessions").sum(),
        owed=(~pl.col("education_status").is_in(["later", "due soon"])).sum(),
        in_time=(pl.col("education_from") <= pl.col("education_due")).sum(),
    ).row(0, named=True)
    count = words.format_count
    return (
        f"{words.capitalise(count(numbers['suspensions'], 'suspension'))} and "
        f"{count(numbers['exclusions'], 'permanent exclusion')} of "
        f"{count(numbers['children'], 'child')}: {count(numbers['days'], 'day')} "
        f"({count(numbers['sessions'], 'session')}) lost. "
        f"Taught from day six in time: {numbers['in_time']} of {numbers['owed']}."
    )


def _sum_provisions(rows: pl.DataFrame) -> str:
    kinds = Counter(rows["kind"].to_list())
    told = words.format_list(words.format_count(n, str(kind)) for kind, n in kinds.items())
    past = words.format_count(int(rows["is_past"].sum()), "review date")
    return f"{words.capitalise(told)}. {words.capitalise(past)} passed."


def _sum_premium(rows: pl.DataFrame) -> str:
    sums = rows.select(pl.selectors.numeric().sum()).row(0, named=True)
    spent = words.format_spent(sums["spent"], sums["unspent_sums"], sums["sums"])
    named = f"{sums['in_pep']:,} of {words.format_count(sums['sums'], 'amount')}"
    return f"£{sums['planned']:,} planned. Spent: {spent}. Named in a PEP: {named}."


_ATTENDANCE, _CASELOADS = "Attendance by school", "Caseloads"
#: Of all who are on roll on the day on which it comes in.
_ROLL, _REFUSED = "roll.csv", "▲ refused"
#: What is compared with England: the part, of which whole, and England's figure.
_COMPARED = {
    "Missed": ("absent_sessions", "possible_sessions", "national_absence"),
    "Unauthorised": ("unauthorised_sessions", "possible_sessions", "national_unauthorised"),
    "Persistently absent": ("persistent", "judged_children", "national_persistent"),
    "Severely absent": ("severe", "judged_children", "national_severe"),
}
_QUESTIONS = words.TEXTS["asked"]
_FETCH: dict[str, Callable[[access.Session], pl.DataFrame]] = {
    # of who brings files in, who sees nothing else
    "Files": _fetch_schools,
    "Files and plans": _fetch_schools,
    _ATTENDANCE: _fetch_schools,
    "Files by kind": _fetch_school_files,
    "Suspensions by school": _fetch_schools,
    "PEPs by school": _fetch_school_peps,
    "Overdue by school": read.fetch_overdue_counts,
    "Pupil premium": read.fetch_school_premium,
    "Pupil premium by child": read.fetch_pupil_premium,
    "No school place": lambda each: _name_advisers(each, read.fetch_without_place(each)),
    _CASELOADS: lambda each: _name_advisers(each, read.fetch_members(each)),
    "Out on the last day": read.fetch_absentees,
    "Suspended": read.fetch_suspensions_of_year,
    "Moved": read.fetch_care_histories,
    "Part-time": _fetch_provisions,
    "PEPs": read.fetch_newest_peps,
    "EHCPs": _fetch_ehcps,
}
#: What stands above the rows of children, by the question: their sums in a sentence.
_SUMS: dict[str, Callable[[pl.DataFrame], str]] = {
    "Suspended": _sum_suspensions,
    "Part-time": _sum_provisions,
    "Pupil premium by child": _sum_premium,
    "EHCPs": _sum_ehcps,
    "PEPs": lambda rows: f"Quality in care: {_describe_grades(rows)}.",
}
#: What is worked out of a row, by the head of its column.
_TOLD: dict[str, Callable[[read.Row], Any]] = {
    "Care status": words.describe_groups,
    "Register up to": _describe_register,
    "Missed": lambda row: (
        words.format_part(row["absent_sessions"], row["possible_sessions"])
        if row["possible_sessions"]
        else "no marks"
    ),
    "Taught from day six": duty_words.describe_day_six,
    "Term": lambda row: (
        words.capitalise(f"{row['term']} {row['academic_year']}".strip())
        if row["term"]
        else words.NOTHING
    ),
    "Planned": lambda row: f"£{row['planned']:,}",
    "Spent": lambda row: words.format_spent(row["spent"], row["unspent_sums"], row["sums"]),
    "Last school": lambda row: (
        f"{row['last_school']}, until {words.format_table_day(row['last_place_ended_on'])}"
        if row["last_school"]
        else "never had a place here"
    ),
    "In its place": lambda row: row["provision"] or "nothing recorded",
    "Review date": lambda row: (
        lists.format_status("overdue", words.format_table_day(row["review_date"]))
        if row["is_past"]
        else row["review_date"]
    ),
    "Latest meeting": lambda row: words.capitalise(duty_words.describe_meeting(row)),
    "Quality": duty_words.describe_pep_quality,
    "Stage": lambda row: words.capitalise(duty_words.describe_stage(row)),
    "Weeks": lambda row: words.capitalise(duty_words.describe_weeks(row)),
    "Must act": lambda row: words.capitalise(row["waits_on"]),
}
