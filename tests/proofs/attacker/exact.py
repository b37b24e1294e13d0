"""What the exact adversary concludes from one release or from a chain of them.

An atom is a combination of categories, one of each attribute of a component; a component is
a set of attributes that two-way tables of any release link.  The adversary knows how many
children there are at each release, how many join and leave between two, and for each
component, how many of those who stay have another record in it than before.  In what an
atom holds, x at one release becomes x + joins - leaves + changed in - changed out at the
next.  Who leaves or changes was there before (leaves + changed out <= x), and who changes
does change: among S changes an atom is come to and gone from no more than S times, which is
exactly when nobody need go from an atom to itself.

Two things make this adversary a little weaker than one who knows all that is known here.
Components are looked at one by one: that the same child leaves in each of them is used only
through the numbers.  And a child is not followed through three releases, but for an insider.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.proofs.attacker.component import Component
from tests.proofs.attacker.files.figures import Cell, ContradictionError, Release, cell
from tests.proofs.attacker.rows import Rows
from tests.proofs.attacker.steps import Kind, Mover, Path, Step

__all__ = ["Attack", "Kind", "Mover", "Narrow", "Path", "Step", "certain", "components", "interval"]


@dataclass(frozen=True)
class Narrow:
    """What can be known of a hidden count of the release `at`, and who knows it.

    `insider` is the place of the insider among those asked of, None for somebody who knows
    no child.  `values` are numbers that the count can be: all of them where they are fewer
    than were asked for, else some.
    """

    at: int
    cell: Cell
    insider: int | None
    values: tuple[int, ...]


def components(releases: Iterable[Release]) -> tuple[frozenset[str], ...]:
    """The sets of attributes that two-way tables link, in any of the releases."""
    sets: list[frozenset[str]] = []
    for release in releases:
        links = [{name} for name in release.attributes]
        links += [{name for name, _ in place} for place in release.counts]
        for link in links:
            touched = [each for each in sets if each & link]
            sets = [each for each in sets if not each & link]
            sets.append(frozenset(link).union(*touched))
    return tuple(sorted(sets, key=sorted))


class Attack:
    """All questions about a release, or about releases in order with the steps between.

    `children` replaces the numbers of children that are not printed.
    """

    def __init__(
        self,
        releases: Sequence[Release],
        steps: Sequence[Step] = (),
        children: Sequence[int] | None = None,
    ) -> None:
        self.releases = tuple(releases)
        sizes = list(children or [_size(each) for each in releases])
        if len(steps) != len(releases) - 1 or len(sizes) != len(releases):
            raise ValueError("there is a step between two releases, and a size for each")
        for at, step in enumerate(steps):
            if sizes[at + 1] != sizes[at] + step.joiners - step.leavers:
                raise ContradictionError(f"{sizes[at + 1]} children cannot come of {sizes[at]}")
        categories: dict[str, tuple[str, ...]] = {}
        for release in releases:
            for name, labels in release.attributes.items():
                if categories.setdefault(name, labels) != labels:
                    raise ContradictionError(f"{name} has other categories in a later release")
        self._components = {
            names: Component({name: categories[name] for name in names}, releases, sizes, steps)
            for names in components(releases)
        }
        for names, component in self._components.items():
            if not component.space.can():
                raise ContradictionError(f"no children have these figures of {sorted(names)}")

    @property
    def linked(self) -> tuple[dict[str, tuple[str, ...]], ...]:
        """The attributes of each component, with their categories."""
        return tuple(each.categories for each in self._components.values())

    @property
    def solves(self) -> int:
        """How often SCIP was asked."""
        return sum(each.space.solves for each in self._components.values())

    @property
    def hidden(self) -> tuple[tuple[int, Cell], ...]:
        """Every hidden count, with the number of its release from 0."""
        return tuple((at, each) for at, one in enumerate(self.releases) for each in one.hidden)

    def interval(
        self, where: Cell | Mapping[str, str], at: int = 0, insider: Path | None = None
    ) -> tuple[int, int]:
        """The least and the greatest number that a count of one component can be."""
        component, place = self._of(where)
        return component.space.bounds(component.at(at, place), component.insider(insider))

    def values(
        self, where: Cell | Mapping[str, str], at: int = 0, insider: Path | None = None
    ) -> tuple[int, ...]:
        """Every number that a count can be: an interval may have gaps."""
        component, place = self._of(where)
        return component.space.values(component.at(at, place), component.insider(insider))

    def narrow(self, insiders: Sequence[Path] = (), enough: int = 4) -> list[Narrow]:
        """The hidden counts that can be fewer than `enough` numbers, or cannot be nought.

        Asked for somebody who knows no child and for each of the insiders.  Of a count in
        which the insider stands the rest is looked at: nought is then 1.
        """
        found: list[Narrow] = []
        asked: set[tuple[int, Cell, Rows]] = set()
        for who in (None, *range(len(insiders))):
            path = None if who is None else insiders[who]
            for component in self._components.values():
                known = component.insider(path)
                places = [
                    each for each in self._hidden_of(component) if (*each, known) not in asked
                ]
                asked |= {(*each, known) for each in places}
                narrow = component.narrow(places, path, enough)
                found += [Narrow(*each, who, values) for each, values in narrow.items()]
        return found

    def narrowest(self, insiders: Sequence[Path] = (), enough: int = 4) -> Narrow | None:
        """The hidden count that can be the fewest numbers; None where none is hidden.

        Numbers beyond `enough` are not told apart.
        """
        narrow = self.narrow(insiders, enough)
        if narrow:
            return min(narrow, key=lambda each: len(each.values))
        return next((Narrow(at, p, None, self.values(p, at)) for at, p in self.hidden), None)

    def possible(
        self, known: Mapping[str, str], name: str, at: int = 0, insider: Path | None = None
    ) -> tuple[str, ...]:
        """The categories that a child of the group can have, of whom some are known."""
        component = self._with(name)
        questions = {
            label: component.member(at, {**component.known(known), name: label}, insider)
            for label in component.categories[name]
        }
        return _able(component, questions, name)

    def certain(
        self, known: Mapping[str, str], at: int = 0, insider: Path | None = None
    ) -> dict[str, str]:
        """Every other attribute of such a child that can be only one thing."""
        return _certain({n: self.possible(known, n, at, insider) for n in self._others(known)})

    def possible_mover(
        self, mover: Mover, name: str, insider: Path | None = None
    ) -> tuple[str, ...]:
        """The categories that a mover can have, of whom some are known."""
        component = self._with(name)
        return _able(component, self._questions(mover, name, insider), name)

    def can_move(self, mover: Mover, where: Mapping[str, str]) -> bool:
        """Whether a mover can have these categories of one component, of whom some are known."""
        component = self._with(next(iter(where)))
        record = {**component.known(mover.known), **where}
        return component.space.can(component.mover(mover.step, mover.kind, record, {}, None))

    def certain_mover(self, mover: Mover, insider: Path | None = None) -> dict[str, str]:
        """Every other attribute of a mover that can be only one thing."""
        return self.certain_movers([mover], insider)[0]

    def certain_movers(
        self, movers: Sequence[Mover], insider: Path | None = None
    ) -> list[dict[str, str]]:
        """The same of many movers at once, which takes far fewer solves."""
        for names, component in self._components.items():
            component.space.prepare(
                rows
                for mover in movers
                for name in sorted(names - mover.known.keys())
                for rows in self._questions(mover, name, insider).values()
            )
        return [
            _certain({n: self.possible_mover(mover, n, insider) for n in self._others(mover.known)})
            for mover in movers
        ]

    def _questions(self, mover: Mover, name: str, insider: Path | None) -> dict[str, Rows]:
        component = self._with(name)
        known, other = component.known(mover.known), component.known(mover.other_side or {})
        return {
            label: component.mover(mover.step, mover.kind, {**known, name: label}, other, insider)
            for label in component.categories[name]
        }

    def _hidden_of(self, component: Component) -> list[tuple[int, Cell]]:
        names = component.categories.keys()
        return [(at, place) for at, place in self.hidden if dict(place).keys() <= names]

    def _others(self, known: Mapping[str, str]) -> list[str]:
        return [name for names in self._components for name in sorted(names) if name not in known]

    def _with(self, name: str) -> Component:
        return next(each for names, each in self._components.items() if name in names)

    def _of(self, where: Cell | Mapping[str, str]) -> tuple[Component, dict[str, str]]:
        place = dict(where)
        component = self._with(next(iter(place)))
        if not set(place) <= set(component.categories):
            raise ValueError(f"no table links {cell(place)}")
        return component, place


def interval(release: Release, where: Cell | Mapping[str, str]) -> tuple[int, int]:
    """The least and the greatest number that a count of one release can be."""
    return Attack([release]).interval(where)


def certain(release: Release, known: Mapping[str, str]) -> dict[str, str]:
    """What is certain of a child in one release, of whom some attributes are known."""
    return Attack([release]).certain(known)


def _size(release: Release) -> int:
    if release.children is None:
        raise ValueError("how many children there are is not printed: say so")
    return release.children


def _able(component: Component, questions: Mapping[str, Rows], name: str) -> tuple[str, ...]:
    component.space.prepare(questions.values())
    able = tuple(label for label, rows in questions.items() if component.space.can(rows))
    if not able:
        raise ContradictionError(f"no such child can be, whatever its {name}")
    return able


def _certain(possible: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {name: labels[0] for name, labels in possible.items() if len(labels) == 1}
