"""The faults of a file that intake reports: a row of faults.csv each.

is_of: a file; a typed entry; or a doubt, where a value is seldom right, but the row is used as it
is and somebody is asked to look.  rule: the rule that was broken.  problem, fix: in words for the
person who can correct it.  Rows with another `is_of` describe a fault of a file in other words: for
a sheet of a workbook, or for the column of that name.
"""

from queries.rows import read_rows

_ROWS = read_rows(__package__, "faults")


def _list_rules(is_of: str) -> dict[str, str]:
    return {row["fault"]: row["rule"] for row in _ROWS if row["is_of"] == is_of}


def _list_texts(is_of: str) -> dict[str, tuple[str, str]]:
    return {row["fault"]: (row["problem"], row["fix"]) for row in _ROWS if row["is_of"] == is_of}


#: Every class of fault that intake reports, and the rule that was broken.  The column
#: named with a fault is the one to look at; "" means the row or the file as a whole.
FAULTS = _list_rules("a file")
#: The same for typed entries.
TYPED_FAULTS = _list_rules("typing")
#: For each doubt: what is unusual, and what to look at.
DOUBTS: dict[str, tuple[str, str]] = _list_texts("doubt")
#: For each fault of a file: what is wrong, and how to correct it.
FAULT_TEXTS: dict[str, tuple[str, str]] = _list_texts("a file")
#: The same in other words, by `is_of` and fault.
OTHER_TEXTS: dict[tuple[str, str], tuple[str, str]] = {
    (row["is_of"], row["fault"]): (row["problem"], row["fix"]) for row in _ROWS
}
