"""What the rows of a register come to: by child, and by session and code.

A register has as many rows as a school has children and sessions; what is asked of all of them is
asked of these two, which are small, whether the rows are at hand or in a database.
"""

from dataclasses import dataclass, field
from functools import reduce

import polars as pl

#: Halves of a day and codes, a byte each, since a store has very many of them.
WORD = pl.Categorical(pl.Categories("lac_mark", physical=pl.UInt8))
#: A planned closure, which is entered ahead, is nobody's mark.
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
    {
        "date": pl.Date(),
        "session": pl.String(),
        "code": pl.String(),
        "rows": pl.Int64(),
        "row": pl.UInt32(),
    }
)


@dataclass(frozen=True, eq=False)
class Summary:
    """The sums of some rows.

    children: by `upn` how many `rows`, how many of them `marked` (for different sessions), how many
    of those with a mark of theirs (`marks`), and the first and last day of rows and of marks.
    sessions: by `date`, `session` and `code` how many `rows`, and the first `row`.
    """

    children: pl.DataFrame = field(default_factory=_CHILDREN.to_frame, repr=False)
    sessions: pl.DataFrame = field(default_factory=_SESSIONS.to_frame, repr=False)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self.sessions["rows"].sum())


def sum_rows(rows: pl.DataFrame) -> Summary:
    """The sums of typed rows."""
    day, is_marked = pl.col("date"), pl.col("code").is_not_null()
    children = rows.group_by("upn").agg(
        rows=pl.len(),
        marked=pl.struct("date", "session").filter(is_marked).n_unique(),
        marks=(pl.col("code") != CLOSURE).sum(),
        first=day.min(),
        last=day.max(),
        first_mark=day.filter(is_marked).min(),
        last_mark=day.filter(is_marked).max(),
    )
    sessions = rows.group_by("date", "session", "code").agg(rows=pl.len(), row=pl.col("row").min())
    return Summary(children.cast(_CHILDREN), sessions.cast(_SESSIONS))


def add_sums(*parts: Summary) -> Summary:
    """The sums of all rows of some parts, of which no two have a mark of one child and session."""
    return reduce(_add, parts, Summary())


def _add(one: Summary, other: Summary) -> Summary:
    children = pl.concat([one.children, other.children])
    sessions = pl.concat([one.sessions, other.sessions])
    return Summary(
        children.group_by("upn")
        .agg(
            pl.col("rows", "marked", "marks").sum(),
            pl.col("first", "first_mark").min(),
            pl.col("last", "last_mark").max(),
        )
        .select(_CHILDREN.names()),
        sessions.group_by("date", "session", "code").agg(pl.col("rows").sum(), pl.col("row").min()),
    )
