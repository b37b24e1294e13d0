"""What each chart shows, read from the picture's own data: order, words, shapes, colours."""

import json
import re
import tomllib
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dashboard.charts import palette
from dashboard.charts.figure import Figure
from dashboard.charts.reasons import draw_reason_bars
from dashboard.charts.register import draw_register_calendar, split_by_term
from dashboard.charts.slope import draw_score_slope
from dashboard.charts.timeline import Event, draw_timeline
from dashboard.charts.weeks import draw_week_lines
from tests.support.web.colours import contrast

_HANDLES = ["copper lantern", "amber kettle", "zigzag lettuce", "arctic calendar", "velvet spoon"]


def must(figure: Figure | None) -> Figure:
    """A figure where there is something to draw."""
    assert figure is not None
    return figure


def spec_of(figure: Any) -> Any:
    return figure.chart.to_dict()


def datasets(spec: Any) -> Any:
    return list(spec["datasets"].values())


def marks(spec: Any) -> Any:
    return [layer["mark"]["type"] for layer in spec["layer"]]


# weeks


def weeks(*pairs: Any, school: Any = 0.05, start: Any = date(2026, 9, 7)) -> Any:
    """Rows of queries.read.cohort_weeks: (absent, possible) a week; None is a holiday."""
    rows = [
        {
            "week_start": start + timedelta(weeks=n),
            "absent_sessions": pair[0],
            "possible_sessions": pair[1],
            "absence_rate": pair[0] / pair[1],
            "school_absence_rate": school,
        }
        for n, pair in enumerate(pairs)
        if pair is not None
    ]
    schema = {
        "week_start": pl.Date, "absent_sessions": pl.Int64, "possible_sessions": pl.Int64,
        "absence_rate": pl.Float64, "school_absence_rate": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(1, 100)], "Attended at least as much as the whole school in the one week so far"),
        ([(9, 100)], "The whole school attended more in the one week so far"),
        ([(5, 100), (5, 100)], "Attended at least as much as the whole school in all 2 weeks"),
        ([(9, 100), (5, 100), (1, 100)],
         "Attended at least as much as the whole school in 2 of 3 weeks"),
    ],
)  # fmt: skip
def test_the_title_of_the_weeks_counts_them(pairs: Any, expected: Any) -> None:
    assert must(draw_week_lines(weeks(*pairs))).title == expected


def test_no_week_makes_no_line() -> None:
    assert draw_week_lines(weeks()) is None


def test_a_holiday_breaks_the_line() -> None:
    rows = datasets(spec_of(draw_week_lines(weeks((4, 100), None, (6, 100)))))[0]
    group = {row["week"]: row["attended"] for row in rows if row["series"] == "This group"}
    assert group == {"7 Sep": 96.0, "14 Sep": None, "21 Sep": 94.0}


def test_an_unrecorded_school_has_no_line_and_the_words_say_so() -> None:
    figure = must(draw_week_lines(weeks((4, 100), (6, 100), school=None)))
    rows = datasets(spec_of(figure))[0]
    assert {row["series"] for row in rows} == {"This group"}
    assert "whole school's weeks are not recorded" in figure.subtitle
    assert figure.table["Whole school"].to_list() == ["not recorded", "not recorded"]
    assert figure.title == "Sessions attended in 2 school weeks"


def test_the_weeks_and_their_table_are_the_same_numbers() -> None:
    figure = must(draw_week_lines(weeks((4, 100), (6, 120))))
    assert figure.table.rows() == [
        ("7 September 2026", "4 of 100", "96.0%", "95.0%"),
        ("14 September 2026", "6 of 120", "95.0%", "95.0%"),
    ]
    assert "lowest week was 95.0% and the highest 96.0%" in figure.alt_text


def test_the_groups_own_past_is_shaded_and_told() -> None:
    """The middle half of last year's weeks; nothing where there is no such week."""
    last_year = weeks(*((missed, 100) for missed in (0, 4, 8, 12, 60)))
    figure = must(draw_week_lines(weeks((4, 100), (6, 100)), last_year))
    assert {"low": 88.0, "high": 96.0} in [
        row for rows in datasets(spec_of(figure)) for row in rows
    ]
    said = "In half of last year's weeks, attendance was 88.0% to 96.0%"
    assert f"{said} (shaded)." in figure.subtitle
    assert said in figure.alt_text
    bare = must(draw_week_lines(weeks((4, 100), (6, 100)), weeks()))
    assert "shaded" not in bare.subtitle
    assert not [row for rows in datasets(spec_of(bare)) for row in rows if "low" in row]


