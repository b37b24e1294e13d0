"""The chart catalogue: functions from frames of mart columns to figures."""

from dashboard.charts.dots import child_dots
from dashboard.charts.figure import Figure
from dashboard.charts.reasons import reason_bars
from dashboard.charts.register import by_term, register_calendar
from dashboard.charts.shapes import unit_shapes
from dashboard.charts.slope import score_slope
from dashboard.charts.strip import weekday_strip
from dashboard.charts.timeline import Event, timeline
from dashboard.charts.weeks import week_lines

__all__ = [
    "Event",
    "Figure",
    "by_term",
    "child_dots",
    "reason_bars",
    "register_calendar",
    "score_slope",
    "timeline",
    "unit_shapes",
    "week_lines",
    "weekday_strip",
]
