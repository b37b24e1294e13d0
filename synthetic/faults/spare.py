"""Children who stand on the roll to carry planted faults."""

import random
from datetime import timedelta

from synthetic.calendar import build_register, compute_academic_year
from synthetic.faults.page import EditableExport
from synthetic.population.people import generate_upn
from synthetic.school.school import School


class UnusedRows:
    """Children who stand on the roll without a mark, to carry planted faults."""

    def __init__(self, rng: random.Random, school: School, roll: EditableExport) -> None:
        self.rng = rng
        self.roll = roll
        self.taken = {child.upn for child in school.children}
        self.entry = build_register(compute_academic_year(school.until)).open_days[0]
        self.count = 0

    def generate_upn(self) -> str:
        """A good pupil number that stands nowhere yet."""
        return generate_upn(self.rng, self.entry.year - 4, self.taken)

    def build_row(self, **changes: str) -> dict[str, str]:
        """A good row for the roll, but for the `changes`."""
        self.count += 1
        values = {
            "upn": self.generate_upn(),
            "surname": "Sparrow",
            "forename": f"Robin {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[self.count % 26]}",
            "date_of_birth": (self.entry - timedelta(days=3000 + self.count)).isoformat(),
            "sex": "U",
            "year_group": "4",
            "class": "4A",
            "entry_date": self.entry.isoformat(),
            "postcode": "ZZ99 0AA",
        }
        return values | changes

    def add_pupil(self) -> str:
        """Put a good child on the roll; returns the pupil number."""
        row = self.build_row()
        self.roll.append_row(row)
        return row["upn"]


def corrupt_check_letter(upn: str) -> str:
    """The pupil number with a check letter that is not its own."""
    return ("B" if upn[0] != "B" else "C") + upn[1:]
