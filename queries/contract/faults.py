"""What can be wrong with a file, as intake reports it: a row of faults.csv each.

is_of: a file; what somebody types; or a doubt, which is seldom so, and of which the row is taken as
it stands and somebody is asked to look.  rule: what was broken.  problem, fix: in words for who can
put it right.  Rows with another `is_of` say a fault of a file in other words: of a sheet of a
workbook, or of the column of that name.
"""

from queries.rows import read_rows

_ROWS = read_rows(__package__, "faults")


def _list_rules(is_of: str) -> dict[str, str]:
    return {each["fault"]: each["rule"] for each in _ROWS if each["is_of"] == is_of}


def _list_texts(is_of: str) -> dict[str, tuple[str, str]]:
    return {
        each["fault"]: (each["problem"], each["fix"]) for each in _ROWS if each["is_of"] == is_of
    }


#: Every class of fault that intake reports, and the rule that was broken.  The column
#: named with a fault is the one to look at; "" means the row or the file as a whole.
FAULTS = _list_rules("a file")
#: The same of what people type, and of no file.
TYPED_FAULTS = _list_rules("typing")
#: What is unusual, and what to look at.
DOUBTS: dict[str, tuple[str, str]] = _list_texts("doubt")
#: For each fault of a file: what is wrong, and how to put it right.
FAULT_TEXTS: dict[str, tuple[str, str]] = _list_texts("a file")
#: The same in other words, by what it is of and the fault.
OTHER_TEXTS: dict[tuple[str, str], tuple[str, str]] = {
    (each["is_of"], each["fault"]): (each["problem"], each["fix"]) for each in _ROWS
}
