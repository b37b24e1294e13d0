# Start it with:  lac notebook what_governors_see
import marimo

__generated_with = "0.25.0"
app = marimo.App(
    width="compact",
    app_title="What governors see",
    css_file="style.css",
)


@app.cell
def question():
    import marimo as mo

    mo.md("""
    # What governors see: try to find a child in this report

    **Question:** can you find a child in this report?

    You are the attacker. You have the governor report, and all the time there is.
    Small counts are hidden in it, each behind a `c`. Try to work out one of them.

    For Headteachers, governors and analysts. The children are made up, and no home is read.
    """)
    return (mo,)


@app.cell
def choose_group(limits, mo):
    children = mo.ui.slider(
        limits.fewest,
        30,
        value=18,
        debounce=True,
        show_value=True,
        full_width=True,
        label="Children",
    )
    draw = mo.ui.slider(
        1, 50, value=17, debounce=True, show_value=True, full_width=True, label="Made-up group"
    )
    mo.vstack([children, draw])
    return children, draw


@app.cell
def parameters(children, draw):
    size = children.value
    seed = draw.value
    return seed, size


@app.cell
def asked():
    from dashboard.text import rules
    from queries import read
    from safeguards.disclosure import Attribute, Limits

    _missed = rules.format_ratio(read.get_default_threshold("persistent_absence"))
    # each child is in exactly one category of each; everybody sees a child's year group
    attributes = (
        Attribute("years", "Year groups", ("Years 3 and 4", "Years 5 and 6"), is_public=True),
        Attribute("missed", "Sessions missed", (f"fewer than {_missed}", f"{_missed} or more")),
        Attribute("plan", "Education, Health and Care Plan", ("has a plan", "no plan")),
        Attribute("score", "Score by the carer", ("lower", "the same or higher", "first score")),
    )
    label = {each.key: each.label for each in attributes}
    tables = (
        *((each.key,) for each in attributes),
        ("missed", "years"),
        ("plan", "years"),
    )
    limits = Limits.from_thresholds(read.get_default_threshold)  # the report's own
    return attributes, label, limits, tables


@app.cell
def drawn(attributes, seed, size, tables):
    from random import Random

    from safeguards.disclosure import Group

    _often = {"years": (1, 1), "missed": (7, 3), "plan": (2, 3), "score": (4, 3, 2)}
    _random = Random(seed)
    group = Group(
        "made up",
        attributes,
        {
            f"child {number}": tuple(
                _random.choices(each.categories, _often[each.key])[0] for each in attributes
            )
            for number in range(size)
        },
        tables,
    )
    return (group,)


@app.cell
def gate(limits):
    from datetime import date

    from safeguards.disclosure import publish

    def report_on(group, earlier=(), before=None):
        """What the report may say, beside the earlier ones and who was in them."""
        return publish(
            [group],
            as_at=date(2026, 11, 20),
            earlier=earlier,
            before={group.name: before.children} if before else {},
            key=b"a school's own key",
            limits=limits,
        )

    return (report_on,)


@app.cell
def printing(attributes, label):
    from safeguards.disclosure.solver import suppressed

    _categories = {each.key: each.categories for each in attributes}

    def _is_told(counts):
        return any(count is not suppressed.HIDDEN for count in counts.values())

    def _table(found, row, column):
        columns = _categories[column] if column else ()
        lines = [
            [label[row], *columns, "Children"],
            [":--", *("--:" for _ in columns), "--:"],
            *(
                [
                    category,
                    *(f"{found[row, column][category, each]}" for each in columns),
                    f"{found[row,][category,]}",
                ]
                for category in _categories[row]
            ),
        ]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def format_tables(found):
        """The tables as a report has them; one that would be all hidden is named only."""
        splits = dict(table for table, counts in found.items() if table[1:] and _is_told(counts))
        parts = [
            _table(found, row, splits.get(row))
            for row in _categories
            if row in splits or _is_told(found[row,])
        ]
        left_out = [
            f"- {' by '.join([label[table[0]], *(label[key].lower() for key in table[1:])])}"
            for table, counts in found.items()
            if not _is_told(counts)
        ]
        if left_out:
            parts.append("Left out, since all of it would be hidden:\n\n" + "\n".join(left_out))
        return "\n\n".join(parts)

    def cell_name(table, cell):
        """A figure in words: Score by the carer: lower, Years 3 and 4."""
        return f"{label[table[0]]}: {', '.join(cell)}"

    return cell_name, format_tables, suppressed


@app.cell
def first_report(group, mo, format_tables, report_on, size):
    first = report_on(group)
    told = first.groups[group.name]
    figures = sum(len(counts) for counts in told.tables.values())
    mo.md(
        f"## 1. The report hides {told.suppressed_count} of {figures} figures\n\n"
        f"There are **{size} children**, and you know that. Every number is true. "
        f"A `c` may be any number, none included.\n\n{format_tables(told.tables)}"
    )
    return figures, first, told


@app.cell
def attack(told):
    from safeguards.disclosure import compute_intervals

    # the least and the most that each hidden figure can be, for one who makes no mistake
    known = compute_intervals(told)
    return compute_intervals, known


@app.cell
def choose_figure(cell_name, known, mo, size):
    pick = mo.ui.dropdown(
        {cell_name(*each): each for each in known},
        value=next((cell_name(*each) for each in known), None),
        label="A hidden figure",
        full_width=True,
    )
    guess = mo.ui.number(0, size, value=3, label="Your guess", full_width=True)
    reveal = mo.ui.run_button(label="Show the truth")
    mo.vstack([mo.md("## 2. Your turn: pick a `c` and work it out"), pick, guess, reveal])
    return guess, pick, reveal


