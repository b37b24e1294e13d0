"""SDQ: scores of the Strengths and Difficulties Questionnaire, no answers and no wording."""

import polars as pl

from queries.contract.model.category import (
    AUTHORITIES,
    HEALTH_RECORD,
    NURSES,
    Category,
    Rights,
    Table,
)
from queries.contract.model.shape import UPN, Column, Export, RowRule

_SCALE_OF_TEN = "0 to 10. Fill in all five scales or none."
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


def _build_scale(name: str, meaning: str) -> Column:
    return Column(name, "whole number", meaning, required=False)


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
    note="Scores only: the form belongs to Youthinmind, so no answers and no wording. "
    "emotional, conduct, hyperactivity and peer add up to total; prosocial is not in it.",
    columns=(
        UPN,
        Column(
            "date",
            "date",
            "The day it was filled in, or was found to be impossible.",
            also_called=("date completed",),
        ),
        Column(
            "informant",
            "code",
            "Who filled it in.",
            allowed=("carer", "teacher", "self"),
            label="Who filled it in",
            also_called=("completed by",),
        ),
        Column(
            "total",
            "whole number",
            "0 to 40; blank where there is a reason.",
            required=False,
            label="Total score",
            also_called=("total difficulties", "total score"),
        ),
        _build_scale("emotional", _SCALE_OF_TEN),
        _build_scale("conduct", _SCALE_OF_TEN),
        _build_scale("hyperactivity", _SCALE_OF_TEN),
        _build_scale("peer", _SCALE_OF_TEN),
        _build_scale("prosocial", _SCALE_OF_TEN),
        _build_scale("impact", "0 to 10; 0 to 6 from a teacher."),
        Column(
            "reason",
            "code",
            "Why there is no score; blank where there is one.",
            required=False,
            code_list="sdq_reason",
            also_called=("reason for no score",),
        ),
    ),
    rules=_RULES,
)

CATEGORY = Category(
    name="wellbeing",
    role_category="wellbeing",
    export=SDQ,
    table=Table("raw_sdq", check="total is not null or reason is not null"),
    rights=Rights(
        "voluntary",
        "scores from the sheets about how you feel",
        "School's privacy notice: which items are voluntary is a school setting",
        review="third party",
        review_column="informant",
        review_values=("carer", "teacher"),
    ),
    retention=HEALTH_RECORD,
    shared_with=(*AUTHORITIES, "other school", *NURSES),
    pack=("protection file",),
    form_label="SDQ scores",
    is_by_handle=True,
)
