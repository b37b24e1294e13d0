"""Have scores come down, when only a few children have two?

Start it with:  lac notebook sdq_change --home HOME.
"""

import marimo

__generated_with = "0.25.0"
app = marimo.App(width="medium", app_title="SDQ change with few children", css_file="style.css")


@app.cell
def _():
    import marimo as mo

    from notebooks import page
    from notebooks.analysis import open_home

    lac = open_home()
    page.show_head(
        lac,
        "SDQ change with few children",
        "Have scores come down, when only a few children have two scores?\n\n"
        "SDQ means strengths and difficulties questionnaire. "
        "A higher score means more difficulties.",
    )
    return lac, mo, page


@app.cell
def _(mo):
    from dashboard.text import scores as score_words
    from dashboard.text import words

    _kinds = {words.capitalise(form): kind for kind, form in score_words.INFORMANTS.items()}
    _groups = {label: name for name, label in words.GROUPS.items()}
    informant = mo.ui.dropdown(_kinds, value="Carer form", label="Informant")
    group = mo.ui.dropdown(_groups, value=words.GROUPS["all"], label="Group")
    months = mo.ui.slider(12, 48, 12, value=48, label="Latest score within months", show_value=True)
    mo.hstack([informant, group, months], justify="start", wrap=True)
    return group, informant, months


@app.cell
def _(group, informant, months):
    chosen = {"informant": informant.value, "group": group.value, "months": months.value}
    return (chosen,)


@app.cell
def _(chosen, lac, page):
    from dashboard.charts.slope import draw_score_slope
    from notebooks.figures import scores as figures
    from queries import read

    sql = """
    select
        scores.*,
        scores.sdq_date + to_months($old) < as_at() as is_old
    from pupil_sdq as scores
    inner join cohort_member as members on scores.pupil_id = members.pupil_id
    where
        scores.informant = $informant
        and scores.total is not null
        and scores.sdq_date + to_months($months) >= as_at()
        and (
            $group = 'all'
            or ($group = 'looked after' and members.is_looked_after)
            or ($group = 'has a social worker' and members.has_social_worker)
            or ($group = 'previously looked after' and members.is_previously_looked_after)
        )
    qualify row_number() over (partition by scores.pupil_id order by sdq_date desc) = 1
    order by members.year_group, scores.handle
    """
    rules = lac.rules()
    _old = int(rules.filter(rule="SDQ_YEARLY")["figure"].item())
    _rule = f"sdq_chance_{chosen['informant']}"
    points = int(rules.filter(rule=_rule)["figure"].item())
    newest = lac.sql(sql, old=_old, **chosen)
    moves = figures.count_moves(newest, points)
    # the chart of the page Wellbeing, for these children
    figure = draw_score_slope(
        newest.drop("is_old"), chosen["informant"], read.load_sdq_bands(chosen["informant"])
    )
    page.show_finding(
        figures.write_title(moves, chosen["informant"]),
        page.show_figure(figure, sql, "No child has two scores on this kind of form yet."),
        figures.write_chance(moves, points),
        page.show_table(figures.mark_scores(newest)) if newest.height else "",
    )
    return figure, moves, newest


@app.cell
def _(page):
    page.show_limits(
        "One child's score is one person's view on one day.",
        "The two forms may have been filled in by different people, such as a new carer.",
        "Scores do not say what caused a change. Ask the child, the carer and the teacher.",
        "Children without a second score are left out. Count them before you talk about change.",
    )
    return


if __name__ == "__main__":
    app.run()
