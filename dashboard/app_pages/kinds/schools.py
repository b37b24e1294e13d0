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
from dashboard.text import rules, standing, words
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
    behind = _fetch_schools(session).filter("is_behind")
    files = "Files and plans" if session.has_category("care") else "Files"
    rows = _list_answers(session, files)
    title = words.capitalise(words.format_count(len(rows), "school"))
    title = f"{title}, {behind.height or 'none'} behind with the register"
    components.render_title("schools", title)
    _render_rows(session, files, rows)
    _render_letter(session, behind)


def _render_answer(session: access.Session, asked: str) -> None:
    """What answers a question: the title counts it."""
    own = components.render_place_choice(session)
    rows = _list_answers(session, asked, own)
    counted = _count(session, asked, own)
    components.render_title(asked, components.say_whose(session, f"{asked}: {counted}"))
    if asked == _OUT:
        _render_unmarked(session, own)
    if told := _describe_sums(session, asked, own):
        st.markdown(escape(told))
    if told := _describe_senders(session, asked, own):
        components.render_small_text(told)
    if asked == _PREMIUM and (number := len(_list_answers(session, _UNPAID, own))):
        told = f"{words.format_count(number, 'child')} in care with nothing recorded this year"
        components.render_page_link("no_pupil_premium", words.capitalise(told))
    _render_rows(session, asked, rows, own)
    if asked == _ATTENDANCE:
        _render_phases(session, own)


@recall.share
def _count(session: access.Session, asked: str, own: read.Own) -> str:
    """How many schools or children are listed, or things that the question counts."""
    if asked in _COUNTED:
        return _COUNTED[asked](_fetch_rows(session, asked, own))
    question = _QUESTIONS[asked]
    noun = "school" if question["kind"] == _SCHOOL else question.get("counts", "child")
    every, some = (
        len(rows if "counts" in question else {row.child or row.place for row in rows})
        for rows in (_list_answers(session, asked, None), _list_answers(session, asked, own))
    )
    of_all = words.format_part(some, every, noun)
    return words.format_count(every, noun) if some == every else of_all


@recall.share
def _describe_sums(session: access.Session, asked: str, own: read.Own) -> str:
    """What the rows of these children come to; "" where nothing is to be summed up."""
    if asked not in _SUMS:
        return ""
    rows = _fetch_rows(session, asked, own)
    return "" if rows.is_empty() else _SUMS[asked](rows)


@recall.share
def _describe_senders(session: access.Session, asked: str, own: read.Own) -> str:
    """Of how many schools the figures are, where a school may have nothing to send."""
    if (name := _QUESTIONS[asked].get("file")) is None:
        return ""
    files = read.fetch_loaded_files(session).filter(~pl.col("is_refused"), file_name=name)
    schools, senders = _fetch_schools(session, own), set(files["school_key"])
    keys = schools if own is None else schools.filter(pl.col("children") > 0)
    sent = sum(each in senders for each in keys["school_key"])
    ours = " and from us" * bool(senders - {*read.fetch_school_loads(session)["school_key"]})
    return (
        f"Files came from {words.format_part(sent, keys.height, 'school')}{ours}. "
        "The others have nothing to report, or have not sent it."
    )


def _render_rows(
    session: access.Session, asked: str, rows: Sequence[lists.Row], own: read.Own = None
) -> None:
    question, figures = _QUESTIONS[asked], rules.fetch_figures(session)
    columns = (rules.fill(head, figures) for head in _get_columns(session, asked))
    heads = (*_LEADS[question["kind"]], *columns)
    if question.get("is_summed") and len(rows) > 1:
        rows = [_sum_up(session, asked, own), *rows]
    group = lists.Group(rows, label=asked)
    if rows:
        lists.render_list(session, asked, question["kind"], heads, [group], first=_FIRST)
    else:
        st.markdown("Nothing is recorded." if question["kind"] == _SCHOOL else "Nobody is listed.")
    if note := question.get("note"):
        components.render_small_text(words.say(rules.fill(note, figures), session.home_of))


