"""The charts of the report: from frames of published figures to pictures, and pictures to files.

A chart shows figures that stand in the table after it and nothing else: its marks carry no
hidden descriptions, and a figure that is held back is never drawn.
"""

import io
import json
from functools import cache
from typing import Any, Final

import altair as alt
import polars as pl
import vl_convert
from PIL import Image

from dashboard.charts.figure import FONT_SIZE, style_layers
from dashboard.charts.palette import MAIN, QUIET_TEXT, TEXT
from dashboard.report.content.model import Picture
from dashboard.report.render import letters
from dashboard.text import words
from safeguards.disclosure.solver.suppressed import Suppressed, SuppressedError

AltairChart = alt.Chart | alt.LayerChart

#: Units of a chart over the width of the text: 12 of them are letters of 11 points.
_WIDTH: Final = 500
_LOGO: Final = (900, 450)
_BAR = 26


class LogoError(ValueError):
    """The school's logo is no picture that we can print."""


@cache
def _register_fonts() -> None:
    vl_convert.register_font_directory(str(letters.create_font_folder()))


def to_svg(chart: AltairChart) -> str:
    """The chart as SVG in the report's letters; the same chart gives the same text."""
    _register_fonts()
    spec = _set_fonts(chart.to_dict(), letters.FONT_STACK)
    spec["config"]["aria"] = False
    return vl_convert.vegalite_to_svg(json.dumps(spec))


def to_png(picture: str, *, width: float, ppi: int = 200) -> bytes:
    """The SVG as PNG, `width` inches wide at `ppi` dots an inch."""
    _register_fonts()
    natural = float(_attribute(picture, "width"))
    # the renderer takes a unit for a point, of which an inch has 72
    return vl_convert.svg_to_png(picture, scale=width * 72 / natural, ppi=ppi)


def _attribute(picture: str, name: str) -> str:
    return picture.partition(f' {name}="')[2].partition('"')[0]


def _set_fonts(part: Any, chain: str) -> Any:
    """A chart's description with `chain` wherever a font is named."""
    if isinstance(part, dict):
        return {
            key: chain if key in _FONT_KEYS else _set_fonts(value, chain)
            for key, value in part.items()
            if key != "datasets"
        } | ({"datasets": part["datasets"]} if "datasets" in part else {})
    return [_set_fonts(each, chain) for each in part] if isinstance(part, list) else part


_FONT_KEYS = {"font", "labelFont", "titleFont", "subtitleFont"}


def clean_logo(data: bytes) -> bytes:
    """The school's logo as a small PNG without what a camera or a program wrote into it.

    Raises LogoError where `data` is no PNG or JPEG picture.
    """
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            image.thumbnail(_LOGO)
            plain = image.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise LogoError("The logo is not a PNG or JPEG picture.") from error
    plain.info.clear()
    out = io.BytesIO()
    plain.save(out, "PNG")
    return out.getvalue()


def draw_sessions_by_reason(rows: pl.DataFrame, finding: str) -> Picture | None:
    """Bars of the sessions missed for each reason, the longest first; None when none was.

    `rows` have `reason` (text) and `sessions` (a count); `finding` is the caption.  Raises
    SuppressedError where a figure is held back.
    """
    _require_counts(rows, "sessions")
    rows = rows.filter(pl.col("sessions") > 0).sort("sessions", "reason", descending=[True, False])
    if rows.is_empty():
        return None
    data = rows.with_columns(
        label=pl.col("sessions").map_elements(lambda each: f"{each:,}", pl.String)
    )
    base = alt.Chart(data).encode(
        x=alt.X("sessions:Q", scale=alt.Scale(zero=True, nice=False), axis=None),
        y=alt.Y(
            "reason:N",
            sort=rows["reason"].to_list(),
            axis=alt.Axis(title=None, ticks=False, domain=False, labelPadding=8, labelLimit=230),
        ),
    )
    bars = base.mark_bar(height=15, color=MAIN)
    text = base.mark_text(align="left", dx=5, color=TEXT).encode(text="label:N")
    spoken = "; ".join(
        f"{row['reason']}: {words.format_count(row['sessions'], 'session')}"
        for row in rows.to_dicts()
    )
    return Picture(
        svg=to_svg(
            _sized([bars, text], _BAR * rows.height, "Sessions missed. A shorter bar is better.")
        ),
        alt=f"Bar chart. {finding.rstrip('.')}. {spoken}.",
        caption=finding,
    )


def _sized(layers: list[alt.Chart], height: int, how_to_read: str) -> alt.LayerChart:
    title = alt.TitleParams(
        how_to_read,
        anchor="start",
        frame="bounds",
        font=letters.FONT_STACK,
        fontSize=FONT_SIZE,
        fontWeight="normal",
        color=QUIET_TEXT,
        offset=4,
    )
    # padding 0: the left edge of the picture stands on that of the text
    return style_layers(*layers, height=height).properties(
        width=_WIDTH,
        height=height,
        title=title,
        padding=0,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
    )


def _require_counts(rows: pl.DataFrame, *names: str) -> None:
    """Raise unless the columns are counts, all of them there."""
    for name in names:
        column = rows[name]
        if column.dtype == pl.Object and any(isinstance(each, Suppressed) for each in column):
            raise SuppressedError(f"a figure of {name!r} is held back, and is not drawn")
        if not column.dtype.is_integer() or column.null_count() or any(n < 0 for n in column):
            raise ValueError(f"the column {name!r} has something else than counts")
