"""Nobody who knows one child whole comes within a fifth of another's sessions or pounds.

From the finished Word files of drawn schools, read as text.  This holds the gate to its own
rule; the attack by somebody who has not read the code stands in test_attack.py.
"""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import docx
import pytest

from safeguards.disclosure.settings import Settings
from tests.proofs.report.histories import Child, Report, draw_history, write_part_one
from tests.support import sizes
from tests.support.sizes import size

pytestmark = pytest.mark.slow

_MISSED = re.compile(r"missed ([\d,]+) of ([\d,]+) sessions")
_LOST = re.compile(r"lost ([\d,]+) sessions? to suspension")
_PLANNED = re.compile(r"£([\d,]+) of pupil premium plus was planned")
#: A gate that tells each sum, of one child too.
_OPEN = Settings(fewest=1, percent=-1_000_000, most_premium=1_000_000)


class Printed(NamedTuple):
    """A number that stands in a report, with each child's true share and the most it can be."""

    number: int
    shares: dict[str, int]
    tops: dict[str, int]


def read_text(report: Report) -> str:
    file = docx.Document(str(report.folder / "part-one.docx"))
    return "\n".join(each.text for each in file.paragraphs)


def list_printed(report: Report) -> Iterator[Printed]:
    """The sums of a report that is the first of its school year, so that all of it is known."""
    first = report.term.first_day.replace(month=8, day=1)
    if first > report.term.first_day:
        first = first.replace(year=first.year - 1)
    begins = first if report.kind == "annual" else report.term.first_day

    def add(child: Child, what: str) -> int:
        daily: dict[date, int] = getattr(child, what)
        return sum(number for day, number in daily.items() if begins <= day <= report.day)

    text, here = read_text(report), [each for each in report.children if add(each, "open")]
    tops = {each.name: add(each, "open") for each in here}
    for pattern, what in ((_MISSED, "missed"), (_LOST, "suspended"), (_PLANNED, "planned")):
        found = pattern.search(text)
        shares = {each.name: add(each, what) for each in here}
        number = int(found[1].replace(",", "")) if found else -1
        if number == sum(shares.values()):  # since an earlier day it is another sum
            most = dict.fromkeys(shares, 2_630) if what == "planned" else tops
            yield Printed(number, shares, most)


def is_estimated(printed: Printed) -> bool:
    """Whether somebody who knows one child has another within a fifth, and did not before."""
    for insider, known in printed.shares.items():
        for child, share in printed.shares.items():
            if child == insider or not share:
                continue
            left, top = printed.number - known, printed.tops[child]
            others = sum(printed.tops.values()) - top - printed.tops[insider]
            if (left < top and left * 5 <= share * 6) or (left - others) * 5 >= share * 4:
                return True
    return False


@pytest.mark.parametrize(("settings", "name"), [(None, "gate"), (_OPEN, "control")])
def test_nobody_is_estimated_from_what_is_printed(
    tmp_path: Path, count: sizes.Count, settings: Settings | None, name: str
) -> None:
    """The control prints each sum, and a third of its schools or more are broken."""
    rng, cases = sizes.rng("report.sums"), max(4, size("report.sums"))
    broken = told = 0
    for case in range(cases):
        reports = draw_history(rng, tmp_path / f"{case}", settings, write_part_one)
        seen: set[str] = set()
        printed: list[Printed] = []
        for report in reports:
            year = report.figures.term.year
            if year not in seen:
                printed += list_printed(report)
            seen.add(year)
        told += len(printed)
        broken += any(map(is_estimated, printed))
    count(f"report.sums.{name}", cases, 0 if settings else broken, broken if settings else 0)
    assert told >= cases
    assert broken >= cases / 3 if settings else broken == 0