def _fetch_rows(session: access.Session, asked: str, own: read.Own) -> pl.DataFrame:
    """What answers a question, of these children; of some only those with any of some columns."""
    if _QUESTIONS[asked]["kind"] == _SCHOOL:
        rows = _FETCH_BY_SCHOOL.get(asked, _fetch_schools)(session, own)
    else:
        rows = components.select_own(_FETCH[asked](session), own)
    only = _QUESTIONS[asked].get("only")
    return rows.filter(pl.max_horizontal(only) > 0) if only else rows


def _fetch_schools(session: access.Session, own: read.Own = None) -> pl.DataFrame:
    """Who sees no child has no more than their loads; an adviser those of their own children."""
    if not session.has_category("care"):
        return read.fetch_school_loads(session)
    found = read.fetch_schools(session, own)
    return found.filter(pl.col("children") > 0) if session.role == "adviser" else found


@recall.share
def _list_answers(session: access.Session, asked: str, own: read.Own = None) -> list[lists.Row]:
    question, schools = _QUESTIONS[asked], {}
    if question["kind"] == _CHILD:
        schools = read.fetch_school_names(session)
    found = []
    for row in _fetch_rows(session, asked, own).to_dicts():
        told = _tell(session, asked, row)
        if question["kind"] == _SCHOOL:
            dates = question.get("opens", "")
            found.append(lists.Row(place=row["school_name"], cells=tuple(told), dates=dates))
            continue
        is_member = row["pupil_id"] in schools
        has_left = row.get("days_without") is None
        no_school = "Left, or care ended" if has_left else "No school place"
        school = [schools.get(row["pupil_id"], no_school)] if question["kind"] == _CHILD else []
        found.append(
            lists.Row(
                child=(row["pupil_id"], row["handle"]),
                year_group=row.get("year_group"),
                is_linked=is_member
                or (bool(row.get("last_place_ended_on")) and session.has_category("plans")),
                cells=(*school, *told),
            )
        )
    return found


def _get_columns(session: access.Session, asked: str) -> dict[str, str]:
    """The heads of an answer, and what stands below; only an authority has steps with others."""
    columns = _QUESTIONS[asked]["columns"].items()
    is_authority = session.home_of == "authority"
    return {head: name for head, name in columns if is_authority or name != _WITH_OTHERS}


def _tell(session: access.Session, asked: str, row: read.Row) -> list[lists.Part]:
    columns = _get_columns(session, asked).items()
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
def _sum_up(session: access.Session, asked: str, own: read.Own) -> lists.Row:
    """The rows of all schools as one: counts added up."""
    rows = _fetch_rows(session, asked, own)
    sums = rows.select(pl.selectors.numeric().sum()).row(0, named=True)
    row = dict.fromkeys(rows.columns) | sums
    if "grades" in row:
        row["grades"] = _describe_grades(_fetch_graded(session, own))
    whose = "All schools" if own is None else "These children"
    return lists.Row((lists.style("what", whose), *_tell(session, asked, row)))


def _say(value: date | float | lists.Part | None) -> lists.Part:
    if value is None:
        return words.NOT_RECORDED
    if isinstance(value, date):
        return words.format_table_day(value)
    return f"{value:,}" if isinstance(value, int | float) else value


def _render_phases(session: access.Session, own: read.Own) -> None:
    """Children looked after for a year beside England's of the same phase, or that it has none."""
    rows = read.fetch_phases(session, own).to_dicts()
    st.header("Looked after for 12 months or more, compared with England", anchor=False)
    if not rows:
        st.markdown(
            "England's figures are for children looked after for 12 months or more, and none of "
            "these children is."
        )
        return
    components.render_cards(pl.DataFrame([_tabulate_phase(session, row) for row in rows]))
    years = words.format_list(sorted({row["national_year"] for row in rows} - {None}))
    components.render_small_text(
        f"Ours: this school year, so far. England: the latest figures published ({years}), for "
        "children looked after for 12 months or more in schools of the same phase. A percentage "
        f"of children is given for {rules.fetch_figures(session)['report_large_group']} or more."
    )


