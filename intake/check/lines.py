"""Checks of the lines that a file brings in somebody's own words.

Whoever types a line is asked; nobody is there to be asked about a file, so in a file a line
that may name a person or a place is a fault.  Names are those of the children whose care the
same files tell of, and of those whom the home knows.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import replace

import polars as pl

from intake.check.held import Held
from intake.check.values import TypedFile
from queries.contract import CARE_EPISODES, ROLL
from safeguards.wording import check_line

_NAMES = ("surname", "forename", "preferred_forename")
_WORD = re.compile(r"[^\W\d_]+")
#: Shorter ones are parts of names as of other words: de, van, al.
_SHORTEST = 3


def list_names(files: Mapping[str, TypedFile], held: Held) -> frozenset[str]:
    """The words of the names, as roll.csv has them, of the children of care_episodes.csv.

    And of those whom the home knows, whatever files are at hand.
    """
    has_lines = any(column.is_line for each in files.values() for column in each.export.columns)
    if not has_lines or ROLL.name not in files:
        return frozenset()
    roll, care = files[ROLL.name].rows, files.get(CARE_EPISODES.name)
    known = {*held.list_codes(roll["upn"].drop_nulls()), *(care.rows["upn"] if care else ())}
    pupils = roll.filter(pl.col("upn").is_in(list(known)))
    texts = {text for name in _NAMES for text in pupils[name].drop_nulls()}
    return frozenset(word for text in texts for word in _list_words(text))


def check_lines(typed: TypedFile, names: Collection[str] = ()) -> TypedFile:
    """The file with the faults of its lines added, where a value has none of its own.

    names: see `list_names`.  In small letters a name may be a word, and is let be.
    """
    found = [typed.faults]
    for column in typed.export.columns:
        if not column.is_line:
            continue
        spoilt = typed.faults.filter(column=column.name)
        lines = typed.rows.select("row", pl.col(column.name).alias("line")).drop_nulls()
        telling = [
            line
            for line in lines["line"].unique()
            if check_line(line) or not _list_words(line).isdisjoint(names)
        ]
        found.append(
            lines.filter(pl.col("line").is_in(telling))
            .join(spoilt, on="row", how="anti")
            .select("row", pl.lit(column.name).alias("column"), pl.lit("says who").alias("fault"))
        )
    return replace(typed, faults=pl.concat(found)) if len(found) > 1 else typed


def _list_words(text: str) -> set[str]:
    """The words that begin with a capital, in small letters and without accents."""
    parts = unicodedata.normalize("NFKD", text)
    plain = "".join(sign for sign in parts if not unicodedata.combining(sign))
    words = (word for word in _WORD.findall(plain) if word[0].isupper())
    return {word.casefold() for word in words if len(word) >= _SHORTEST}