# chart 10


def reasons(*rows: Any) -> Any:
    schema = {"code": pl.String, "reason": pl.String, "is_authorised": pl.Boolean,
              "children": pl.Int64, "absent_sessions": pl.Int64}  # fmt: skip
    return pl.DataFrame(list(rows), schema=schema, orient="row")


_ILLNESS = ("I", "Illness (not appointment)", True, 7, 53)
_OTHER = ("O", "Other or unknown circumstances", False, 2, 12)


def test_no_reason_makes_no_bars() -> None:
    assert draw_reason_bars(reasons()) is None


def test_bars_are_counts_in_the_order_of_length() -> None:
    figure = must(draw_reason_bars(reasons(_ILLNESS, _OTHER)))
    assert figure.title == "Most common reason: illness, 53 of 65 sessions"
    rows = datasets(spec_of(figure))[0]
    assert [(row["sessions"], row["label"]) for row in rows] == [
        (53, "53 sessions: Illness"),
        (12, "12 sessions: Other or unknown circumstances"),
    ]
    bar = next(layer for layer in spec_of(figure)["layer"] if layer["mark"]["type"] == "bar")
    assert bar["encoding"]["y"]["sort"] == ["I", "O"]
    assert bar["encoding"]["x"]["scale"]["zero"] is True
    assert figure.table["Reason"].to_list() == [
        "Illness (not appointment), code I",
        "Other or unknown circumstances, code O",
    ]
    assert figure.table["Authorised"].to_list() == ["yes", "no"]
    assert figure.table["Sessions missed"].to_list() == [53, 12]


def test_one_reason_and_a_tie_have_titles_of_their_own() -> None:
    one = must(draw_reason_bars(reasons(("I", "Illness", True, 1, 1))))
    assert one.title == "1 session missed, for one reason"
    tie = must(draw_reason_bars(reasons(_ILLNESS, ("O", "Other", False, 2, 53))))
    assert tie.title == "106 sessions missed, for 2 reasons"


# chart 3


def register(marks_of_days: Any, start: Any = date(2026, 9, 7)) -> Any:
    """Rows of queries.read.child_sessions: two codes a weekday, `-` for no mark."""
    kinds = {"/": ("present", True, False), "\\": ("present", True, False),
             "L": ("late", True, False), "I": ("authorised absence", True, True),
             "O": ("unauthorised absence", True, True), "#": ("closed", False, False),
             "Y": ("not possible", False, False), "-": ("not recorded", False, False),
             "?": (None, False, False)}  # fmt: skip
    rows, day = [], start
    for pair in marks_of_days.split():
        while day.weekday() > 4:
            day += timedelta(1)
        for half, code in zip(("AM", "PM"), pair, strict=True):
            kind, possible, absent = kinds[code]
            rows.append(("ID00000001", day, half, None if code == "-" else code,
                         None if kind in (None, "not recorded") else f"word of {code}",
                         kind, possible, absent))  # fmt: skip
        day += timedelta(1)
    schema = {"pupil_id": pl.String, "session_date": pl.Date, "half": pl.String,
              "code": pl.String, "label": pl.String, "kind": pl.String,
              "is_possible": pl.Boolean, "is_absent": pl.Boolean}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def calendar(sessions: Any) -> Any:
    return draw_register_calendar(sessions, handle="copper lantern", when="autumn term 2026")


@pytest.mark.parametrize(
    ("marks_of_days", "expected"),
    [
        ("YY", "No possible sessions in autumn term 2026"),
        ("/\\ /\\", "Missed none of 4 sessions in autumn term 2026"),
        ("/O", "Missed 1 of 2 sessions in autumn term 2026"),
        ("OO /\\ /\\ /\\ /\\ OO /\\ I\\",
         "Missed 5 of 16 sessions in autumn term 2026, 4 of them on Mondays"),
    ],
)  # fmt: skip
def test_the_title_of_the_calendar_names_a_pattern_only_when_there_is_one(
    marks_of_days: Any, expected: Any
) -> None:
    assert calendar(register(marks_of_days)).title == expected


