"""Did things go better for a child after help began?

Start it with:  lac notebook does_it_help --home HOME.
"""

import marimo

__generated_with = "0.25.0"
app = marimo.App(width="medium", app_title="Does what we do help?", css_file="style.css")


@app.cell
def _():
    import marimo as mo

    from notebooks import page
    from notebooks.analysis import open_home

    lac = open_home()
    page.show_head(
        lac, "Does what we do help?", "Did things get better for a child after help began?"
    )
    return lac, mo, page


@app.cell
def _(lac, mo):
    starts_sql = """
    select pupil_id, handle, kind as what, intervention_date as day from pupil_intervention
    union all
    select pupil_id, handle, kind, provision_date from pupil_provision
    union all
    select pupil_id, handle, kind, min(action_date)
    from pupil_action
    where corrected_by is null
    group by all
    order by handle, day, what
    """
    starts = lac.sql(starts_sql)
    kind = mo.ui.dropdown(["All", *sorted(set(starts["what"]))], value="All", label="Help")
    outcome = mo.ui.dropdown(
        ["By kind of help", "Sessions missed", "Score", "Steps"],
        value="By kind of help",
        label="Outcome",
    )
    days = mo.ui.slider(15, 90, 15, value=30, label="School days", show_value=True)
    mo.hstack([kind, outcome, days], justify="start", wrap=True)
    return days, kind, outcome, starts, starts_sql


@app.cell
def _(days, kind, outcome):
    chosen = {"kind": kind.value, "outcome": outcome.value, "days": days.value}
    return (chosen,)


@app.cell
def _(chosen, lac, page, starts, starts_sql):
    from notebooks.figures import before_after as figures
    from notebooks.figures import outcomes

    of_kind = starts if chosen["kind"] == "All" else starts.filter(what=chosen["kind"])
    measured = outcomes.choose_outcome(chosen["outcome"], chosen["kind"])
    comparisons = outcomes.measure(lac, of_kind, measured, days=chosen["days"])
    figure = figures.draw_comparison(
        comparisons, outcome=measured, axis=outcomes.AXES[measured], since="a start of help"
    )
    page.show_finding(
        figures.write_title(comparisons, measured),
        page.show_figure(
            figure,
            "\n\n".join((starts_sql, outcomes.QUERIES[measured])),
            "There is not enough data before and after any start of help yet.",
        ),
        figures.write_test(comparisons),
        outcomes.describe_left_out(of_kind.height - len(comparisons), measured, "start"),
    )
    return comparisons, figure


@app.cell
def _(page):
    page.show_limits(
        "The help may not be the cause of a change: help often begins when things are worst.",
        "Things might have got better anyway.",
        "Nobody can say what would have happened without the help.",
        "These figures do not say whether a child is happier. Ask the child.",
        "If several kinds of help began together, nothing shows which one worked.",
    )
    return


if __name__ == "__main__":
    app.run()
