# Start it with:  lac notebook sdq_change --home HOME
import marimo

__generated_with = "0.25.0"
app = marimo.App(width="medium")


@app.cell
def parameters():
    import os as _os

    # Change these, and everything below follows.
    home = _os.environ.get("LAC_HOME")
    role = _os.environ.get("LAC_ROLE", "dsl")
    informant = "carer"
    return home, informant, role


@app.cell
def question():
    import marimo as mo

    mo.md("""
    # SDQ change with few children

    **Question:** have scores come down, when only a few children have two?

    SDQ means strengths and difficulties questionnaire. A higher score means more difficulties.
    For analysts and designated teachers. It runs in a minute, from top to bottom.
    It belongs to the page Wellbeing, and uses the same views and charts.
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
def same_person(held, informant, mo):
    sql = """
    select
        scores.handle,
        scores.sdq_date,
        scores.total,
        scores.previous_date,
        scores.change
    from pupil_sdq as scores
    inner join cohort_member as members on scores.pupil_id = members.pupil_id
    where scores.informant = $informant and scores.total is not null
    qualify row_number() over (partition by scores.pupil_id order by scores.sdq_date desc) = 1
    order by members.year_group, scores.handle
    """
    newest = held.read(sql, {"informant": informant})
    mo.vstack(
        [
            mo.md(
                "## 1. Compare like with like\n\n"
                "A carer and a teacher see different sides of a child. "
                "So a change is against the last score by the same kind of person."
            ),
            mo.md(f"```sql{sql}```"),
            mo.ui.table(newest.to_dicts(), selection=None, show_download=False),
        ]
    )
    return (newest,)


@app.cell
def drawn(held, informant, mo):
    from dashboard import charts
    from queries import read

    figure = charts.score_slope(read.sdq(held), informant, read.sdq_bands(informant))
    mo.vstack(
        [mo.md(f"## 2. {figure.title}\n\n{figure.subtitle}"), figure.chart]
        if figure
        else [mo.md("## 2. The lines\n\nNo child has two scores by this person yet.")]
    )
    return (figure,)


@app.cell
def by_chance(mo, newest):
    from math import comb

    moved = [change for change in newest["change"].drop_nulls() if change != 0]
    down = sum(change < 0 for change in moved)
    # if each score were as likely to rise as to fall
    chance = sum(comb(len(moved), n) for n in range(down, len(moved) + 1)) / 2 ** len(moved)
    said = (
        f"{len(moved)} children have a score that moved, and {down} of them came down. "
        "Suppose that each was as likely to rise as to fall. "
        f"Then as many or more would come down in {chance * 100:.0f} of 100 tries."
        if moved
        else "No score has moved yet, so there is nothing to hold against chance."
    )
    mo.md(f"## 3. How often would chance alone do this?\n\n{said}")
    return chance, down, moved


@app.cell
def limits(mo):
    mo.md("""
    ## What this cannot tell you

    - Whether one child is better. A score is one day and one person's view.
    - What caused a change. Ask the child, the carer and the teacher.
    - Anything about children without a second score. Count them before you speak of change.

    ## Try it

    Set `informant` to teacher in the first cell. Do the two tell the same story?
    """)
    return


if __name__ == "__main__":
    app.run()
