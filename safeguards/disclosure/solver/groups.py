"""What is asked to be published about a group of children: attributes, and tables of them.

Every child of a group is in exactly one category of each attribute, so the counts of an
attribute add up to the children of the group.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

#: The attributes of a table, by key: one, or two of which one splits the other.
Table = tuple[str, ...]
#: A cell of a table: a category of each of its attributes.
Cell = tuple[str, ...]


@dataclass(frozen=True)
class Attribute:
    """Something that is so or so of every child, such as attendance.

    label: as a table's header says it.  is_public: others see it anyway, as they see the
    year group; so it is what an attacker knows a child by, and nothing that is found out.
    """

    key: str
    label: str
    categories: tuple[str, ...]
    is_public: bool = False

    def __post_init__(self) -> None:
        if len(set(self.categories)) != len(self.categories) or len(self.categories) <= 1:
            raise ValueError(f"{self.key} needs two categories or more, each once")


@dataclass(frozen=True)
class Group:
    """Children, and the tables that are asked for about them.

    children: by pseudonym, the category of each attribute, in the order of `attributes`.
    ValueError for a category or a table of attributes that are not there.
    """

    name: str
    attributes: tuple[Attribute, ...]
    children: Mapping[str, tuple[str, ...]]
    tables: tuple[Table, ...]

    def __post_init__(self) -> None:
        for record in self.children.values():
            for attribute, category in zip(self.attributes, record, strict=True):
                if category not in attribute.categories:
                    raise ValueError(f"{attribute.key} has no category {category!r}")
        for table in self.tables:
            if not 1 <= len(table) <= 2 or len(set(table)) != len(table):  # noqa: PLR2004
                raise ValueError("a table has one attribute, or two")
            for key in table:
                self.get_attribute(key)

    @property
    def size(self) -> int:
        """How many children there are."""
        return len(self.children)

    def get_attribute(self, key: str) -> Attribute:
        """The attribute of this key; ValueError if there is none."""
        for attribute in self.attributes:
            if attribute.key == key:
                return attribute
        raise ValueError(f"there is no attribute {key!r}")

    def select_categories(self, keys: Table) -> dict[str, Cell]:
        """By pseudonym, the categories of these attributes only."""
        places = [self.attributes.index(self.get_attribute(key)) for key in keys]
        return {
            child: tuple(record[place] for place in places)
            for child, record in self.children.items()
        }


def build_record(attributes: Iterable[Attribute], cell: Cell) -> dict[str, str]:
    """The category of each attribute, by key; `cell` has them in the same order."""
    return {each.key: category for each, category in zip(attributes, cell, strict=True)}


def list_cells(table: Table, attributes: Mapping[str, Attribute]) -> tuple[Cell, ...]:
    """The cells of a table in the order in which it is read."""
    return tuple(product(*(attributes[key].categories for key in table)))


def find_components(
    tables: tuple[Table, ...], attributes: Mapping[str, Attribute]
) -> tuple[Table, ...]:
    """The attributes that tables link with each other, each once, in the order given.

    What is known of one component says nothing of another, but for the number of children.
    """
    found: list[set[str]] = []
    for table in tables:
        joined = set(table).union(*(each for each in found if each & set(table)))
        found = [each for each in found if not each & joined] + [joined]
    return tuple(tuple(key for key in attributes if key in each) for each in found)


def count_atoms(component: Table, attributes: Mapping[str, Attribute]) -> int:
    """How many kinds of child a component tells apart."""
    return prod(len(attributes[key].categories) for key in component)


def find_table_to_drop(
    tables: tuple[Table, ...], attributes: Mapping[str, Attribute], limit: int
) -> Table | None:
    """The table without which the largest component is smallest, where one is over `limit`.

    None where none is.  Of several, the last that was asked for.
    """

    def largest(rest: tuple[Table, ...]) -> int:
        return max(
            (count_atoms(each, attributes) for each in find_components(rest, attributes)), default=0
        )

    if largest(tables) <= limit:
        return None
    return min(
        reversed(tables),
        key=lambda dropped: largest(tuple(each for each in tables if each != dropped)),
    )
