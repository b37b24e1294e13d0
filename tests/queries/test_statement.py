"""SQL from parts: a name stays a name and a text stays a text, whatever is in it."""

import duckdb
import pytest

from queries.statement import format_sql

_NASTY = ("o'brien", 'a"b', "x; drop table t", "--", "{name}", "\\", "Ünï", "a.b", "null")


@pytest.mark.parametrize("text", _NASTY)
def test_a_part_cannot_leave_its_place(text: str) -> None:
    """As a table's name and as a literal it comes back as it was."""
    with duckdb.connect() as con:
        con.execute(format_sql("create table {name} (a varchar)", name=text))
        con.execute(format_sql("comment on table {name} is {words:literal}", name=text, words=text))
        found = con.execute("select table_name, comment from duckdb_tables()").fetchall()
    assert found == [(text, text)]


def test_several_names_have_commas_between() -> None:
    """Each is quoted by itself."""
    text = format_sql("select {columns} from {table}", columns=["a", "b c"], table="t")
    assert text == 'select "a", "b c" from "t"'


def test_our_own_sql_is_left_as_it_is() -> None:
    """So are braces in a part, which are not looked at again."""
    assert format_sql("{select:own} limit 1", select="select {x: 1}") == "select {x: 1} limit 1"


@pytest.mark.parametrize("text", ["from {other}", "from {name:raw}"])
def test_what_is_not_known_is_refused(text: str) -> None:
    """A part that nobody gave, or a form that does not exist."""
    with pytest.raises(KeyError):
        format_sql(text, name="t")
