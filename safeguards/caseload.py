"""The caseloads of a home of many schools: a list of children and advisers that its head keeps.

A line holds from its day until the child's next line.  An adviser has rows of the children in their
own caseload only; `access.open` sees to that.
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
    """The adviser who has a child, by code name, from a day on; "" if nobody has."""

    handle: str
    adviser: str
    since: date


class Caseload:
    """The lines of one home, in their order; each change makes another list."""

    def __init__(self, lines: tuple[Line, ...] = ()) -> None:
        self.lines = lines

    @classmethod
    def load(cls, home: Home, keys: Keys) -> "Caseload":
        """Return the list, or an empty one if there is none yet.

        A file that lac did not write so raises ProofError, and one that cannot be read HomeError.
        """
        path = home.folder / FILE
        rows = read_list(keys.heads, path, _HEADER, HomeError) or ()
        try:
            return cls(
                tuple(
                    Line(child, adviser, date.fromisoformat(day))
                    for _, (child, adviser, day) in rows
                )
            )
        except ValueError as error:
            raise HomeError(f"{path} cannot be read. Restore a backup.") from error

    def add(self, handles: Iterable[str], adviser: str, since: date) -> "Caseload":
        """Return the list with these children in an adviser's caseload from a day on."""
        return Caseload((*self.lines, *(Line(handle, adviser, since) for handle in handles)))

    def get_advisers(self, day: date) -> dict[str, str]:
        """Return the adviser of each child on a day, by handle; a later line of a day wins."""
        advisers = {}
        for line in sorted(self.lines, key=lambda line: line.since):
            if line.since <= day:
                advisers[line.handle] = line.adviser
        return {handle: adviser for handle, adviser in advisers.items() if adviser}

    def find_handles(self, adviser: str, day: date) -> frozenset[str]:
        """Return the handles of the children whom an adviser has on a day."""
        advisers = self.get_advisers(day)
        return frozenset(handle for handle, name in advisers.items() if name == adviser)

    def save(self, home: Home, keys: Keys) -> None:
        """Write the list; an OSError means that it could not be written."""
        content = write_rows([_HEADER, *map(astuple, self.lines)])
        keys.heads.write(home.folder / FILE, content)