def _tabulate_phase(session: access.Session, row: read.Row) -> dict[str, str]:
    """One phase's row: a share of sessions once there are enough weeks, of a large group too."""
    large = read.fetch_threshold(session, "report_large_group")
    told = {"Phase": words.capitalise(row["phase"]), "Children": f"{row['children']:,}"}
    for text, (part, whole, national) in _COMPARED.items():
        head = rules.fill(text, rules.fetch_figures(session))
        noun = "session" if whole == "possible_sessions" else "child"
        is_rate = row["judged_children"] if noun == "session" else row[whole] >= large
        own = words.format_part(row[part], row[whole], noun, with_percent=bool(is_rate))
        england = row[national]
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


def _name_advisers(session: access.Session, children: pl.DataFrame) -> pl.DataFrame:
    adviser = pl.col("pupil_id").replace_strict(
        session.fetch_advisers(), default="in no caseload", return_dtype=pl.String
    )
    return children.with_columns(adviser=adviser)


def _fetch_caseloads(session: access.Session) -> pl.DataFrame:
    """Every child on roll, and those in care who have no place, by year group and handle."""
    others = read.fetch_without_place(session).with_columns(is_looked_after=True)
    found = pl.concat([read.fetch_members(session), others], how="diagonal")
    return _name_advisers(session, found.sort("year_group", "handle", nulls_last=True))


