"""The SQL that follows from the registry: raw_ tables, staging views, and plain tables of pages.

It is made when a caller asks for it, and is in no file.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from queries.contract import TABLES
from queries.contract.model.category import Category, Table
from queries.statement import format_sql

#: The columns that name the school, the file and the load of a row.
_OF_A_LOAD = ("school_key", "source_id", "load_id")
_NEWEST_COUNTS = (
    "Of rows about the same thing the newest source counts, which is what people typed."
)
_TABLES = [(category, category.table) for category in TABLES.values() if category.table]


class Definition(NamedTuple):
    """A view as `queries.views` reads it from a file."""

    layer: str
    comment: str
    select: str


def build_types() -> str:
    """Return an ENUM for each column that is a list of words: a byte a value, and no other word."""
    return "".join(
        format_sql("create type {name} as enum ({words:literal});\n", name=name, words=words)
        for category, _ in _TABLES
        for name, words in category.word_lists.items()
    )


def build_tables() -> str:
    """Return the raw_ tables, whose rows are checked and pseudonymised, and otherwise as they came.

    Every row names its school, file and load.  pupil_key is an integer that lives as long as one
    store version; outside the store a child is a pupil_id or a handle.  No column may hold a name,
    a date of birth, an address or a UPN.
    """
    return "".join(
        f"create table {table.name} (\n    {_join_columns(_list_columns(category, table))}\n);\n"
        for category, table in _TABLES
    )


def build_views() -> dict[str, Definition]:
    """Return the views that restate the registry, by name: staging first, then pages' tables."""
    staging = {f"stg_{table.stem}": _build_staging(category, table) for category, table in _TABLES}
    marts = {
        f"pupil_{table.stem}": _build_mart(category, table)
        for category, table in _TABLES
        if category.page_title
    }
    return staging | marts


def _list_columns(category: Category, table: Table) -> Iterator[str]:
    """Yield the columns of a raw_ table, and its check of each row."""
    yield from (f"{name} integer not null" for name in _OF_A_LOAD)
    if table.knows_pupil:
        yield f"pupil_key integer{'' if table.may_lack_pupil else ' not null'}"
    for column in category.stored_columns:
        name = category.get_stored_name(column)
        may_be_null = column.may_be_null and name != table.no_row_if_blank
        yield f"{name} {category.get_sql_type(column)}{'' if may_be_null else ' not null'}"
    for name, kind in table.made.items():
        yield f"{name} {kind.removesuffix(' null')}{'' if kind.endswith(' null') else ' not null'}"
    if table.check:
        yield f"check ({table.check})"


def _build_staging(category: Category, table: Table) -> Definition:
    """Return the columns of a raw_ table, and those that are worked out from them.

    Where people may type rows that a file has too, the newest source of a row counts; a category
    with views of its own has that worked out once, in the load.
    """
    names = [*_OF_A_LOAD, *(["pupil_key"] if table.knows_pupil else []), *category.stored_names]
    columns = {name: name for name in names if name not in table.staged.values()}
    columns |= {name: f"{value} as {name}" for name, value in table.staged.items()}
    key = ", ".join(category.key if category.is_typed else ("school_key", *category.key))
    comment = _join_lines(
        category.export.grain if category.export else "",
        table.note,
        _NEWEST_COUNTS if category.is_typed else "",
        f"Key: {key}.",
        f"Materialised: {key}." if category.is_typed and not category.page_title else "",
    )
    select = _join_lines(
        f"select distinct on ({key})" if category.is_typed else "select",
        f"    {_join_columns(columns.values())}",
        f"from {table.name}",
        "order by source_id desc" if category.is_typed else "",
    )
    return Definition("staging", comment, select)


def _build_mart(category: Category, table: Table) -> Definition:
    """Return a mart with codes in the words of their list, and no row after the day asked for."""
    columns = {name: f"facts.{name}" for name in category.stored_names}
    lists, nullable = {}, []
    for column in category.stored_columns:
        name = category.get_stored_name(column)
        if column.code_list:
            lists[name] = f"ref_{column.code_list}"
            columns[name] = f"{name}_list.label as {name}"
        elif column.is_word_list:
            columns[name] = f"facts.{name}::varchar as {name}"
        if column.may_be_null:
            nullable.append(name)
    comment = _join_lines(
        category.export.grain if category.export else table.note,
        f"Key: {', '.join(category.key)}.",
        f"Null: {', '.join(nullable)}." if nullable else "",
        f"Category: {category.role_category}.",
        f"Page: {category.page_title}.",
    )
    codes = ("facts.pupil_key", "pupils.school_key", "pupils.pupil_id", "pupils.handle")
    select = _join_lines(
        "select",
        f"    {_join_columns((*codes, *columns.values()))}",
        f"from stg_{table.stem} as facts",
        "inner join stg_pupil as pupils on facts.pupil_key = pupils.pupil_key",
        *(
            f"left join {code_list} as {name}_list on facts.{name} = {name}_list.code"
            for name, code_list in lists.items()
        ),
        f"where facts.{category.day} <= as_at()" if category.day else "",
    )
    return Definition("marts", comment, select)


def _join_columns(columns: Iterable[str]) -> str:
    return ",\n    ".join(columns)


def _join_lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)
