"""The SSDA903, an authority's yearly return on the children it looks after, as rows of ours.

Pure functions on frames of text.  What has a day is taken: episodes as periods of care and the
time after it, reviews, times missing, plans for adoption; and the authority's own number of a
child.  The rest is checked and left alone: the yearly outcomes (OC2) and what is told of care
leavers (OC3) have no dates, and none are made up for them.
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import polars as pl

from intake.national.layout import (
    Children,
    Given,
    GivenRows,
    NationalTable,
    build_given_rows,
    describe_unlike,
)
from queries import reference
from queries.contract.model.dates import parse_date
from queries.contract.model.spelling import spell_upn

HEADER, EPISODES = "Header", "Episodes"
#: What tables give beside periods; the first day of a plan for adoption is the decision's.
_GIVES = (
    Given(
        "Reviews",
        "reviews.csv",
        {"upn": "CHILD", "date": "REVIEW", "took_part": "REVIEW_CODE"},
        {"outcome": "held"},
    ),
    Given(
        "Missing",
        "missing.csv",
        {"upn": "CHILD", "date": "MIS_START", "kind": "MISSING", "back": "MIS_END"},
    ),
    Given(
        "PlacedAdoption",
        "permanence.csv",
        {"upn": "CHILD", "date": "DATE_PLACED"},
        {"event": "adoption decided"},
    ),
    Given(
        "PlacedAdoption",
        "permanence.csv",
        {"upn": "CHILD", "date": "DATE_PLACED_CEASED", "reason": "REASON_PLACED_CEASED"},
        {"event": "plan given up"},
        when={"DATE_PLACED_CEASED": []},
    ),
)
_USED = {HEADER, EPISODES, *(each.table for each in _GIVES)}
#: Why an episode ceased, by which a child counts as previously looked after: adoption, child
#: arrangements, special guardianship.
_LEFT_FOR_GOOD = frozenset(["E11", "E12", "E41", "E45", "E46", "E47", "E48"])
_WHOLE_NUMBER = re.compile(r"[0-9]{1,3}")


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

    care: care_episodes.csv; events: rows of other files.  numbers: upn and authority_child_id.
    known, unknown: how many of its children are on the roll, and are not.  unlike: see
    `MatchedTables`.  unused: tables that were checked and left alone.
    """

    care: GivenRows
    events: tuple[GivenRows, ...]
    numbers: pl.DataFrame = field(repr=False)
    faults: tuple[ReturnFault, ...]
    known: int
    unknown: int
    unlike: tuple[str, ...]
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


def build_care_rows(tables: Sequence[NationalTable], on_roll: Children) -> ReturnRows:
    """What a return says of the children who are on the roll, and the faults of their rows."""
    upn_by_child: dict[str, str] = {}
    children: set[str] = set()
    unlike: list[str] = []
    for table in tables:
        children |= set(table.rows["CHILD"].str.strip_chars())
        if table.kind == HEADER:
            for row in table.rows.iter_rows(named=True):
                upn = on_roll.upns.get(spell_upn(row["UPN"].strip()))
                if upn and on_roll.is_born_otherwise(upn, row["DOB"]):
                    unlike.append(f"{table.file}, row {row['row']}")
                elif upn:
                    upn_by_child[row["CHILD"].strip()] = upn
    faults: list[ReturnFault] = []
    care: list[dict[str, object]] = []
    events: list[GivenRows] = []
    homes = _load_homes()
    for table in tables:
        own = table.rows.filter(pl.col("CHILD").str.strip_chars().is_in(list(upn_by_child)))
        found = list(_find_faults(table, own))
        faults += found
        wrong = {each.row for each in found}
        sure = own.filter(~pl.col("row").is_in(wrong))
        events += _build_events(table, sure, upn_by_child)
        if table.kind != EPISODES:
            continue
        rows = list(sure.iter_rows(named=True))
        periods = [_build_period(row, upn_by_child, homes) for row in rows]
        periods += _build_after_care(rows, upn_by_child)
        care += [period | {"file": table.file, "place": ""} for period in periods]
    columns = ("upn", "status", "start", "end", "legal_status", "home", "file", "place")
    schema = pl.Schema({"line": pl.UInt32(), **dict.fromkeys(columns, pl.String())})
    periods_told = pl.DataFrame(care, schema=schema)
    numbers = [(upn, child) for child, upn in upn_by_child.items()]
    return ReturnRows(
        care=GivenRows(
            "care_episodes.csv",
            periods_told.unique(["upn", "status", "start"], keep="last", maintain_order=True),
        ),
        events=tuple(events),
        numbers=pl.DataFrame(numbers, schema=["upn", "authority_child_id"], orient="row"),
        faults=tuple(sorted(faults, key=lambda each: (each.file, each.row))),
        known=len(upn_by_child),
        unknown=len(children - {""}) - len(upn_by_child),
        unlike=tuple(unlike),
        unused=tuple(sorted({each.kind for each in tables} - _USED)),
    )


def _build_events(
    table: NationalTable, rows: pl.DataFrame, upn_by_child: Mapping[str, str]
) -> list[GivenRows]:
    """What rows without a fault give to other files than that of periods."""
    gives = [each for each in _GIVES if each.table == table.kind]
    spelled = rows.with_columns(
        pl.col(pl.String).str.strip_chars().str.to_uppercase(),
        upn=pl.col("CHILD").str.strip_chars().replace_strict(upn_by_child, return_dtype=pl.String),
        file=pl.lit(table.file),
    )
    return [build_given_rows(each, spelled, ()) for each in gives]


def _build_after_care(
    rows: Sequence[Mapping[str, str]], upn_by_child: Mapping[str, str]
) -> list[dict[str, object]]:
    """The time after care of whoever left it for good, until they come into care again."""
    starts: dict[str, list[str]] = {}
    for row in rows:
        starts.setdefault(row["CHILD"].strip(), []).append(_to_iso(row["DECOM"]))
    found: list[dict[str, object]] = []
    for row in rows:
        if row["REC"].strip().upper() in _LEFT_FOR_GOOD:
            ceased = _to_iso(row["DEC"])
            again = sorted(each for each in starts[row["CHILD"].strip()] if each >= ceased)
            found.append(
                {
                    "line": row["row"],
                    "upn": upn_by_child[row["CHILD"].strip()],
                    "status": "previously looked after",
                    "start": ceased,
                    "end": again[0] if again else "",
                }
            )
    return found


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


def _find_faults(table: NationalTable, rows: pl.DataFrame) -> Iterator[ReturnFault]:
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


def write_return_notes(found: ReturnRows, name: str) -> list[str]:
    """What a person should know of how the SSDA903 was read."""
    on_roll = f"{found.known} of {found.known + found.unknown} children are on the roll"
    notes = [f"{name}: a return of children looked after (SSDA903); {on_roll}."]
    if found.unlike:
        notes.append(describe_unlike(name, found.unlike))
    if found.unused:
        notes.append(
            f"{name}: checked, and used by no page: {', '.join(found.unused)}. Yearly outcomes "
            "have no dates, and none were made."
        )
    return notes
