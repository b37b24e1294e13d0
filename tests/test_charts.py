"""What each chart shows, read from the picture's own data: order, words, shapes, colours."""

from datetime import date, timedelta

import polars as pl
import pytest

from dashboard import charts
from dashboard.charts import palette

_HANDLES = ["copper lantern", "amber kettle", "zigzag lettuce", "arctic calendar", "velvet spoon"]


def members(*absent, possible=142, early=()):
    """Rows of queries.read.members: one child a number of absent sessions."""
    return pl.DataFrame(
        {
            "pupil_id": [f"ID{n:08d}" for n in range(len(absent))],
            "handle": _HANDLES[: len(absent)],
            "year_group": [3 + n // 2 for n in range(len(absent))],
            "absent_sessions": list(absent),
            "possible_sessions": [possible] * len(absent),
            "absence_rate": [n / possible if possible else None for n in absent],
            "is_persistent_absentee": [n * 10 >= possible if possible else None for n in absent],
            "is_too_early": [n in early for n in range(len(absent))],
        },
        schema_overrides={
            "absence_rate": pl.Float64,
            "is_persistent_absentee": pl.Boolean,
            "is_too_early": pl.Boolean,
            "possible_sessions": pl.Int64,
        },
    )


def dots(rows, school_rate=0.054):
    return charts.child_dots(rows, threshold=0.1, school_rate=school_rate)


def spec_of(figure):
    return figure.chart.to_dict()


def datasets(spec):
    return list(spec["datasets"].values())


def marks(spec):
    return [layer["mark"]["type"] for layer in spec["layer"]]


# chart 1


@pytest.mark.parametrize(
    ("absent", "expected"),
    [
        ([0], "The child has not missed 1 session in 10 or more"),
        ([15], "1 child has missed 1 session in 10 or more"),
        ([0, 14], "No child has missed 1 session in 10 or more"),
        ([0, 15], "1 of 2 children has missed 1 session in 10 or more"),
        ([15, 20, 3], "2 of 3 children have missed 1 session in 10 or more"),
    ],
)
def test_the_title_of_the_dots_is_the_finding(absent, expected):
    assert dots(members(*absent)).title == expected


def test_no_child_with_enough_sessions_makes_no_chart():
    assert dots(members()) is None
    assert dots(members(0, possible=0)) is None


def test_children_stand_by_year_group_and_handle_and_never_by_value():
    rows = members(40, 2, 20, 0, 9)
    figure = dots(rows)
    given = [f"{row['handle']}, Year {row['year_group']}" for row in rows.iter_rows(named=True)]
    orders = {
        tuple(layer["encoding"]["y"]["scale"]["domain"])
        for layer in spec_of(figure)["layer"]
        if "scale" in layer["encoding"].get("y", {})
    }
    assert orders == {(" ", *given)}
    assert figure.table["Child"].to_list() == rows["handle"].to_list()


def test_each_dot_says_its_sessions_and_its_table_says_the_same():
    figure = dots(members(14, 0))
    labels = {row["child"]: row["label"] for row in _child_rows(figure)}
    assert labels == {
        "copper lantern, Year 3": "14 of 142 sessions missed",
        "amber kettle, Year 3": "0 of 142 sessions missed",
    }
    assert figure.table.rows() == [
        ("copper lantern", "Year 3", "14 of 142", "90.1%"),
        ("amber kettle", "Year 3", "0 of 142", "100.0%"),
    ]


def test_one_in_ten_has_a_shape_of_its_own_and_not_a_colour_alone():
    spec = spec_of(dots(members(14, 15)))
    point = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "point")
    assert point["encoding"]["shape"]["scale"]["range"] == ["triangle-down", "circle"]
    assert point["mark"]["opacity"] == 1
    assert [row["kind"] for row in _child_rows(dots(members(14, 15)))] == [
        "Missed less",
        "Missed 1 session in 10 or more",
    ]


def test_too_early_has_words_and_no_dot():
    figure = dots(members(2, 15, early=(0,)))
    row = _child_rows(figure)[0]
    assert row["attended"] is None
    assert row["label"] == "Too early: 2 of 142 sessions"
    assert figure.title == "1 child has missed 1 session in 10 or more"
    assert "1 child has too few school weeks for a dot." in figure.subtitle
    assert figure.table["Attended"][0] == "too early to say"
    assert dots(members(2, early=(0,))) is None


