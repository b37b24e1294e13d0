"""Suspensions, as the marks of the register tell them: a run of E is one suspension."""

import random
from datetime import date

import polars as pl

from intake.contract import SUSPENSIONS

_REASONS = {"PP": 0.3, "PA": 0.12, "VA": 0.13, "DB": 0.2, "CB": 0.15, "DM": 0.1}


def generate_suspensions(seed: int, attendance: pl.DataFrame) -> pl.DataFrame:
    """One row for each run of sessions marked E, of which `sessions` counts the half days.

    Days on which nobody could attend do not end a run; a mark that counts does.
    """
    ours = attendance.filter(code="E").select("upn").unique(maintain_order=True)
    counting = attendance.join(ours, on="upn").filter(
        pl.col("code").is_not_null() & ~pl.col("code").is_in(["#", "D", "Y", "Y1", "Y4"])
    )
    runs: dict[tuple[str, date], int] = {}
    begun: tuple[str, date] | None = None
    order = {upn: n for n, upn in enumerate(ours["upn"])}
    marks = counting.select("upn", "date", "session", "code").rows()
    for upn, day, _, code in sorted(marks, key=lambda mark: (order[mark[0]], mark[1], mark[2])):
        if code != "E":
            begun = None
            continue
        if begun is None or begun[0] != upn:
            begun = (upn, day)
        runs[begun] = runs.get(begun, 0) + 1
    rows = [
        (upn, day, "SUSP", sessions, _reason(seed, upn, day))
        for (upn, day), sessions in runs.items()
    ]
    types = {"date": pl.Date(), "sessions": pl.Int64()}
    schema = {name: types.get(name, pl.String()) for name in SUSPENSIONS.header}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _reason(seed: int, upn: str, day: date) -> str:
    rng = random.Random(f"{seed}/{upn}/{day}")
    return rng.choices(list(_REASONS), list(_REASONS.values()))[0]