@app.cell
def truth(group):
    from collections import Counter

    def true_count(table, cell):
        """How many children there are in a cell: what the school knows."""
        return Counter(group.select_categories(table).values())[cell]

    return (true_count,)


@app.cell
def verdict(guess, known, mo, pick, reveal, true_count):
    _said = "Nothing is hidden in this one. Try fewer children."
    if pick.value is not None:
        _least, _most = known[pick.value]
        _said = (
            f"All tables together tell this much: **from {_least} to {_most}**. "
            f"Both {_least} and {_most} fit every figure in the report."
        )
        if not _least <= guess.value <= _most:
            _said += f" So it cannot be {guess.value}."
    if pick.value is not None and reveal.value:
        _true = true_count(*pick.value)
        _said += f"\n\n**The truth is {_true}.** " + (
            "You guessed it, and the report could not tell you so."
            if guess.value == _true
            else f"You said {guess.value}."
        )
    mo.md(_said)
    return


@app.cell
def ordinary_hiding(limits, suppressed, told, true_count):
    from dataclasses import replace

    def _hide_small(count):
        return suppressed.HIDDEN if 1 <= count <= limits.small else count

    # what many reports do: hide what is small, print the rest
    ordinary = replace(
        told,
        tables={
            table: {cell: _hide_small(true_count(table, cell)) for cell in counts}
            for table, counts in told.tables.items()
        },
    )
    return ordinary, replace


@app.cell
def score(cell_name, compute_intervals, known, limits, mo, ordinary, format_tables, true_count):
    pinned = [each for each, (least, most) in known.items() if least == most]
    _known = compute_intervals(ordinary)
    recovered = {each: least for each, (least, most) in _known.items() if least == most}
    _found = [
        f"| {cell_name(*each)} | {count} | {true_count(*each)} |"
        for each, count in recovered.items()
    ]
    _table = ["| Hidden figure | Worked out | Truth |", "| :-- | --: | --: |", *_found]
    mo.vstack(
        [
            mo.md(
                f"## 3. The score: {len(pinned)} of {len(known)} here, "
                f"{len(recovered)} of {ordinary.suppressed_count} with ordinary hiding\n\n"
                "This is how many hidden figures the best attacker works out for certain. "
                f"Ordinary hiding takes out 1 to {limits.small} and prints the rest. "
                "But rows add up, and so do columns: what is missing is a subtraction.\n\n"
                "Open these after you have played, since they tell the truth."
            ),
            mo.accordion(
                {
                    "The same tables with ordinary hiding": mo.md(format_tables(ordinary.tables)),
                    "What the attacker works out there": mo.md(
                        "\n".join(_table) if _found else "Nothing, in this group. Try another one."
                    ),
                }
            ),
        ]
    )
    return pinned, recovered


@app.cell
def choose_joiner(attributes, mo):
    joiner = mo.ui.dictionary(
        {
            each.key: mo.ui.dropdown(
                each.categories, value=each.categories[-1], label=each.label, full_width=True
            )
            for each in attributes
        }
    )
    mo.vstack(
        [
            mo.md(
                "## 4. A term later one child joins\n\n"
                "You see a new child at the school gate, and so its year group. "
                "There is a second report now, and you kept the first.\n\n"
                "Choose what is true of the child. The attacker knows the year group only."
            ),
            *joiner.values(),
        ]
    )
    return (joiner,)


@app.cell
def second_reports(first, group, joiner, replace, report_on):
    grown = replace(group, children={**group.children, "new child": tuple(joiner.value.values())})

    held = report_on(grown, earlier=[first], before=group).groups[group.name]
    # safe by itself; and you know as well that one child joined
    alone = replace(report_on(grown).groups[group.name], moves=held.moves)
    return alone, held


@app.cell
def two_reports(alone, attributes, held, label, mo, told):
    from safeguards.disclosure import find_certain_facts

    def _find_certain_of_joiner(second):
        """What is certain of the new child for whoever has both reports."""
        found = find_certain_facts([told, second])
        return {each.attribute: each.category for each in found if each.movement == "joined"}

    certain_alone, certain_held = _find_certain_of_joiner(alone), _find_certain_of_joiner(held)
    _figures = sum(len(counts) for counts in held.tables.values())
    _rows = [
        f"| {label[each.key]} | {certain_alone.get(each.key, 'not certain')} "
        f"| {certain_held.get(each.key, 'not certain')} |"
        for each in attributes
        if not each.is_public
    ]
    _printed = [f"{_figures - each.suppressed_count} of {_figures}" for each in (alone, held)]
    _table = [
        "| Of the new child | Each report safe by itself | Held against the first |",
        "| :-- | :-- | :-- |",
        *_rows,
        f"| Figures printed | {' | '.join(_printed)} |",
    ]
    mo.md(
        f"## 5. What is certain of the new child: {len(certain_alone)} of {len(_rows)} "
        f"without memory, {len(certain_held)} with\n\n"
        "Each report by itself gives nobody away. Two of them can be subtracted. "
        "So the tool remembers every report, and hides more where it must.\n\n" + "\n".join(_table)
    )
    return certain_alone, certain_held


@app.cell
def limits_of_it(mo):
    mo.md("""
    ## What this cannot tell you

    The gate keeps figures from telling on a child. It does not promise more:

    - Somebody may know two children fully, or more. Then less is hidden from them.
    - Somebody may have heard a rumour. A figure that fits it can seem to prove it.
    - Somebody may have other papers about the same children. The tool knows only its own.
    - There is no formal guarantee against all that anybody might know.
      The methods that give one would leave no true figure in so small a group.

    So a report still goes to few people, and a person reads it before it goes.

    ## Try it

    Start with 18 children. Then try 8, and then 30: how much can be said of each?
    Start it with `--edit` to read how each step is done, and to change it.
    """)
    return


if __name__ == "__main__":
    app.run()