def test_a_session_has_a_cell_of_its_own_with_its_letter() -> None:
    rows = datasets(spec_of(calendar(register("/O L- Y? "))))[0]
    cells = {row["row"]: (row["kind"], row["letter"]) for row in rows}
    assert cells == {
        "Mon AM": ("Present", ""),
        "Mon PM": ("Unauthorised absence", "O"),
        "Tue AM": ("Late", "L"),
        "Tue PM": ("Not recorded", "-"),
        "Wed AM": ("Not possible", "Y"),
        "Wed PM": ("Code not known", "?"),
    }


def test_weeks_without_school_stay_empty_columns() -> None:
    sessions = pl.concat([register("/\\"), register("/\\", start=date(2026, 9, 21))])
    layer = spec_of(calendar(sessions))["layer"][0]
    assert layer["encoding"]["x"]["scale"]["domain"] == ["7 Sep", "14 Sep", "21 Sep"]
    assert {row["week"] for row in datasets(spec_of(calendar(sessions)))[0]} == {"7 Sep", "21 Sep"}


def test_the_table_has_every_session_but_the_plainly_present() -> None:
    sessions = register("/O L- /\\")
    table = calendar(sessions).table
    assert table.rows() == [
        ("Tuesday 8 September 2026", "PM", "-", "Not recorded"),
        ("Tuesday 8 September 2026", "AM", "L", "Word of L"),
        ("Monday 7 September 2026", "PM", "O", "Word of O"),
    ]
    present = sessions.filter(pl.col("kind") == "present").height
    assert table.height + present == sessions.height


def test_terms_are_parted_by_two_weeks_without_marks_and_newest_first() -> None:
    days = "/\\ " * 5
    sessions = pl.concat(
        [
            register(days, start=date(2026, 9, 7)),
            register(days, start=date(2026, 11, 2)),
            register("## ##", start=date(2026, 12, 21)),
            register(days, start=date(2027, 1, 4)),
            register(days, start=date(2027, 4, 12)),
        ]
    )
    terms = split_by_term(sessions)
    assert list(terms) == ["summer term 2027", "spring term 2027", "autumn term 2026"]
    assert {name: rows.height for name, rows in terms.items()} == {
        "summer term 2027": 10,
        "spring term 2027": 10,
        "autumn term 2026": 20,
    }
    assert split_by_term(sessions.clear()) == {}


# chart 2

_BANDS = pl.DataFrame(
    {"band": ["lower", "middle", "upper"], "lowest": [0, 14, 17], "highest": [13, 16, 40]}
)


def scores(*pairs: Any, informant: Any = "carer") -> Any:
    """Rows of queries.read.sdq: one child a pair of totals, None for no earlier one."""
    rows = []
    for n, (before, now) in enumerate(pairs):
        child = {
            "pupil_id": f"ID{n:08d}", "handle": _HANDLES[n], "year_group": 3,
            "is_looked_after": True, "informant": informant, "band": "lower",
            "band_lowest": 0, "band_highest": 13, "reason": None,
        }  # fmt: skip
        first = {"sdq_date": date(2025, 10, 1), "total": before, "previous_date": None,
                 "change": None}  # fmt: skip
        if before is not None:
            rows.append({**child, **first})
        rows.append(
            {
                **child,
                "sdq_date": date(2026, 10, 1),
                "total": now,
                "previous_date": date(2025, 10, 1) if before is not None else None,
                "change": now - before if before is not None else None,
            }
        )
    schema = {"change": pl.Int64, "previous_date": pl.Date}
    return pl.DataFrame(rows, schema_overrides=schema)


