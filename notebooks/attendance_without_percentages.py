# Start it with:  lac notebook attendance_without_percentages --home HOME
import marimo

__generated_with = "0.25.0"
app = marimo.App(width="medium")


@app.cell
def parameters():
    import os as _os

    # Change these, and everything below follows.
    home = _os.environ.get("LAC_HOME")
    role = _os.environ.get("LAC_ROLE", "dsl")
    group = "looked after"
    return group, home, role


@app.cell
def question():
    import marimo as mo

    mo.md("""
    # Attendance without percentages

    **Question:** has the attendance of a small group changed, and would a percentage tell us?

    For analysts and designated teachers. It runs in a minute, from top to bottom.
    It belongs to the page Attendance, and uses the same views and charts.
    No name is shown: a child is two plain words.
    """)
    return (mo,)


@app.cell
def door(home, mo, role):
    import getpass
    from pathlib import Path

    from dashboard import words
    from safeguards import access

    mo.stop(
        home is None,
        mo.md("Say which home to read: `lac notebook NAME --home HOME`. `lac demo` makes one."),
    )
    held = access.open(Path(home), actor=getpass.getuser(), role=role, purpose="notebook")
    held.enter("sql", action="sql")
    kind = "Demo data: no real children." if held.is_demo else "Real data: keep it on this screen."
    mo.md(f"{kind} Data up to {words.short_day(held.data_until)}.")
    return (held,)


@app.cell
def counted(group, held, mo):
    sql = """
    select
        week_start,
        children,
        absent_sessions,
        possible_sessions
    from cohort_week_attendance
    where cohort = $cohort and academic_year = academic_year(as_at())
    order by week_start
    """
    counts = held.read(sql, {"cohort": group})
    mo.vstack(
        [
            mo.md("## 1. Count first\n\nSessions missed, of those that were possible:"),
            mo.md(f"```sql{sql}```"),
            mo.ui.table(counts.to_dicts(), selection=None, show_download=False),
        ]
    )
    return (counts,)


@app.cell
def one_child(counts, mo):
    weeks = counts.filter(counts["possible_sessions"] > 0)
    typical = int(weeks["possible_sessions"].median() or 0)
    one_week = 10
    moved = one_week / typical * 100 if typical else 0.0
    said = (
        f"In a typical week {typical} sessions were possible for the whole group. "
        f"One child away for one full week misses {one_week} of them. "
        f"That alone moves the group's share of sessions by {moved:.1f} points."
        if typical
        else "There is no school week with sessions yet."
    )
    mo.md(f"## 2. What one child does to a share\n\n{said}")
    return moved, typical


@app.cell
def drawn(group, held, mo):
    from dashboard import charts
    from queries import read

    figure = charts.week_lines(read.cohort_weeks(held, read.academic_year(held), group))
    mo.vstack(
        [mo.md(f"## 3. {figure.title}\n\n{figure.subtitle}"), figure.chart]
        if figure
        else [mo.md("## 3. The weeks\n\nThere is no school week to draw yet.")]
    )
    return figure, read


@app.cell
def who(group, held, mo, read):
    columns = {
        "looked after": "is_looked_after",
        "has a social worker": "has_social_worker",
        "previously looked after": "is_previously_looked_after",
    }
    members = read.members(held)
    if group in columns:
        members = members.filter(members[columns[group]])
    lines = [
        f"- {row['handle']}: missed {row['absent_sessions']} of {row['possible_sessions']} sessions"
        for row in members.to_dicts()
        if row["possible_sessions"]
    ]
    mo.md(
        "## 4. Who it is about\n\n"
        "By year group and handle, never by value. A list of children beats a headline.\n\n"
        + ("\n".join(lines) or "Nobody has a mark this year.")
    )
    return (lines,)


@app.cell
def limits(mo):
    mo.md("""
    ## What this cannot tell you

    - Why a session was missed. The register has codes, and a code is not a reason.
    - Whether a change will last. A few weeks of a few children say little.
    - How the group compares with all children. It is compared with its own past.

    ## Try it

    Change `group` in the first cell. Which group does one child move the most?
    """)
    return


if __name__ == "__main__":
    app.run()
