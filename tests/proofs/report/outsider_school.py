"""Schools of `lac synth` for an outsider's attack: what is true of them, and what happens."""

import csv
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from itertools import combinations
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import NamedTuple

from dashboard.report import make
from safeguards.access import access
from safeguards.disclosure.drafts import Drafts
from safeguards.home.home import Home
from safeguards.journal.ledger import FlagKind
from safeguards.keys.keys import Keys
from stewardship.registers.requests import get_pupil_record
from stewardship.rights.erase import erase_pupils
from stewardship.rights.restrict import set_flag
from tests.support.commands import lac
from tests.support.schools.report_home import NOW, session

Cell = tuple[str, str]  # a child, and a term

#: Each term with the day from which on it is the newest.
TERMS = {"autumn": "2025-09-01", "spring": "2026-01-01", "summer": "2026-04-01"}
_AGREED = (("2025-10-10", "club"), ("2026-02-03", "tutor"), ("2026-05-12", "maths"))
#: The period that a total names.
WHEN = r"in the ((?:autumn|spring|summer) term \d{4}|school year \d{4}/\d\d)"
#: What words say of pounds that were spent, as shares of those planned.
_SPENT = {
    "nearly all or all": (0.9, 1),
    "most": (0.6, 0.9),
    "about half": (0.4, 0.6),
    "less than half": (0, 0.4),
}


class Sum(NamedTuple):
    """A total over cells that somebody was told, or worked out; between two numbers."""

    what: str
    cells: frozenset[Cell]
    least: float
    most: float


