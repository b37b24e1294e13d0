"""Work out the band of a child's age on a day: under 5, 5 to 9, 10 and over.

The functions return expressions for polars. A null in a column that they read gives null.
"""

import polars as pl

from queries.school_year import build_age_year, build_school_year


def compute_age(birth: str, day: str) -> pl.Expr:
    """Return the age in whole years, on the date in `day`, of a child born on that in `birth`."""
    born, on = pl.col(birth).dt, pl.col(day).dt
    is_to_come = (on.month() < born.month()) | (
        (on.month() == born.month()) & (on.day() < born.day())
    )
    return on.year() - born.year() - is_to_come.cast(pl.Int32)


def list_births(roll: pl.DataFrame) -> pl.DataFrame:
    """Return by UPN the date of birth on the roll, as `born`: the earliest if there are several."""
    return roll.group_by("upn").agg(born=pl.col("date_of_birth").min())


def compute_birth_band(birth: str, day: str) -> pl.Expr:
    """Return the band, on the date in the column `day`, of a child born on that in `birth`.

    A band begins on the birthday.  A child born on 29 February has their birthday on 1 March in a
    common year.
    """
    age = compute_age(birth, day)
    return _build_band(age, under_5=age < 5, over_9=age >= 10)  # noqa: PLR2004 - the bands' own ages


def compute_year_group_band(year_group: str, year_group_date: str, day: str) -> pl.Expr:
    """Return the band on `day` of a child whose year group is known for `year_group_date`.

    A school gives a year group for its school year.  The band follows the year of age, which
    begins on 1 September.  Children turn 5 in Reception (0) and 10 in Year 5.  So everybody is 5
    to 9 in Years 1 to 4, and 10 or over from Year 6.  Year 5 is given as 5 to 9, though some
    children in it are 10: both bands have the same intervals, so no due date changes.  Up to
    Reception the interval depends on the birthday, which a year group does not give: null.
    """
    years = build_age_year(pl.col(day)) - build_school_year(pl.col(year_group_date))
    group = pl.col(year_group) + years
    return _build_band(group, under_5=pl.lit(False), over_9=group >= 6).pipe(  # noqa: PLR2004
        lambda band: pl.when(group >= 1).then(band)
    )


def _build_band(known: pl.Expr, *, under_5: pl.Expr, over_9: pl.Expr) -> pl.Expr:
    return (
        pl.when(known.is_null())
        .then(None)
        .when(under_5)
        .then(pl.lit("under 5"))
        .when(over_9)
        .then(pl.lit("10 and over"))
        .otherwise(pl.lit("5 to 9"))
    )
