"""A figure that is held back is printed as its mark, and never becomes a number."""

import copy
import json
import math
import operator
import pickle
import statistics
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import openpyxl
import polars as pl
import pytest
import xlsxwriter

from safeguards.disclosure.solver.suppressed import HIDDEN, MARK, Suppressed, SuppressedError

BINARY = (
    *(operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv),
    *(operator.mod, operator.pow, operator.matmul, divmod, operator.and_, operator.or_),
    *(operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne),
)
UNARY: dict[str, Callable[[Any], object]] = {
    "int": int,
    "float": float,
    "complex": complex,
    "bool": bool,
    "abs": abs,
    "round": round,
    "minus": operator.neg,
    "plus": operator.pos,
    "invert": operator.invert,
    "index": operator.index,
    "trunc": math.trunc,
    "floor": math.floor,
    "ceil": math.ceil,
    "length": len,
    "hash": hash,
    "list": list,
    "sum": lambda hidden: sum([hidden, 3]),
    "max": lambda hidden: max(hidden, 3),
    "sorted": lambda hidden: sorted([3, hidden]),
    "mean": lambda hidden: statistics.mean([3, hidden]),
    "member": lambda hidden: hidden in {1, 2},
    "among": lambda hidden: 3 in [1, hidden],
    "range": range,
    "decimal": Decimal,
    "fraction": Fraction,
    "bytes": bytes,
    "percent": lambda hidden: "%d" % hidden,  # noqa: UP031 - the old way is what is asked
    "percent_float": lambda hidden: "%.1f" % hidden,  # noqa: UP031 - as above
    "numpy_sum": lambda hidden: np.array([1, hidden]).sum(),
    "numpy_float": lambda hidden: np.array([hidden], dtype=float),
    "json": lambda hidden: json.dumps({"n": hidden}),
    "polars_int": lambda hidden: pl.Series([hidden], dtype=pl.Int64),
    "polars_float": lambda hidden: pl.Series([hidden], dtype=pl.Float64),
    "polars_mixed": lambda hidden: pl.DataFrame({"n": [1, hidden]}),
    "polars_literal": lambda hidden: pl.DataFrame({"n": [1]}).select(pl.col("n") + hidden),
    "openpyxl": lambda hidden: openpyxl.Workbook().create_sheet().append([hidden]),
}


@pytest.mark.parametrize("name", UNARY)
def test_nothing_makes_a_number_of_it(name: str) -> None:
    with pytest.raises((TypeError, ValueError)):
        UNARY[name](HIDDEN)


@pytest.mark.parametrize("other", [0, 3, 1.5, True, "c", None, Decimal(3), np.int64(2)])
@pytest.mark.parametrize("operation", BINARY)
def test_it_refuses_every_operation_from_either_side(
    operation: Callable[[object, object], object], other: object
) -> None:
    for pair in ((HIDDEN, other), (other, HIDDEN)):
        with pytest.raises(TypeError):
            operation(*pair)


@pytest.mark.parametrize("spec", ["d", ".1f", ",", ".0%", "e", "x", "+", "03d", "n", "z"])
def test_it_has_no_number_format(spec: str) -> None:
    with pytest.raises(SuppressedError):
        format(HIDDEN, spec)


def test_it_prints_its_mark() -> None:
    assert (str(HIDDEN), repr(HIDDEN), f"{HIDDEN}", f"{HIDDEN:>3}") == (MARK, MARK, MARK, "  c")


def test_there_is_one() -> None:
    assert copy.copy(HIDDEN) is HIDDEN
    assert copy.deepcopy([HIDDEN])[0] is HIDDEN
    assert pickle.loads(pickle.dumps(HIDDEN)) is HIDDEN
    assert HIDDEN == HIDDEN  # noqa: PLR0124 - the one thing that it is equal to
    assert isinstance(HIDDEN, Suppressed)


def test_a_series_of_it_alone_counts_nothing() -> None:
    hidden = pl.Series("n", [HIDDEN, HIDDEN])
    assert hidden.dtype == pl.Object
    for refused in (hidden.sum, hidden.max, lambda: hidden + 1, hidden.cum_sum):
        with pytest.raises((pl.exceptions.PolarsError, TypeError)):
            refused()


def test_a_chart_does_not_draw_it() -> None:
    chart = alt.Chart(pl.DataFrame({"n": [HIDDEN, HIDDEN]})).mark_bar().encode(x="n:Q")
    with pytest.raises(Exception):  # noqa: B017, PT011 - whose error it is depends on the version
        json.dumps(chart.to_dict())


def test_a_workbook_refuses_it(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "n.xlsx") as book:
        sheet = book.add_worksheet()
        with pytest.raises(TypeError):
            sheet.write_number(0, 0, HIDDEN)
        with pytest.raises(TypeError):
            sheet.write(0, 0, HIDDEN)
