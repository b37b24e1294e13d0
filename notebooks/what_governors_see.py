# Start it with:  lac notebook what_governors_see
import marimo

__generated_with = "0.25.0"
app = marimo.App(width="compact", app_title="What governors see", css_file="style.css")


@app.cell
def question():
    import marimo as mo

    mo.md("""
    # What governors see: try to find a child, over the years

    **Question:** can you find a child who has an Education, Health and Care Plan?

    You are the attacker. You have every report, and you know who was there each year.
    You know one child fully as well: whether they have a plan, at all times.

    For Headteachers, governors and analysts. The children are made up, and no home is read.
    """)
    return (mo,)


@app.cell
def choose_school(mo, settings):
    children = mo.ui.slider(
        settings.fewest_for_statements,
        24,
        value=12,
        debounce=True,
        show_value=True,
        full_width=True,
        label="Children",
    )
    draw = mo.ui.slider(
        1, 50, value=3, debounce=True, show_value=True, full_width=True, label="Made-up school"
    )
    mo.vstack([children, draw])
    return children, draw


@app.cell
def parameters(children, draw):
    size = children.value
    seed = draw.value
    return seed, size


@app.cell
def rules():
    from queries import read
    from safeguards.disclosure.families import load_attributes
    from safeguards.disclosure.settings import Settings

    settings = Settings.from_thresholds(read.get_default_threshold)  # the report's own
    plan = next(each for each in load_attributes() if each.key == "ehcp")
    return plan, settings


@app.cell
def school(seed, size):
    from random import Random

    _random = Random(seed)
    years = ("2026/27", "2027/28", "2028/29")
    # who is there each year: a few leave, as many come
    _there = [f"Child {number}" for number in range(1, size + 1)]
    members, _number = [tuple(_there)], size
    for _ in years[1:]:
        for _leaver in _random.sample(_there, _random.randint(1, 3)):
            _there.remove(_leaver)
            _number += 1
            _there.append(f"Child {_number}")
        members.append(tuple(_there))
    everybody = tuple(dict.fromkeys(child for year in members for child in year))
    has_plan = {child: _random.randint(1, 4) == 1 for child in everybody}
    return everybody, has_plan, members, years


@app.cell
def reports(has_plan, members, plan, settings, years):
    from datetime import date

    from safeguards.disclosure.certificate import Release, Term
    from safeguards.disclosure.publish import Group, publish_term
    from safeguards.disclosure.sums import Sessions

    released: list[Release] = []
    for _at, _year in enumerate(years):
        _children = {
            child: {plan.key: "has a plan" if has_plan[child] else "no plan"}
            for child in members[_at]
        }
        _group = Group("looked after", _children, Sessions({}, {}, {}, {}))
        released.append(
            publish_term(
                Term(_year, "summer"),
                date(2027 + _at, 7, 9),
                [_group],
                released,
                attributes=[plan],
                settings=settings,
            )
        )
    # by year, the statement that the report makes; an older one where nothing new may be said
    statements = [each.certificate.statements[0] for each in released]
    return released, statements


@app.cell
def show_reports(members, mo, statements, years):
    _rows = []
    for _at, _told in enumerate(statements):
        _came = sorted(set(members[_at]) - set(members[_at - 1])) if _at else []
        _left = sorted(set(members[_at - 1]) - set(members[_at])) if _at else []
        _said = _told.words if _told.year == years[_at] else f"In {_told.year}: {_told.words}"
        _rows.append(
            f"| {years[_at]} | {_said} | {', '.join(_came) or '-'} | {', '.join(_left) or '-'} |"
        )
    mo.md(
        "## 1. What the reports say, and what you saw at the gate\n\n"
        "| Year | Children looked after who have a plan | Came | Left |\n"
        "| :-- | :-- | :-- | :-- |\n" + "\n".join(_rows)
    )
    return


