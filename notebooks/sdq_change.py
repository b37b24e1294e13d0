# Start it with:  lac notebook sdq_change --home HOME
import marimo

__generated_with = "0.25.0"
app = marimo.App(width="compact", app_title="SDQ change with few children", css_file="style.css")


@app.cell
def parameters():
    import os as _os

    # Change these, and everything below follows.
    home = _os.environ.get("LAC_HOME")
    role = _os.environ.get("LAC_ROLE", "dsl")
    as_at = _os.environ.get("LAC_AS_AT")
    # carer, teacher or self
    informant = "carer"
    return as_at, home, informant, role


@app.cell
def question():
    import marimo as mo

    mo.md("""
    # SDQ change with few children

    **Question:** have scores come down, when only a few children have two?

    SDQ means strengths and difficulties questionnaire. A higher score means more difficulties.
    For safeguarding leads and analysts. It runs in a minute, from top to bottom.
    It belongs to the page Wellbeing, and uses the same views and charts.
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
def same_person(held, informant, mo, words):
    sql = """
    select
        scores.handle,
        scores.sdq_date,
        scores.total,
        scores.previous_date,
        scores.change
    from pupil_sdq as scores
    inner join cohort_member as members
        on scores.pupil_id = members.pupil_id
    where
        scores.informant = $informant
        and scores.total is not null
    qualify
        row_number() over (
            partition by scores.pupil_id
            order by scores.sdq_date desc
        ) = 1
    order by members.year_group, scores.handle
    """
    newest = held.read(sql, {"informant": informant})

    def _since(score):
        if score["change"] is None:
            return "one score only"
        by = abs(score["change"])
        way = "lower" if score["change"] < 0 else "higher"
        moved = f"{by} {way} than" if by else "the same"
        return f"{moved} on {words.format_short_day(score['previous_date'])}"

    _rows = [
        f"| {score['handle']} | {score['total']} on {words.format_short_day(score['sdq_date'])} "
        f"| {_since(score)} |"
        for score in newest.to_dicts()
    ]
    _table = ["| Child | Newest score | Against the one before |", "| :-- | :-- | :-- |", *_rows]
    _twice = newest["change"].drop_nulls().len()
    mo.vstack(
        [
            mo.md(
                "## 1. Two scores by the same person: "
                f"{words.format_part(_twice, newest.height, 'child')}\n\n"
                "A carer and a teacher see different sides of a child. "
                "So a change is against the last score by the same kind of person.\n\n"
                + "\n".join(_table)
            ),
            mo.accordion({"The query": mo.md(f"```sql{sql}```")}),
        ]
    )
    return (newest,)


@app.cell
def drawn(held, informant, mo):
    from dashboard.charts import catalogue as charts
    from queries import read

    figure = charts.draw_score_slope(
        read.fetch_sdq(held), informant, read.load_sdq_bands(informant)
    )
    # its menu would send the figures to an editor on the web
    _no_menu = {"embedOptions": {"actions": False}}
    mo.vstack(
        [
            mo.md(f"## 2. {figure.title}\n\n{figure.subtitle}"),
            figure.chart.properties(description=figure.alt_text, usermeta=_no_menu),
        ]
        if figure
        else [mo.md("## 2. The lines\n\nNo child has two scores by this person yet.")]
    )
    return (figure,)


@app.cell
def by_chance(mo, newest, words):
    from math import comb

    moved = [change for change in newest["change"].drop_nulls() if change != 0]
    down = sum(change < 0 for change in moved)
    # if each score were as likely to rise as to fall
    chance = sum(comb(len(moved), n) for n in range(down, len(moved) + 1)) / 2 ** len(moved)
    _said = (
        f"## 3. Chance alone would do this in {chance * 100:.0f} of 100 tries\n\n"
        f"{words.format_count(len(moved), 'child')} {words.pluralise(len(moved), 'has')} a "
        "score that moved, "
        f"and {down} of them came down. "
        "Suppose that each was as likely to rise as to fall. "
        "Then as many or more would come down that often."
        if moved
        else "## 3. No score has moved yet\n\nSo there is nothing to hold against chance."
    )
    mo.md(_said)
    return chance, down, moved


@app.cell
def limits(mo):
    mo.md("""
    ## What this cannot tell you

    - Whether one child is better. A score is one day and one person's view.
    - What caused a change. Ask the child, the carer and the teacher.
    - Anything about children without a second score. Count them before you speak of change.

    ## Try it

    Start it with `--edit` and set `informant` to teacher in the first cell.
    Do the two tell the same story?
    """)
    return


if __name__ == "__main__":
    app.run()
