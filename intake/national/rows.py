"""What national tables give of the children of a roll, and what a person should know of it.

A state without since when is counted, and adds nothing where periods are known; rows that the
school's own file has already do not come again.
"""

from collections.abc import Iterator, Sequence

import polars as pl

from intake.national.layout import (
    Children,
    GivenRows,
    Layout,
    MatchedTables,
    State,
    build_conditions,
    describe_unlike,
    write_date,
)
from queries.contract import CARE_EPISODES, OTHER_NUMBERS, UNKNOWN, Export
from queries.contract.model.dates import find_month_first, parse_date
from queries.contract.model.spelling import spell_upn

#: The statuses of which a child has one at a time.
_IN_OR_AFTER_CARE = ("looked after", "previously looked after")
#: Where a blank says that something goes on.
_BLANK_SAYS = ("end", "back")
_FIRST_ROWS = 10


def list_children(
    roll: pl.DataFrame | None, others: pl.DataFrame | None, authority: str
) -> Children:
    """Every child of a roll by what it is or was known by.

    roll, others: the rows of roll.csv and other_numbers.csv.  authority: whose numbers count.
    """
    if roll is None:
        return Children({})
    pairs = roll.select("upn", "date_of_birth").iter_rows()
    born = {spell_upn(upn.strip()): parse_date(text.strip()) for upn, text in pairs}
    upns = {upn: upn for upn in born if upn}
    numbers: dict[str, str] = {}
    if others is not None:
        columns = ("upn", "former_upn", "authority", "authority_child_id")
        for texts in others.select(columns).iter_rows():
            upn, former, sender, number = (text.strip() for text in texts)
            upn, former = spell_upn(upn), spell_upn(former)
            if upn in born and former and former not in born:
                upns[former] = upn
            if upn in born and number and sender == authority.strip():
                numbers[number] = upn
    births = {upn: found[0] for upn, found in born.items() if found}
    return Children(upns, numbers, births)


def build_rows(
    export: Export, parts: Sequence[GivenRows], authority: str, own: pl.DataFrame | None
) -> pl.DataFrame:
    """The rows that come to an export: each once, in forms that go with those of others.

    own: the rows of the school's own file; what stands there already does not come again.
    """
    rows = pl.concat([each.rows for each in parts], how="diagonal")
    if export is CARE_EPISODES:
        rows = rows.with_columns(authority=pl.lit(authority.strip()))
    lacking = [pl.lit("").alias(name) for name in export.header if name not in rows.columns]
    rows = rows.with_columns(*lacking).with_columns(pl.col(pl.String).fill_null(""))
    for column in export.columns:
        if column.kind == "whole number":
            whole = pl.col(column.name).str.strip_suffix(".0")
            rows = rows.with_columns(whole.alias(column.name))
    if export is OTHER_NUMBERS:
        rows = rows.filter(pl.col("former_upn").str.to_uppercase() != pl.col("upn"))
    rows = _spell_dates_by_file(export, rows)
    rows = rows.unique(list(export.header), keep="first", maintain_order=True)
    if own is None:
        return rows
    stripped = _spell_dates(export, own).with_columns(pl.col(pl.String).str.strip_chars())
    ours = stripped.with_columns(pl.col("upn").str.to_uppercase())
    if export is CARE_EPISODES:
        rows = _drop_known_states(rows, ours)
    return _drop_known_rows(export, rows, ours)


def _drop_known_states(rows: pl.DataFrame, ours: pl.DataFrame) -> pl.DataFrame:
    """Less times after care of whom such a time, or without since when any of care, is known."""
    after, either = (
        ours.filter(pl.col("status").is_in(statuses))["upn"].implode()
        for statuses in (_IN_OR_AFTER_CARE[1:], _IN_OR_AFTER_CARE)
    )
    is_after = pl.col("status") == _IN_OR_AFTER_CARE[1]
    is_known = is_after & pl.col("upn").is_in(after)
    is_known |= (pl.col("start") == UNKNOWN) & pl.col("upn").is_in(either)
    return rows.filter(~is_known)


def _drop_known_rows(export: Export, rows: pl.DataFrame, ours: pl.DataFrame) -> pl.DataFrame:
    """Less those with which a row of the same key agrees: a blank mostly says nothing."""
    key = ["upn", "status", "start"] if export is CARE_EPISODES else list(export.key)
    # who sent a period is no part of it
    others = [name for name in export.header if name not in (*key, "authority", "known_since")]
    agree = [
        (pl.col(name) == "")
        | (pl.col(name) == pl.col(f"{name}_own"))
        | (pl.lit(name not in _BLANK_SAYS) & (pl.col(f"{name}_own") == ""))
        for name in others
    ]
    known = rows.join(ours, on=key, suffix="_own").filter(*agree)
    return rows.join(known, on=key, how="anti", maintain_order="left")


def write_notes(
    layout: Layout, linked: MatchedTables, name: str, authority: str, care: pl.DataFrame | None
) -> Iterator[str]:
    """What a person should know of how the tables of a layout were read."""
    if layout.advice:
        yield f"{name}: {layout.advice}"
    of = linked.known + linked.unknown + len(linked.unlike)
    yield f"{name}: {layout.title}; {linked.known} of {of} children are on the roll."
    if linked.unlike:
        yield describe_unlike(name, linked.unlike)
    if layout.from_authority and linked.unknown and not authority.strip():
        yield (
            f"{name}: whoever has no UPN there is found by the authority's own number only if "
            "the authority is named: --authority, or on the page Bring in files."
        )
    for state in layout.states:
        if state.table in linked.tables:
            yield from _count_state(state, linked.tables[state.table], care)


def _count_state(state: State, rows: pl.DataFrame, care: pl.DataFrame | None) -> Iterator[str]:
    """Whoever a state tells of, by rows, less those of whom a period of it is known."""
    of_state = pl.col("status").str.strip_chars() == state.status
    known = [] if care is None else care.filter(of_state)["upn"].str.to_uppercase().to_list()
    found = rows.filter(
        pl.col("upn").is_not_null(), ~pl.col("upn").is_in(known), *build_conditions(state)
    )
    if found.height:
        shown = ", ".join(f"{row}" for row in found["row"].head(_FIRST_ROWS))
        more = ", ..." if found.height > _FIRST_ROWS else ""
        yield f"{found['file'][0]}: {found.height} {state.said} (rows {shown}{more})."


def _spell_dates_by_file(export: Export, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows in their order, with the dates of each file in a form that goes with others."""
    numbered = rows.with_row_index("place_among_all")
    files = [_spell_dates(export, each) for each in numbered.partition_by("file")]
    return pl.concat(files or [numbered]).sort("place_among_all").drop("place_among_all")


def _spell_dates(export: Export, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of one file with their dates in a form that goes with others.

    Dates that may have the month first stay as they came, so that the check tells them.
    """
    dates = [column.name for column in export.columns if column.kind == "date"]
    texts = {name: [text.strip() for text in rows[name].unique()] for name in dates}
    turned = find_month_first(text for each in texts.values() for text in each)
    return rows.with_columns(
        pl.col(name)
        .str.strip_chars()
        .replace(
            {text: write_date(text) for text in set(each) - set(turned or find_month_first(each))}
        )
        for name, each in texts.items()
    )
