"""A quick look at a register of very many rows: which of them have to be judged one by one.

It finds no fault.  What it hands on holds every row that may have one, with all that are of the
same child and session, so that the checks of any file find in these rows what they would find in
all; the rest is right, and stays where it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from intake.check.across import list_children_in_doubt, list_sessions_in_doubt
from intake.check.values import Judged, TypedFile, judge_texts
from intake.register.staged import COLUMNS, Staged
from intake.register.summary import Summary
from intake.tables import ExportFile
from queries.contract import ATTENDANCE


@dataclass(frozen=True, eq=False)
class Look:
    """The file with the rows to judge, what was found of its texts, and the sums of the rest."""

    file: ExportFile
    judged: Mapping[str, Judged]
    right: Summary


def judge_register(
    file: ExportFile,
    staged: Staged,
    files: Mapping[str, TypedFile],
    beside: Mapping[str, TypedFile],
) -> Look:
    """Type the rows that are right; files, beside: see `check.across.check_across`."""
    judged, values = {}, {}
    for column in ATTENDANCE.columns:
        told = staged.list_texts(column.name)
        texts = told["text"].to_list()
        found = judge_texts(column, texts, told.lazy() if column.kind == "date" else None)
        judged[column.name] = found
        values[column.name] = {
            text: found.get_value(text)
            for text in texts
            if found.spelled.get(text, text) not in found.wrong
        }
    wrong = staged.convert_rows(values)
    right, twice = staged.sum_up()
    doubtful = staged.take_typed(
        list_children_in_doubt(right, files, beside),
        twice,
        list_sessions_in_doubt(right, {**files, **beside}),
    )
    if doubtful.height:
        right, _ = staged.sum_up()
    rows = pl.concat([wrong, doubtful]).sort("row").select("row", *COLUMNS)
    return Look(replace(file, rows=rows), judged, right)
