"""The SQL that derives from the registry: the raw_ tables, and the views of plain categories.

Run `python -m queries.contract.generate` after a change of the registry; a test holds the files
of queries/ to it.
"""

import textwrap
from collections.abc import Iterator
from pathlib import Path

import queries
from queries.contract import TABLES
from queries.contract.model.category import Category, Table

_QUERIES = Path(queries.__file__).parent
_WIDTH = 88
_NO_BREAK = "\N{NO-BREAK SPACE}"
_OF_A_LOAD = ("school_key", "source_id", "load_id")

_TYPES_HEAD = """\
The types that the tables share, from the registry (queries.contract.generate). ENUMs keep a \
mark in one byte and refuse a word that no list knows. `mark_code` is made from the rows of \
queries/reference, so that a new code is a new row."""
_RAW_HEAD = """\
What intake writes, from the registry (queries.contract.generate): checked, pseudonymised and \
otherwise as it came. Every row says which school, file and load it is from. pupil_key is an \
integer that lives as long as one store version; outside the store a child is a pupil_id or \
a handle. No column may hold a name, a date of birth, an address or a UPN."""
_GENERATED = "-- Written by `python -m queries.contract.generate`: change the registry instead.\n"
#: What no category of data holds.
_OTHER_TYPES = """\
create type mark_kind as enum(
    'present', 'late', 'educated elsewhere', 'authorised absence',
    'unauthorised absence', 'not possible', 'closed', 'not recorded'
);
create type age_band as enum('under 5', '5 to 9', '10 and over');
"""
_OF_LOADS = """\
create table raw_load (
    load_id integer not null,
    loaded_at timestamp not null,
    data_until date not null,
    lac_version varchar not null
);
create table raw_source (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    file_name varchar not null,
    sender varchar not null,
    sha256 varchar not null,
    is_refused boolean not null,
    problem_count integer not null,
    rows_read integer not null,
    rows_kept integer not null,
    rows_out_of_scope integer not null,
    blank_marks integer not null,
    first_date date,
    last_date date
);
"""


def render_types() -> str:
    """The SQL of every ENUM: one for each column that is a list of words."""
    lists = [
        f"create type {name} as enum(\n{_wrap_words(column.allowed)}\n);\n"
        for category in TABLES.values()
        for column in category.stored_columns
        if column.allowed
        and (name := category.get_sql_type(column)).startswith(f"{_get_stem(category)}_")
    ]
    return f"{_comment(_TYPES_HEAD)}{''.join(lists)}{_OTHER_TYPES}"


def render_tables() -> str:
    """The SQL of every raw_ table."""
    tables = "".join(_render_table(category) for category in TABLES.values())
    return f"{_comment(_RAW_HEAD)}{_OF_LOADS}{tables}"


def render_files() -> dict[str, str]:
    """Every generated file of queries/, by its path there."""
    found = {"tables/types.sql": render_types(), "tables/raw.sql": render_tables()}
    for category in TABLES.values():
        if category.table is not None and category.page_title:
            stem = category.table.stem
            found[f"staging/stg_{stem}.sql"] = _render_staging(category, category.table)
            found[f"marts/pupil_{stem}.sql"] = _render_mart(category, category.table)
    return found


def write_files(folder: Path = _QUERIES) -> None:
    """Bring the generated files up to date."""
    for name, text in render_files().items():
        (folder / name).write_text(text, encoding="utf-8")


def _render_staging(category: Category, table: Table) -> str:
    names = ["school_key", "pupil_key", *_list_stored_names(category)]
    head = (
        f"{_GENERATED}{_describe_grain(category)}"
        "-- Of rows about the same thing the newest source counts, which is what people typed.\n"
        f"-- Key: {', '.join(category.key)}.\n"
    )
    return (
        f"{head}select distinct on ({', '.join(category.key)})\n    {_join_lines(names)}\n"
        f"from {table.name}\norder by source_id desc\n"
    )


