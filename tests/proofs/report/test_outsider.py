"""An outsider reads the finished files, and has not read the program.

Known are the calendar, who was here and looked after and when, all of one child, and what
anybody could have missed or been given at most.  What the files tell is taken from one another.
The control is the same attack on sums of the exports that nobody held back.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import permutations
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pypdfium2
import pytest

from tests.proofs.report.outsider_school import (
    TERMS,
    WHEN,
    School,
    Sum,
    add,
    number,
    read_sums,
    read_word,
    run,
)
from tests.support.sizes import Count, rng, size

pytestmark = pytest.mark.slow

Step = tuple[str, str] | str  # a final report, or what happens between two

_AUTUMN, _SPRING = ("termly", "2025-12-19"), ("termly", "2026-03-27")
_YEAR = ("annual", "2026-07-20")
_CHAINS: list[list[Step]] = [
    [_AUTUMN, "restrict", _SPRING, "release", _YEAR],
    [_AUTUMN, "restrict", _YEAR],
    [_AUTUMN, "object", _SPRING, "lift", _YEAR],
    [_AUTUMN, "erase", _YEAR],
    [_AUTUMN, "erase", _SPRING, _YEAR],
    [_AUTUMN, "correct", _SPRING, _YEAR],
    ["restrict", _AUTUMN, "release", _YEAR],
    [("termly", "2025-10-24"), ("termly", "2026-02-13"), _YEAR],
    [_YEAR, _SPRING, ("termly", "2026-07-20")],
    [_SPRING, "object", _YEAR],
]
_MOST = 2630  # pounds for a child in a year, by docs/metrics.md
_PAIRS = (("absent", "lost"), ("planned", "spent"))
_DUTIES = {
    "PEP meetings, one a term",
    "First PEP meetings",
    "Health and dental checks",
    "SDQs by carers",
    "Steps of EHCPs",
    "Virtual School and social worker told of a suspension",
}
_N, _DAY, _FEW = r"\d[\d,.]*", r"\d+ [A-Z][a-z]+ \d{4}", r"(?:\d+|[Ff]ewer than 6|[Nn]o)"
_REPORT = r"(\w+ report, |Governors received the \w+ report on children looked after, )"
#: Each sentence with a number that a report may hold.
_KNOWN = re.compile("|".join((
    rf"{_FEW} child.* looked after and {_FEW} child(ren)? (are|is) previously looked after\.?",
    rf"(Previously l|L)ooked after: {_FEW} child.* came and (none|{_FEW}) left\.",
    rf"In the \w+ term \d{{4}} report {_N} (was|were) looked after\.",
    rf"(All )?{_N} (of {_N} )?PEP meetings? [a-z ,\d]+\.?",
    rf"It was {_N} of {_N} in the last report\.",
    rf"Table {_N}",
    rf"{_N} days? of absence (is|are) past the time for .* reason(, {_N} from before .*)?\.",
    rf"{_N}% of sessions were missed {WHEN}(, {_N}% across the school)?\.?",
    rf"Children looked after missed {_N} of {_N} sessions \({_N}%\) {WHEN}\.",
    rf"It (was|is) {_N} of {_N} sessions \({_N}%\) (in the last report|this school year so far)\.",
    rf"In England's primary schools, .* for 12 months missed {_N}% of sessions in {_N}/{_N}",
    rf"They lost {_N} sessions? to suspension {WHEN}\.",
    rf"£{_N} of pupil premium plus was planned {WHEN}(, and £{_N} was spent by {_DAY})?\.?",
    rf"£{_N} was planned in the last report\.",
    rf"Others did {_N} of {_N} checks, scores and plans in time(, and {_N} \w+ still to come)?",
    r"Groups of fewer than 6 children have no figures\.|Sessions|.* for fewer than 6 children\.",
    r"A total is given once, and only if nobody could guess .* share of it to within 20%\.",
    rf"{_REPORT}(school year .{{7}}|\w+ term .{{4}})(, Part One|, Part Two|, For the clerk|\.)?",
    rf"Data up to {_DAY}\.|Final(Page \d of \d)?|\d{{4}}-[-\dT:]+Z|1|\d",
)))  # fmt: skip
#: Sentences of Part One that count children by the plan or the help they have, or tell of one.
_POINTS = re.compile(
    r"The local authority's grades for the plans"
    r"|\d+ reviews? of support or of a part-time timetable"
    r"|.*review.* of support or of a part-time timetable .*\d"
    r"|The Virtual School and social workers were not told"
)


def derive(sums: set[Sum]) -> set[Sum]:
    """What two sums tell that neither does."""
    more = set(sums)
    for a, b in permutations(sums, 2):
        if a.what == b.what and b.cells < a.cells:
            more.add(Sum(a.what, a.cells - b.cells, a.total - b.total))
        if (a.what, b.what) in _PAIRS and a.cells == b.cells:
            more.add(Sum(f"{a.what} less {b.what}", a.cells, a.total - b.total))
    return more


def guess(school: School, sums: set[Sum]) -> Iterator[str]:
    """Each share that somebody who knows another child whole knows within a fifth."""
    for each in derive(derive(sums)):
        kids = sorted({kid for kid, _ in each.cells})
        own = {kid: [cell for cell in each.cells if cell[0] == kid] for kid in kids}
        share = {kid: add(school, each.what, own[kid]) for kid in kids}
        limit = {kid: add(school, "open", own[kid]) for kid in kids}
        if each.what.startswith(("planned", "spent")):
            limit = dict.fromkeys(kids, _MOST)
        for me, kid in permutations(kids, 2):
            rest = each.total - share[me]
            others = sum(limit[other] for other in kids if other not in {me, kid})
            within = (max(0, rest - others), min(rest, limit[kid]))
            yield from judge(each.what, share[kid], within, limit[kid])


def judge(what: str, share: int, within: tuple[int, int], limit: int) -> Iterator[str]:
    """Whether it is known within a fifth, and not only by what anybody knows without reports."""
    least, most = within
    assert least <= share <= most, (what, least, share, most)
    if share and (least >= 0.8 * share or (most <= 1.2 * share and most < limit)):
        yield f"{what}: {share} lies within {least} and {most}"


def guess_apart(school: School, sums: set[Sum]) -> Iterator[str]:
    """The same from pounds planned and spent that are not of the same children.

    Nobody spends more than was planned.  So what was planned beyond all that was spent is the
    most, and what was spent beyond all that was planned the least, that one child had apart.
    """
    for a, b in permutations(derive(sums), 2):
        apart = a.cells ^ b.cells
        if (a.what, b.what) != _PAIRS[1] or len({kid for kid, _ in apart}) != 1:
            continue
        if b.cells < a.cells:
            share = add(school, "planned", apart)
            yield from judge("planned apart", share, (0, a.total - b.total), _MOST)
        elif a.cells < b.cells:
            share = add(school, "spent", apart)
            yield from judge("spent apart", share, (max(0, b.total - a.total), _MOST), _MOST)


def hold_nothing_back(school: School, day: str, is_gone: bool) -> Iterator[Sum]:
    """The control: this term and this school year of the exports, as they are on the day."""
    term = max(start for start in TERMS if start <= day)
    for first in (term, TERMS[0]):
        pieces = range(school.piece(first), school.piece(day) + 1)
        cells = frozenset(
            cell for cell, count in school.true["open"].items()
            if count and cell[1] in pieces and not (is_gone and cell[0] == school.gone)
        )  # fmt: skip
        for what in ("absent", "lost", "planned", "spent"):
            yield Sum(what, cells, add(school, what, cells))


def find_others(folder: Path) -> Iterator[str]:
    """Numbers that are none of the sentences known, wherever in the files; and hidden things."""
    for path in sorted(folder.glob("*.docx")):
        with zipfile.ZipFile(path) as parts:
            xml = {name: parts.read(name).decode() for name in parts.namelist()}
        texts = [text for text in read_word(path) if text]
        texts += re.findall(r">([^<>]+)<", xml["docProps/core.xml"])
        for before, text in zip(["", *texts], texts, strict=False):
            for sentence in re.split(r"(?<=\.) (?=[A-Z£\d])", text):
                is_row = sentence.isdigit() and (before.isdigit() or before in _DUTIES)
                is_known = _KNOWN.fullmatch(sentence) or _POINTS.match(sentence)
                if re.search(r"\d", sentence) and not (is_row or is_known):
                    yield f"{path.name}: {sentence}"
        body = xml["word/document.xml"]
        hidden = ("w:vanish", "w:comment", "w:ins ", "w:del ", "descr=", "oleObject", "embed")
        yield from (f"{path.name}: {sign}" for sign in hidden if sign in body)
        pdf = pypdfium2.PdfDocument(path.with_suffix(".pdf"))
        pages = "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
        told = set(re.findall(r"\d+", " ".join(texts))) | set("123")
        yield from (f"{path.stem}.pdf: {n}" for n in set(re.findall(r"\d+", pages)) - told)
        yield from (f"{path.stem}.pdf: attachment" for _ in range(pdf.count_attachments()))
        pdf.close()


class Found(NamedTuple):
    """What one school's reports gave away."""

    shares: list[str]
    apart: list[str]
    control: list[str]
    others: list[str]
    public: list[str]


