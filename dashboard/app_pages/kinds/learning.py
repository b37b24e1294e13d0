"""Learning: steps, tests, help in place, and pupil premium plus by term.

A child's progress is counted from their own start and compared with the class; then come tests and
the help in place.  In a home of many schools each has its own scale.  So there the page is about
one key stage at a time, and first says where each child is against what is expected.
"""

import polars as pl
import streamlit as st

from dashboard.charts.figure import Figure
from dashboard.charts.pairs import Pair, Wording, draw_pairs
from dashboard.text import cells, rules, words
from dashboard.ui import components, lists, names, tab
from dashboard.ui.markdown import escape
from queries import read
from safeguards.access import access, recall

_SUBJECTS = ("reading", "writing", "maths", "science")
_COUNTED = {"At expected or above": "is_expected", "Predicted at expected or above": "is_predicted"}
#: The children before "Show all", in a home of many schools.
_FIRST = 30
#: The test whose score is an age in months; the page gives it in years.
_READING_AGE, _IN_MONTHS = "Reading age", ", in months"
_STANDARD = "expected standard"
#: The groups that have a national line, the children in care first.
_GROUPS = words.TEXTS["standard_groups"]


def render() -> None:
    """Draw the page."""
    session = tab.enter("learning")
    members = read.fetch_members(session)
    if components.render_no_children(session, "learning"):
        return
    own, place = components.render_place_choice(session), st.empty()
    is_of_one, stage, members = session.home_of == "school", "", read.select_own(members, own)
    title = f"Learning: {words.format_count(members.height, 'child')}"
    if not is_of_one:
        _render_stages(session, own)
        stage = _render_stage_choice(session, read.fetch_members(session))
        members = members.filter(key_stage=stage)
        own = frozenset(members["pupil_id"])
        _render_expected(session, stage, own)
    progress = read.select_own(read.fetch_progress(session), own)
    if is_of_one:
        title = _format_headline(progress, members)
    components.render_title("learning", components.say_whose(session, title), place)
    if session.has_table("raw_assessment") and (is_of_one or not progress.is_empty()):
        _render_steps(session, members, progress, own)
    left, right = st.columns(2, gap="large")
    with left:
        if not progress.is_empty():
            _render_way(session, own)
        if session.has_table("raw_intervention"):
            _render_help(session, read.select_own(read.fetch_interventions(session), own))
    with right:
        if session.has_table("raw_test"):
            _render_tests(session, own)
    if session.has_table("raw_premium") and is_of_one:  # in a home of many it has its own page
        _render_premium(read.fetch_premium_terms(session))
    lines = read.fetch_national_lines(session, _STANDARD)
    if stage:
        lines = lines.filter(phase=stage.lower())
    components.render_small_text(_describe_standard(lines))
    components.render_small_text(words.spell_out_terms("PEP"))


def _format_headline(progress: pl.DataFrame, members: pl.DataFrame) -> str:
    """Return the title: how many children have been assessed twice or more."""
    assessed = progress.filter(pl.col("assessments") > 1)["pupil_id"].n_unique()
    return f"{assessed} of {words.format_count(members.height, 'child')} assessed twice or more"


def _render_stage_choice(session: access.Session, members: pl.DataFrame) -> str:
    """Ask for a key stage, at first the lowest with a result; say below what to know of it."""
    with_results = set(read.fetch_key_stage_results(session)["key_stage"])
    there = pl.col("label").is_in(members["key_stage"].implode())
    notes = dict(read.load_key_stages().filter(there).select("label", "note").iter_rows())
    if not notes:
        return ""
    at_first = next((name for name in notes if name in with_results), "")
    stage = components.render_choice("Key stage", [*notes], "stage", bind=True, at_first=at_first)
    if note := notes[stage]:
        components.render_small_text(escape(note))
    return stage


def _render_stages(session: access.Session, own: read.Own) -> None:
    """Draw how many children are at what is expected, by key stage and by subject or test."""
    if rows := _count_stages(session, own):
        st.header("At what is expected, by key stage", anchor=False)
        components.render_cards(pl.DataFrame(rows))
        components.render_small_text(
            "Of: the children of the key stage of whom it is recorded. A percentage is given for "
            f"{rules.fetch_figures(session)['report_large_group']} or more."
        )


@recall.share
def _count_stages(session: access.Session, own: read.Own) -> list[dict[str, str]]:
    large = read.fetch_threshold(session, "report_large_group")
    members = read.select_own(read.fetch_members(session), own)
    return [
        {
            "Key stage": f"{stage} ({words.format_count(children, 'child')})",
            **_count_expected(part, large),
        }
        for stage in read.load_key_stages()["label"]
        for children in [members.filter(key_stage=stage).height]
        for part in read.select_own(_list_expected(session, stage)[0], own).partition_by(
            "subject", maintain_order=True
        )
    ]


