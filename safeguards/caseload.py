"""Whose caseload a child of a home of many schools is in: a list that the head keeps.

Each line holds from its day until the child's next one.  An adviser has no row of any child but
their own, of which `access.open` sees to it.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date

from queries.rows import write_rows
from safeguards.errors import HomeError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from safeguards.keys.lists import read_list

FILE = "caseload.csv"
ROLE = "adviser"
_HEADER = ("handle", "adviser", "since")


@dataclass(frozen=True)
class Line:
    """A child, by code name, and whose it is from a day on; "" for nobody's."""

    handle: str
    adviser: str
    since: date


class Caseload:
    """The lines of one home, in their order; each change makes another list."""

    def __init__(self, lines: tuple[Line, ...] = ()) -> None:
        self.lines = lines

    @classmethod
    def load(cls, home: Home, keys: Keys) -> "Caseload":
        """The list; empty where there is none yet.  ProofError if lac did not write it so."""
        path = home.folder / FILE
        rows = read_list(keys.heads, path, _HEADER, HomeError) or ()
        try:
            return cls(
                tuple(Line(who, whose, date.fromisoformat(day)) for _, (who, whose, day) in rows)
            )
        except ValueError as error:
            raise HomeError(f"{path} cannot be read. Restore a backup.") from error

    def add(self, handles: Iterable[str], adviser: str, since: date) -> "Caseload":
        """With these children in an adviser's caseload from a day on."""
        return Caseload((*self.lines, *(Line(each, adviser, since) for each in handles)))

    def get_advisers(self, day: date) -> dict[str, str]:
        """By handle whose each child is on a day: of two lines of one day the later holds."""
        found = {}
        for line in sorted(self.lines, key=lambda line: line.since):
            if line.since <= day:
                found[line.handle] = line.adviser
        return {handle: adviser for handle, adviser in found.items() if adviser}

    def find_handles(self, adviser: str, day: date) -> frozenset[str]:
        """Whom an adviser has on a day."""
        own = self.get_advisers(day)
        return frozenset(handle for handle, whose in own.items() if whose == adviser)

    def save(self, home: Home, keys: Keys) -> None:
        """Write the list; OSError if that fails."""
        content = write_rows([_HEADER, *map(astuple, self.lines)])
        keys.heads.write(home.folder / FILE, content)
