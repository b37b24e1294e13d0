"""The SQL that follows from the registry: raw_ tables, staging views, and plain tables of pages.

It is made when it is asked for, and stands in no file.
"""

from collections.abc import Iterable, Iterator

from queries.contract import TABLES
from queries.contract.model.category import Category, Table
from queries.statement import format_sql

#: Of which school, file and load a row is.
_OF_A_LOAD = ("school_key", "source_id", "load_id")
_TABLES = [(each, each.table) for each in TABLES.values() if each.table]


def build_types() -> str:
    """An ENUM for each column that is a list of words: a byte a value, and no word beside them."""
    return "".join(
        format_sql("create type {name} as enum ({words:literal});\n", name=name, words=words)
        for category, _ in _TABLES
        for name, words in category.word_lists.items()
    )


def build_tables() -> str:
    """The raw_ tables: what intake writes, checked, pseudonymised and otherwise as it came.

    Every row says which school, file and load it is from.  pupil_key is an integer that lives
    as long as one store version; outside the store a child is a pupil_id or a handle.  No column
    may hold a name, a date of birth, an address or a UPN.
    """
    return "".join(
        f"create table {table.name} (\n    {_join_lines(_list_columns(category, table))}\n);\n"
        for category, table in _TABLES
    )


def build_views() -> dict[tuple[str, str], str]:
    """By layer and name the text of each view, as a file of queries/ would have it."""
    staging = {
        ("staging", f"stg_{table.stem}"): _build_staging(category, table)
        for category, table in _TABLES
    }
    marts = {
        ("marts", f"pupil_{table.stem}"): _build_mart(category, table)
        for category, table in _TABLES
        if category.page_title
    }
    return staging | marts


def _list_columns(category: Category, table: Table) -> Iterator[str]:
    """The columns of a raw_ table, and what holds of each row."""
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


def _build_staging(category: Category, table: Table) -> str:
    """The columns of a raw_ table, and those that are worked out of them.

    Where people may type what a file tells as well, the newest source of a row counts.
    """
    names = [*_OF_A_LOAD, *(["pupil_key"] if table.knows_pupil else [])]
    names += [name for name in category.stored_names if name not in table.staged.values()]
    columns = dict(zip(names, names, strict=True)) | {
        name: f"{value} as {name}" for name, value in table.staged.items()
    }
    grain = [category.export.grain] if category.export else []
    if not category.is_typed:
        head = _comment(*grain, table.note, f"Key: {', '.join(('school_key', *category.key))}.")
        return f"{head}select\n    {_join_lines(columns.values())}\nfrom {table.name}\n"
    key = ", ".join(category.key)
    newest = "Of rows about the same thing the newest source counts, which is what people typed."
    # what has views of its own is asked by many of them
    once = "" if category.page_title else f"Materialised: {key}."
    return (
        f"{_comment(*grain, table.note, newest, f'Key: {key}.', once)}"
        f"select distinct on ({key})\n    {_join_lines(columns.values())}\n"
        f"from {table.name}\norder by source_id desc\n"
    )


def _build_mart(category: Category, table: Table) -> str:
    """Codes in the words of their list; nothing of a day after the one asked for."""
    columns = {name: f"facts.{name}" for name in category.stored_names}
    joins, nulls = [], []
    for column in category.stored_columns:
        name = category.get_stored_name(column)
        if column.code_list:
            columns[name] = f"{name}_list.label as {name}"
            joins.append(
                f"left join ref_{column.code_list} as {name}_list\n"
                f"    on facts.{name} = {name}_list.code\n"
            )
        elif column.is_word_list:
            columns[name] = f"facts.{name}::varchar as {name}"
        if column.may_be_null:
            nulls.append(f"Null: {name}.")
    head = _comment(
        category.export.grain if category.export else table.note,
        f"Key: {', '.join(category.key)}.",
        *nulls,
        f"Category: {category.role_category}.",
        f"Page: {category.page_title}.",
    )
    names = ["facts.pupil_key", "pupils.pupil_id", "pupils.handle", *columns.values()]
    until = f"where facts.{category.day} <= as_at()\n" if category.day else ""
    return (
        f"{head}select\n    {_join_lines(names)}\nfrom stg_{table.stem} as facts\n"
        "inner join stg_pupil as pupils on facts.pupil_key = pupils.pupil_key\n"
        f"{''.join(joins)}{until}"
    )


def _join_lines(parts: Iterable[str]) -> str:
    return ",\n    ".join(parts)


def _comment(*lines: str) -> str:
    return "".join(f"-- {line}\n" for line in lines if line)
