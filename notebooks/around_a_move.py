"""What happens to a child around a change of home, school or social worker?

Start it with:  lac notebook around_a_move --home HOME.
"""

import marimo

__generated_with = "0.25.0"
app = marimo.App(width="medium", app_title="Around a move", css_file="style.css")


@app.cell
def _():
    import marimo as mo

    from notebooks import page
    from notebooks.analysis import open_home

    lac = open_home()
    page.show_head(
        lac,
        "Around a move",
        "What happens to a child in the weeks before and after a change of home, school or social "
        "worker?",
    )
    return lac, mo, page


@app.cell
def _(mo):
    change = mo.ui.dropdown(["home", "school", "social worker"], value="home", label="What changed")
    outcome = mo.ui.dropdown(
        ["Sessions missed", "Suspensions", "Score"], value="Sessions missed", label="Outcome"
    )
    weeks = mo.ui.slider(3, 18, 3, value=6, label="School weeks", show_value=True)
    mo.hstack([change, outcome, weeks], justify="start", wrap=True)
    return change, outcome, weeks


@app.cell
def _(change, outcome, weeks):
    chosen = {"change": change.value, "outcome": outcome.value, "weeks": weeks.value}
    return (chosen,)


@app.cell
def _(chosen, lac, page):
    from notebooks.figures import before_after as figures
    from notebooks.figures import outcomes

    sql = """
    with homes as (
        select
            pupil_id,
            handle,
            start_date,
            lag(end_date) over earlier = start_date as is_next
        from pupil_period
        where lane = 'home'
        window earlier as (partition by pupil_id order by start_date)
    ),
    changes as (
        select pupil_id, handle, 'home' as what, start_date as day from homes where is_next
        union all
        select pupil_id, handle, kind, care_change_date from pupil_care_change
    )
    from changes
    where what = $what
    order by handle, day
    """
    moves = lac.sql(sql, what=chosen["change"])
    measured, _days = chosen["outcome"], chosen["weeks"] * 5
    comparisons = outcomes.measure(lac, moves, measured, days=_days)
    figure = figures.draw_comparison(
        comparisons,
        outcome=measured,
        axis=outcomes.AXES[measured],
        since=f"a change of {chosen['change']}",
    )
    page.show_finding(
        figures.write_title(comparisons, measured),
        page.show_figure(
            figure,
            "\n\n".join((sql, outcomes.QUERIES[measured])),
            "There is not enough data before and after any change yet.",
        ),
        figures.write_test(comparisons),
        outcomes.describe_left_out(moves.height - len(comparisons), measured, "change"),
    )
    return comparisons, figure, moves


@app.cell
def _(page):
    page.show_limits(
        "The move may not be the cause: problems often begin in the weeks before.",
        "The child's own view of the move is not here. Ask the child.",
        "Changes that nobody told the school about are missing.",
        "What happens at a school that does not send its files here is not known.",
    )
    return


if __name__ == "__main__":
    app.run()
