"""What an outsider found, a school each: who knows nothing but a Part One works out a child."""

import re
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from tests.proofs.report.outsider_school import School, number, read_word, run

pytestmark = pytest.mark.slow

_AUTUMN, _YEAR = ("termly", "2025-12-19"), ("annual", "2026-07-20")


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
