"""How a notebook looks: its head, a finding with its chart and its query, and its limits.

A chart is drawn here and not in the browser, so that a page and a file that is sent hold the
same picture, and neither has a script of its own.
"""

import json
from html import escape
from importlib import import_module

import marimo as mo
import polars as pl
import vl_convert

from dashboard.charts.figure import Figure
from dashboard.text import words
from notebooks.analysis import Lac

#: Of a chart whose place is as wide as the page; a phone shows it smaller.
_WIDTH = 560


def prepare_to_draw() -> None:
    """Begin what writes text and draws charts, which takes a second, while a browser begins."""
    mo.md("")
    import_module("altair")
    convert_chart({"mark": "point"})


def show_head(lac: Lac, title: str, question: str) -> mo.Html:
    """What is asked, of which day, for whom, and what it may be used for."""
    return mo.md(f"# {title}\n\n**Question:** {question}\n\n{describe(lac)}")


def describe(lac: Lac) -> str:
    """Of which day and for whom it is, and what may be done with it."""
    kind = "Demo data: no real children." if lac.is_demo else "Real data."
    return (
        f"{kind} {lac.school}, as at {words.format_short_day(lac.day)}, register up to "
        f"{words.format_short_day(lac.register_day)}, for the "
        f"{words.format_roles(lac.role).lower()}. Code names only. Use these figures to support "
        "the children and improve the school. Do not pass them on outside."
    )


def show_finding(title: str, *parts: mo.Html | str) -> mo.Html:
    """A finding as a heading, and what there is to it."""
    shown = [mo.md(part) if isinstance(part, str) else part for part in parts if part]
    return mo.vstack([mo.md(f"## {title}"), *shown])


def show_figure(figure: Figure | None, query: str, nothing: str) -> mo.Html:
    """A chart with its query beside it and the same as a table; nothing: why there is none."""
    asked = f"<pre class='query'>{escape(query.strip())}</pre>"
    if figure is None:
        return mo.Html(f"<p>{escape(nothing)}</p>{asked}")
    drawn = convert_chart(figure.chart.to_dict(validate=False))
    return mo.Html(
        f"<p>{escape(figure.subtitle)}</p><div class='beside'>"
        f"<figure role='img' aria-label='{escape(figure.alt_text)}'>{drawn}</figure>"
        f"{asked}</div><details><summary>The same as a table</summary>"
        f"{format_table(figure.table)}</details>"
    )


def show_table(rows: pl.DataFrame) -> mo.Html:
    """A table, all rows of it."""
    return mo.Html(format_table(rows))


def show_limits(*limits: str) -> mo.Html:
    """What the notebook cannot tell."""
    return mo.md("## What this cannot tell you\n\n" + "\n".join(f"- {each}" for each in limits))


def convert_chart(spec: dict[str, object]) -> str:
    """A chart of Vega-Lite as SVG, as wide as its place."""
    width = spec["width"] if isinstance(spec.get("width"), int) else _WIDTH
    drawn: str = vl_convert.vegalite_to_svg(json.dumps({**spec, "width": width}))
    return drawn.replace("<svg ", "<svg aria-hidden='true' ", 1)


def format_table(rows: pl.DataFrame) -> str:
    """A frame as a table of HTML."""
    head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in rows.columns)
    body = "".join(
        f"<tr>{''.join(f'<td>{_format_cell(value)}</td>' for value in row)}</tr>"
        for row in rows.rows()
    )
    return f"<table class='rows'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _format_cell(value: object) -> str:
    return words.NOTHING if value is None else escape(f"{value}")
