"""Rules of a row that many files share: days in order, and what stands only with some words."""

import polars as pl

from queries.contract.model.shape import RowRule


def keep_order(first: str, *later: str) -> tuple[RowRule, ...]:
    """No day of the `later` columns lies before the `first`."""
    return tuple(
        RowRule(name, "dates out of order", pl.col(name) < pl.col(first), (first,))
        for name in later
    )


def restrict(
    column: str, words: str | tuple[str, ...], *names: str, fault: str = "needed for outcome"
) -> tuple[RowRule, ...]:
    """A value of these names stands only where `column` has the word, or one of several."""
    allowed = pl.col(column).is_in([words] if isinstance(words, str) else words)
    return tuple(
        RowRule(name, fault, ~allowed & pl.col(name).is_not_null(), (column,)) for name in names
    )


def require(column: str, word: str, name: str, *, fault: str = "needed for outcome") -> RowRule:
    """A value of the name stands wherever `column` has the word."""
    return RowRule(name, fault, (pl.col(column) == word) & pl.col(name).is_null(), (column,))
