"""Children over releases: who joins, leaves or changes, and how many of them are known of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["joiner", "leaver", "before change", "after change"]
Record = Mapping[str, str]
#: A child's categories at each release, None where the child is not in the group.
Path = Sequence[Record | None]


@dataclass(frozen=True)
class Step:
    """What is known of the way from one release to the next.

    `changed` holds for each component how many who stay have another record in it; a
    component that is not there is one in which nobody changes.
    """

    joiners: int = 0
    leavers: int = 0
    changed: Mapping[frozenset[str], int] = field(default_factory=dict)

    @staticmethod
    def between(
        before: Mapping[str, Record], after: Mapping[str, Record], sets: Iterable[frozenset[str]]
    ) -> "Step":
        """The numbers as they are between two groups of children, by child."""
        stayed = before.keys() & after.keys()
        return Step(
            len(after.keys() - before.keys()),
            len(before.keys() - after.keys()),
            {
                names: sum(
                    any(before[child][name] != after[child][name] for name in names)
                    for child in stayed
                )
                for names in sets
            },
        )


@dataclass(frozen=True)
class Mover:
    """One who joins, leaves or changes in step `step`, from 0, and what is known of it.

    `known` are categories as it joins, as it was when it left, before the change or after;
    `other_side` what is known of one who changes on the other side of the change.  One who
    changes is taken to change in every component in which anybody does in that step, and to
    stay as it is in the others.
    """

    step: int
    kind: Kind
    known: Mapping[str, str]
    other_side: Mapping[str, str] | None = None
