"""The rules that the oracle works by: those that ship, and others near them for drawn schools.

They are written a second time here, and a test holds them equal to queries/reference.  Whoever
asks a view of a drawn school writes the school's own into the store (`apply`).
"""

import random
from dataclasses import dataclass, fields
from fractions import Fraction

import duckdb


@dataclass(frozen=True)
class Rules:
    """Thresholds by the name of their row."""

    persistent_absence: Fraction = Fraction(1, 10)
    severe_absence: Fraction = Fraction(1, 2)
    weeks_before_rates: int = 6
    days_to_explain_n: int = 5
    looked_after_months: int = 12
    transfer_year_group: int = 6
    re_referral_months: int = 12
    history_months: int = 12
    school_start_months: int = 2
    long_closure_weeks: int = 4
    before_closure_weeks: int = 1

    @property
    def thresholds(self) -> dict[str, Fraction | int]:
        """The thresholds by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def drawn_rules(number: int) -> Rules:
    """The usual rules for every other school, else some near them."""
    if number % 2 == 0:
        return Rules()
    draw = random.Random(f"rules of {number}")
    hundredths = draw.randrange(5, 20)
    return Rules(
        persistent_absence=Fraction(hundredths, 100),
        severe_absence=Fraction(draw.randrange(hundredths, 70), 100),
        weeks_before_rates=draw.randrange(1, 9),
        days_to_explain_n=draw.randrange(2, 9),
        looked_after_months=draw.randrange(6, 15),
        transfer_year_group=draw.randrange(4, 7),
        re_referral_months=draw.randrange(6, 15),
        history_months=draw.randrange(6, 15),
        long_closure_weeks=draw.randrange(2, 6),
        before_closure_weeks=draw.randrange(1, 4),
    )


def apply(db: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    """Write the rules over those of the store."""
    for name, value in rules.thresholds.items():
        parameters = {"name": name, "value": float(value)}
        db.execute("update ref_threshold set value = $value where name = $name", parameters)