class School:
    """A school of `lac synth` whose children miss, lose and cost what is drawn."""

    def __init__(self, folder: Path, draw: Random) -> None:
        self.exports, self.home, self.out = folder / "exports", folder / "home", folder / "out"
        self.draw, self.handle, self.gone = draw, "", ""
        self.marks: set[str] = set()
        shutil.copytree(make_exports(draw.randrange(12)), self.exports)
        self.stays: dict[str, tuple[str, str]] = {}
        for upn in dict.fromkeys(row["upn"] for row in self.read("care_episodes.csv")):
            day = str(date(2025, 10, 1) + timedelta(draw.randrange(200)))
            self.stays[upn] = draw.choice([("2024", "")] * 6 + [(day, ""), ("2024", day)])
        self.write("care_episodes.csv", [
            {"upn": upn, "status": "looked after", "start": "2024-01-08" if start == "2024"
             else start, "end": end, "authority": "Ashmere"}
            for upn, (start, end) in self.stays.items()
        ])  # fmt: skip
        self.roll = {row["upn"]: row for row in self.read("roll.csv")}
        calendar = self.read("calendar.csv")
        self.open = {row["date"] for row in calendar if row["kind"] == "school day"}
        kinds = ("open", "absent", "planned", "spent")
        self.true: dict[str, Counter[Cell]] = {kind: Counter() for kind in kinds}
        self.mark()
        self.give()
        run("load", self.exports, "--home", self.home)

    def read(self, name: str) -> list[dict[str, str]]:
        with (self.exports / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def write(self, name: str, rows: list[dict[str, str]]) -> None:
        (self.exports / name).unlink(missing_ok=True)
        if rows:
            with (self.exports / name).open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)

    def cell(self, kid: str, day: str) -> Cell | None:
        """Where a day of a child counts; nowhere if the child was not here and looked after."""
        start, end = self.stays[kid]
        row = self.roll[kid]
        is_here = row["entry_date"] <= day <= (row["leaving_date"] or "9")
        if is_here and start <= day < (end or "9") and day >= "2025-09-01" and day in self.open:
            return kid, max(TERMS, key=lambda term: (TERMS[term] <= day, TERMS[term]))
        return None

    def mark(self) -> None:
        rates = self.draw.choice([[0.01, 0.03], [0, 0.3], [0.05, 0.1, 0.2, 0.5], [0.9, 0.97, 1]])
        rate = {(kid, term): self.draw.choice(rates) for kid in self.stays for term in TERMS}
        often = {kid: self.draw.choice([0, 0, 0.005, 0.03]) for kid in self.stays}
        lines = (self.exports / "attendance.csv").read_text(encoding="utf-8").splitlines()
        outs: dict[str, dict[str, int]] = {kid: {} for kid in self.stays}
        left = dict.fromkeys(self.stays, 0)
        for place, line in enumerate(lines):
            kid, day, half, code = line.split(",")
            if kid not in self.stays or not (cell := self.cell(kid, day)):
                continue
            if half == "AM" and left[kid] <= 0 and self.draw.random() < often[kid]:
                left[kid] = self.draw.choice([2, 4, 10])
                outs[kid][day] = left[kid]
            here = "/" if half == "AM" else "\\"
            code = "I" if self.draw.random() < rate[cell] else here
            code = "E" if left[kid] > 0 else code
            left[kid] -= 1
            lines[place] = f"{kid},{day},{half},{code}"
            self.marks.add(lines[place])
            self.true["open"][cell] += 1
            self.true["absent"][cell] += code in "IE"
        (self.exports / "attendance.csv").write_text("\n".join(lines), encoding="utf-8")
        self.write("suspensions.csv", [
            {"upn": kid, "date": day, "category": "SUSP", "sessions": str(lost)}
            for kid, days in outs.items() for day, lost in days.items()
        ])  # fmt: skip

    def give(self) -> None:
        sums = self.draw.choice([[0, 0, 300], [100, 300, 600], [640, 657], [10, 20, 870]])
        shares = self.draw.choice([[10], [10, 10, 9, 5]])
        rows = []
        for kid in self.stays:
            for day, what in _AGREED:
                planned = self.draw.choice(sums)
                spent = planned * self.draw.choice(shares) // 10
                row = {"upn": kid, "date": day, "kind": what}
                rows += [{**row, "planned": str(planned), "spent": str(spent)}] if planned else []
                if cell := self.cell(kid, day):
                    self.true["planned"][cell] += planned
                    self.true["spent"][cell] += spent
        self.write("premium.csv", rows)

    def change(self, step: str) -> None:
        """Restrict, erase and so on one child, whose sessions tell who it is; or correct marks."""
        if step == "correct":
            path = self.exports / "attendance.csv"
            text = path.read_text(encoding="utf-8")
            kid = self.draw.choice(list(self.stays))
            path.write_text(re.sub(rf"({kid},2025-1[01]-.*),.*", r"\1,I", text), encoding="utf-8")
            run("load", self.exports, "--home", self.home)
            return
        if not self.handle:
            missed = Counter(kid for kid, _ in self.true["absent"].elements())
            here = [kid for kid, (_, end) in self.stays.items() if not end and missed[kid]]
            self.gone = self.draw.choice([u for u in here if not self.roll[u]["leaving_date"]])
            which = "select handle, session_date, half, code from pupil_session"
            rows = (
                row.partition(",") for row in run("sql", "--home", self.home, which).splitlines()
            )
            same = Counter(handle for handle, _, m in rows if f"{self.gone},{m}" in self.marks)
            self.handle = same.most_common(1)[0][0]
        if step == "erase":
            home = Home.open(self.home)
            child = get_pupil_record(home, keys := Keys.load(home), self.handle)
            erase_pupils(home, keys, [child], why="request", now=NOW, actor="S", role="dsl")
            return
        kind: FlagKind = "restriction" if step in ("restrict", "release") else "objection"
        is_set = step in ("restrict", "object")
        manager = access.open(self.home, actor="S", role="manager", purpose="rights")
        set_flag(manager, self.handle, kind, in_force=is_set, now=NOW)

    def report(self, term: str, day: str) -> Path:
        """A folder with the files of a final report, of a term or, by "", of the year."""
        held = session(self.home, as_at=date.fromisoformat(day))
        (choice,) = [
            choice
            for choice in make.list_choices(held)
            if (choice.period.year, choice.period.term) == ("2025/26", term)
        ]
        for answer in make.prepare(held, choice).answers:
            text = "Staff did what was agreed."
            drafts = Drafts(held.home, Keys.load(held.home))
            drafts.save_answer(answer.prompt.key, choice.first_day, text, actor="Kim", now=NOW)
        prepared = make.prepare(held, choice)
        files = make.build_report(prepared, Keys.load(held.home), is_final=True)
        make.issue(held, prepared, files, now=NOW)
        folder = self.out / f"{term or 'year'}-{day}"
        folder.mkdir(parents=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        return folder


def run(*arguments: object, answer: str | None = None) -> str:
    done = lac(*arguments, answer=answer)
    assert done.exit_code == 0, (arguments, done.output)
    return done.output


@cache
def make_exports(seed: int) -> Path:
    """What `lac synth` writes, with 60 of the school's other children."""
    folder = Path(mkdtemp()) / "exports"
    count = (6, 7, 8, 9, 11, 14)[seed % 6]
    run("synth", "--out", folder, "--seed", seed, "--children", count, "--years", 1,
        "--until", "2026-07-21")  # fmt: skip
    roll = (folder / "roll.csv").read_text(encoding="utf-8").splitlines()
    kept = {row.split(",")[0] for row in roll[: count + 61]}
    care = (folder / "care_episodes.csv").read_text(encoding="utf-8").splitlines()
    kept |= {row.split(",")[0] for row in care}
    for name in ("roll.csv", "attendance.csv"):
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
        some = [line for line in lines if line.split(",")[0] in kept]
        (folder / name).write_text("\n".join(some), encoding="utf-8")
    return folder


def read_word(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as parts:
        names = [name for name in parts.namelist() if re.match(r"word/(doc|head|foot)", name)]
        xml = "".join(parts.read(name).decode() for name in names)
    paragraphs = re.findall(r"<w:p[ >].*?</w:p>", xml, re.DOTALL)
    return ["".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)", each)) for each in paragraphs]


def read_sums(school: School, folder: Path) -> Iterator[Sum]:
    """What Part One and the clerk's page add up, and over which cells: the period is named.

    AssertionError for a number that is not true of its period, with or without who is gone.
    """
    paragraphs = [text for part in ("part-one", "for-the-clerk")
                  for text in read_word(folder / f"{part}.docx")]  # fmt: skip
    text = "\n".join(paragraphs)
    missed = re.findall(rf"missed (\S+) of (\S+) sessions \S+ {WHEN}", text)
    rows = re.findall(r"((?:Autumn|Spring|Summer) term \d{4})\n(\S+)\n(\S+)\n[\d.]+%", text)
    missed += [(total, base, when.lower()) for when, total, base in rows]
    shares = dict(re.findall(rf"([\d.]+)% of sessions were missed {WHEN}", text))
    for total, base, when in missed:
        cells = fit(school, "absent", number(total), number(base), when)
        yield Sum("absent", cells, number(total), number(total))
    for share, when in shares.items():
        of_period = {(t, b) for t, b, other in missed if other == when}
        assert {f"{100 * number(t) / number(b):.1f}" for t, b in of_period} == {share}, text
    planned = rf"£(\S+) of pupil premium plus was planned {WHEN}(?:, and ([a-z ]+) was spent)?"
    for total, when, words in set(re.findall(planned, text)):
        cells, pounds = fit(school, "planned", number(total), 0, when), number(total)
        yield Sum("planned", cells, pounds, pounds)
        if words:
            least, most = _SPENT[words]
            assert least * pounds <= add(school, "spent", cells) <= max(most, 1) * pounds
            yield Sum("spent", cells, least * pounds, most * pounds)


def number(text: str) -> int:
    return int(text.replace(",", "") or 0)


def fit(school: School, what: str, total: int, base: int, when: str) -> frozenset[Cell]:
    """The cells of a total: those of its period, with or without those of who is gone."""
    terms = {when.split(maxsplit=1)[0]} & set(TERMS) or set(TERMS)
    whole = {cell for cell in school.true["open"] if cell[1] in terms}
    own = [cell for cell in whole if cell[0] == school.gone]
    for away in (out for count in range(len(own) + 1) for out in combinations(own, count)):
        cells = frozenset(whole - set(away))
        if add(school, what, cells) == total and base in {0, add(school, "open", cells)}:
            return cells
    raise AssertionError(f"{what} {total} of {base} is not true of the {when}")


def add(school: School, what: str, cells: Iterable[Cell]) -> int:
    more, _, less = what.partition(" less ")
    return sum(school.true[more][c] - (school.true[less][c] if less else 0) for c in cells)
