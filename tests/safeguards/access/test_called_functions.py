"""Every function that DuckDB has: a question calls it only where the list of ours names it."""

import os
import re

import duckdb
import pytest

from queries.errors import StoreError
from safeguards.access import access
from safeguards.access.access import Denied
from tests.support.schools.homes import keys_at, lend_demo

#: Words of what looks beyond the values that it was given, or takes a text as a question.
_BEYOND = re.compile(
    r"serialize|setting|variable|^current_(?!date)|privilege|^pg_|nextval|currval|seed|sleep|"
    r"stats|^version$|txid|inet|visible|description|log_message|write|query|session|^user$|"
    r"^read_|glob|secret|file$|database|schema"
)


def list_functions() -> dict[str, set[str]]:
    """Those of this DuckDB, with the kinds of each."""
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select lower(function_name), function_type from duckdb_functions()"
        ).fetchall()
    found: dict[str, set[str]] = {}
    for name, kind in rows:
        found.setdefault(name, set()).add(kind)
    return found


def test_what_is_allowed_works_on_values_alone() -> None:
    """And is there, so that a function which DuckDB drops and brings back as another is seen."""
    allowed = access._list_functions()
    assert not {name for name in allowed if _BEYOND.search(name)}
    assert allowed - list_functions().keys() == {"coalesce", "grouping"}


def test_everything_else_is_refused() -> None:
    """By name, to the role that sees all; with a table behind it or not."""
    folder = lend_demo()
    session = access.open(
        folder, role="dsl", actor="t", purpose="t", environ={**os.environ, **keys_at(folder)}
    )
    allowed, tried = access._list_functions(), 0
    for name, kinds in list_functions().items():
        if name in allowed:
            continue
        ways = [f'select "{name}"(1)'] * bool(kinds - {"table", "table_macro", "pragma"})
        ways += [f'from "{name}"(1)'] * bool(kinds & {"table", "table_macro"})
        for question in ways:
            tried += 1
            with pytest.raises((Denied, StoreError)):
                session.read(question)
    assert tried > 300
