# Start it with:  lac notebook attendance_without_percentages --home HOME
import marimo

__generated_with = "0.25.0"
app = marimo.App(width="compact", app_title="Attendance without percentages", css_file="style.css")


@app.cell
def parameters():
    import os as _os

    # Change these, and everything below follows.
    home = _os.environ.get("LAC_HOME")
    role = _os.environ.get("LAC_ROLE", "dsl")
    as_at = _os.environ.get("LAC_AS_AT")
    # looked after, has a social worker, previously looked after, or all
    group = "looked after"
    return as_at, group, home, role


@app.cell
def question():
    import marimo as mo

    mo.md("""
    # Attendance without percentages

    **Question:** has the attendance of a small group changed, and would a percentage tell us?

    For safeguarding leads and analysts. It runs in a minute, from top to bottom.
    It belongs to the page Attendance, and uses the same views and charts.
    No name is shown: a child is two plain words.
    """)
    return (mo,)


@app.cell
def door(as_at, home, mo, role):
    from dashboard.text import words
    from safeguards.access import access

    mo.stop(home is None, mo.md("Say which home to read: `lac notebook NAME --home HOME`."))
    held = access.open_notebook(home, role, as_at)
    kind = "Demo data: no real children." if held.is_demo else "Real data: keep it on this screen."
    shown = f" Shown as at {words.format_short_day(held.as_at)}." if as_at else ""
    mo.md(f"{kind} Register up to {words.format_short_day(held.register_day)}.{shown}")
    return held, words


@app.cell
def counted(group, held, mo, words):
    sql = """
    select
        week_start,
        children,
        absent_sessions,
        possible_sessions
    from cohort_week_attendance
    where
        cohort = $cohort
        and academic_year = academic_year(register_day())
    order by week_start
    """
    counts = held.read(sql, {"cohort": group})
    _missed, _possible = counts["absent_sessions"].sum(), counts["possible_sessions"].sum()
    _who = words.capitalise(words.GROUP_CHILDREN[group])
    _title = (
        f"{_who} missed {words.format_part(_missed, _possible)} this year"
        if _possible
        else f"{_who} have no sessions yet this year"
    )
    _rows = [
        f"| {words.format_week(week['week_start'])} | {week['children']} "
        f"| {week['absent_sessions']} of {week['possible_sessions']} |"
        for week in counts.to_dicts()
    ]
    _table = ["| Week starting | Children | Sessions missed |", "| :-- | --: | --: |", *_rows]
    mo.vstack(
        [
            mo.md(f"## 1. {_title}\n\n" + "\n".join(_table)),
            mo.accordion({"The query": mo.md(f"```sql{sql}```")}),
        ]
    )
    return (counts,)


@app.cell
def one_child(counts, mo):
    weeks = counts.filter(counts["possible_sessions"] > 0)
    typical = int(weeks["possible_sessions"].median() or 0)
    one_week = 10
    moved = one_week / typical * 100 if typical else 0.0
    steps = weeks["absent_sessions"].diff().drop_nulls().abs()
    larger = (steps > one_week).sum()
    _said = (
        f"## 2. One child away for a week moves the share by {moved:.1f} points\n\n"
        f"In a typical week {typical} sessions were possible for the whole group. "
        f"One child away for one full week misses {one_week} of them.\n\n"
        f"From one school week to the next the count changed by more than {one_week} "
        f"in {larger} of {len(steps)} steps. "
        "Any smaller change can be one child alone, so a percentage says little."
        if typical
        else "## 2. What one child does to a share\n\nThere is no school week with sessions yet."
    )
    mo.md(_said)
    return larger, moved, steps, typical


@app.cell
def drawn(group, held, mo):
    from dashboard.charts import catalogue as charts
    from queries import read

    figure = charts.draw_week_lines(
        read.fetch_cohort_weeks(held, read.fetch_academic_year(held), group)
    )
    # its menu would send the figures to an editor on the web
    _no_menu = {"embedOptions": {"actions": False}}
    mo.vstack(
        [
            mo.md(f"## 3. {figure.title}\n\n{figure.subtitle}"),
            figure.chart.properties(description=figure.alt_text, usermeta=_no_menu),
        ]
        if figure
        else [mo.md("## 3. The weeks\n\nThere is no school week to draw yet.")]
    )
    return figure, read


@app.cell
def who(group, held, mo, read, words):
    columns = {
        "looked after": "is_looked_after",
        "has a social worker": "has_social_worker",
        "previously looked after": "is_previously_looked_after",
    }
    members = read.fetch_members(held)
    if group in columns:
        members = members.filter(members[columns[group]])
    _marked = [row for row in members.to_dicts() if row["possible_sessions"]]
    lines = [
        f"- {words.format_year_group(row['year_group'])}, {row['handle']}: "
        f"{words.describe_missed(row['absent_sessions'], row['possible_sessions'])}"
        for row in _marked
    ]
    _some = words.format_part(
        sum(row["absent_sessions"] > 0 for row in _marked), len(_marked), "child"
    )
    _said = (
        f"## 4. {_some} missed a session\n\n"
        "By year group and handle, never by value. A list of children beats a headline.\n\n"
        + "\n".join(lines)
        if lines
        else "## 4. Who it is about\n\nNobody has a mark this year."
    )
    mo.md(_said)
    return (lines,)


@app.cell
def limits(mo):
    mo.md("""
    ## What this cannot tell you

    - Why a session was missed. The register has codes, and a code is not a reason.
    - Whether a change will last. A few weeks of a few children say little.
    - Why the two lines differ. The whole school's is steady because it is large.

    ## Try it

    Start it with `--edit` and change `group` in the first cell.
    Which group does one child move the most?
    """)
    return


if __name__ == "__main__":
    app.run()
