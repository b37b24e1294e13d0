"""What the notebooks work out, by small rows whose answer is seen by eye."""

from datetime import date, timedelta

import polars as pl
import pytest

from dashboard.charts.pairs import Pair, Wording, draw_pairs
from notebooks.figures import before_after, chance, duties, outcomes, premium, scores, weeks

_DAY = date(2026, 10, 5)
_WEEK = {"week_start": _DAY, "absent_sessions": 1, "possible_sessions": 10}
_SCHOOL = {"school_absence_rate": 5 / 100}


def starts(*days: date) -> pl.DataFrame:
    rows = [{"pupil_id": "A", "handle": "a b", "what": "maths", "day": day} for day in days]
    return pl.DataFrame(rows)


# Chance


@pytest.mark.parametrize(
    ("changes", "share"),
    [
        ([-1.0], 1 / 2),  # down, or up if swapped
        ([-1.0, -1.0], 1 / 4),
        ([-1.0, -1.0, -1.0], 1 / 8),
        ([1.0, 1.0], 1 / 4),  # a rise is held against rises
        ([-2.0, 1.0], 2 / 4),  # -1 or lower: -3 and -1
        ([0.0, 0.0], 1.0),
        ([], 1.0),
    ],
)
def test_of_all_swaps_those_with_as_much(changes: list[float], share: float) -> None:
    assert chance.compute_shuffle_share(changes) == share


def test_of_many_a_sample_is_tried_which_is_the_same_each_time() -> None:
    many = [-1.0, 1.0] * 10
    assert chance.compute_shuffle_share(many) == chance.compute_shuffle_share(many)
    assert chance.compute_shuffle_share([-1.0] * 20) < 0.001
    assert 0.5 < chance.compute_shuffle_share(many) < 0.7


def test_a_coin() -> None:
    assert chance.compute_toss_share(4, 6) == (15 + 6 + 1) / 64
    assert chance.format_tries(22 / 64) == "34 of 100 tries"
    assert chance.format_tries(0.001) == "fewer than 1 of 100 tries"


# Before and after


def days_of(*missed: int, first: date = _DAY) -> pl.DataFrame:
    """A day a session count missed of two possible, on days that follow each other."""
    return pl.DataFrame(
        [
            {
                "pupil_id": "A",
                "session_date": (day := first + timedelta(days=n)),
                "week_start": day - timedelta(days=day.weekday()),
                "possible": 2,
                "missed": each,
            }
            for n, each in enumerate(missed)
        ]
    )


def test_the_schools_own_change_is_taken_off() -> None:
    """The child missed a half more, and so did everybody."""
    second = _DAY + timedelta(days=7)
    line = days_of(0, 0, 0, 0, 0, 0, 0, 1, 1).with_columns(
        school_rate=pl.when(pl.col("session_date") < second).then(0.0).otherwise(0.5)
    )
    (found,) = before_after.compare_sessions(starts(second), line, span=2, fewest=2)
    assert (found.after.value, found.after.school, found.change) == (50.0, 50.0, 0.0)


def test_each_child_counts_once_in_the_finding() -> None:
    side, lower = before_after.Side(2, "two"), before_after.Side(1, "one")
    found = [
        before_after.Comparison("A", "a b", "maths", _DAY, side, lower),
        before_after.Comparison("A", "a b", "maths", _DAY - timedelta(days=1), lower, side),
        before_after.Comparison("B", "c d", "maths", _DAY, side, lower),
    ]
    assert before_after.write_title(found, "Score") == "Score: less than before for 1 of 2 children"
    assert "comes up in 75 of 100 tries" in before_after.write_test(found)
    assert before_after.write_title([], "Score") == "Score: there is nobody to compare yet"
    figure = before_after.draw_comparison(found, outcome="Score", axis="Score", since="a start")
    assert figure is not None
    assert figure.table.columns == ["Child", "Before", "After"]
    assert before_after.draw_comparison([], outcome="Score", axis="x", since="a start") is None


@pytest.mark.parametrize(
    ("asked", "kind", "outcome"),
    [
        ("By kind of help", "Maths", outcomes.STEPS),
        ("By kind of help", "A mentor", outcomes.SCORE),
        ("By kind of help", "part-time timetable", outcomes.SESSIONS),
        ("By kind of help", "All", outcomes.SESSIONS),
        ("Score", "Maths", outcomes.SCORE),
    ],
)
def test_an_outcome_goes_with_the_kind_of_help(asked: str, kind: str, outcome: str) -> None:
    assert outcomes.choose_outcome(asked, kind) == outcome


# A group's weeks


def test_a_group_beside_the_schools_share_of_each_week() -> None:
    """10 at 5 of 100, and 30 at 10 of 100: 0.5 and 3."""
    rows = pl.DataFrame(
        [
            _WEEK | _SCHOOL,
            _WEEK | _SCHOOL | {"possible_sessions": 30, "school_absence_rate": 10 / 100},
            _WEEK | _SCHOOL | {"possible_sessions": 0, "absent_sessions": 0},
        ]
    )
    found = weeks.sum_weeks(rows, 10)
    assert (found.missed, found.possible, found.as_school) == (2, 40, 3.5)
    assert weeks.write_title(found, "looked after") == (
        "Children looked after at the time missed 2 of 40 sessions; "
        "at the rate of all children at their school it would be 4"
    )


