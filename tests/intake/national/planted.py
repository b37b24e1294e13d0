"""Faults planted into the national files of a made-up school, each held against what a check tells.

Each stands alone in its row or element; planted.toml lists them.
"""

import csv
import io
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from intake.check.check import CheckResult
from synthetic.faults.faults import Fault

Check = Callable[[dict[str, str]], CheckResult]

_XML = ".xml"
#: Tables of which an element is one value, as its column is called.
_OF_ONE_VALUE = frozenset(["Reviews"])
#: In planted.toml: the day before the one that another cell of the row has.
_DAY_BEFORE = "before "


@dataclass(frozen=True)
class PlannedFault:
    """A fault as planted.toml has it: where, what stands there then, and what it is.

    column: in XML the path below the table's element; the last of it is what is told.
    """

    table: str
    column: str
    text: str
    kind: str


def plant_and_check(
    files: Mapping[str, str], planned: list[PlannedFault], check: Check, places: tuple[str, ...]
) -> None:
    """As many at a time as there are rows; none is told that was not planted.

    places: how the names of the files begin in which faults are looked for.
    """
    left = planned
    while left:
        spoilt, planted = inject_planned_faults(files, left)
        assert planted, "no row is left that could have them"
        expected = {(each.file, each.row, each.column, each.kind) for each in planted.values()}
        told = [
            (each.shown_file, each.row, each.shown_column, each.fault)
            for each in check(spoilt).problems
            if each.shown_file.startswith(places)
        ]
        assert set(told) == expected
        assert len(told) == len(expected)
        left = [each for each in left if each not in planted]


def inject_planned_faults(
    files: Mapping[str, str], planned: Sequence[PlannedFault]
) -> tuple[dict[str, str], dict[PlannedFault, Fault]]:
    """The files with faults in them, and where each is.

    Each stands in a row or element of its own; those for which none is left are not planted.
    """
    spoilt = dict(files)
    found: dict[PlannedFault, Fault] = {}
    for name in files:
        is_xml = name.endswith(_XML)
        own = [each for each in planned if is_xml or name == each.table]
        plant = _plant_in_xml if is_xml else _plant_in_table
        if own:
            spoilt[name], planted = plant(files[name], name, own)
            found |= planted
    return spoilt, found


def list_planned_faults(national: str) -> list[PlannedFault]:
    """The faults that there are for a format."""
    text = Path(__file__).with_name("planted.toml").read_text(encoding="utf-8")
    return [
        PlannedFault(table, column, text_there, kind)
        for table, columns in tomllib.loads(text).get(national, {}).items()
        for column, pairs in columns.items()
        for text_there, kind in pairs
    ]


def _plant_in_xml(
    text: str, name: str, planned: Sequence[PlannedFault]
) -> tuple[str, dict[PlannedFault, Fault]]:
    """The number of a row is that of its element among those of its kind, from 2 on."""
    root = fromstring(text)
    spoilt: dict[str, set[int]] = {}
    faults: dict[PlannedFault, Fault] = {}
    for each in planned:
        is_leaf = each.table in _OF_ONE_VALUE
        elements = list(root.iter(each.column if is_leaf else each.table))
        taken = spoilt.setdefault(each.table, set())
        place = next(
            (
                number
                for number, element in enumerate(elements)
                if number not in taken and (is_leaf or _may_carry(_list_cells(element), each))
            ),
            None,
        )
        if place is None:
            continue
        taken.add(place)
        cell = elements[place] if is_leaf else _find_cell(elements[place], each.column)
        cell.text = _build_text(each.text, _list_cells(elements[place]))
        told = each.column.rpartition("/")[2]
        faults[each] = Fault(f"{name}: {each.table}", place + 2, told, each.kind)
    return tostring(root, encoding="unicode"), faults


def _may_carry(cells: Mapping[str, str], planned: PlannedFault) -> bool:
    """Whether a row has what the fault needs: the other day, or a value to take away or turn."""
    if planned.text.startswith(_DAY_BEFORE):
        return bool(cells.get(planned.text.removeprefix(_DAY_BEFORE)))
    needs_value = planned.text == "" or planned.kind == "dates out of order"
    return not needs_value or bool(cells.get(planned.column))


def _find_cell(element: Element, path: str) -> Element:
    """The element at a path, made if it is not there."""
    for tag in path.split("/"):
        found = element.find(tag)
        element = SubElement(element, tag) if found is None else found
    return element


def _list_cells(element: Element, above: str = "") -> dict[str, str]:
    """What stands below an element, by path; of several at one path the first."""
    cells: dict[str, str] = {}
    for sub in element:
        path = f"{above}{sub.tag}"
        for at, text in ((path, sub.text or ""), *_list_cells(sub, f"{path}/").items()):
            cells.setdefault(at, text)
    return cells


def _plant_in_table(
    text: str, name: str, planned: Sequence[PlannedFault]
) -> tuple[str, dict[PlannedFault, Fault]]:
    names, *rows = list(csv.reader(io.StringIO(text)))
    faults: dict[PlannedFault, Fault] = {}
    free = list(range(len(rows)))
    for each in planned:
        found = [
            place for place in free if _may_carry(dict(zip(names, rows[place], strict=True)), each)
        ]
        if not found:
            continue
        place = found[0]
        free.remove(place)
        if each.column:
            cells = dict(zip(names, rows[place], strict=True))
            rows[place][names.index(each.column)] = _build_text(each.text, cells)
        else:
            rows[place].append(each.text)
        faults[each] = Fault(name, place + 2, each.column, each.kind)
    content = io.StringIO()
    csv.writer(content, lineterminator="\n").writerows([names, *rows])
    return content.getvalue(), faults


def _build_text(text: str, cells: Mapping[str, str]) -> str:
    if not text.startswith(_DAY_BEFORE):
        return text
    return f"{date.fromisoformat(cells[text.removeprefix(_DAY_BEFORE)]) - timedelta(1)}"
