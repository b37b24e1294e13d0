"""Which dated duties run late, who holds them, and what would a letter ask for?

Start it with:  lac notebook duties_run_late --home HOME.
"""

import marimo

__generated_with = "0.25.0"
app = marimo.App(width="medium", app_title="Where do our duties run late?", css_file="style.css")


@app.cell
def _():
    import marimo as mo

    from notebooks import page
    from notebooks.analysis import open_home

    lac = open_home()
    page.show_head(
        lac,
        "Where do our duties run late?",
        "Which dated duties run late, who is responsible, and what would a letter ask for?",
    )
    return lac, mo, page


@app.cell
def _(mo):
    from dashboard.text import words

    by = mo.ui.dropdown(
        {"Duty": "name", "Holder": "holder", "Local authority": "authority"},
        value="Holder",
        label="By",
    )
    _holders = {words.capitalise(label): name for name, label in words.HOLDERS_BRIEFLY.items()}
    holder = mo.ui.dropdown({"All": "all", **_holders}, value="All", label="Holder")
    years = mo.ui.slider(1, 3, value=3, label="Years", show_value=True)
    mo.hstack([by, holder, years], justify="start", wrap=True)
    return by, holder, words, years


@app.cell
def _(by, holder, years):
    chosen = {"by": by.value, "holder": holder.value, "years": years.value}
    return (chosen,)


@app.cell
def _(chosen, lac, page, words):
    from notebooks.figures import duties as figures

    sql = """
    select
        duties.handle,
        duties.name,
        duties.holder,
        members.authority,
        duties.due_date,
        duties.done_date,
        duties.status
    from every_duty as duties
    left join cohort_member as members on duties.pupil_id = members.pupil_id
    where
        duties.due_date > as_at() - to_years($years)
        and duties.due_date <= as_at()
        and $holder in ('all', duties.holder)
    order by duties.due_date, duties.name, duties.handle
    """
    duties = lac.sql(sql, years=chosen["years"], holder=chosen["holder"])
    measured = figures.measure_lateness(duties, lac.day)
    summed = figures.sum_lateness(measured, chosen["by"])
    figure = figures.draw_lateness(summed, measured, chosen["by"])
    _letters = figures.write_letters(measured, words.HOLDERS)
    page.show_finding(
        figure.title if figure else "No duty ran late",
        page.show_figure(figure, sql, "Every duty due in this period was done on time."),
        "### What a letter to each holder would ask for\n\n"
        + ("\n".join(f"- {letter}" for letter in _letters) or "Nothing is outstanding now."),
    )
    return duties, figure, measured, summed


@app.cell
def _(page):
    page.show_limits(
        "A duty may have run late for a good reason that nobody wrote down.",
        "Duties with no record of whether they were done are left out.",
        "Children who have left, and authorities missing from the care file, are left out.",
    )
    return


if __name__ == "__main__":
    app.run()
