"""A reader of the census of children in need (CIN): its XML as tables, and the periods in it.

A child is in need from a referral to the day on which the case was closed, less the days
on a protection plan: the two exclude one another.  A referral that led to no further action
makes no period, and neither does a referral that ended on the day on which it began.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from xml.etree.ElementTree import Element

from intake.national.given import GivenRows, build_period, gather_periods
from intake.national.layout import load_layout
from intake.national.returns import Return, Rows, Tables, get_text
from queries.contract.model.dates import parse_date

_NAME = "cin"
_CHILD = "ChildIdentifiers"
_BLOCK = "CINdetails"
#: The path below a child's element of the elements that make each table.
_PATHS = {
    _CHILD: _CHILD,
    _BLOCK: _BLOCK,
    "Assessments": f"{_BLOCK}/Assessments",
    "Section47": f"{_BLOCK}/Section47",
    "ChildProtectionPlans": f"{_BLOCK}/ChildProtectionPlans",
}
#: The path of reviews of a plan: each element is one row of the table Reviews.
_REVIEWS = f"{_BLOCK}/ChildProtectionPlans/Reviews/CPPreviewDate"
_TRUE = ("true", "1")
_NEED, _PLAN = "in need", "on a protection plan"
_HEADINGS = {
    _NEED: {"upn": "LAchildID", "start": "CINreferralDate", "end": "CINclosureDate"},
    _PLAN: {"upn": "LAchildID", "start": "CPPstartDate", "end": "CPPendDate"},
}
_Span = tuple[date, date | None]


def _read_root(root: Element) -> Mapping[str, Rows] | None:
    """Return the tables, each with its columns first and the child's number in every row.

    Rows are numbered as their elements in the file, from 2.  Returns None for another file.
    """
    collection = get_text(root, "Header/CollectionDetails/Collection")
    has_cases = root.find(f"Children/Child/{_BLOCK}") is not None
    # other returns of authorities have the same root
    if root.tag != "Message" or not (collection == "CIN" or (not collection and has_cases)):
        return None
    columns = {kind: table.columns for kind, table in load_layout(_NAME).tables.items()}
    tables: dict[str, Rows] = {kind: [(1, names)] for kind, names in columns.items()}
    for place, child in enumerate(root.iterfind("Children/Child"), start=1):
        # rows in a child's element belong to that child even if its number was left out
        number = get_text(child, f"{_CHILD}/LAchildID") or f"child {place} of the file"
        for kind, path in _PATHS.items():
            rows = tables[kind]
            for element in child.iterfind(path):
                rest = (get_text(element, name) for name in columns[kind][1:])
                rows.append((len(rows) + 1, (number, *rest)))
        reviews = tables["Reviews"]
        for element in child.iterfind(_REVIEWS):
            reviews.append((len(reviews) + 1, (number, (element.text or "").strip())))
    return {kind: rows for kind, rows in tables.items() if len(rows) > 1 or kind == _CHILD}


def _list_periods(tables: Tables) -> Sequence[GivenRows]:
    """Return the periods in need and on a plan as care episodes.

    A text that is no date and dates out of order stay as they came, so that the check lists them.
    """
    plans: dict[str, list[_Span]] = {}
    periods: list[dict[str, object]] = []
    for row in _iterate(tables, "ChildProtectionPlans"):
        start, end = row["CPPstartDate"], row["CPPendDate"]
        span = _parse_span(start, end)
        if span is None or _is_reversed(span):
            periods.append(build_period(row, _PLAN, start, end, place=_PLAN))
        elif span[0] != span[1]:
            plans.setdefault(row["upn"], []).append(span)
            periods.append(build_period(row, _PLAN, start, end, place=_PLAN))
    for row in _iterate(tables, _BLOCK):
        start, end = row["CINreferralDate"], row["CINclosureDate"]
        span = _parse_span(start, end)
        if span and row["ReferralNFA"].casefold() in _TRUE:
            continue
        if span is None or _is_reversed(span):
            periods.append(build_period(row, _NEED, start, end, place=_NEED))
        else:
            periods += (
                build_period(row, _NEED, f"{first}", f"{last or ''}", place=_NEED)
                for first, last in _subtract_spans(span, plans.get(row["upn"], []))
            )
    return [gather_periods(periods, _HEADINGS)]


def _parse_span(start: str, end: str) -> _Span | None:
    """Return the period between two dates, in any order, or None if either is not a date."""
    first, last = parse_date(start), parse_date(end)
    if first is None or (end and last is None):
        return None
    return first[0], last[0] if last else None


def _is_reversed(span: _Span) -> bool:
    return span[1] is not None and span[1] < span[0]


def _subtract_spans(whole: _Span, taken: list[_Span]) -> Iterator[_Span]:
    """Yield what is left of a period without the others, in order of time."""
    start, end = whole
    for first, last in sorted(taken, key=lambda span: span[0]):
        if (end and first >= end) or (last and last <= start):
            continue
        if first > start:
            yield start, first
        if last is None:
            return
        start = last
    if end is None or start < end:
        yield start, end


def _iterate(tables: Tables, kind: str) -> Iterator[dict[str, str]]:
    if kind in tables:
        yield from tables[kind].iter_rows(named=True)


NEED_CENSUS = Return(_NAME, read_root=_read_root, list_periods=_list_periods)
