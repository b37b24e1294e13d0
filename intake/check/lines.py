"""Check the lines that somebody wrote in their own words.

A personal number in a line is a fault.  A line that may name a person or a place is a doubt: its
row is taken, and its text stays sealed until somebody has looked at it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from intake.check.held import Held
from intake.check.values import TypedFile
from queries.contract import EXPORTS, ROLL, Export
from safeguards.wording import ALWAYS_REFUSED, IsName, check_line, list_name_words

#: The doubt about such a line.
MAY_NAME = "may name somebody"
#: The doubtful lines of files. `sealed` is the sealed text, null before a load.
LINE_SCHEMA = pl.Schema(
    {
        "file": pl.String(),
        "row": pl.UInt32(),
        "column": pl.String(),
        "fault": pl.String(),
        "line": pl.String(),
        "sealed": pl.String(),
    }
)
_NAMES = ("surname", "forename", "preferred_forename")


def list_roll_words(roll: pl.DataFrame) -> set[str]:
    """Return the folded words of every name on a roll, even of children who are not shown here."""
    texts = {text for name in _NAMES for text in roll[name].drop_nulls()}
    return {word for text in texts for word in list_name_words(text)}


def build_name_check(files: Mapping[str, TypedFile], held: Held) -> IsName:
    """Return a function that says whether a folded word is part of a name on either roll."""
    words = list_roll_words(files[ROLL.name].rows) if ROLL.name in files else set()
    return lambda word: word in words or held.is_name(word)


def check_lines(typed: TypedFile) -> TypedFile:
    """Add a fault for each line with a personal number, unless its cell already has one."""
    faults = [typed.faults]
    for name, lines in _list_lines(typed.export, typed.rows):
        spoilt = typed.faults.filter(column=name)
        personal = [line for line in lines["line"].unique() if _is_personal(line)]
        faults.append(
            lines.filter(pl.col("line").is_in(personal))
            .join(spoilt, on="row", how="anti")
            .select("row", pl.lit(name).alias("column"), pl.lit("says who").alias("fault"))
        )
    return replace(typed, faults=pl.concat(faults)) if len(faults) > 1 else typed


def find_doubtful_lines(frames: Mapping[str, pl.DataFrame], is_name: IsName) -> pl.DataFrame:
    """Return the lines that may name a person or a place, from right rows, by LINE_SCHEMA."""
    frames_of_lines = [LINE_SCHEMA.to_frame()]
    for export in EXPORTS:
        for name, lines in _list_lines(export, frames.get(export.name, pl.DataFrame())):
            doubtful_texts = [line for line in lines["line"].unique() if check_line(line, is_name)]
            labels = {"file": export.name, "column": name, "fault": MAY_NAME, "sealed": None}
            doubtful = lines.filter(pl.col("line").is_in(doubtful_texts)).with_columns(
                **{key: pl.lit(text) for key, text in labels.items()}
            )
            frames_of_lines.append(doubtful.select(LINE_SCHEMA.names()))
    return pl.concat(frames_of_lines)


def _list_lines(export: Export, rows: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield each column of lines, and its rows that are not blank as `row` and `line`."""
    for column in export.columns:
        if column.is_line and column.name in rows.columns:
            yield column.name, rows.select("row", pl.col(column.name).alias("line")).drop_nulls()


def _is_personal(line: str) -> bool:
    findings = check_line(line, lambda _: False)
    return not ALWAYS_REFUSED.isdisjoint(finding.kind for finding in findings)