def test_the_axis_stays_where_it_is_unless_a_dot_would_fall_off():
    assert _domain(dots(members(0, 71))) == [50, 100]
    assert _domain(dots(members(0, 72))) == [0, 100]


def test_the_lines_say_what_they_are_and_an_unrecorded_school_has_none():
    names = {row["name"] for rows in datasets(spec_of(dots(members(3)))) for row in rows
             if "name" in row}  # fmt: skip
    assert names == {"10% missed", "Whole school 94.6%"}
    alone = spec_of(dots(members(3), school_rate=None))
    names = {row["name"] for rows in datasets(alone) for row in rows if "name" in row}
    assert names == {"10% missed"}


def test_the_spoken_text_of_the_dots_is_the_data():
    text = dots(members(14, 0, 40)).alt_text
    assert text == (
        "Dot plot of 3 children. 1 of 3 children has missed 1 session in 10 or more. "
        "Sessions attended: from 71.8% to 100.0%. Whole school: 94.6% of sessions."
    )


def test_no_id_goes_to_the_browser():
    for figure in (dots(members(14, 0)), calendar(register("/\\ OO"))):
        assert "ID0000" not in str(spec_of(figure))
        assert "pupil" not in str(spec_of(figure))


# weeks


def weeks(*pairs, school=0.05, start=date(2026, 9, 7)):
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
def test_the_title_of_the_weeks_counts_them(pairs, expected):
    assert charts.week_lines(weeks(*pairs)).title == expected


def test_no_week_makes_no_line():
    assert charts.week_lines(weeks()) is None


def test_a_holiday_breaks_the_line():
    rows = datasets(spec_of(charts.week_lines(weeks((4, 100), None, (6, 100)))))[0]
    group = {row["week"]: row["attended"] for row in rows if row["series"] == "This group"}
    assert group == {"7 Sep": 96.0, "14 Sep": None, "21 Sep": 94.0}


def test_an_unrecorded_school_has_no_line_and_the_words_say_so():
    figure = charts.week_lines(weeks((4, 100), (6, 100), school=None))
    rows = datasets(spec_of(figure))[0]
    assert {row["series"] for row in rows} == {"This group"}
    assert "whole school's weeks are not recorded" in figure.subtitle
    assert figure.table["Whole school"].to_list() == ["not recorded", "not recorded"]
    assert figure.title == "Sessions attended in 2 school weeks"


def test_the_weeks_and_their_table_are_the_same_numbers():
    figure = charts.week_lines(weeks((4, 100), (6, 120)))
    assert figure.table.rows() == [
        ("7 September 2026", "4 of 100", "96.0%", "95.0%"),
        ("14 September 2026", "6 of 120", "95.0%", "95.0%"),
    ]
    assert "from 95.0% to 96.0% of sessions" in figure.alt_text


# chart 10


def reasons(*rows):
    schema = {"code": pl.String, "reason": pl.String, "is_authorised": pl.Boolean,
              "children": pl.Int64, "absent_sessions": pl.Int64}  # fmt: skip
    return pl.DataFrame(list(rows), schema=schema, orient="row")


_ILLNESS = ("I", "Illness (not appointment)", True, 7, 53)
_OTHER = ("O", "Other or unknown circumstances", False, 2, 12)


def test_no_reason_makes_no_bars():
    assert charts.reason_bars(reasons()) is None


def test_bars_are_counts_in_the_order_of_length():
    figure = charts.reason_bars(reasons(_ILLNESS, _OTHER))
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


def test_one_reason_and_a_tie_have_titles_of_their_own():
    one = charts.reason_bars(reasons(("I", "Illness", True, 1, 1)))
    assert one.title == "1 session missed, for one reason"
    tie = charts.reason_bars(reasons(_ILLNESS, ("O", "Other", False, 2, 53)))
    assert tie.title == "106 sessions missed, for 2 reasons"


# chart 3


def register(marks_of_days, start=date(2026, 9, 7)):
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


def calendar(sessions):
    return charts.register_calendar(sessions, handle="copper lantern", when="autumn term 2026")


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
def test_the_title_of_the_calendar_names_a_pattern_only_when_there_is_one(marks_of_days, expected):
    assert calendar(register(marks_of_days)).title == expected


def test_a_session_has_a_cell_of_its_own_with_its_letter():
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


