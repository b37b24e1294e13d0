"""The SSDA903, an authority's yearly return on the children it looks after, as care periods.

Pure functions on frames of text.  What the pages can use is taken: episodes as periods of care,
and the authority's own number of a child.  The rest is checked and left alone, since no page
asks for it; the yearly outcomes (OC2) have no dates, and none are made up for them.
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import polars as pl

from intake.contract.model.dates import parse_date
from intake.contract.model.spelling import spell_upn
from queries import reference

HEADER, EPISODES = "Header", "Episodes"
_WHOLE_NUMBER = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True, eq=False)
class ReturnTable:
    """One table of a return: `row` and its columns as text; file is what people call it."""

    kind: str
    file: str
    rows: pl.DataFrame = field(repr=False)


@dataclass(frozen=True)
class ReturnFault:
    """What is wrong with a row of a return, for a fault of the contract; no value is told."""

    file: str
    row: int
    column: str
    fault: str
    allowed: str = ""


@dataclass(frozen=True, eq=False)
class ReturnRows:
    """What a return says of the children of a roll.

    care: the columns of care_episodes.csv, with `file` and `line`; numbers: upn and
    authority_child_id.  known, unknown: how many of its children are on the roll, and are not.
    unused: tables that were checked and left alone.
    """

    care: pl.DataFrame = field(repr=False)
    numbers: pl.DataFrame = field(repr=False)
    faults: tuple[ReturnFault, ...]
    known: int
    unknown: int
    unused: tuple[str, ...]


@cache
def load_tables() -> dict[str, dict[str, str]]:
    """What each column of each table may hold; see ssda903.toml."""
    text = files("intake.national").joinpath("ssda903.toml").read_text("utf-8")
    return tomllib.loads(text)


def identify_table(cells: Sequence[str | None]) -> str | None:
    """The table whose columns these are, exactly, in any order and case; None if it is none."""
    names = {(cell or "").strip().upper() for cell in cells} - {""}
    return next((kind for kind, columns in load_tables().items() if names == set(columns)), None)


def build_care_rows(tables: Sequence[ReturnTable], upns: Collection[str]) -> ReturnRows:
    """The care periods of the children who are on the roll, and the faults of their rows.

    upns: every number under which a child of the roll is or was known, spelled as ours.
    """
    upn_by_child: dict[str, str] = {}
    children: set[str] = set()
    for table in tables:
        children |= set(table.rows["CHILD"].str.strip_chars())
        if table.kind == HEADER:
            pairs = table.rows.select("CHILD", "UPN").iter_rows()
            upn_by_child |= {
                child.strip(): spell_upn(upn.strip())
                for child, upn in pairs
                if spell_upn(upn.strip()) in upns
            }
    faults: list[ReturnFault] = []
    care: list[dict[str, object]] = []
    homes = _load_homes()
    for table in tables:
        own = table.rows.filter(pl.col("CHILD").str.strip_chars().is_in(list(upn_by_child)))
        found = list(_find_faults(table, own))
        faults += found
        wrong = {each.row for each in found}
        if table.kind != EPISODES:
            continue
        care += [
            _build_period(row, upn_by_child, homes) | {"file": table.file}
            for row in own.iter_rows(named=True)
            if row["row"] not in wrong
        ]
    columns = ("upn", "status", "start", "end", "legal_status", "home", "file")
    schema = pl.Schema({"line": pl.UInt32(), **dict.fromkeys(columns, pl.String())})
    numbers = [(upn, child) for child, upn in upn_by_child.items()]
    return ReturnRows(
        care=pl.DataFrame(care, schema=schema).unique(
            ["upn", "start"], keep="last", maintain_order=True
        ),
        numbers=pl.DataFrame(numbers, schema=["upn", "authority_child_id"], orient="row"),
        faults=tuple(sorted(faults, key=lambda each: (each.file, each.row))),
        known=len(upn_by_child),
        unknown=len(children - {""}) - len(upn_by_child),
        unused=tuple(sorted({each.kind for each in tables} - {HEADER, EPISODES})),
    )


def _build_period(
    row: dict[str, str], upn_by_child: dict[str, str], homes: dict[str, str]
) -> dict[str, object]:
    """A period of care; it ends on the day on which the episode ceased."""
    return {
        "line": row["row"],
        "upn": upn_by_child[row["CHILD"].strip()],
        "status": "looked after",
        "start": _to_iso(row["DECOM"]),
        "end": _to_iso(row["DEC"]),
        "legal_status": row["LS"].strip().upper(),
        "home": homes[row["PLACE"].strip().upper()],
    }


def _to_iso(text: str) -> str:
    found = parse_date(text.strip())
    return f"{found[0]}" if found else ""


@cache
def _load_homes() -> dict[str, str]:
    """The kind of home by the code of a placement."""
    rows = reference.read("home_kind").select("code", "ssda903_codes").iter_rows()
    return {code: home for home, codes in rows for code in codes.split()}


def _find_faults(table: ReturnTable, rows: pl.DataFrame) -> Iterator[ReturnFault]:
    """The faults of each cell, and of rows without any those beside one another."""
    wrong: set[int] = set()
    for column, rule in load_tables()[table.kind].items():
        for row, text in rows.select("row", column).iter_rows():
            if fault := _judge(text.strip().upper(), rule):
                wrong.add(row)
                allowed = rule.removesuffix("?") if fault == "not allowed" else ""
                yield ReturnFault(table.file, row, column, fault, ", ".join(allowed.split()))
    if table.kind == EPISODES:
        yield from _find_order_faults(table.file, rows, wrong)
    if table.kind == "Missing":
        yield from (
            ReturnFault(table.file, row["row"], "MIS_END", "dates out of order")
            for row in rows.iter_rows(named=True)
            if _to_iso(row["MIS_END"]) and _to_iso(row["MIS_END"]) < _to_iso(row["MIS_START"])
        )


def _judge(text: str, rule: str) -> str | None:
    """The fault of a cell; None if it may stand there."""
    what = rule.removesuffix("?")
    if not text:
        return None if rule.endswith("?") else "missing value"
    if what == "date":
        found = parse_date(text)
        return None if found and found[1] != "year first" else "not a date"
    if what.isdecimal():
        if not _WHOLE_NUMBER.fullmatch(text):
            return "not a whole number"
        return None if int(text) <= int(what) else "out of range"
    return None if what == "text" or text in what.split() else "not allowed"


def _find_order_faults(
    file: str, rows: pl.DataFrame, wrong: Collection[int]
) -> Iterator[ReturnFault]:
    """Episodes that end before they begin or while another goes on, or that end half.

    What follows a row with a fault of its own is not held against it.
    """
    last: dict[str, tuple[str, str] | None] = {}
    dated = [
        (row["CHILD"].strip(), _to_iso(row["DECOM"]), _to_iso(row["DEC"]), row)
        for row in rows.iter_rows(named=True)
    ]
    for child, start, end, row in sorted(dated, key=lambda each: each[:3]):
        before = last.get(child)
        last[child] = None
        if row["row"] in wrong:
            continue
        if bool(row["DEC"].strip()) != bool(row["REC"].strip()):
            lacking = "REC" if row["DEC"].strip() else "DEC"
            yield ReturnFault(file, row["row"], lacking, "missing value")
        elif end and end <= start:
            yield ReturnFault(file, row["row"], "DEC", "dates out of order")
        elif before and before[0] == start:
            yield ReturnFault(file, row["row"], "DECOM", "duplicate")
        elif before and (not before[1] or start < before[1]):
            yield ReturnFault(file, row["row"], "DECOM", "overlap")
        else:
            last[child] = (start, end)