def test_only_like_weeks_are_steps() -> None:
    """From 100 to 40 possible sessions is no step; of the two others one is more than a week."""
    rows = pl.DataFrame(
        [
            _WEEK | _SCHOOL | {"possible_sessions": possible, "absent_sessions": missed}
            for possible, missed in ((100, 0), (100, 11), (40, 0), (40, 10))
        ]
    )
    assert weeks.sum_weeks(rows, 10).steps == (1, 2)


def test_a_group_without_weeks() -> None:
    rows = pl.DataFrame([_WEEK | _SCHOOL]).clear()
    found = weeks.sum_weeks(rows, 10)
    assert weeks.write_title(found, "all") == "All groups together have no sessions in this year"
    assert weeks.write_one_child(found, 10) == "There is no school week with sessions yet."
    assert weeks.write_other_population(None) == ""


# Scores


def test_moves_of_scores() -> None:
    newest = pl.DataFrame(
        {"change": [-7, -1, 0, 3, None], "is_old": [True, False, False, False, True]}
    )
    found = scores.count_moves(newest, 7)
    assert found == scores.Moves(down=2, up=1, same=1, far=1)
    assert scores.write_title(found, "carer") == (
        "Scores by carers: lower than before for 2 of 4 children"
    )
    assert "come down in 50 of 100 tries" in scores.write_chance(found, 7)
    none = scores.count_moves(newest.clear(), 7)
    assert scores.write_title(none, "self").endswith("no child has two scores yet")
    assert scores.write_chance(none, 7).startswith("No score has changed")


# Duties


def duty(due: int, done: int | None, status: str, **more: object) -> dict[str, object]:
    given = {"name": "PEP", "holder": "school", "authority": "Ashmere", "handle": "a b", **more}
    day = None if done is None else _DAY + timedelta(days=done)
    return {**given, "due_date": _DAY + timedelta(days=due), "done_date": day, "status": status}


def test_lateness_is_of_what_is_done_or_waits() -> None:
    """In time 0, late 4, waiting 10; what nothing tells of, and what is not due, have none."""
    rows = pl.DataFrame(
        [
            duty(-20, -21, "done"),
            duty(-20, -16, "done", holder="health"),
            duty(-10, None, "overdue"),
            duty(-10, None, "not recorded"),
            duty(1, None, "due soon"),
        ]
    )
    measured = duties.measure_lateness(rows, _DAY)
    assert measured["days_late"].to_list() == [0, 4, 10]
    summed = duties.sum_lateness(measured, "holder")
    assert summed.rows() == [("health", 1, 1, 4.0, 4), ("school", 2, 1, 10.0, 10)]
    figure = duties.draw_lateness(summed, measured, "holder")
    assert figure is not None
    assert figure.title == "2 of 3 duties ran late"
    assert duties.write_letters(measured, {"school": "the school"}) == [
        "To the school: PEP for a b, since 25 September 2026 (Ashmere)."
    ]


def test_no_late_duty_is_no_chart() -> None:
    measured = duties.measure_lateness(pl.DataFrame([duty(-2, -2, "done")]), _DAY)
    assert duties.draw_lateness(duties.sum_lateness(measured, "name"), measured, "name") is None


# Money


def test_money_by_term_and_kind() -> None:
    one = {
        "first_day": _DAY, "academic_year": "2026/27", "term": "autumn", "kind": "A tutor",
        "sums": 2, "planned": 1500, "spent": 900, "unspent_sums": 1, "in_pep": 1,
    }  # fmt: skip
    rows = pl.DataFrame([one, one | {"kind": "A club", "planned": 100, "unspent_sums": 0}])
    terms = premium.sum_terms(rows)
    assert terms.select("planned", "spent", "sums").rows() == [(1600, 1800, 4)]
    figure = premium.draw_terms(terms)
    assert figure is not None
    assert figure.title == "£1,800 of £1,600 planned was spent"
    assert figure.subtitle.endswith("What was spent of 1 amount is not recorded.")
    kinds = premium.tabulate_kinds(rows)
    assert kinds["Kind of help"].to_list() == ["A club", "A tutor"]
    assert kinds["Asked for by a PEP"].to_list() == ["1 of 2", "1 of 2"]
    assert premium.draw_terms(terms.clear()) is None


# The chart


def test_a_pair_is_two_dots_with_their_words() -> None:
    wording = Wording("It fell", "Each row is one child.", ("Before", "After"), "Score", "School")
    pairs = [Pair("a b", 3, 1, ("three", "one"), 2, "two"), Pair("c d", 3, None, ("three", ""))]
    figure = draw_pairs(pairs, wording)
    assert figure is not None
    spec = figure.chart.to_dict()
    labels = [row["label"] for rows in spec["datasets"].values() for row in rows if "label" in row]
    assert labels == ["a b, school: two", "a b, before: three", "a b, after: one",
                      "c d, before: three"]  # fmt: skip
    assert figure.table.columns == ["Child", "Before", "After", "School"]
    with_band = draw_pairs([Pair("a b", 3, 4, ("three", "four"), 2, "two", 1)], wording)
    assert with_band is not None
    drawn = [len(each.chart.to_dict()["layer"]) for each in (figure, with_band)]
    assert drawn == [3, 4]
    assert figure.alt_text.startswith("Chart with 2 pairs of dots. It fell. a b: three, then one")
