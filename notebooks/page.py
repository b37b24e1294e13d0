"""The parts of a notebook's page: its head, a finding with its chart and query, and its limits.

A chart is drawn here and not in the browser, so that the page and a file that is sent have the
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

#: The width in pixels of a chart as wide as the page.  A phone shows it smaller.
_WIDTH = 560


def prepare_to_draw() -> None:
    """Load all that writes text and draws charts, which takes a second, while a browser starts."""
    mo.md("")
    import_module("altair")
    convert_chart({"mark": "point"})


def show_head(lac: Lac, title: str, question: str) -> mo.Html:
    """Show the title, the question, and the description of the data."""
    return mo.md(f"# {title}\n\n**Question:** {question}\n\n{describe(lac)}")


def describe(lac: Lac) -> str:
    """Say which school, day and role the figures are for, and what they may be used for."""
    kind = "Demo data: no real children." if lac.is_demo else "Real data."
    return (
        f"{kind} {lac.school}, as at {words.format_short_day(lac.day)}, register up to "
        f"{words.format_short_day(lac.register_day)}, for the "
        f"{words.format_roles(lac.role).lower()}. Code names only. Use these figures to support "
        "the children and improve the school. Do not pass them on outside."
    )


def show_finding(title: str, *parts: mo.Html | str) -> mo.Html:
    """Show a finding as a heading, with its parts below."""
    shown = [mo.md(part) if isinstance(part, str) else part for part in parts if part]
    return mo.vstack([mo.md(f"## {title}"), *shown])


def show_figure(figure: Figure | None, query: str, nothing: str) -> mo.Html:
    """Show a chart with its query and a table.  nothing: the text to show if there is no chart."""
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
    """Show all rows of a table."""
    return mo.Html(format_table(rows))


def show_limits(*limits: str) -> mo.Html:
    """Show what the notebook cannot tell."""
    return mo.md("## What this cannot tell you\n\n" + "\n".join(f"- {limit}" for limit in limits))


def convert_chart(spec: dict[str, object]) -> str:
    """Return a Vega-Lite chart as SVG, with its own width or that of the page."""
    width = spec["width"] if isinstance(spec.get("width"), int) else _WIDTH
    drawn: str = vl_convert.vegalite_to_svg(json.dumps({**spec, "width": width}))
    return drawn.replace("<svg ", "<svg aria-hidden='true' ", 1)


def format_table(rows: pl.DataFrame) -> str:
    """Return a frame as an HTML table."""
    head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in rows.columns)
    body = "".join(
        f"<tr>{''.join(f'<td>{_format_cell(value)}</td>' for value in row)}</tr>"
        for row in rows.rows()
    )
    return f"<table class='rows'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _format_cell(value: object) -> str:
    return words.NOTHING if value is None else escape(f"{value}")
