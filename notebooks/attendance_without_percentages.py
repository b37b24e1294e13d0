"""Has the attendance of a small group changed, and would a percentage tell us?

Start it with:  lac notebook attendance_without_percentages --home HOME.
"""

import marimo

__generated_with = "0.25.0"
app = marimo.App(width="medium", app_title="Attendance without percentages", css_file="style.css")


@app.cell
def _():
    import marimo as mo

    from notebooks import page
    from notebooks.analysis import open_home

    lac = open_home()
    page.show_head(
        lac,
        "Attendance without percentages",
        "Has the attendance of a small group changed, and would a percentage show the change?",
    )
    return lac, mo, page


@app.cell
def _(lac, mo):
    from dashboard.text import words

    _years = lac.sql("from cohort_week_attendance select distinct academic_year order by all desc")
    _names = {label: name for name, label in words.GROUPS.items()}
    group = mo.ui.dropdown(_names, value=words.GROUPS["looked after"], label="Group")
    year = mo.ui.dropdown(
        _years["academic_year"].to_list(),
        value=lac.sql("select academic_year(register_day())").item(),
        label="School year",
    )
    mo.hstack([group, year], justify="start", wrap=True)
    return group, words, year


@app.cell
def _(group, year):
    chosen = {"group": group.value, "year": year.value}
    return (chosen,)


@app.cell
def _(chosen, lac, page, words):
    from dashboard.charts.weeks import draw_week_lines
    from notebooks.figures import weeks as figures

    # the sessions of a child in a week: a morning and an afternoon on five days
    one_week = 10
    sql = """
    from cohort_week_attendance
    where cohort = $cohort and academic_year = $year
    order by week_start
    """
    weeks = lac.sql(sql, cohort=chosen["group"], year=chosen["year"])
    _before = lac.sql(sql, cohort=chosen["group"], year=words.format_year_before(chosen["year"]))
    figure = draw_week_lines(weeks, _before, home_of=lac.home_of)
    sums = figures.sum_weeks(weeks, one_week)
    _now = lac.mart(
        "cohort_attendance", cohort=chosen["group"], academic_year=chosen["year"]
    ).to_dicts()
    page.show_finding(
        figures.write_title(sums, chosen["group"]),
        figures.write_other_population(_now[0] if _now else None),
        page.show_figure(figure, sql, "There is no school week with sessions yet."),
        "### How much one child can change the figures",
        figures.write_one_child(sums, one_week),
    )
    return figure, sums, weeks


@app.cell
def _(page):
    page.show_limits(
        "The register gives a code for each missed session, which seldom explains why.",
        "A few weeks and a few children cannot show whether a change will last.",
        "A whole school's line is steadier simply because a school has more children.",
    )
    return


if __name__ == "__main__":
    app.run()