def slope(*pairs: Any) -> Any:
    return draw_score_slope(scores(*pairs), "carer", _BANDS)


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(20, 18)], "Scores by carers: lower than before for the 1 child with two"),
        ([(18, 20)], "Scores by carers: higher than before for the 1 child with two"),
        ([(18, 18)], "Scores by carers: the same as before for the 1 child with two"),
        ([(20, 18), (8, 9)], "Scores by carers: lower than before for 1 of 2 children"),
        ([(20, 18), (8, 7), (3, 3)], "Scores by carers: lower than before for 2 of 3 children"),
    ],
)
def test_the_title_of_the_slope_counts_children_and_no_size(pairs: Any, expected: Any) -> None:
    assert slope(*pairs).title == expected


def test_no_child_with_two_scores_by_one_person_makes_no_slope() -> None:
    assert slope((None, 12)) is None
    assert draw_score_slope(scores((1, 2), informant="teacher"), "carer", _BANDS) is None


def test_all_rows_look_alike_and_the_bands_are_the_informants() -> None:
    spec = spec_of(slope((20, 10), (10, 20)))
    line = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "rule")
    assert set(line["encoding"]) == {"x", "x2", "y"}
    subtitle = slope((20, 10)).subtitle
    assert "middle 14 to 16, upper from 17" in subtitle
    assert "A lower score is better" in subtitle


def test_the_slopes_table_and_alt_say_the_same() -> None:
    figure = slope((20, 18), (None, 12))
    assert "1 child has one score only." in figure.subtitle
    assert figure.table["Score before"].to_list() == ["20 on 1 October 2025", "\u2013"]
    now = [f"{n} on 1 October 2026: lower band (0 to 13), carer form" for n in (18, 12)]
    assert figure.table["Latest score"].to_list() == now
    assert all(each in figure.alt_text for each in now)


# chart 4


def lanes(*rows: Any) -> Any:
    schema = {"lane": pl.String, "label": pl.String, "start_date": pl.Date, "end_date": pl.Date}
    return pl.DataFrame(rows, schema=schema, orient="row")


_FIRST, _LAST = date(2025, 9, 1), date(2026, 11, 20)


def line_of(periods: Any, events: Any = ()) -> Any:
    return draw_timeline(periods, list(events), handle="copper lantern", first=_FIRST, last=_LAST)


def test_a_timeline_counts_homes_and_dates_within_its_window() -> None:
    periods = lanes(
        ("home", "foster home", date(2024, 1, 1), date(2025, 9, 1)),
        ("home", "foster home", date(2025, 9, 1), date(2026, 1, 5)),
        ("home", "foster home", date(2026, 1, 5), None),
        ("legal status", "Full care order", date(2024, 1, 1), None),
    )
    events = [
        Event("PEP", date(2025, 1, 1), "too old"),
        Event("PEP", date(2026, 2, 2), "2 February 2026, held"),
        Event("SDQ", date(2026, 3, 2), "2 March 2026, 14"),
    ]
    figure = line_of(periods, events)
    assert figure.title == "2 homes, 1 PEP and 1 SDQ since September 2025"
    assert figure.table["What"].to_list() == ["SDQ", "PEP", "Home", "Home", "Legal status"]
    assert "too old" not in figure.alt_text
    assert "Full care order, from 1 January 2024 to now" in figure.alt_text
    heads = [row["label"] for rows in datasets(spec_of(figure)) for row in rows if "label" in row]
    assert set(heads) == {
        "Home: foster home", "Legal status: Full care order",
        "PEP: 2 February 2026, held", "SDQ: 2 March 2026, 14",
    }  # fmt: skip


def test_a_timeline_has_only_the_lanes_it_was_given() -> None:
    figure = line_of(lanes(("group", "looked after", date(2026, 1, 1), None)))
    assert figure.title == "From September 2025 on"
    assert "PEP" not in str(spec_of(figure)["datasets"])
    assert line_of(lanes()) is None


# all of them


@cache
def _all() -> dict[str, Figure]:
    figures = {
        "weeks": draw_week_lines(weeks((4, 100), (6, 120))),
        "reasons": draw_reason_bars(reasons(_ILLNESS, _OTHER)),
        "register": calendar(register("/O L- Y?")),
        "slope": slope((20, 18), (None, 12)),
    }
    return {name: must(figure) for name, figure in figures.items()}


