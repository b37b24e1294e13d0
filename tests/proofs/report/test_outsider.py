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
)
from tests.support.sizes import Count, rng, size

pytestmark = pytest.mark.slow

Step = tuple[str, str] | str  # a final report on a term or a year, or what happens between two

_AUTUMN, _SPRING = ("autumn", "2025-12-23"), ("spring", "2026-04-01")
_SUMMER, _YEAR = ("summer", "2026-07-27"), ("", "2026-07-27")
_OPEN = ("spring", "2026-02-13")
_CHAINS: list[list[Step]] = [
    [_AUTUMN, "restrict", _SPRING, "release", _YEAR],
    [_AUTUMN, "restrict", _YEAR],
    [_AUTUMN, "object", _SPRING, "lift", _YEAR],
    [_AUTUMN, "erase", _YEAR],
    [_AUTUMN, "erase", _SPRING, _YEAR],
    [_AUTUMN, "correct", _SPRING, _YEAR],
    ["restrict", _AUTUMN, "release", _YEAR],
    [_AUTUMN, _OPEN, _SUMMER, _YEAR],
    [_YEAR, _SPRING, _SUMMER],
    [_SPRING, "object", _YEAR],
]
_MOST = 2630  # pounds for a child in a year, by docs/metrics.md
_DUTIES = {
    "PEP meetings, one a term",
    *(f"{term.capitalize()} term" for term in TERMS),
    *("The autumn term 2025", "The spring term 2026", "The summer term 2026"),
    "The school year 2025/26",
    "First PEP meetings",
    "Health and dental checks",
    "SDQs by carers",
    "Steps of EHCPs",
    "Virtual School and social worker told of a suspension",
}
_N, _DAY, _FEW = r"\d[\d,.]*", r"\d+ [A-Z][a-z]+ \d{4}", r"(?:\d+|[Ff]ewer than 6|[Nn]o)"
_PERIOD = r"(?:(?:autumn|spring|summer) term \d{4}|school year \d{4}/\d\d)"
_REPORT = r"(\w+ report, |Governors received the \w+ report on children looked after, )"
#: Each sentence with a number that a report may hold.
_KNOWN = re.compile("|".join((
    rf"{_FEW} child.* looked after and {_FEW} child(ren)? (are|is) previously looked after\.?",
    rf"(Previously l|L)ooked after: {_FEW} child.* came and (none|{_FEW}) left in .* year\.",
    rf"Nobody is looked after on {_DAY}\.",
    rf"The {_PERIOD} is not over\.|Duties are given up to {_DAY}, .* whole terms only\.",
    rf"(All )?{_N} (of {_N} )?PEP meetings due in the {_PERIOD} were held[a-z ,\d]+\.?",
    rf"No PEP meeting (was|due).* in the {_PERIOD}( is recorded yet)?\.?",
    rf"(All|Not all) (first )?PEP meetings due in the {_PERIOD}( by {_DAY})? were held in time\.?",
    rf"The {_PERIOD}|Table {_N}|(Autumn|Spring|Summer) term \d{{4}}|{_N}%",
    rf"PEP meetings, the {_PERIOD}|(Duties of others|The school's duties), the {_PERIOD}",
    rf"{_N} days? of absence (is|are) past .* reason(, {_N} from before the {_PERIOD})?(;.*)?\.",
    rf"No day of absence is past the time for its reason; {_N} (is|are) still in time\.",
    rf"{_N}% of sessions were missed {WHEN}(, {_N}% across the school)?\.?",
    rf"Children looked after missed {_N} of {_N} sessions \({_N}%\) {WHEN}\.",
    rf"Sessions missed {WHEN} are not given\.|Pounds planned {WHEN} are not given\.",
    r"A total needs 6 children or more, and must not show what is one child's\.",
    rf"In England's primary schools, .* for 12 months missed {_N}% of sessions in {_N}/{_N}",
    rf"Records of the {_PERIOD} were corrected after a report first gave its totals\.",
    rf"£{_N} of pupil premium plus was planned {WHEN}(, and [a-z ]+ was spent)?\.?",
    rf"Others did {_N} of {_N} checks, scores and plans in time(, and {_N} \w+ still to come)?",
    rf"No check, score or plan was due from others in the {_PERIOD}",
    r"Part One counts duties if 6 children or more were looked after at some time of the period\.",
    r"It needs 6 children or more\.|It is left out if somebody could guess .* to within 20%\.",
    rf"{_REPORT}{_PERIOD}(, Part One|, Part Two|, For the clerk|, Virtual School|\.)?",
    r"\w+ report, (Autumn|Spring|Summer|School) \w+ [\d/]+(, [A-Z][\w ]+)?",
    rf"Data up to {_DAY}\.|Final\.|Code [\w-]+(Page \d of \d)?|\d{{4}}-[-\dT:]+Z|1|\d",
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
            more.add(Sum(a.what, a.cells - b.cells, a.least - b.most, a.most - b.least))
    return more


def guess(school: School, sums: set[Sum]) -> Iterator[str]:
    """Each share that somebody who knows another child whole knows within a fifth."""
    for each in derive(derive(sums)):
        kids = sorted({kid for kid, _ in each.cells})
        own = {kid: [cell for cell in each.cells if cell[0] == kid] for kid in kids}
        share = {kid: add(school, each.what, own[kid]) for kid in kids}
        limit = {kid: add(school, "open", own[kid]) for kid in kids}
        if each.what != "absent":
            limit = dict.fromkeys(kids, _MOST)
        for me, kid in permutations(kids, 2):
            others = sum(limit[other] for other in kids if other not in {me, kid})
            within = (
                max(0, each.least - share[me] - others),
                min(each.most - share[me], limit[kid]),
            )
            yield from judge(each.what, share[kid], within, limit[kid])


def judge(what: str, share: int, within: tuple[float, float], limit: int) -> Iterator[str]:
    """Whether it is known within a fifth, and not only by what anybody knows without reports."""
    least, most = within
    assert least <= share <= most, (what, least, share, most)
    if share and (least >= 0.8 * share or (most <= 1.2 * share and most < limit)):
        yield f"{what}: {share} lies within {least} and {most}"


def hold_nothing_back(school: School, term: str, is_gone: bool) -> Iterator[Sum]:
    """The control: the period's totals of the exports, as they are."""
    cells = frozenset(
        cell
        for cell in school.true["open"]
        if cell[1] in (term or TERMS) and not (is_gone and cell[0] == school.gone)
    )
    for what in ("absent", "planned", "spent"):
        total = add(school, what, cells)
        yield Sum(what, cells, total, total)


def find_others(folder: Path) -> Iterator[str]:
    """Numbers that are none of the sentences known, wherever in the files; and hidden things."""
    for path in sorted(folder.glob("*.docx")):
        with zipfile.ZipFile(path) as parts:
            xml = {name: parts.read(name).decode() for name in parts.namelist()}
        texts = [text for text in read_word(path) if text]
        texts += re.findall(r">([^<>]+)<", xml["docProps/core.xml"])
        for before, text in zip(["", *texts], texts, strict=False):
            for sentence in re.split(r"(?<=\.) (?=[A-Z£\d])", text):
                is_cell = re.fullmatch(rf"{_N}", before) or before in _DUTIES
                is_term = re.fullmatch(r"(Autumn|Spring|Summer) term \d{4}", before)
                is_row = re.fullmatch(r"[\d,]+", sentence) and (is_cell or is_term)
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
    """What one school's reports gave away, or said wrongly."""

    shares: list[str]
    control: list[str]
    others: list[str]
    public: list[str]
    untrue: list[str]


def follow(draw: Random, steps: list[Step]) -> Found:
    """Make the reports of a chain, and attack them together."""
    sums: set[Sum] = set()
    bare: set[Sum] = set()
    others, public, untrue = list[str](), list[str](), list[str]()
    is_gone = is_corrected = False
    with TemporaryDirectory() as folder:
        school = School(Path(folder), draw)
        for step in steps:
            if isinstance(step, str):
                school.change(step)
                is_gone = step in {"restrict", "object", "erase"}
                is_corrected |= step == "correct"
                continue
            report = school.report(*step)
            try:
                sums |= set(read_sums(school, report))
            except AssertionError as error:
                untrue.append(f"{step}: {error}")
            bare |= set(hold_nothing_back(school, step[0], is_gone))
            others += find_others(report)
            one = read_word(report / "part-one.docx")
            public += filter(_POINTS.match, one)
            is_said = any(text.startswith("Records of the") for text in one)
            if is_said and not (is_corrected or is_gone or "release" in steps or "lift" in steps):
                untrue.append(f"{step}: nothing was corrected")
        control = list(guess(school, bare))
        return Found(list(guess(school, sums)), control, others, public, untrue)


@cache
def find_all() -> list[Found]:
    """150 reports alone, and 60 chains."""
    alone: list[list[Step]] = [[_YEAR], [_AUTUMN], [_OPEN], [_SPRING]]
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
    assert control > len(found) / 6


def test_each_total_is_true_of_the_period_that_it_names(count: Count) -> None:
    """In heading, sentence, table and minutes; a correction is said."""
    found = find_all()
    broken = [each.untrue for each in found if each.untrue]
    count("outsider truth", len(found), len(broken), 0)
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


# What an outsider found


class Steady(School):
    """Everybody is looked after all year, is given the same, and all of it is spent."""

    def mark(self) -> None:
        """Leave the register as it is."""

    def give(self) -> None:
        care = {"status": "looked after", "start": "2024-01-08", "end": "", "authority": "Ashmere"}
        self.write("care_episodes.csv", [{"upn": kid, **care} for kid in self.stays])

    def tell(self, term: str, day: str) -> str:
        return "\n".join(read_word(self.report(term, day) / "part-one.docx"))


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


def test_other_child_of_small_school(tmp_path: Path) -> None:
    """The share across the school less the sum is the one child who is not looked after."""
    school = Small(tmp_path, Random(4))
    text = school.tell(*_YEAR)
    told = re.search(r"missed (\S+) of (\S+) sessions", text)
    line = re.search(r"([\d.]+)% across the school", text)
    if told and line:
        missed, base = number(told[1]), number(told[2])
        most = (float(line[1]) + 0.05) / 100 * (base + school.sessions) - missed
        least = (float(line[1]) - 0.05) / 100 * (base + school.sessions) - missed
        assert least < 0.8 * school.missed or most > 1.2 * school.missed, (least, most)