def _render_mart(category: Category, table: Table) -> str:
    """Codes in the words of their list; nothing of a day after the one asked for."""
    types = {
        category.get_stored_name(column): category.get_sql_type(column)
        for column in category.stored_columns
    }
    lists = {
        category.get_stored_name(column): f"ref_{column.code_list}"
        for column in category.stored_columns
        if column.code_list
    }
    words = {
        category.get_stored_name(column) for column in category.stored_columns if column.allowed
    }
    columns = [
        f"{name}_list.label as {name}"
        if name in lists
        else f"facts.{name}::varchar as {name}"
        if name in words and types[name] != "boolean"
        else f"facts.{name}"
        for name in _list_stored_names(category)
    ]
    names = ["facts.pupil_key", "pupils.pupil_id", "pupils.handle", *columns]
    joins = "".join(
        f"left join {ref} as {name}_list\n    on facts.{name} = {name}_list.code\n"
        for name, ref in lists.items()
    )
    head = (
        f"{_GENERATED}{_describe_grain(category)}"
        f"-- Key: {', '.join(category.key)}.\n"
        f"{_describe_nulls(category)}"
        f"-- Category: {category.role_category}.\n"
        f"-- Page: {category.page_title}.\n"
    )
    until = f"where facts.{category.day} <= as_at()\n" if category.day else ""
    return (
        f"{head}select\n    {_join_lines(names)}\nfrom stg_{table.stem} as facts\n"
        f"inner join stg_pupil as pupils on facts.pupil_key = pupils.pupil_key\n{joins}{until}"
    )


def _list_stored_names(category: Category) -> list[str]:
    made = category.table.made if category.table else ()
    return [*(category.get_stored_name(column) for column in category.stored_columns), *made]


def _describe_nulls(category: Category) -> str:
    """The columns that may be blank, or whose code no list may know, some to a line."""
    names = [
        category.get_stored_name(column)
        for column in category.stored_columns
        if not column.required or column.also_allowed
    ]
    return "".join(f"-- Null: {name}.\n" for name in names)


def _describe_grain(category: Category) -> str:
    return _comment(category.export.grain if category.export else category.name)


def _join_lines(names: list[str]) -> str:
    return ",\n    ".join(names)


def _render_table(category: Category) -> str:
    assert category.table is not None  # noqa: S101 - TABLES holds those that have one
    lines = [f"    {line}" for line in _list_columns(category)]
    if category.table.check:
        lines.append(f"    check ({category.table.check})")
    note = _comment(category.table.note) if category.table.note else ""
    body = ",\n".join(lines)
    return f"{note}create table {category.table.name} (\n{body}\n);\n"


def _list_columns(category: Category) -> Iterator[str]:
    assert category.table is not None  # noqa: S101 - as above
    yield from (f"{name} integer not null" for name in _OF_A_LOAD)
    if category.table.knows_pupil:
        yield f"pupil_key integer{'' if category.table.may_lack_pupil else ' not null'}"
    for column in category.stored_columns:
        name = category.get_stored_name(column)
        may_be_null = not column.required or column.also_allowed
        null = "" if may_be_null and name != category.table.no_row_if_blank else " not null"
        yield f"{name} {category.get_sql_type(column)}{null}"
    for name, kind in category.table.made.items():
        yield f"{name} {kind.removesuffix(' null')}{'' if kind.endswith(' null') else ' not null'}"


def _get_stem(category: Category) -> str:
    return category.table.stem if category.table else ""


def _wrap_words(words: tuple[str, ...]) -> str:
    # a word of two parts stays on one line: the break would be in the word
    text = ", ".join(f"'{word}'".replace(" ", _NO_BREAK) for word in words)
    filled = textwrap.fill(text, _WIDTH, initial_indent="    ", subsequent_indent="    ")
    return filled.replace(_NO_BREAK, " ")


def _comment(text: str) -> str:
    return "".join(f"-- {line}\n" for line in textwrap.wrap(text, _WIDTH - 3))


if __name__ == "__main__":
    write_files()
