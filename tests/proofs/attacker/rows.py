"""Sums of whole numbers, and the limits that they keep."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

#: The sum of factor x variable, as pairs of variable and factor.
Form = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Row:
    """low <= the sum of factor x variable <= high; None is no limit."""

    terms: Form
    low: int | None = None
    high: int | None = None

    @property
    def is_broken(self) -> bool:
        """Whether it asks something other than 0 of the sum of nothing."""
        return not self.terms and (
            (self.low is not None and self.low > 0) or (self.high is not None and self.high < 0)
        )

    def keeps(self, vectors: np.ndarray) -> np.ndarray:
        """Which of these vectors, one a line, keep it."""
        values = values_of(vectors, self.terms)
        is_kept = np.ones(len(vectors), dtype=bool)
        if self.low is not None:
            is_kept &= values >= self.low
        if self.high is not None:
            is_kept &= values <= self.high
        return is_kept


#: Rows that hold together, besides those of the space: a question, or what somebody knows.
Rows = tuple[Row, ...]


def form(variables: Iterable[int]) -> Form:
    """The sum of some variables."""
    return tuple((each, 1) for each in variables)


def matrix_of(rows: Sequence[Row], size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows as a matrix with the least and the greatest value of each."""
    matrix = np.zeros((len(rows), size), dtype=np.int64)
    for number, row in enumerate(rows):
        for at, factor in row.terms:
            matrix[number, at] += factor
    far = np.iinfo(np.int64).max
    low = np.array([-far if row.low is None else row.low for row in rows], dtype=np.int64)
    high = np.array([far if row.high is None else row.high for row in rows], dtype=np.int64)
    return matrix, low, high


def values_of(vectors: np.ndarray, wanted: Form) -> np.ndarray:
    """The sum's value in each of these vectors."""
    if not wanted:
        return np.zeros(len(vectors), dtype=np.int64)
    places = [at for at, _ in wanted]
    return vectors[:, places] @ np.array([factor for _, factor in wanted], dtype=np.int64)