def test_weeks_without_school_stay_empty_columns():
    sessions = pl.concat([register("/\\"), register("/\\", start=date(2026, 9, 21))])
    layer = spec_of(calendar(sessions))["layer"][0]
    assert layer["encoding"]["x"]["scale"]["domain"] == ["7 Sep", "14 Sep", "21 Sep"]
    assert {row["week"] for row in datasets(spec_of(calendar(sessions)))[0]} == {"7 Sep", "21 Sep"}


def test_the_table_has_every_session_but_the_plainly_present():
    sessions = register("/O L- /\\")
    table = calendar(sessions).table
    assert table.rows() == [
        ("Tuesday 8 September 2026", "PM", "-", "Not recorded"),
        ("Tuesday 8 September 2026", "AM", "L", "Word of L"),
        ("Monday 7 September 2026", "PM", "O", "Word of O"),
    ]
    present = sessions.filter(pl.col("kind") == "present").height
    assert table.height + present == sessions.height


def test_terms_are_parted_by_two_weeks_without_marks_and_newest_first():
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
    terms = charts.by_term(sessions)
    assert list(terms) == ["summer term 2027", "spring term 2027", "autumn term 2026"]
    assert {name: rows.height for name, rows in terms.items()} == {
        "summer term 2027": 10,
        "spring term 2027": 10,
        "autumn term 2026": 20,
    }
    assert charts.by_term(sessions.clear()) == {}


# all of them


def _all():
    return {
        "dots": dots(members(14, 0, 40, early=(1,))),
        "weeks": charts.week_lines(weeks((4, 100), (6, 120))),
        "reasons": charts.reason_bars(reasons(_ILLNESS, _OTHER)),
        "register": calendar(register("/O L- Y?")),
    }


@pytest.mark.parametrize("name", ["dots", "weeks", "reasons", "register"])
def test_every_chart_is_white_wide_and_has_a_generic_font(name):
    spec = spec_of(_all()[name])
    assert spec["background"] == "#FFFFFF"
    assert spec["width"] == "container"
    for part in ("axis", "legend", "text"):
        fonts = [
            value for key, value in spec["config"][part].items() if key.lower().endswith("font")
        ]
        assert fonts
        assert all(font.endswith("sans-serif") for font in fonts)


@pytest.mark.parametrize("name", ["dots", "weeks", "reasons", "register"])
def test_every_chart_says_which_way_is_better(name):
    subtitle = _all()[name].subtitle
    assert any(word in subtitle for word in ("Further right means more", "better"))


@pytest.mark.parametrize("name", ["dots", "weeks", "reasons", "register"])
def test_every_chart_reads_each_mark_out(name):
    spec = spec_of(_all()[name])
    assert any("description" in layer["encoding"] for layer in spec["layer"])


@pytest.mark.parametrize("name", ["dots", "weeks", "reasons", "register"])
def test_titles_are_short(name):
    figure = _all()[name]
    assert len(figure.title.split()) <= 13
    assert figure.alt_text.endswith(".")


def test_text_and_marks_can_be_told_from_their_ground():
    for text in (palette.TEXT, palette.QUIET_TEXT, palette.LINE):
        assert contrast(text, palette.WHITE) >= 4.5
    marks_on_white = (palette.MAIN, palette.LINE, palette.NEEDS_ATTENTION, palette.OVERDUE)
    for mark in (*marks_on_white, palette.QUIET_LINE):
        assert contrast(mark, palette.WHITE) >= 3
    for fill, letter in palette.SESSION_COLOURS.values():
        assert contrast(fill, letter) >= 4.5


def test_the_printed_greys_of_a_register_differ_or_carry_a_letter():
    present = palette.SESSION_COLOURS["present"][0]
    for kind in ("authorised absence", "unauthorised absence", "late"):
        assert contrast(palette.SESSION_COLOURS[kind][0], present) >= 1.8


def contrast(one, other):
    """The ratio of WCAG 2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _child_rows(figure):
    return next(rows for rows in datasets(spec_of(figure)) if "label" in rows[0])


def _domain(figure):
    spec = spec_of(figure)
    domains = [
        layer["encoding"]["x"]["scale"]["domain"]
        for layer in spec["layer"]
        if "scale" in layer["encoding"]["x"]
    ]
    assert all(domain == domains[0] for domain in domains)
    assert len(domains) == len(spec["layer"])
    return domains[0]