@app.cell
def attack(everybody, has_plan, members, statements, years):
    from collections import Counter
    from itertools import product

    # children who were there in the same years cannot be told apart
    kinds = {child: tuple(child in year for year in members) for child in everybody}

    def find_ways(told, insider):
        """Every way that fits: of each kind of child, how many of the others have a plan.

        told: the least and the most of each year that says something, by its place.
        """
        others = Counter(kind for child, kind in kinds.items() if child != insider)
        names = sorted(others)
        for counts in product(*(range(others[name] + 1) for name in names)):
            way = dict(zip(names, counts, strict=True))
            if all(
                least
                <= sum(count for name, count in way.items() if name[at])
                + (has_plan[insider] and insider in members[at])
                <= most
                for at, (least, most) in told.items()
            ):
                yield way

    def list_certain(told, insider):
        """Of whom the insider is certain."""
        others = Counter(kind for child, kind in kinds.items() if child != insider)
        ways = list(find_ways(told, insider))
        sure = {
            kind
            for kind, number in others.items()
            if all(way[kind] == 0 for way in ways) or all(way[kind] == number for way in ways)
        }
        return [child for child in everybody if child != insider and kinds[child] in sure]

    said = {years.index(each.year): tuple(each.band) for each in statements}
    # the control: the same reports with the number itself
    exact = {at: (sum(has_plan[child] for child in there),) * 2 for at, there in enumerate(members)}
    return exact, find_ways, kinds, list_certain, said


@app.cell
def choose_child(everybody, mo):
    known = mo.ui.dropdown(
        everybody, value=everybody[0], label="You know this child", full_width=True
    )
    target = mo.ui.dropdown(
        everybody, value=everybody[-1], label="The child to find", full_width=True
    )
    guess = mo.ui.radio(("has a plan", "has no plan"), value="has a plan", label="Your guess")
    tell = mo.ui.run_button(label="Guess")
    mo.vstack([mo.md("## 2. Your turn"), known, target, guess, tell])
    return guess, known, target, tell


@app.cell
def score_board(mo):
    get_guesses, set_guesses = mo.state(())
    return get_guesses, set_guesses


@app.cell
def keep_score(guess, has_plan, known, set_guesses, target, tell):
    if tell.value and known.value != target.value:
        _is_right = has_plan[target.value] == (guess.value == "has a plan")
        set_guesses(lambda before: (*before, _is_right))
    return


@app.cell
def explain(find_ways, get_guesses, kinds, known, mo, said, target):
    from collections import Counter as _Counter

    def _describe(way):
        return ", ".join(
            f"{count} of {number} who were there in {_list_years(kind)}"
            for kind, number, count in (
                (kind, others[kind], count) for kind, count in way.items() if others[kind]
            )
        )

    def _list_years(kind):
        return " and ".join(f"report {at}" for at, is_there in enumerate(kind, start=1) if is_there)

    others = _Counter(kind for child, kind in kinds.items() if child != known.value)
    _kind = kinds[target.value]
    _ways = list(find_ways(said, known.value))
    _with = next((way for way in _ways if way[_kind] > 0), None)
    _without = next((way for way in _ways if way[_kind] < others[_kind]), None)
    if known.value == target.value:
        _text = "That is the child whom you know. Choose another one."
    elif _with and _without:
        _text = (
            f"**Nobody can be certain of {target.value}: {len(_ways):,} ways fit.**\n\n"
            f"- {target.value} may have a plan: {_describe(_with)}.\n"
            f"- {target.value} may have none: {_describe(_without)}."
        )
    else:
        _text = f"**You have found {target.value}.** Tell us how: this should never be."
    _right, _guesses = sum(get_guesses()), len(get_guesses())
    mo.md(f"{_text}\n\nYour score: {_right} of {_guesses} guesses right. Luck alone gives half.")
    return (others,)


@app.cell
def best_attackers(everybody, exact, list_certain, mo, said):
    found = {insider: list_certain(said, insider) for insider in everybody}
    found_exactly = {insider: list_certain(exact, insider) for insider in everybody}
    broken = sum(map(bool, found.values()))
    broken_exactly = sum(map(bool, found_exactly.values()))
    mo.md(
        f"## 3. The best attackers: {broken} of {len(everybody)} find somebody\n\n"
        f"Each child's family, in turn, knows its own child and makes no mistake. With statements, "
        f"**{broken}** of them are certain of another child. Had the reports given the number "
        f"itself, **{broken_exactly}** would be."
    )
    return broken, broken_exactly


@app.cell
def limits_of_it(mo):
    mo.md("""
    ## What this cannot tell you

    - Somebody may know two children fully, or more. Then less is hidden from them.
    - Somebody may know whose plan is new. Over some years that has told of a child, seldom.
    - Somebody may have other papers about the same children. The tool knows only its own.

    So a report still goes to few people, and a person reads it before it goes.

    ## Try it

    Try few children, then many. In a later year the report may say an older
    statement once more: then nothing new may be said. That never hangs on who has a plan now.
    """)
    return


if __name__ == "__main__":
    app.run()
