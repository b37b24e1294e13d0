"""int_look_day: the school days to which each rule of ref_look looks back."""

from tests.conftest import YEAR_2026, Answer, Given
from tests.support.small_store import SmallStore


def test_each_rule_looks_back_over_its_window(
    case: SmallStore, given: Given, answer: Answer
) -> None:
    """School days or school weeks, the one of the day among them; holidays are neither."""
    given(calendar=YEAR_2026)
    days = [day for _, day in answer("int_look_day", by="rule school_day", as_at="2026-11-04")]
    assert max(days) == "2026-11-04"
    found: dict[str, list[str]] = {}
    for rule, day in answer("int_look_day", by="rule school_day", as_at="2026-11-04"):
        found.setdefault(rule, []).append(day)
    windows = case.connection.execute('select rule, "window", window_unit from ref_look').fetchall()
    assert {unit for _, _, unit in windows} == {"school day", "week", "month", None}
    for rule, window, unit in windows:
        if unit == "school day":
            assert len(found[rule]) == window
        elif unit == "week":
            weeks = ["2026-11-02", "2026-10-19", "2026-10-12", "2026-10-05", "2026-09-28"]
            weeks += ["2026-09-21", "2026-09-14", "2026-09-07", "2026-09-02"]
            assert min(found[rule]) == weeks[:window][-1]
        else:
            assert rule not in found
    # 2 to 4 November are three, then the seven before half term
    assert min(found["missed_sessions"]) == "2026-10-15"
