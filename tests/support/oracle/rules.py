"""The rules that the oracle works by: those that ship, and others near them for drawn schools.

They are written a second time here, and a test holds them equal to queries/reference.  Whoever
asks a view of a drawn school writes the school's own into the store (`apply`).
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

import duckdb


class Look(NamedTuple):
    """A reason to look at a child: how many school days or weeks back, and its least figure."""

    window: int
    least: int


_LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        "missed_sessions": Look(10, 4),
        "unbroken_illness": Look(10, 4),
        "no_reason_yet": Look(0, 1),
        "same_weekday": Look(4, 3),
        "late_mornings": Look(20, 4),
        "suspended": Look(20, 1),
        "excluded": Look(20, 1),
        "moved_home": Look(20, 1),
        "care_changed": Look(20, 1),
        "became_persistent": Look(40, 1),
        "high_absence": Look(0, 1),
        "tenth_again": Look(0, 3),
        "unauthorised_sessions": Look(10, 10),
        "part_time_timetable": Look(7, 6),
        "no_timetable": Look(4, 1),
        "sdq_rise": Look(20, 1),
        "overdue_here": Look(0, 1),
        "waits_on_others": Look(6, 1),
        "concern_follow_up": Look(0, 1),
        "intervention_review": Look(0, 1),
        "timetable_review": Look(0, 1),
        "follow_up": Look(0, 1),
    }
)


@dataclass(frozen=True)
class Rules:
    """Thresholds by the name of their row, and looks by their rule."""

    persistent_absence: Fraction = Fraction(1, 10)
    severe_absence: Fraction = Fraction(1, 2)
    high_absence: Fraction = Fraction(1, 5)
    weeks_before_rates: int = 6
    days_to_explain_n: int = 5
    looked_after_months: int = 12
    action_closes_days: int = 20
    transfer_year_group: int = 6
    re_referral_months: int = 12
    history_months: int = 12
    school_start_months: int = 2
    late_one_in: int = 4
    sdq_chance_carer: int = 9
    sdq_chance_teacher: int = 6
    sdq_chance_self: int = 7
    long_closure_weeks: int = 4
    before_closure_weeks: int = 1
    looks: Mapping[str, Look] = field(default_factory=lambda: _LOOKS)

    @property
    def thresholds(self) -> dict[str, Fraction | int]:
        """The thresholds by name."""
        names = [each.name for each in fields(self) if each.name != "looks"]
        return {name: getattr(self, name) for name in names}


def drawn_rules(number: int) -> Rules:
    """The usual rules for every other school, else some near them."""
    if number % 2 == 0:
        return Rules()
    draw = random.Random(f"rules of {number}")
    hundredths = draw.randrange(5, 20)
    return Rules(
        persistent_absence=Fraction(hundredths, 100),
        high_absence=Fraction(draw.randrange(10, 40), 100),
        late_one_in=draw.randrange(2, 9),
        sdq_chance_carer=draw.randrange(1, 10),
        sdq_chance_teacher=draw.randrange(1, 10),
        sdq_chance_self=draw.randrange(1, 10),
        severe_absence=Fraction(draw.randrange(hundredths, 70), 100),
        weeks_before_rates=draw.randrange(1, 9),
        days_to_explain_n=draw.randrange(2, 9),
        looked_after_months=draw.randrange(6, 15),
        action_closes_days=draw.randrange(5, 25),
        transfer_year_group=draw.randrange(4, 7),
        re_referral_months=draw.randrange(6, 15),
        history_months=draw.randrange(6, 15),
        long_closure_weeks=draw.randrange(2, 6),
        before_closure_weeks=draw.randrange(1, 4),
        looks={
            rule: Look(
                max(1, look.window + draw.randrange(-3, 4)) if look.window else 0,
                max(1, look.least + draw.randrange(-1, 2)),
            )
            for rule, look in _LOOKS.items()
        },
    )


def apply(db: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    """Write the rules over those of the store."""
    for name, value in rules.thresholds.items():
        set_threshold(db, name, value)
    for rule, look in rules.looks.items():
        set_look(db, rule, look)


def set_threshold(db: duckdb.DuckDBPyConnection, name: str, value: Fraction | float) -> None:
    """Write one threshold over the store's."""
    parameters = {"name": name, "value": float(value)}
    db.execute("update ref_threshold set value = $value where name = $name", parameters)


def set_look(db: duckdb.DuckDBPyConnection, rule: str, look: Look) -> None:
    """Write one look over the store's."""
    db.execute(
        'update ref_look set "window" = $window, threshold = $least where rule = $rule',
        {"rule": rule, **look._asdict()},
    )
