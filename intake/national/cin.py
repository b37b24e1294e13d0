"""The census of children in need (CIN): its XML as tables, and the periods that it tells of.

A child is in need from a referral to the day on which the case was closed, less the days
on a protection plan: the two exclude one another.  A referral that led to no further action
makes no period, and neither does what ended on the day on which it began.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from xml.etree.ElementTree import Element

import polars as pl

from intake.national.layout import GivenRows, load_layout
from queries.contract.model.dates import parse_date

LAYOUT = "cin"
ROOT = "Message"
FILE = "care_episodes.csv"
_CHILD = "ChildIdentifiers"
_BLOCK = "CINdetails"
#: Elements below a child's own, by the table that they make.
_PATHS = {
    _CHILD: _CHILD,
    _BLOCK: _BLOCK,
    "Assessments": f"{_BLOCK}/Assessments",
    "Section47": f"{_BLOCK}/Section47",
    "ChildProtectionPlans": f"{_BLOCK}/ChildProtectionPlans",
}
#: Each element of these holds one value of the table's, however often.
_REVIEWS = f"{_BLOCK}/ChildProtectionPlans/Reviews/CPPreviewDate"
_TRUE = ("true", "1")
_NEED, _PLAN = "in need", "on a protection plan"
_HEADINGS = {
    _NEED: {"upn": "LAchildID", "start": "CINreferralDate", "end": "CINclosureDate"},
    _PLAN: {"upn": "LAchildID", "start": "CPPstartDate", "end": "CPPendDate"},
}
#: The columns of days that make periods.
_TOLD = {name for names in _HEADINGS.values() for name in (names["start"], names["end"])}
_Span = tuple[date, date | None]
Rows = list[tuple[int, tuple[str | None, ...]]]


def is_census(root: Element) -> bool:
    """Whether the file is one: other returns of authorities have the same root."""
    collection = _get(root, "Header/CollectionDetails/Collection")
    has_cases = root.find(f"Children/Child/{_BLOCK}") is not None
    return root.tag == ROOT and (collection == "CIN" or (not collection and has_cases))


def read_census(root: Element) -> dict[str, Rows]:
    """The tables, each with the names of its columns first and a child's own number in each row.

    The number of a row is that of its element in the file, the names being the first.
    """
    layout = load_layout(LAYOUT)
    columns = {kind: (*table.known_by, *table.more) for kind, table in layout.tables.items()}
    tables: dict[str, Rows] = {kind: [(1, names)] for kind, names in columns.items()}
    for place, child in enumerate(root.iterfind("Children/Child"), start=1):
        # what stands in a child's element is that child's, though its number was left out
        number = _get(child, f"{_CHILD}/LAchildID") or f"child {place} of the file"
        for kind, path in _PATHS.items():
            rows = tables[kind]
            for element in child.iterfind(path):
                rest = (_get(element, name) for name in columns[kind][1:])
                rows.append((len(rows) + 1, (number, *rest)))
        reviews = tables["Reviews"]
        for element in child.iterfind(_REVIEWS):
            reviews.append((len(reviews) + 1, (number, (element.text or "").strip())))
    return {kind: rows for kind, rows in tables.items() if len(rows) > 1 or kind == _CHILD}


def list_periods(tables: Mapping[str, pl.DataFrame]) -> GivenRows:
    """The periods in need and on a plan of the children on the roll, as care episodes.

    A day that is none stands there as it came, so that it is told, and so do days out of order.
    """
    plans: dict[str, list[_Span]] = {}
    found: list[dict[str, object]] = []
    for row in _iterate(tables, "ChildProtectionPlans"):
        start, end = row["CPPstartDate"], row["CPPendDate"]
        span = _parse_span(start, end)
        if span is None or _is_reversed(span):
            found.append(_build_period(row, _PLAN, start, end))
        elif span[0] != span[1]:
            plans.setdefault(row["upn"], []).append(span)
            found.append(_build_period(row, _PLAN, start, end))
    for row in _iterate(tables, _BLOCK):
        start, end = row["CINreferralDate"], row["CINclosureDate"]
        span = _parse_span(start, end)
        if span and row["ReferralNFA"].casefold() in _TRUE:
            continue
        if span is None or _is_reversed(span):
            found.append(_build_period(row, _NEED, start, end))
        else:
            found += (
                _build_period(row, _NEED, f"{first}", f"{last or ''}")
                for first, last in _subtract_spans(span, plans.get(row["upn"], []))
            )
    names = ("upn", "status", "start", "end", "file", "place")
    schema = pl.Schema({"line": pl.UInt32(), **dict.fromkeys(names, pl.String())})
    return GivenRows(FILE, pl.DataFrame(found, schema=schema), _HEADINGS)


def drop_told_days(given: GivenRows) -> GivenRows:
    """The steps less those whose day is told among the periods, since it is none."""
    if not any(names.get("date") in _TOLD for names in given.headings.values()):
        return given
    return replace(given, rows=given.rows.filter(_is_date("date")))


def _build_period(row: Mapping[str, str], status: str, start: str, end: str) -> dict[str, object]:
    return {
        "upn": row["upn"],
        "status": status,
        "start": start,
        "end": end,
        "file": row["file"],
        "line": row["row"],
        "place": status,
    }


def _is_date(column: str) -> pl.Expr:
    return pl.col(column).map_elements(
        lambda text: parse_date(text) is not None, return_dtype=pl.Boolean
    )


def _parse_span(start: str, end: str) -> _Span | None:
    """The period from a day to another, in whatever order; None if one is no day."""
    first, last = parse_date(start), parse_date(end)
    if first is None or (end and last is None):
        return None
    return first[0], last[0] if last else None


def _is_reversed(span: _Span) -> bool:
    return span[1] is not None and span[1] < span[0]


def _subtract_spans(whole: _Span, taken: list[_Span]) -> Iterator[_Span]:
    """What is left of a period less others, first to last."""
    start, end = whole
    for first, last in sorted(taken, key=lambda each: each[0]):
        if (end and first >= end) or (last and last <= start):
            continue
        if first > start:
            yield start, first
        if last is None:
            return
        start = last
    if end is None or start < end:
        yield start, end


def _iterate(tables: Mapping[str, pl.DataFrame], kind: str) -> Iterator[dict[str, str]]:
    """The rows of children on the roll."""
    if kind in tables:
        yield from tables[kind].filter(pl.col("upn").is_not_null()).iter_rows(named=True)


def _get(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()
