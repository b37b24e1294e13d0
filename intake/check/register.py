"""Sum the rows of a register: by child, and by session and code.

A register has as many rows as a school has children and sessions.  Whatever concerns all of them
is worked out from these two tables, which are small.
"""

from dataclasses import dataclass, field

import polars as pl

#: The code of a planned closure, which is entered ahead and is no child's mark.
CLOSURE = "#"

_CHILDREN = pl.Schema(
    {
        "upn": pl.String(),
        "rows": pl.Int64(),
        "marked": pl.Int64(),
        "marks": pl.Int64(),
        "first": pl.Date(),
        "last": pl.Date(),
        "first_mark": pl.Date(),
        "last_mark": pl.Date(),
    }
)
_SESSIONS = pl.Schema(
    {"date": pl.Date(), "session": pl.String(), "code": pl.String(), "rows": pl.Int64()}
)


@dataclass(frozen=True, eq=False)
class Summary:
    """The sums of some rows of a register.

    Attributes:
        children: By `upn`, the number of `rows`, of `marked` rows, and of rows with a mark other
            than a closure (`marks`), and the first and last day of rows and of marked rows.
        sessions: By `date`, `session` and `code`, the number of `rows`.
    """

    children: pl.DataFrame = field(default_factory=_CHILDREN.to_frame, repr=False)
    sessions: pl.DataFrame = field(default_factory=_SESSIONS.to_frame, repr=False)

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return int(self.sessions["rows"].sum())


def sum_rows(rows: pl.DataFrame) -> Summary:
    """Return the sums of typed rows."""
    day, is_marked = pl.col("date"), pl.col("code").is_not_null()
    children = rows.group_by("upn").agg(
        rows=pl.len(),
        marked=is_marked.sum(),
        marks=(pl.col("code") != CLOSURE).sum(),
        first=day.min(),
        last=day.max(),
        first_mark=day.filter(is_marked).min(),
        last_mark=day.filter(is_marked).max(),
    )
    sessions = rows.lazy().group_by("date", "session", "code").agg(rows=pl.len())
    return Summary(children.cast(_CHILDREN), sessions.collect(engine="streaming").cast(_SESSIONS))
