"""The style that all charts share."""

from typing import Any, cast

import altair as alt

from dashboard.charts.palette import FONT, GRID, QUIET_LINE, QUIET_TEXT, TEXT, WHITE

#: Letters at this size or larger can be read on a phone and in print.
FONT_SIZE = 12

_AXIS = 44
_LEGEND_ROW = 24


def style_layers(*layers: alt.Chart, height: int, legend_rows: int = 0) -> alt.LayerChart:
    """Return the layers as one chart on white, as wide as its place, with our font and lines.

    `height` is the height of the marks in pixels. The axis and the legend are added to it, since
    the page fits everything into the height of the chart.
    """
    text: dict[str, Any] = {"labelFont": FONT, "labelFontSize": FONT_SIZE, "labelColor": TEXT}
    titles: dict[str, Any] = {
        "titleFont": FONT,
        "titleFontSize": FONT_SIZE,
        "titleFontWeight": "normal",
        "titleColor": QUIET_TEXT,
    }
    lines: dict[str, Any] = {"gridColor": GRID, "domainColor": QUIET_LINE, "tickColor": QUIET_LINE}
    around = _AXIS + legend_rows * _LEGEND_ROW
    chart = (
        alt.layer(*layers)
        .properties(width="container", height=height + around, background=WHITE)
        .configure_view(stroke=None)
        .configure_axis(aria=False, **lines, **text, **titles)
        .configure_legend(
            orient="top", title=None, symbolStrokeWidth=1, labelLimit=260, aria=False, **text
        )
        # each mark has a description, which its letters, the axes and the legend would repeat
        .configure_text(font=FONT, fontSize=FONT_SIZE, aria=False)
    )
    return cast("alt.LayerChart", chart)