def _render_expected(session: access.Session, stage: str, own: frozenset[str]) -> None:
    """Draw a row for each child of a key stage, with where they are against what is expected."""
    st.header(f"{stage}: {words.format_count(len(own), 'child')}", anchor=False)
    results, heads, rows = _list_expected(session, stage)
    if read.select_own(results, own).is_empty():
        st.markdown("Nothing is recorded by this date.")
        return
    group = lists.Group(
        lists.select_rows(rows, own), label="Where each child is against what is expected"
    )
    lists.render_list(session, "expected", "asked", heads, [group], first=_FIRST)


@recall.share
def _list_expected(
    session: access.Session, stage: str
) -> tuple[pl.DataFrame, list[str], list[lists.Row]]:
    """Return the latest results of a key stage's children, the heads, and a row for each child.

    Of a subject it is the newest result, and of a test the one in its own key stage.
    """
    members = read.fetch_members(session).filter(key_stage=stage)
    all_results = read.fetch_key_stage_results(session).join(members, on="pupil_id", how="semi")
    results = all_results.filter(~pl.col("is_test") | (pl.col("key_stage") == stage))
    results = results.sort("is_test", "subject")
    subjects, tests = (
        results.filter(is_test=is_test)["subject"].unique(maintain_order=True).to_list()
        for is_test in (False, True)
    )
    by_subject = {(row["pupil_id"], row["subject"]): row for row in results.to_dicts()}
    schools, rows = read.fetch_school_names(session), []
    for pupil_id, handle, year in members.select("pupil_id", "handle", "year_group").iter_rows():
        cells = [describe_result(by_subject.get((pupil_id, subject))) for subject in subjects]
        taken = [
            f"{test.partition(',')[0]}: {describe_result(by_subject[pupil_id, test])}"
            for test in tests
            if (pupil_id, test) in by_subject
        ]
        cells += ["; ".join(taken) or words.NOTHING] if tests else []
        rows.append(lists.Row((schools.get(pupil_id, ""), *cells), (pupil_id, handle), year))
    heads = [lists.CHILD, lists.YEAR, "School", *map(words.capitalise, subjects)]
    return results, [*heads, *(["National tests"] if tests else [])], rows


def _count_expected(results: pl.DataFrame, large_group: float) -> dict[str, str]:
    """Count the children at what is expected or above in one subject, of those recorded."""
    row = {"Subject": words.capitalise(results["subject"][0])}
    for head, column in _COUNTED.items():
        values = results[column].drop_nulls()
        row[head] = f"{values.sum():,} of {len(values):,}" if len(values) else words.NOTHING
        if len(values) >= large_group:
            row[head] += f" ({words.format_percent(int(values.sum()) / len(values))})"
    if unscored := results["is_expected"].null_count():
        row["At expected or above"] += f"; no score: {unscored:,}"
    return row


def describe_result(row: read.Row | None) -> str:
    """Describe a result and a prediction: "Grade 3, predicted grade 4 (20 Jul 2026)"."""
    if row is None:
        return words.NOT_RECORDED
    text = row["result"]
    if text.isdigit():
        text = f"{text}, {'at expected or above' if row['is_expected'] else 'not yet at expected'}"
    if row["predicted"]:
        text = f"{text}, predicted {row['predicted'][:1].lower()}{row['predicted'][1:]}"
    return f"{text} ({words.format_table_day(row['result_date'])})"


def _render_steps(
    session: access.Session, members: pl.DataFrame, progress: pl.DataFrame, own: read.Own
) -> None:
    """Draw a row for each child and a column for each subject: steps since the start, and class."""
    st.header("Steps made since each child's first assessment", anchor=False)
    if progress.is_empty():
        components.render_no_rows(
            session,
            "assessments.csv",
            "No assessment is recorded yet",
            "the progress of each child since their first assessment",
            "Ask each class teacher for the term's assessments.",
        )
        return
    has_steps = pl.col("pupil_id").is_in(progress["pupil_id"].implode())
    heads = (lists.CHILD, lists.YEAR, *map(words.capitalise, _SUBJECTS))
    group = lists.Group(
        _list_steps(session, own), label="Steps made since each child's first assessment"
    )
    lists.render_list(session, "steps", "steps", heads, [group])
    if missing := names.call_rows(members.filter(~has_steps))["handle"].to_list():
        st.markdown(escape(f"Not recorded yet: {words.format_few(missing)}."))
    components.render_small_text(words.TEXTS["paragraphs"]["steps"])


