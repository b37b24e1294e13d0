"""The people who hold roles in a school's home: `roles.csv`, with a named person in each row.

A person who is not listed has no role.  A file that was edited by hand or replaced by an older one
counts for nothing until the safeguarding lead has confirmed it.
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
#: The roles that a person can be given; everybody else has "none".
GRANTABLE_ROLES = tuple(role for role in ALL_ROLES if role != "none")


@dataclass(frozen=True)
class Person:
    """One row of `roles.csv`.

    `role` holds one or more roles, with spaces between.  `sub` and `tid` are the ids of the person
    and the tenant at the school's sign-in service; "" where there is no such service.
    """

    person: str
    role: str
    sub: str = ""
    tid: str = ""


_COLUMNS = tuple(field.name for field in fields(Person))


class People:
    """The named people of one home, in the order of the file; each change makes another list."""

    def __init__(self, people: tuple[Person, ...]) -> None:
        """Check the people; PeopleError if they cannot be together in one home."""
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
        """Return the people of a home; PeopleError if nobody has confirmed the present file."""
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
        """Return the people in the file, confirmed or not; PeopleError says what is wrong in it."""
        return cls(_parse(_read_content(home.folder / FILE)))

    def list_leads(self) -> tuple[str, ...]:
        """Return the names of the safeguarding leads."""
        return tuple(person.person for person in self._people if is_lead(person.role))

    def __iter__(self) -> Iterator[Person]:
        """Yield the people in the order of the file."""
        return iter(self._people)

    def find_by_name(self, name: str) -> Person | None:
        """Return the person with this name, or None."""
        return next((person for person in self._people if person.person == name), None)

    def find_by_sub(self, sub: str, tid: str) -> Person | None:
        """Return the person whom the school's sign-in service knows by these ids, or None."""
        known = (person for person in self._people if person.sub)
        return next((person for person in known if (person.sub, person.tid) == (sub, tid)), None)

    def add_or_replace(self, person: Person) -> "People":
        """Return the list with this person, in place of one of the same name."""
        if self.find_by_name(person.person) is None:
            return People((*self._people, person))
        return People(
            tuple(person if other.person == person.person else other for other in self._people)
        )

    def add_roles(self, person: Person) -> "People":
        """Return the list with these roles added to the person's, and any account that is given."""
        former = self.find_by_name(person.person)
        if former is None:
            return self.add_or_replace(person)
        role = " ".join(dict.fromkeys(f"{former.role} {person.role}".split()))
        return self.add_or_replace(replace(person if person.sub else former, role=role))

    def remove_role(self, name: str, role: str) -> "People":
        """Return the list without one role of a person; PeopleError if the person has no other."""
        person = self.find_by_name(name)
        names = person.role.split() if person else []
        if person is None or role not in names or len(names) == 1:
            raise PeopleError(
                f"{name} does not have the role {role} beside another one. See: lac people list"
            )
        others = " ".join(other for other in names if other != role)
        return self.add_or_replace(replace(person, role=others))

    def remove(self, name: str) -> "People":
        """Return the list without the person of this name; PeopleError if nobody has it."""
        if self.find_by_name(name) is None:
            raise PeopleError(f"{FILE} does not have this name. See: lac people list")
        return People(tuple(person for person in self._people if person.person != name))

    def save(self, home: Home, keys: Keys) -> None:
        """Write the file; PeopleError if that fails.

        Until the new file is safe, both it and the one before it count.  So nobody is signed out
        for the sake of somebody else's role, even after a crash.
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
    """Return the column in which a row is wrong, or None."""
    if not is_name(person.person) or person.person.casefold() in {
        other.person.casefold() for other in before
    }:
        return "person"
    if not split_roles(person.role) or "none" in split_roles(person.role):
        return "role"
    is_taken = any((other.sub, other.tid) == (person.sub, person.tid) for other in before)
    if person.sub and (is_taken or not is_name(person.sub)):
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
    """Return the rows of the file, with or without the mark that Excel puts before the text."""
    rows = parse_list(content, FILE, _COLUMNS, PeopleError)
    return tuple(Person(*(cell.strip() for cell in row)) for _, row in rows)
