"""int_duty_step: duties whose clocks run from one recorded step to another."""

import pytest

from tests.conftest import Answer, Given


def steps(*told: tuple[str, str]) -> str:
    """The steps of one child."""
    rows = [f"P1 | {day} | {event}" for day, event in told]
    return "\n".join(["pupil | protection_date | event", *rows])


@pytest.mark.parametrize(
    ("told", "done"),
    [
        # open, and done on its own day
        ((), {"2026-03-02": None}),
        ((("2026-03-02", "initial conference"),), {"2026-03-02": "2026-03-02"}),
        # the same clock began anew: the first is over, unless it was done up to that day
        ((("2026-05-05", "strategy discussion"),), {"2026-05-05": None}),
        (
            (("2026-05-05", "strategy discussion"), ("2026-05-05", "initial conference")),
            {"2026-03-02": "2026-05-05", "2026-05-05": "2026-05-05"},
        ),
        (
            (("2026-05-05", "strategy discussion"), ("2026-05-06", "initial conference")),
            {"2026-05-05": "2026-05-06"},
        ),
        # passed: no record tells how
        ((("2026-04-01", "conference not needed"),), {}),
        (
            (("2026-04-01", "initial conference"), ("2026-05-01", "case closed")),
            {"2026-03-02": "2026-04-01"},
        ),
    ],
)
def test_a_conference_from_a_strategy_discussion(
    given: Given, answer: Answer, told: tuple[tuple[str, str], ...], done: dict[str, str | None]
) -> None:
    """Done by the first step that does it, passed by one that shows it, taken over by a new one."""
    given(raw_protection=steps(("2026-03-02", "strategy discussion"), *told))
    found = answer("int_duty_step", by="rule started_on", columns="done_date")
    assert {day: value for (rule, day), value in found.items() if rule == "ICPC"} == done


def test_a_review_is_done_by_the_next(given: Given, answer: Answer) -> None:
    """The step that starts a clock does not do it, but the next of its kind does."""
    given(
        raw_protection=steps(
            ("2026-01-12", "review conference"), ("2026-07-06", "review conference")
        )
    )
    found = answer("int_duty_step", by="started_on", columns="done_date")
    assert found == {"2026-01-12": "2026-07-06", "2026-07-06": None}
