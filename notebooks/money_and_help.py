"""What was pupil premium plus planned for and spent on, and what did it buy?

Start it with:  lac notebook money_and_help --home HOME.
"""

import marimo

__generated_with = "0.25.0"
app = marimo.App(width="medium", app_title="Money and help", css_file="style.css")


@app.cell
def _():
    import marimo as mo

    from notebooks import page
    from notebooks.analysis import open_home

    lac = open_home()
    page.show_head(lac, "Money and help", "What was pupil premium plus planned for and spent on?")
    return lac, mo, page


@app.cell
def _(lac, mo):
    _all = lac.mart("premium_term")
    _years = sorted(set(_all["academic_year"]), reverse=True)
    year = mo.ui.dropdown(["All", *_years], value="All", label="School year")
    kind = mo.ui.dropdown(["All", *sorted(set(_all["kind"]))], value="All", label="Kind of help")
    pep = mo.ui.checkbox(label="Only amounts that a PEP asked for")
    mo.hstack([year, kind, pep], justify="start", wrap=True)
    return kind, pep, year


@app.cell
def _(kind, pep, year):
    chosen = {"year": year.value, "kind": kind.value, "pep": pep.value}
    return (chosen,)


@app.cell
def _(chosen, lac, page):
    from notebooks.figures import premium as figures

    sql = """
    from premium_term
    where
        $year in ('All', academic_year)
        and $kind in ('All', kind)
        and (not $pep or in_pep = sums)
    order by first_day, kind
    """
    sums = lac.sql(sql, **chosen)
    terms = figures.sum_terms(sums)
    figure = figures.draw_terms(terms)
    page.show_finding(
        figure.title if figure else "No funding was agreed",
        page.show_figure(figure, sql, "No funding was agreed in this period."),
        "### What the money bought",
        page.show_table(figures.tabulate_kinds(sums)),
    )
    return figure, sums, terms


@app.cell
def _(page):
    page.show_limits(
        "Whether the help worked is a question for the notebook does_it_help.",
        "Spending that nobody wrote down counts as planned, but not as spent.",
        "Money that the local authority kept is not included.",
        "A child's amounts of one kind in a term count only if a PEP (personal education plan) "
        "asked for all.",
    )
    return


if __name__ == "__main__":
    app.run()
