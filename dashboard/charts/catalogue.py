"""The chart catalogue: functions from frames of mart columns to figures, by Altair."""

from dashboard.charts.pairs import Pair, Wording, draw_pairs
from dashboard.charts.reasons import draw_reason_bars
from dashboard.charts.register import draw_register_calendar, split_by_term
from dashboard.charts.slope import draw_score_slope
from dashboard.charts.strip import draw_weekday_strip
from dashboard.charts.timeline import Event, draw_timeline
from dashboard.charts.weeks import draw_week_lines

__all__ = [
    "Event",
    "Pair",
    "Wording",
    "draw_pairs",
    "draw_reason_bars",
    "draw_register_calendar",
    "draw_score_slope",
    "draw_timeline",
    "draw_week_lines",
    "draw_weekday_strip",
    "split_by_term",
]
