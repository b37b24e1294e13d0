"""Schools of `lac synth` for an outsider's attack: what is true of them, and what happens."""

import csv
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from itertools import combinations
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import NamedTuple

from dashboard.report import make
from dashboard.report.content.facts import KINDS
from safeguards.access import access
from safeguards.home.home import Home
from safeguards.journal.ledger import FlagKind
from safeguards.keys.keys import Keys
from stewardship.registers.requests import get_pupil_record
from stewardship.rights.erase import erase_pupils
from stewardship.rights.restrict import set_flag
from tests.support.commands import lac
from tests.support.schools.report_home import NOW, answer_questions, made, session

Cell = tuple[str, int]  # a child, and a piece of the year

TERMS = ("2025-09-01", "2026-01-01", "2026-04-01")
_AGREED = (("2025-10-10", "club"), ("2026-02-03", "tutor"), ("2026-05-12", "maths"))
WHEN = r"(this term|this school year|since [\w ]+?\d{4})"


class Sum(NamedTuple):
    """A total over cells that somebody was told, or worked out."""

    what: str
    cells: frozenset[Cell]
    total: int


class School:
    """A school of `lac synth` whose children miss, lose and cost what is drawn."""

    def __init__(self, folder: Path, draw: Random, days: Iterable[str]) -> None:
        self.exports, self.home, self.out = folder / "exports", folder / "home", folder / "out"
        self.draw, self.handle, self.gone = draw, "", ""
        self.marks: set[str] = set()
        after = (str(date.fromisoformat(day) + timedelta(1)) for day in days)
        self.cuts = sorted({*TERMS, *after})
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
        kinds = ("open", "absent", "lost", "planned", "spent")
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
        if is_here and start <= day < (end or "9") and day >= TERMS[0] and day in self.open:
            return kid, self.piece(day)
        return None

    def piece(self, day: str) -> int:
        return sum(cut <= day for cut in self.cuts)

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
            term = max(first for first in TERMS if first <= day)
            here = "/" if half == "AM" else "\\"
            code = "I" if self.draw.random() < rate[kid, term] else here
            code = "E" if left[kid] > 0 else code
            left[kid] -= 1
            lines[place] = f"{kid},{day},{half},{code}"
            self.marks.add(lines[place])
            self.true["open"][cell] += 1
            self.true["absent"][cell] += code in "IE"
            self.true["lost"][cell] += code == "E"
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

    def report(self, kind: str, day: str) -> Path:
        """A folder with the files of a final report."""
        held, of = session(self.home, as_at=date.fromisoformat(day)), KINDS[KINDS.index(kind)]
        answer_questions(held, of, text="Staff did what was agreed.")
        prepared, files = make.prepare(held, of), made(held, of, is_final=True)
        make.issue(held, prepared, files, now=NOW)
        folder = self.out / f"{kind}-{day}"
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


def read_sums(school: School, folder: Path, days: list[str]) -> Iterator[Sum]:
    """What a Part One adds up, and over which cells: its words and its base tell."""
    text = "\n".join(read_word(folder / "part-one.docx"))
    year = "this school year"
    found = re.findall(rf"missed (\S+) of (\S+) sessions \S+ {WHEN}", text)
    so_far = re.findall(r"It is (\S+) of (\S+) sessions \S+ this school year so far", text)
    told = [("absent", *each) for each in [*found, *((*each, year) for each in so_far)]]
    for what, pattern in (
        ("lost", rf"They lost (\S+) sessions? to suspension {WHEN}"),
        ("planned", rf"£(\S+) of pupil premium plus was planned {WHEN}"),
    ):
        told += [(what, total, "", when) for total, when in re.findall(pattern, text)]
    told += [("spent", total, "", year) for total in re.findall(r"£(\S+) was spent by", text)]
    held_back = re.findall(r"suspension .*?\. It does not include all of the ([\w, ]+) term", text)
    for what, total, base, when in told:
        without = held_back[0] if held_back and what == "lost" else ""
        cells = fit(school, what, number(total), number(base), when, days, without)
        assert cells, f"{folder}: no cells add up to {what} {total} of {base} {when}"
        yield Sum(what, cells, number(total))


def number(text: str) -> int:
    return int(text.replace(",", "") or 0)


def fit(school: School, what: str, total: int, base: int, when: str, days: list[str],
        without: str) -> frozenset[Cell] | None:  # fmt: skip
    """The cells of a sum: from its first day to a report's, with or without who is gone.

    without: the terms that are not in all of it, as the report says.
    """
    first = TERMS[0]
    if when == "this term":
        first = max(start for start in TERMS if start <= days[-1])
    elif when.startswith("since"):
        first = str(datetime.strptime(when[6:], "%d %B %Y").date())  # noqa: DTZ007 - a day
    here = [cell for cell, count in school.true["open"].items() if count]
    pieces = range(school.piece(first), school.piece(max(days)) + 1)
    names = ("autumn", "spring", "summer")
    in_all = [
        piece for piece in pieces
        if names[sum(start <= school.cuts[piece - 1] for start in TERMS) - 1] not in without
    ]  # fmt: skip
    widest = (
        some for several in range(len(pieces), 0, -1) for some in combinations(pieces, several)
    )
    for some in (in_all, *widest):
        wide = {cell for cell in here if cell[1] in some}
        own = [cell for cell in wide if cell[0] == school.gone]
        for away in (out for count in range(len(own) + 1) for out in combinations(own, count)):
            cells = frozenset(wide - set(away))
            if add(school, what, cells) == total and base in {0, add(school, "open", cells)}:
                return cells
    return None


def add(school: School, what: str, cells: Iterable[Cell]) -> int:
    more, _, less = what.partition(" less ")
    return sum(school.true[more][c] - (school.true[less][c] if less else 0) for c in cells)
