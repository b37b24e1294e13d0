"""Chart 6: what is due?  One shape is one child, a line for each thing that recurs."""

import altair as alt
import polars as pl

from dashboard.charts.figure import Figure, style_layers
from dashboard.charts.palette import MAIN, MID_BLUE, OVERDUE, TEXT, WHITE
from dashboard.text import recurring, words

#: Shapes side by side before a new line begins: what a phone has room for.
_ACROSS = 12
_LINE = 26
_HEAD = 24
_STYLES = {
    recurring.UP_TO_DATE: ("circle", MAIN, MAIN),
    recurring.DUE_SOON: ("diamond", MID_BLUE, MAIN),
    recurring.OVERDUE: ("triangle-up", OVERDUE, OVERDUE),
    recurring.NOT_RECORDED: ("square", WHITE, TEXT),
}


def draw_unit_shapes(rows: pl.DataFrame, what: str = "check") -> Figure | None:
    """The states of children in things that recur; None when there is no row.

    `rows` are those of dashboard.text.recurring, `what` the noun that the title counts.  Shapes
    stand by state, so that a line reads as a count; who is who is in the table.
    """
    if rows.is_empty():
        return None
    things = rows["thing"].unique(maintain_order=True).to_list()
    data, heads, height = _places(rows, things)
    return Figure(
        title=_title(rows, things, what),
        subtitle=f"One shape is one child. {_key()} More circles are better.",
        chart=style_layers(*_layers(data, heads, height), height=height),
        alt_text=_alt_text(rows, things, what),
        table=_table(rows, things),
    )


def _places(
    rows: pl.DataFrame, things: list[str]
) -> tuple[list[dict[str, object]], list[dict[str, object]], int]:
    order = list(recurring.SHAPES)
    data: list[dict[str, object]] = []
    heads: list[dict[str, object]] = []
    top = 0
    for thing in things:
        own = rows.filter(pl.col("thing") == thing).to_dicts()
        heads.append({"y": top + _HEAD / 2, "label": f"{thing}: {_describe_open(own)}"})
        top += _HEAD
        # a sort that keeps the order of the children within a state
        for place, row in enumerate(sorted(own, key=lambda row: order.index(row["state"]))):
            data.append(
                {
                    "x": place % _ACROSS + 0.5,
                    "y": top + (place // _ACROSS + 0.5) * _LINE,
                    "state": row["state"],
                    "spoken": f"{thing}, {row['handle']}: {row['words']}",
                }
            )
        top += -(-len(own) // _ACROSS) * _LINE
    return data, heads, top


def _layers(
    data: list[dict[str, object]], heads: list[dict[str, object]], height: int
) -> list[alt.Chart]:
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, _ACROSS], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[height, 0], nice=False, zero=False), axis=None)
    states = list(_STYLES)
    shapes, fills, edges = (list(each) for each in zip(*_STYLES.values(), strict=True))
    points = (
        alt.Chart(pl.DataFrame(data))
        .mark_point(size=150, opacity=1, strokeWidth=1.5, filled=False)
        .encode(
            x=x,
            y=y,
            shape=alt.Shape("state:N", scale=alt.Scale(domain=states, range=shapes), legend=None),
            fill=alt.Fill("state:N", scale=alt.Scale(domain=states, range=fills), legend=None),
            stroke=alt.Stroke("state:N", scale=alt.Scale(domain=states, range=edges), legend=None),
            description=alt.Description("spoken:N"),
        )
    )
    text = (
        alt.Chart(pl.DataFrame(heads))
        .mark_text(align="left", color=TEXT, limit=alt.ExprRef("width"))
        .encode(x=alt.value(0), y=y, text="label:N")
    )
    return [text, points]


def _counts(rows: list[dict[str, object]]) -> str:
    states = [row["state"] for row in rows]
    return ", ".join(
        f"{states.count(state)} {state}" for state in recurring.SHAPES if state in states
    )


def _describe_open(rows: list[dict[str, object]]) -> str:
    """What is not up to date: a phone has no room for more."""
    counts = _counts([row for row in rows if row["state"] != recurring.UP_TO_DATE])
    return counts or "all up to date"


def _key() -> str:
    return ", ".join(f"{shape} {state}" for state, shape in recurring.SHAPES.items()) + "."


def _title(rows: pl.DataFrame, things: list[str], what: str) -> str:
    past = rows.filter(pl.col("state") == recurring.OVERDUE)
    missing = rows.filter(pl.col("state") == recurring.NOT_RECORDED).height
    if past.is_empty():
        if missing:
            return (
                f"Nothing is overdue, and {missing} {words.pluralise(missing, 'is')} not recorded"
            )
        soon = rows.filter(pl.col("state") == recurring.DUE_SOON).height
        return f"Nothing is overdue, and {soon} due soon" if soon else "All are up to date"
    counts = [(thing, past.filter(pl.col("thing") == thing).height) for thing in things]
    parts = [_short(thing, number) for thing, number in counts if number]
    many = past.height
    head = f"{words.format_count(many, what)} {words.pluralise(many, 'is')} overdue"
    # more kinds than this make no title; the lines themselves say how many
    return f"{head}: {words.format_list(parts)}" if len(parts) <= _IN_TITLE else head


_IN_TITLE = 3


def _short(thing: str, number: int) -> str:
    """A thing with its number in a title, without its time: "2 dental checks", "1 PEP"."""
    name = thing.partition(" this ")[0].partition(" in ")[0]
    if name in _TITLES:
        return f"{_TITLES[name]} for {words.format_count(number, 'child')}"
    return words.format_count(number, name if name[:2].isupper() else name[:1].lower() + name[1:])


#: Things that nobody counts by the piece.
_TITLES = {"Immunisations": "immunisations", "Optician": "the optician"}


def _alt_text(rows: pl.DataFrame, things: list[str], what: str) -> str:
    lines = [
        f"{thing}: {_counts(rows.filter(pl.col('thing') == thing).to_dicts())}" for thing in things
    ]
    children = words.format_count(rows["pupil_id"].n_unique(), "child")
    return f"Shapes for {children}. {_title(rows, things, what)}. {'. '.join(lines)}."


def _table(rows: pl.DataFrame, things: list[str]) -> pl.DataFrame:
    """A row a child, a column a thing; a dash where nothing is owed."""
    by_child: dict[str, dict[str, str]] = {}
    for row in rows.to_dicts():
        line = by_child.setdefault(
            row["pupil_id"], {"Child": row["handle"], **dict.fromkeys(things, "-")}
        )
        line[row["thing"]] = f"{recurring.SHAPES[row['state']]} {row['state']}"
    return pl.DataFrame(list(by_child.values()), schema=["Child", *things])