@recall.share
def _list_steps(session: access.Session, own: read.Own) -> list[lists.Row]:
    by_child: dict[str, dict[str, read.Row]] = {}
    for row in read.fetch_progress(session).to_dicts():
        by_child.setdefault(row["pupil_id"], {})[row["subject"]] = row
    return [
        lists.Row(
            child=(child["pupil_id"], child["handle"]),
            year_group=child["year_group"],
            cells=tuple(
                cells.style("" if row else "none", describe_steps(row))
                for row in map(steps.get, _SUBJECTS)
            ),
        )
        for child in read.fetch_members(session).to_dicts()
        if (steps := by_child.get(child["pupil_id"])) and (own is None or child["pupil_id"] in own)
    ]


def _render_way(session: access.Session, own: read.Own) -> None:
    """Draw each child's progress in one subject, unless there are too many children to draw."""
    if components.say_too_many(session, len(own or ()), "progress"):
        return
    subject = components.render_choice("Subject", list(_SUBJECTS), "learning-subject")
    if drawn := _draw_way(session, subject, own):
        components.render_figure(drawn, "way")
    else:
        st.markdown(f"No child has been assessed twice in {subject}.")


@names.share_while_hidden
def _draw_way(session: access.Session, subject: str, own: read.Own) -> Figure | None:
    """Draw a row for each child assessed twice, over the band of the class; None without one."""
    rows = names.call_rows(read.fetch_progress(session)).filter(
        pl.col("assessments") > 1, subject=subject
    )
    rows = read.select_own(rows, own)
    both = rows.filter(pl.col("class_steps").is_not_null())
    ahead = both.filter(pl.col("steps") >= pl.col("class_steps")).height
    pairs = [
        Pair(
            row["handle"],
            row["start_step"],
            row["newest_step"],
            (
                f"{row['start_step']}, {words.format_short_day(row['start_date'])}",
                f"{row['newest_step']}, {words.format_short_day(row['newest_date'])}",
            ),
            row["newest_class_step"],
            words.NOT_RECORDED
            if row["class_steps"] is None
            else f"{row['start_class_step']} to {row['newest_class_step']}",
            row["start_class_step"],
        )
        for row in rows.to_dicts()
    ]
    wording = Wording(
        title=f"{words.capitalise(subject)}: {ahead} of {words.format_count(both.height, 'child')} "
        "made as many steps as the class, or more",
        subtitle="Each line is one child, from the first assessment here to the latest. The band "
        "is the progress of most of the class over that time. Further right is better.",
        names=("First", "Latest"),
        axis="Step of the school's own scale",
        beside="Class",
    )
    return draw_pairs(pairs, wording)


def describe_steps(row: read.Row | None) -> str:
    """Describe steps in a subject: "Up 3 steps (now at step 12). Class: up 4 steps (...)"."""
    if row is None:
        return words.NOT_RECORDED
    usual, is_first = row["newest_class_step"], row["assessments"] == 1
    made = "assessed once" if is_first else _describe_change(row["steps"])
    text = f"{words.capitalise(made)} (now at step {row['newest_step']})"
    if usual is None:
        return text
    if is_first or row["class_steps"] is None:
        return f"{text}. Class: now at step {usual}"
    return f"{text}. Class: {_describe_change(row['class_steps'])} (now at step {usual})"


def _describe_change(steps: int) -> str:
    count = words.format_count(abs(steps), "step")
    return f"{'up' if steps > 0 else 'down'} {count}" if steps else "no change"


def _render_help(session: access.Session, interventions: pl.DataFrame) -> None:
    """Draw the help that goes on, what is overdue for review first, and how the rest ended."""
    as_at = session.as_at
    goes_on = pl.col("end_date").is_null() | (pl.col("end_date") > as_at)
    current = interventions.filter(goes_on).with_columns(
        is_past=(pl.col("review_date") < as_at).fill_null(value=False)
    )
    past = int(current["is_past"].sum())
    overdue = f", {past} overdue for review" if past else ""
    st.header(f"Help in place ({current.height}{overdue})", anchor=False)
    if current.is_empty():
        st.markdown("No current help is recorded.")
    else:
        current = current.sort("is_past", descending=True, maintain_order=True)
        given = [_build_help(session, row) for row in current.to_dicts()]
        heads = (lists.CHILD, "What", "Since", "Review date")
        lists.render_list(session, "help", "help", heads, [lists.Group(given, label="Help")])
    components.render_small_text(_describe_ended(interventions.filter(~goes_on)))


