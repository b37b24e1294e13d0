"""SDQ: scores of the Strengths and Difficulties Questionnaire, no answers and no wording."""

import polars as pl

from queries.contract.model.categories import build_category
from queries.contract.model.category import Table
from queries.contract.model.shape import Export, RowRule

_DIFFICULTIES = ("emotional", "conduct", "hyperactivity", "peer")
_SCALES = (*_DIFFICULTIES, "prosocial")
_SCORES = ("total", *_SCALES, "impact")
_HIGHEST_TOTAL, _HIGHEST_OF_A_SCALE, _HIGHEST_FROM_A_TEACHER = 40, 10, 6

_HAS_REASON = pl.col("reason").is_not_null()
_HAS_SCORE = pl.any_horizontal(pl.col(*_SCORES).is_not_null())
_HAS_NEITHER = pl.col("total").is_null() & ~_HAS_REASON
_HAS_ALL = pl.all_horizontal(pl.col(*_SCALES).is_not_null())
_HAS_SOME = pl.any_horizontal(pl.col(*_SCALES).is_not_null()) & ~_HAS_ALL
_TOO_HIGH = {
    "total": pl.col("total") > _HIGHEST_TOTAL,
    **{scale: pl.col(scale) > _HIGHEST_OF_A_SCALE for scale in _SCALES},
    "impact": pl.col("impact")
    > pl.when(pl.col("informant") == "teacher")
    .then(_HIGHEST_FROM_A_TEACHER)
    .otherwise(_HIGHEST_OF_A_SCALE),
}
_IN_RANGE = ~pl.any_horizontal(
    _TOO_HIGH[name].fill_null(value=False) for name in ("total", *_SCALES)
)
_SUM_DIFFERS = pl.sum_horizontal(_DIFFICULTIES, ignore_nulls=False) != pl.col("total")


def _is_first_missing(scale: str) -> pl.Expr:
    earlier = _SCALES[: _SCALES.index(scale)]
    there = (pl.col(name).is_not_null() for name in earlier)
    return pl.col(scale).is_null() & pl.all_horizontal(pl.lit(True), *there)


_RULES = (
    *(
        RowRule(name, "out of range", broken, ("informant",) if name == "impact" else ())
        for name, broken in _TOO_HIGH.items()
    ),
    RowRule("total", "does not add up", _HAS_ALL & _IN_RANGE & _SUM_DIFFERS, _SCALES),
    *(
        RowRule(
            scale,
            "does not add up",
            _HAS_SOME & _is_first_missing(scale) & ~_HAS_REASON,
            (*_SCALES, "reason"),
        )
        for scale in _SCALES
    ),
    RowRule(
        "total", "score or reason", _HAS_NEITHER | (_HAS_REASON & _HAS_SCORE), (*_SCORES, "reason")
    ),
)

SDQ = Export(
    name="sdq.csv",
    grain="One row for each questionnaire, with its scores or the reason why there are none.",
    key=("upn", "date", "informant"),
    note="The file has scores only, and no answers, since the form belongs to Youthinmind. The "
    "total is the sum of emotional, conduct, hyperactivity and peer, without prosocial.",
    rules=_RULES,
)

CATEGORY = build_category(
    "wellbeing", SDQ, Table("raw_sdq", check="total is not null or reason is not null")
)
