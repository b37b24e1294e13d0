"""Who holds which roles in a school's home: `roles.csv`, a named person a row.

Whoever is not listed has no role.  A file that was edited by hand, or that an older one was
put in place of, counts for nothing until the safeguarding lead has confirmed it.
"""

from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

from queries.rows import write_rows
from safeguards.access.roles import ALL_ROLES, is_lead, split_roles
from safeguards.access.settings import is_name
from safeguards.errors import PeopleError, ProofError
from safeguards.files import quote
from safeguards.home.home import Home
from safeguards.keys.heads import PEOPLE
from safeguards.keys.keys import Keys
from safeguards.keys.lists import parse_list

FILE = PEOPLE
#: Who may hold a role; "none" is what everybody else has, and is not given.
GRANTABLE_ROLES = tuple(role for role in ALL_ROLES if role != "none")


@dataclass(frozen=True)
class Person:
    """One row of `roles.csv`.

    role: one or more, with spaces between.
    sub, tid: who the school's sign-in service says that this is, and the tenant that says
    so; "" where there is no such service.
    """

    person: str
    role: str
    sub: str = ""
    tid: str = ""


_COLUMNS = tuple(field.name for field in fields(Person))


class People:
    """The named people of one home, in the order of the file; each change makes another."""

    def __init__(self, people: tuple[Person, ...]) -> None:
        """PeopleError for people who cannot stand together in one home."""
        for number, person in enumerate(people, start=2):
            if (column := _find_faulty_column(person, people[: number - 2])) is not None:
                raise PeopleError(
                    f'{FILE}, row {number}, column "{column}": {_WRONG[column]} Correct it.'
                )
        self._people = people
        if not self.list_leads():
            raise PeopleError(f"{FILE} names no safeguarding lead. Give somebody the role dsl.")

    @classmethod
    def load(cls, home: Home, keys: Keys) -> "People":
        """The people of a home.  PeopleError if nobody has confirmed what the file says now."""
        path = home.folder / FILE
        try:
            return cls(_parse(keys.heads.read(path)))
        except OSError as error:
            raise _build_read_error(path, error) from error
        except ProofError as error:
            raise PeopleError(
                f"{path} was edited or restored, so nobody can sign in until the safeguarding lead "
                f"has confirmed the list: lac people confirm --home {quote(home.folder)}"
            ) from error

    @classmethod
    def load_unconfirmed(cls, home: Home) -> "People":
        """What the file says, confirmed or not; PeopleError says what is wrong in it."""
        return cls(_parse(_read_content(home.folder / FILE)))

    def list_leads(self) -> tuple[str, ...]:
        """The safeguarding leads, by name."""
        return tuple(each.person for each in self._people if is_lead(each.role))

    def __iter__(self) -> Iterator[Person]:
        """Each person, in the order of the file."""
        return iter(self._people)

    def find_by_name(self, name: str) -> Person | None:
        """The person of this name, or None."""
        return next((each for each in self._people if each.person == name), None)

    def find_by_sub(self, sub: str, tid: str) -> Person | None:
        """The person whom the school's sign-in service knows as this, or None."""
        known = (each for each in self._people if each.sub)
        return next((each for each in known if (each.sub, each.tid) == (sub, tid)), None)

    def add_or_replace(self, person: Person) -> "People":
        """With this person, in place of one of the same name."""
        if self.find_by_name(person.person) is None:
            return People((*self._people, person))
        return People(
            tuple(person if each.person == person.person else each for each in self._people)
        )

    def add_roles(self, person: Person) -> "People":
        """With these roles beside those that the person has, and their account if it is given."""
        former = self.find_by_name(person.person)
        if former is None:
            return self.add_or_replace(person)
        role = " ".join(dict.fromkeys(f"{former.role} {person.role}".split()))
        return self.add_or_replace(replace(person if person.sub else former, role=role))

    def remove_role(self, name: str, role: str) -> "People":
        """Without one role of a person who has others; PeopleError if they have not."""
        person = self.find_by_name(name)
        names = person.role.split() if person else []
        if person is None or role not in names or len(names) == 1:
            raise PeopleError(
                f"{name} does not have the role {role} beside another one. See: lac people list"
            )
        left = " ".join(each for each in names if each != role)
        return self.add_or_replace(replace(person, role=left))

    def remove(self, name: str) -> "People":
        """Without the person of this name; PeopleError if nobody has it."""
        if self.find_by_name(name) is None:
            raise PeopleError(f"{FILE} does not have this name. See: lac people list")
        return People(tuple(each for each in self._people if each.person != name))

    def save(self, home: Home, keys: Keys) -> None:
        """Write the file; PeopleError if that fails.

        At no moment, and after no crash, is anybody signed out for the sake of somebody else's
        role: until the new file is safe both it and the one before it count.
        """
        content = write_rows([_COLUMNS, *map(astuple, self._people)])
        try:
            keys.heads.write(home.folder / FILE, content)
        except OSError as error:
            raise PeopleError(
                f"{home.folder / FILE} cannot be written: {error.strerror}."
            ) from error


_WRONG = {
    "person": "a name must have 1 to 80 characters, and be in the list only once.",
    "role": f"write one or more of these, with a space between: {', '.join(GRANTABLE_ROLES)}.",
    "sub": "this already belongs to somebody else, or contains invisible characters.",
    "tid": "this needs a sub in the same row, and must not contain invisible characters.",
}


def _find_faulty_column(person: Person, before: tuple[Person, ...]) -> str | None:
    """The column of a row in which something is wrong; None if it is right."""
    if not is_name(person.person) or person.person.casefold() in {
        each.person.casefold() for each in before
    }:
        return "person"
    if not split_roles(person.role) or "none" in split_roles(person.role):
        return "role"
    same = any((each.sub, each.tid) == (person.sub, person.tid) for each in before)
    if person.sub and (same or not is_name(person.sub)):
        return "sub"
    if person.tid and not (person.sub and is_name(person.tid)):
        return "tid"
    return None


def _read_content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _build_read_error(path, error) from error


def _build_read_error(path: Path, error: OSError) -> PeopleError:
    return PeopleError(f"{path} cannot be read: {error.strerror}. Restore a backup.")


def _parse(content: bytes) -> tuple[Person, ...]:
    """The rows of the file, with or without the mark that Excel puts before the text."""
    rows = parse_list(content, FILE, _COLUMNS, PeopleError)
    return tuple(Person(*(cell.strip() for cell in row)) for _, row in rows)