def _build_help(session: access.Session, row: read.Row) -> lists.Row:
    review = row["review_date"]
    mark = "▲ " if row["is_past"] else ""
    again = f"{mark}{words.format_near_day(review, session.as_at)}" if review else words.NOTHING
    since = words.format_near_day(row["intervention_date"], session.as_at)
    return lists.Row(
        child=(row["pupil_id"], row["handle"]),
        cells=(cells.style("what", row["kind"]), cells.style("when", since), again),
    )


def _describe_ended(ended: pl.DataFrame) -> str:
    """Say how often help that has ended is recorded as having helped."""
    if ended.is_empty():
        return "No help has ended yet."
    counts = ended["helped"].drop_nulls().value_counts()
    numbers = dict(counts.iter_rows())
    parts = [
        f"{numbers[word]} {text}"
        for word, text in (("yes", "helped"), ("partly", "partly helped"), ("no", "did not help"))
        if word in numbers
    ]
    if unrecorded := int(ended["helped"].null_count()):
        parts.append(f"{unrecorded} {words.NOT_RECORDED}")
    return f"Help now ended: {words.format_list(parts)}. A notebook shows each child's progress."


def _render_premium(terms: pl.DataFrame) -> None:
    """Draw the pounds planned and spent in each term, with what they were for."""
    st.header("Pupil premium plus by term", anchor=False)
    if terms.is_empty():
        st.markdown("No pupil premium plus is recorded by this date.")
        return
    parts = terms.partition_by("academic_year", "term", maintain_order=True)
    table = pl.DataFrame([tabulate_term(part.to_dicts()) for part in parts])
    components.render_cards(table)


def tabulate_term(kinds: list[read.Row]) -> dict[str, str]:
    """Return the row of one term: its totals, and what the money was for."""
    sums, unknown = (sum(row[name] for row in kinds) for name in ("sums", "unspent_sums"))
    last_days = [row["spend_by"] for row in kinds if row["spend_by"]]
    return {
        "Term": words.capitalise(f"{kinds[0]['term']} {kinds[0]['academic_year']}"),
        "Planned": words.format_pounds(sum(row["planned"] for row in kinds)),
        "Spent": words.format_spent(sum(row["spent"] for row in kinds), unknown, sums),
        "To be spent by": words.format_short_day(min(last_days)) if last_days else words.NOTHING,
        "Named in a PEP": f"{sum(row['in_pep'] for row in kinds)} of {sums}",
        "Planned for": "; ".join(
            f"{row['kind']}, {words.format_pounds(row['planned'])}" for row in kinds
        ),
    }


def _render_tests(session: access.Session, own: read.Own) -> None:
    """Draw a row for each child and a column for each test: the newest result of each."""
    st.header("Tests and checks", anchor=False)
    table = _tabulate_tests(session, own)
    if table.is_empty():
        st.markdown("No test is recorded by this date.")
        return
    components.render_cards(table, alt="The latest tests of each child")


@names.share_while_hidden
def _tabulate_tests(session: access.Session, own: read.Own) -> pl.DataFrame:
    tests = read.select_own(names.call_rows(read.fetch_tests(session)), own)
    newest = tests.unique(["pupil_id", "test"], keep="last", maintain_order=True)
    kinds = newest["test"].unique(maintain_order=True).to_list()
    by_child: dict[tuple[str, str], dict[str, str]] = {}  # two children may have the same name
    for row in newest.to_dicts():
        text = f"{_describe_score(row)} ({words.format_table_day(row['test_date'])})"
        by_child.setdefault((row["pupil_id"], row["handle"]), {})[row["test"]] = text
    return pl.DataFrame(
        [
            {
                "Child": child,
                **{kind.removesuffix(_IN_MONTHS): cells.get(kind, words.NOTHING) for kind in kinds},
            }
            for (_, child), cells in by_child.items()
        ]
    )


def _describe_score(row: read.Row) -> str:
    """Describe a score, or say why there is none; a reading age is in years and months."""
    if row["score"] is not None and row["test"] == f"{_READING_AGE}{_IN_MONTHS}":
        years, months = divmod(row["score"], 12)
        month = words.format_count(months, "month")
        return f"{words.format_count(years, 'year')}{f' {month}' if months else ''}"
    return str(row["score"]) if row["score"] is not None else f"no score: {row['outcome'] or ''}"


def _describe_standard(lines: pl.DataFrame) -> str:
    """Describe each group's newest national line at the end of key stage 2, with its year."""
    parts = []
    for cohort, children in _GROUPS.items():
        newest = lines.filter(cohort=cohort).sort("academic_year").tail(1)
        parts += [
            f"{row['rate'] * 100:g}% of {children} ({row['academic_year']})"
            for row in newest.to_dicts()
        ]
    return (
        f"In England, {words.format_list(parts)} reached the expected standard in reading, "
        "writing and maths at the end of key stage 2."
        if parts
        else ""
    )