_EACH = pytest.mark.parametrize("name", ["weeks", "reasons", "register", "slope"])


@_EACH
def test_every_chart_is_white_and_wide_in_a_generic_font_and_reads_each_mark_out(name: str) -> None:
    spec = spec_of(_all()[name])
    assert spec["background"] == "#FFFFFF"
    assert spec["width"] == "container"
    for part in ("axis", "legend", "text"):
        fonts = [
            value for key, value in spec["config"][part].items() if key.lower().endswith("font")
        ]
        assert fonts
        assert all(font.endswith("sans-serif") for font in fonts)
    assert any("description" in layer["encoding"] for layer in spec["layer"])


@_EACH
def test_every_chart_says_which_way_is_better_under_a_short_title(name: str) -> None:
    figure = _all()[name]
    assert any(word in figure.subtitle for word in ("Further right means more", "better"))
    assert len(figure.title.split()) <= 13
    assert figure.alt_text.endswith(".")


#: Each colour as it is on a light and on a dark page.
_THEMES = pytest.mark.parametrize("shown", [str, palette.DARK.__getitem__], ids=["light", "dark"])


@_THEMES
def test_text_and_marks_can_be_told_from_their_ground(shown: Callable[[str], str]) -> None:
    def measure(one: str, other: str) -> float:
        return contrast(shown(one), shown(other))

    for text in (palette.TEXT, palette.QUIET_TEXT, palette.LINE):
        assert measure(text, palette.WHITE) >= 4.5
    marks_on_white = (palette.MAIN, palette.LINE, palette.NEEDS_ATTENTION, palette.OVERDUE)
    for mark in (*marks_on_white, palette.QUIET_LINE):
        assert measure(mark, palette.WHITE) >= 3
    for band in (palette.WHITE, palette.TRACK):
        assert measure(palette.MAIN, band) >= 3
        assert measure(palette.LINE, band) >= 3
        assert measure(palette.TEXT, band) >= 4.5
    for fill, letter in palette.SESSION_COLOURS.values():
        assert measure(fill, letter) >= 4.5


@_THEMES
def test_the_greys_of_a_register_differ_or_carry_a_letter(shown: Callable[[str], str]) -> None:
    present = shown(palette.SESSION_COLOURS["present"][0])
    for kind in ("authorised absence", "unauthorised absence", "late"):
        assert contrast(shown(palette.SESSION_COLOURS[kind][0]), present) >= 1.8


@_EACH
def test_a_chart_for_a_dark_page_has_no_colour_of_a_light_one(name: Any) -> None:
    """Nor a ground: that of the page is the one that its colours were measured on."""
    figure = _all()[name]
    light, dark = (
        json.dumps(
            figure.build_spec(is_dark=is_dark),
            default=lambda content: pl.read_ipc_stream(content).rows(),
        )
        for is_dark in (False, True)
    )
    assert set(re.findall("#[0-9A-F]{6}", light)) <= set(palette.DARK)
    assert set(re.findall("#[0-9A-F]{6}", dark)) <= set(palette.DARK.values())
    assert '"background": "transparent"' in light


_CONFIG = Path(__file__).parents[2] / "dashboard" / ".streamlit" / "config.toml"


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_colours_of_a_page_can_be_told_apart(name: str) -> None:
    """Text, links, badges and the words on a button; and the edge of a field."""
    theme = tomllib.loads(_CONFIG.read_text(encoding="utf-8"))["theme"][name]
    for ground in ("backgroundColor", "secondaryBackgroundColor"):
        assert contrast(theme["textColor"], theme[ground]) >= 4.5
        assert contrast(theme["linkColor"], theme[ground]) >= 4.5
        assert contrast(theme["primaryColor"], theme[ground]) >= 3
    assert contrast(theme["borderColor"], theme["backgroundColor"]) >= 3
    for colour in ("yellow", "blue", "gray"):
        assert contrast(theme[f"{colour}TextColor"], theme[f"{colour}BackgroundColor"]) >= 4.5
    assert contrast("#FFFFFF", theme["primaryColor"]) >= 4.5
    ground = palette.WHITE if name == "light" else palette.DARK[palette.WHITE]
    assert theme["backgroundColor"] == ground