def follow(draw: Random, steps: list[Step]) -> Found:
    """Make the reports of a chain, and attack them together."""
    days: list[str] = []
    sums: set[Sum] = set()
    bare: set[Sum] = set()
    others: list[str] = []
    public: list[str] = []
    is_gone = False
    all_days = [step[1] for step in steps if not isinstance(step, str)]
    with TemporaryDirectory() as folder:
        school = School(Path(folder), draw, all_days)
        for step in steps:
            if isinstance(step, str):
                school.change(step)
                is_gone = step in {"restrict", "object", "erase"}
                continue
            days.append(step[1])
            report = school.report(*step)
            sums |= set(read_sums(school, report, days))
            bare |= set(hold_nothing_back(school, step[1], is_gone))
            others += find_others(report)
            public += filter(_POINTS.match, read_word(report / "part-one.docx"))
        control = [*guess(school, bare), *guess_apart(school, bare)]
        apart = list(guess_apart(school, sums))
        return Found(list(guess(school, sums)), apart, control, others, public)


@cache
def find_all() -> list[Found]:
    """150 reports alone, and 60 chains."""
    alone: list[list[Step]] = [[_YEAR], [_AUTUMN], [("termly", "2025-11-14")], [_SPRING]]
    reports, chains = (range(size(f"report.outsider_{name}")) for name in ("reports", "chains"))
    return [
        *(follow(rng(f"outsider reports {n}"), alone[n % len(alone)]) for n in reports),
        *(follow(rng(f"outsider chains {n}"), _CHAINS[n % len(_CHAINS)]) for n in chains),
    ]