def _join_children(session: access.Session, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows about children on roll, or in care without a place, by year group and handle."""
    children = _fetch_caseloads(session).drop("handle")
    return children.join(rows, on="pupil_id", maintain_order="left_right")


def _count_caseloads(rows: pl.DataFrame) -> str:
    """Those on roll, whom other pages count too, and those without a place."""
    without = rows["cohort"].null_count()
    told = words.format_count(rows.height - without, "child")
    return f"{told}, and {without:,} with no school place" if without else told


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
    rows = read.fetch_provisions(session).filter(now).with_columns(is_past=is_past)
    return _join_children(session, rows)


def _fetch_premium(session: access.Session) -> pl.DataFrame:
    """A row a child and term; of who has no place, or left lately, the year group as well."""
    children = [_fetch_caseloads(session), read.fetch_former_members(session)]
    known = pl.concat(children, how="diagonal_relaxed").unique("pupil_id", keep="first")
    names = ("pupil_id", "year_group", "days_without", "last_place_ended_on")
    rows = read.fetch_pupil_premium(session).drop("year_group")
    return rows.join(known.select(names), on="pupil_id", how="left", maintain_order="left")


def _fetch_unpaid(session: access.Session) -> pl.DataFrame:
    """The children in care, in an authority those whom it looks after, without any this year."""
    year = read.fetch_academic_year(session)
    paid = read.fetch_pupil_premium(session).filter(academic_year=year)
    in_care = read.fetch_members(session).filter("is_looked_after")
    if session.home_of == "authority":
        in_care = in_care.filter(~pl.col("pupil_id").is_in(standing.find_others(session)))
    return _name_advisers(session, in_care.join(paid, on="pupil_id", how="anti"))


def _fetch_school_files(session: access.Session, own: read.Own) -> pl.DataFrame:
    """By school, a column a file: the day on which it came in, or that it was refused or not sent.

    others: of the kinds without a column that some school sent, how many it sent, and which not.
    """
    schools = _fetch_schools(session, own)
    told = {row["school_key"]: dict[str, str]() for row in schools.to_dicts()}
    for row in read.fetch_loaded_files(session).to_dicts():  # the newest first
        files, name = told.get(row["school_key"], {}), row["file_name"]
        seen, day = files.get(name), words.format_table_day(row["loaded_at"])
        if row["is_refused"]:
            files[name] = seen or _REFUSED
        elif seen in (None, _REFUSED):
            files[name] = f"{seen}, has that of {day}" if seen else day
    kinds = {_REGISTER, *_QUESTIONS["Files by kind"]["columns"].values()} - {"", "others"}
    others = sorted(set[str]().union(*told.values()) - kinds)
    for files in told.values():
        lacks = [name for name in others if name not in files]
        refused = [name for name in others if files.get(name) == _REFUSED]
        parts = [f"{len(others) - len(lacks) - len(refused)} of {len(others)}"]
        for said, which in ((_REFUSED, refused), ("not sent", lacks)):
            kinds_of = [name.removesuffix(".csv").replace("_", " ") for name in which]
            parts += [f"{said}: {', '.join(kinds_of)}"] * bool(kinds_of)
        files["others"] = "; ".join(parts)
    found = pl.DataFrame(list(told.values()), dict.fromkeys(["others", *sorted(kinds)], pl.String))
    return schools.hstack(found.with_columns(pl.all().fill_null("not sent")))


def _fetch_overdue(session: access.Session, own: read.Own) -> pl.DataFrame:
    """What is ours with others apart from that of children of another authority, as on Today."""
    rows, key = read.fetch_overdue_counts(session, own), ("school_key", "academic_year", "term")
    if session.home_of != "authority":
        return rows
    others, both = standing.find_others(session), "school_and_social_worker"
    part = read.fetch_overdue_counts(session, others if own is None else others & own)
    rows = rows.join(part.select(*key, theirs=both), on=key, how="left", maintain_order="left")
    theirs = pl.col("theirs").fill_null(0)
    return rows.with_columns((pl.col(both) - theirs).alias(_WITH_OTHERS), theirs.alias(both))


def _fetch_graded(session: access.Session, own: read.Own) -> pl.DataFrame:
    """The latest plans of children, each with the name of its school."""
    schools = read.fetch_school_names(session)
    name = pl.col("pupil_id").replace_strict(schools, default=None, return_dtype=pl.String)
    newest = components.select_own(read.fetch_newest_peps(session), own)
    return newest.with_columns(school_name=name)


def _fetch_school_peps(session: access.Session, own: read.Own) -> pl.DataFrame:
    """With the grades of the latest plans at each."""
    parts = _fetch_graded(session, own).partition_by("school_name", as_dict=True)
    grades = {str(name): _describe_grades(part) for (name,), part in parts.items()}
    told = pl.col("school_name").replace_strict(grades, default="", return_dtype=pl.String)
    return _fetch_schools(session, own).with_columns(grades=told)


def _fetch_peps(session: access.Session) -> pl.DataFrame:
    """The newest meeting of each child in care first, before them who had none, or has one overdue.

    Of others those who had one.
    """
    steps, newest = standing.find_steps(session, "PEP"), read.fetch_newest_peps(session)
    children = read.fetch_members(session).join(
        newest.drop("handle", "year_group", "is_looked_after"),
        on="pupil_id",
        how="left",
        maintain_order="left",
    )
    told = [steps.get(each) for each in children["pupil_id"]]
    states = pl.Series("state", [each.state if each else "" for each in told], pl.String)
    when = [words.capitalise(each.text) if each else words.NOTHING for each in told]
    had_one, in_care = pl.col("pep_date").is_not_null(), pl.col("is_looked_after")
    rows = children.with_columns(states, pl.Series("when", when, pl.String))
    order = (~in_care, had_one, pl.col("state") != standing.OVERDUE)
    return rows.filter(in_care | had_one).sort(*order, maintain_order=True)


def _fetch_ehcps(session: access.Session) -> pl.DataFrame:
    """pupil_ehcp with the date that is overdue or next, by who must act, our own authority first.

    Dates are those of Plans and dates.
    """
    members = read.fetch_members(session)
    authorities = dict(members.select("pupil_id", "authority").iter_rows())
    own = {True: " (our own)", False: " (another)", None: " (not said which)"}
    authority = words.capitalise(words.HOLDERS_BRIEFLY["authority"])
    steps = standing.find_steps(session, "EHC")

    def tell(pupil_id: str) -> tuple[str, ...]:
        if (each := steps.get(pupil_id)) is None:
            return "Nobody", "", words.NOTHING, words.NOTHING
        whose = own[session.is_own_authority(authorities.get(pupil_id))]
        holder = f"{each.holder}{whose * (each.holder == authority)}"
        return holder, each.state, each.name, words.capitalise(each.text)

    rows = read.fetch_ehcps(session)
    order = pl.Enum([*(f"{authority}{whose}" for whose in own.values()), "School", "Nobody"])
    heads: dict[str, Any] = dict.fromkeys(("waits_on", "state", "step", "when"), pl.String)
    heads["waits_on"] = order
    told = pl.DataFrame([tell(each) for each in rows["pupil_id"]], heads, orient="row")
    return rows.hstack(told).sort("waits_on", maintain_order=True)


def _count_ehcps(rows: pl.DataFrame) -> str:
    """Plans and requests, without those that came to nothing."""
    plans = rows.filter(stage="plan").height
    requests = rows.filter(~pl.col("stage").is_in(["plan", *_ENDED_STAGES])).height
    return f"{words.format_count(plans, 'plan')} and {words.format_count(requests, 'request')}"


def _sum_ehcps(rows: pl.DataFrame) -> str:
    counted, stages = Counter(rows["waits_on"].to_list()), Counter(rows["stage"].to_list())
    told = ", ".join(f"{each} {number:,}" for each, number in counted.items())
    past = rows.filter(state=standing.OVERDUE).height
    ended = "".join(
        f" {said}: {stages[each]:,}." for each, said in _ENDED_STAGES.items() if stages[each]
    )
    return f"Who must act next: {told}. Overdue: {past:,}.{ended}"


def _describe_grades(peps: pl.DataFrame) -> str:
    """How many of the latest plans have each grade, of children in care: "good 3, fair 1"."""
    said = Counter(peps.filter("is_looked_after")["quality"].to_list())
    ordered = sorted(said.items(), key=lambda each: (each[0] is None, each[0]))
    told = (f"{grade or words.NOT_RECORDED} {number}" for grade, number in ordered)
    return words.capitalise(", ".join(told))


def _count_absentees(rows: pl.DataFrame) -> str:
    """The day, and of how many the reason is yet to be found."""
    told = words.format_count(rows.height, "child")
    if rows.is_empty():
        return told
    lacking = int(rows["lacks_reason"].sum())
    day = words.format_table_day(rows["session_date"].item(0))
    return f"{told} on {day}, {lacking or 'none'} without a reason"


def _render_unmarked(session: access.Session, own: read.Own) -> None:
    """The schools that have no register of the day."""
    is_short = pl.col("data_until").fill_null(date.min) < session.register_day
    names = _fetch_schools(session, own).filter(is_short)["school_name"].to_list()
    if names:
        components.render_small_text(
            escape(f"No register of that day yet: {words.format_list(names)}.")
        )


def _sum_moves(rows: pl.DataFrame) -> str:
    counts, columns = _QUESTIONS["Moved"]["only"], _QUESTIONS["Moved"]["columns"].items()
    return " ".join(f"{head}: {rows[name].sum():,}." for head, name in columns if name in counts)


def _count_suspensions(rows: pl.DataFrame) -> str:
    excluded = rows.filter(category=words.EXCLUDED).height
    suspended = words.format_count(rows.height - excluded, "suspension")
    return f"{suspended} and {words.format_count(excluded, 'permanent exclusion')}"


def _sum_suspensions(rows: pl.DataFrame) -> str:
    """Whose they are, days and sessions lost, and education from day six."""
    numbers = rows.select(
        children=pl.col("pupil_id").n_unique(),
        days=pl.col("lost_days").sum(),
        sessions=pl.col("lost_sessions").sum(),
        owed=(~pl.col("education_status").is_in(["later", "due soon"])).sum(),
        in_time=(pl.col("education_from") <= pl.col("education_due")).sum(),
    ).row(0, named=True)
    count = words.format_count
    return (
        f"Of {count(numbers['children'], 'child')}. Lost by the last full day of the register: "
        f"{count(numbers['days'], 'day')} ({count(numbers['sessions'], 'session')}). "
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
    return (
        f"{words.format_pounds(sums['planned'])} planned. Spent: {spent}. Named in a PEP: {named}."
    )


#: The steps of an authority's Virtual School with a school and a social worker.
_WITH_OTHERS = "us_and_others"
_PREMIUM, _UNPAID = "Pupil premium by child", "No pupil premium"
_ATTENDANCE, _OUT = "Attendance by school", "Out on the last day"
_REGISTER, _REFUSED = "attendance.csv", "▲ refused"
#: Stages of a plan at which nobody need act any more.
_ENDED_STAGES = {"refused": "Refused", "ceased": "Ended"}
#: What is compared with England: the part, of which whole, and England's figure.
_COMPARED = {
    "Missed": ("absent_sessions", "possible_sessions", "national_absence"),
    "Unauthorised": ("unauthorised_sessions", "possible_sessions", "national_unauthorised"),
    "Missed {persistent_absence} or more": ("persistent", "judged_children", "national_persistent"),
    "Missed {severe_absence} or more": ("severe", "judged_children", "national_severe"),
}
_QUESTIONS = {title: {"kind": _CHILD} | told for title, told in words.TEXTS["asked"].items()}
_FETCH_BY_SCHOOL: dict[str, Callable[[access.Session, read.Own], pl.DataFrame]] = {
    "Files by kind": _fetch_school_files,
    "PEPs by school": _fetch_school_peps,
    "Overdue by school": _fetch_overdue,
    "Pupil premium": read.fetch_school_premium,
}
_FETCH: dict[str, Callable[[access.Session], pl.DataFrame]] = {
    _PREMIUM: _fetch_premium,
    _UNPAID: _fetch_unpaid,
    "No school place": lambda each: _name_advisers(each, read.fetch_without_place(each)),
    "Caseloads": _fetch_caseloads,
    _OUT: lambda each: _name_advisers(each, read.fetch_absentees(each)),
    "Suspended": read.fetch_suspensions_of_year,
    "Moved": lambda each: _join_children(each, read.fetch_care_histories(each)),
    "Part-time": _fetch_provisions,
    "PEPs": _fetch_peps,
    "EHCPs": _fetch_ehcps,
}
#: What the title counts, where that is more than the rows.
_COUNTED: dict[str, Callable[[pl.DataFrame], str]] = {
    "Caseloads": _count_caseloads,
    "EHCPs": _count_ehcps,
    "Suspended": _count_suspensions,
    _OUT: _count_absentees,
}
#: What stands above the rows of children, by the question: their sums in a sentence.
_SUMS: dict[str, Callable[[pl.DataFrame], str]] = {
    "Suspended": _sum_suspensions,
    "Moved": _sum_moves,
    "Part-time": _sum_provisions,
    _PREMIUM: _sum_premium,
    "EHCPs": _sum_ehcps,
    "PEPs": lambda rows: (
        f"Quality in care: {_describe_grades(rows.drop_nulls('pep_date')) or words.NOTHING}."
    ),
}
#: What is worked out of a row, by the head of its column.
_TOLD: dict[str, Callable[[read.Row], Any]] = {
    "Care status": words.describe_groups,
    "Register up to": _describe_register,
    "Register": lambda row: (
        row[_REGISTER] if str(row[_REGISTER]).startswith(_REFUSED) else _describe_register(row)
    ),
    "Missed": lambda row: (
        words.format_part(
            row["absent_sessions"], row["possible_sessions"], with_percent=bool(row["judged"])
        )
        if row["possible_sessions"]
        else "no marks"
    ),
    "Taught from day six": duty_words.describe_day_six,
    "Term": lambda row: (
        words.capitalise(f"{row['term']} {row['academic_year']}")
        if row["academic_year"]
        else "Before the calendar"
        if row["term"]
        else words.NOTHING
    ),
    "Planned": lambda row: words.format_pounds(row["planned"]),
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
    "Latest meeting": lambda row: (
        words.capitalise(duty_words.describe_meeting(row))
        if row["pep_date"]
        else duty_words.describe_no_pep(row)
    ),
    "Quality": lambda row: (
        duty_words.describe_pep_quality(row) if row["pep_date"] else words.NOTHING
    ),
    "Stage": lambda row: words.capitalise(duty_words.describe_stage(row)),
    "Weeks": lambda row: words.capitalise(duty_words.describe_weeks(row)),
    "When": lambda row: (
        lists.format_status(row["state"], row["when"]) if row["state"] else row["when"]
    ),
}
