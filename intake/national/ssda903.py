"""A reader of the SSDA903, an authority's yearly return on the children it looks after.

Besides the rows that ssda903.toml declares, its episodes give periods of care and the time after
care.  The yearly outcomes (OC2) and the rows on care leavers (OC3) have no dates, and none are
made up, so they give nothing.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from xml.etree.ElementTree import Element

import polars as pl

from intake.national.given import GivenRows, build_period, gather_periods
from intake.national.layout import load_layout
from intake.national.returns import Return, Rows, Tables, get_text
from queries import reference
from queries.contract.model.dates import parse_date

_NAME = "ssda903"
_HEADER, _EPISODES, _MISSING = "Header", "Episodes", "Missing"
#: The columns that have another name in the XML.
_OTHER_NAMES = {"CHILD": "CHILDID", "PLACE": "PL"}
#: The elements below a child's header that are tables of their own.
_NESTED = {"Reviews": "AREVIEW", _MISSING: "AMISSING", "OC2": "OC2", "PrevPerm": "PERMANENCE"}
#: The reasons for the end of an episode after which a child is previously looked after: adoption,
#: child arrangements, special guardianship.
_LEFT_FOR_GOOD = frozenset(["E11", "E12", "E41", "E45", "E46", "E47", "E48"])


def _read_root(root: Element) -> Mapping[str, Rows] | None:
    """Return the tables of headers, episodes and nested elements, or None for another file."""
    if root.tag != "EXPSSDA903":
        return None
    layout = load_layout(_NAME)
    tables: dict[str, Rows] = {}
    for child in root.iter("CHILD"):
        header = child.find("HEADER")
        if header is None:
            header = Element("HEADER")
        ids = {name: get_text(header, _OTHER_NAMES.get(name, name)) for name in ("CHILD", "DOB")}
        nested = {kind: header.findall(tag) for kind, tag in _NESTED.items()}
        for kind, elements in {
            _HEADER: [header],
            _EPISODES: child.findall("EPISODE"),
            **nested,
        }.items():
            columns = layout.tables[kind].columns
            rows = tables.setdefault(kind, [(1, columns)])
            for element in filter(len, elements):
                cells = (
                    ids.get(name) or get_text(element, _OTHER_NAMES.get(name, name))
                    for name in columns
                )
                rows.append((len(rows) + 1, tuple(cells)))
    return tables or None


def _list_periods(tables: Tables) -> Sequence[GivenRows]:
    """Return periods of care, which end when the episode ceased, and the time after care."""
    rows = list(tables[_EPISODES].iter_rows(named=True)) if _EPISODES in tables else []
    homes = _load_homes()
    periods = [
        build_period(
            row,
            "looked after",
            _to_iso(row["DECOM"]),
            _to_iso(row["DEC"]),
            legal_status=row["LS"],
            home=homes[row["PLACE"]],
        )
        for row in rows
    ]
    return [gather_periods([*periods, *_list_after_care(rows)], {})]


def _list_after_care(rows: Sequence[Mapping[str, str]]) -> Iterator[dict[str, object]]:
    """Yield the time after care of children who left it for good, until they are in care again."""
    starts: dict[str, list[str]] = {}
    for row in rows:
        starts.setdefault(row["CHILD"], []).append(_to_iso(row["DECOM"]))
    for row in rows:
        if row["REC"] in _LEFT_FOR_GOOD:
            ceased = _to_iso(row["DEC"])
            again = sorted(day for day in starts[row["CHILD"]] if day >= ceased)
            yield build_period(row, "previously looked after", ceased, again[0] if again else "")


def _to_iso(text: str) -> str:
    day = parse_date(text)
    return f"{day[0]}" if day else ""


@cache
def _load_homes() -> dict[str, str]:
    """Load the kind of home by the code of a placement."""
    rows = reference.read("home_kind").select("code", "ssda903_codes").iter_rows()
    return {code: home for home, codes in rows for code in codes.split()}


def _find_row_faults(
    kind: str, rows: pl.DataFrame, wrong: Collection[int]
) -> Iterator[tuple[int, str, str]]:
    """Find faults between cells of episodes, and times missing with dates out of order."""
    if kind == _EPISODES:
        yield from _find_order_faults(rows, wrong)
    if kind == _MISSING:
        for row in rows.iter_rows(named=True):
            if _to_iso(row["MIS_END"]) and _to_iso(row["MIS_END"]) < _to_iso(row["MIS_START"]):
                yield row["row"], "MIS_END", "dates out of order"


def _find_order_faults(
    rows: pl.DataFrame, wrong: Collection[int]
) -> Iterator[tuple[int, str, str]]:
    """Find episodes that end before they begin, overlap, repeat or have half of their end.

    A row after a row with a fault is not compared with it.
    """
    last: dict[str, tuple[str, str] | None] = {}
    dated = [
        (row["CHILD"], _to_iso(row["DECOM"]), _to_iso(row["DEC"]), row)
        for row in rows.iter_rows(named=True)
    ]
    for child, start, end, row in sorted(dated, key=lambda entry: entry[:3]):
        before = last.get(child)
        last[child] = None
        if row["row"] in wrong:
            continue
        if bool(row["DEC"]) != bool(row["REC"]):
            yield row["row"], "REC" if row["DEC"] else "DEC", "missing value"
        elif end and end <= start:
            yield row["row"], "DEC", "dates out of order"
        elif before and before[0] == start:
            yield row["row"], "DECOM", "duplicate"
        elif before and (not before[1] or start < before[1]):
            yield row["row"], "DECOM", "overlap"
        else:
            last[child] = (start, end)


CARE_RETURN = Return(
    _NAME,
    read_root=_read_root,
    list_periods=_list_periods,
    used=[_EPISODES],
    find_row_faults=_find_row_faults,
)