def test_share(count: Count) -> None:
    found = find_all()
    broken = [each.shares for each in found if each.shares]
    control = sum(bool(each.control) for each in found)
    count("outsider", len(found), len(broken), control)
    assert not broken
    assert control > len(found) / 3


def test_pounds_of_a_child_apart(count: Count) -> None:
    found = find_all()
    broken = [each.apart for each in found if each.apart]
    count("outsider apart", len(found), len(broken), 0)
    assert not broken


def test_other_number(count: Count) -> None:
    found = find_all()
    broken = [each.others for each in found if each.others]
    count("outsider numbers", len(found), len(broken), 0)
    assert not broken


def test_part_one_about_children(count: Count) -> None:
    found = find_all()
    broken = [each.public for each in found if each.public]
    count("outsider public", len(found), len(broken), 0)
    assert not broken


# What an outsider found, a school each


class Steady(School):
    """Everybody is looked after all year, is given the same, and all of it is spent."""

    def mark(self) -> None:
        """Leave the register as it is."""

    def give(self) -> None:
        care = {"status": "looked after", "start": "2024-01-08", "end": "", "authority": "Ashmere"}
        self.write("care_episodes.csv", [{"upn": kid, **care} for kid in self.stays])
        self.write("premium.csv", [
            {"upn": kid, "date": day, "kind": kind, "planned": "300", "spent": "300"}
            for kid in self.stays
            for day, kind in (("2025-10-10", "club"), ("2026-02-03", "tutor"))
        ])  # fmt: skip

    def tell(self, kind: str, day: str) -> str:
        return "\n".join(read_word(self.report(kind, day) / "part-one.docx"))


class Small(Steady):
    """A school in which one child is not looked after."""

    def mark(self) -> None:
        register, roll = self.read("attendance.csv"), self.read("roll.csv")
        marks = Counter(row["upn"] for row in register if row["upn"] not in self.stays)
        other = max(marks, key=lambda kid: marks[kid])
        own = [row for row in register if row["upn"] == other and row["date"] in self.open]
        for place, row in enumerate(own):
            row["code"] = "/\\"[row["session"] == "PM"] if place % 9 else "I"
        self.missed, self.sessions = sum(row["code"] == "I" for row in own), len(own)
        kept = {*self.stays, other}
        self.write("attendance.csv", [row for row in register if row["upn"] in kept])
        self.write("roll.csv", [row for row in roll if row["upn"] in kept])


def test_pounds_entered_late_are_not_told(tmp_path: Path) -> None:
    """Spent has them and planned, as printed before, has not: the difference is one child's."""
    school = Steady(tmp_path, Random(4), [])
    school.tell(*_AUTUMN)
    rows = school.read("premium.csv")
    late = {**rows[0], "date": "2025-11-20", "kind": "maths", "planned": "450", "spent": "450"}
    school.write("premium.csv", [*rows, late])
    run("load", school.exports, "--home", school.home)
    told = re.search(r"£(\S+) of pupil.* year, and £(\S+) was spent", school.tell(*_YEAR))
    assert told is None or number(told[2]) - number(told[1]) != 450


def test_other_child_of_small_school(tmp_path: Path) -> None:
    """The share across the school less the sum is the one child who is not looked after."""
    school = Small(tmp_path, Random(4), [])
    text = school.tell(*_YEAR)
    told = re.search(r"missed (\S+) of (\S+) sessions", text)
    line = re.search(r"([\d.]+)% across the school", text)
    if told and line:
        missed, base = number(told[1]), number(told[2])
        most = (float(line[1]) + 0.05) / 100 * (base + school.sessions) - missed
        least = (float(line[1]) - 0.05) / 100 * (base + school.sessions) - missed
        assert least < 0.8 * school.missed or most > 1.2 * school.missed, (least, most)
