"""Checks of one row of scores, checks, plans and suspensions: see check_rows."""

import polars as pl

from intake.check.fault_rows import find_faults
from intake.check.values import TypedFile
from intake.contract import EHCP, HEALTH, PEP, SDQ

_DIFFICULTIES = ("emotional", "conduct", "hyperactivity", "peer")
_SCALES = (*_DIFFICULTIES, "prosocial")
_SCORES = ("total", *_SCALES, "impact")
_HIGHEST_TOTAL, _HIGHEST_OF_A_SCALE, _HIGHEST_FROM_A_TEACHER = 40, 10, 6


def _check_sdq(typed: TypedFile) -> list[pl.DataFrame]:
    has_reason = pl.col("reason").is_not_null()
    has_score = pl.any_horizontal(pl.col(*_SCORES).is_not_null())
    has_neither = pl.col("total").is_null() & ~has_reason
    has_all = pl.all_horizontal(pl.col(*_SCALES).is_not_null())
    has_some = pl.any_horizontal(pl.col(*_SCALES).is_not_null()) & ~has_all
    too_high = {
        "total": pl.col("total") > _HIGHEST_TOTAL,
        **{scale: pl.col(scale) > _HIGHEST_OF_A_SCALE for scale in _SCALES},
        "impact": pl.col("impact")
        > pl.when(pl.col("informant") == "teacher")
        .then(_HIGHEST_FROM_A_TEACHER)
        .otherwise(_HIGHEST_OF_A_SCALE),
    }
    in_range = ~pl.any_horizontal(
        too_high[name].fill_null(value=False) for name in ("total", *_SCALES)
    )
    sum_differs = pl.sum_horizontal(_DIFFICULTIES, ignore_nulls=False) != pl.col("total")
    found = [
        find_faults(
            typed, broken, name, "out of range", {"informant"} if name == "impact" else set()
        )
        for name, broken in too_high.items()
    ]
    found.append(
        find_faults(
            typed, has_all & in_range & sum_differs, "total", "does not add up", set(_SCALES)
        )
    )
    for number, scale in enumerate(_SCALES):
        is_first_missing = pl.col(scale).is_null() & pl.all_horizontal(
            pl.lit(True), *(pl.col(earlier).is_not_null() for earlier in _SCALES[:number])
        )
        broken = has_some & is_first_missing & ~has_reason
        found.append(find_faults(typed, broken, scale, "does not add up", {*_SCALES, "reason"}))
    broken = has_neither | (has_reason & has_score)
    found.append(find_faults(typed, broken, "total", "score or reason", {*_SCORES, "reason"}))
    return found


def _check_health(typed: TypedFile) -> list[pl.DataFrame]:
    is_other = pl.col("outcome") != "not done"
    return [
        find_faults(
            typed,
            pl.col("next_due") <= pl.col("date"),
            "next_due",
            "dates out of order",
            {"date"},
        ),
        find_faults(
            typed,
            is_other & pl.col("reason").is_not_null(),
            "reason",
            "needed for outcome",
            {"outcome"},
        ),
    ]


def _check_ehcp(typed: TypedFile) -> list[pl.DataFrame]:
    lacks_need = (pl.col("event") == "plan issued") & pl.col("primary_need").is_null()
    return [find_faults(typed, lacks_need, "primary_need", "needed for outcome", {"event"})]


def _check_pep(typed: TypedFile) -> list[pl.DataFrame]:
    is_other = pl.col("outcome") != "held"
    return [
        find_faults(
            typed,
            is_other & pl.col(column).is_not_null(),
            column,
            "needed for outcome",
            {"outcome"},
        )
        for column in ("quality", "child_attended", "targets_set")
    ]


#: By file; codes are held against their dates in check_rows.
CHECKS = {
    SDQ.name: _check_sdq,
    HEALTH.name: _check_health,
    EHCP.name: _check_ehcp,
    PEP.name: _check_pep,
}
