"""Checks of the lines that a file brings in somebody's own words.

Whoever types a line is asked; nobody is there to be asked about a file, so in a file a line
that may name a person or a place is a fault.
"""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from intake.check.held import Held
from intake.check.values import TypedFile
from queries.contract import ROLL
from safeguards.wording import IsName, check_line, list_name_words

_NAMES = ("surname", "forename", "preferred_forename")


def list_roll_words(roll: pl.DataFrame) -> set[str]:
    """Return the folded words of every name on a roll, whoever is shown here."""
    texts = {text for name in _NAMES for text in roll[name].drop_nulls()}
    return {word for text in texts for word in list_name_words(text)}


def build_name_check(files: Mapping[str, TypedFile], held: Held) -> IsName:
    """Return what says whether a folded word is part of a name on the roll, at hand or held."""
    words = list_roll_words(files[ROLL.name].rows) if ROLL.name in files else set()
    return lambda word: word in words or held.is_name(word)


def check_lines(typed: TypedFile, is_name: IsName) -> TypedFile:
    """Add the faults of a file's lines, where a value has none of its own."""
    found = [typed.faults]
    for column in typed.export.columns:
        if not column.is_line:
            continue
        spoilt = typed.faults.filter(column=column.name)
        lines = typed.rows.select("row", pl.col(column.name).alias("line")).drop_nulls()
        telling = [line for line in lines["line"].unique() if check_line(line, is_name)]
        found.append(
            lines.filter(pl.col("line").is_in(telling))
            .join(spoilt, on="row", how="anti")
            .select("row", pl.lit(column.name).alias("column"), pl.lit("says who").alias("fault"))
        )
    return replace(typed, faults=pl.concat(found)) if len(found) > 1 else typed
