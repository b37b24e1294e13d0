"""The unknowns of one component over a chain of releases: children by atom, and who moves."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise, product
from random import Random
from typing import Final

from tests.proofs.attacker.files.figures import Cell, Release
from tests.proofs.attacker.rows import Form, Row, Rows, form
from tests.proofs.attacker.space import Space
from tests.proofs.attacker.steps import Kind, Path, Record, Step

#: Enough for most sums to have been several numbers.
_ROUNDS: Final = 8


class Component:
    """One component: its atoms, and the space of all that its children can have been.

    Unknowns are "x" (children at a release), "join", "leave", "in" and "out" (of a step).
    """

    def __init__(
        self,
        categories: Mapping[str, tuple[str, ...]],
        releases: Sequence[Release],
        sizes: Sequence[int],
        steps: Sequence[Step],
    ) -> None:
        self.categories = dict(sorted(categories.items()))
        names = frozenset(self.categories)
        self._names = tuple(self.categories)
        self._atoms = list(product(*self.categories.values()))
        self._number = {atom: number for number, atom in enumerate(self._atoms)}
        self._changes = [step.changed.get(names, 0) for step in steps]
        self._matching: dict[tuple[tuple[str, str], ...], tuple[int, ...]] = {}
        self._variables: dict[tuple[str, int, int], int] = {}
        tops: list[int] = []
        rows: list[Row] = []
        for at, (release, size) in enumerate(zip(releases, sizes, strict=True)):
            shown = {place: n for place, n in release.shown.items() if dict(place).keys() <= names}
            empty = {a for place, n in shown.items() if n == 0 for a in self._match(dict(place))}
            self._unknown("x", at, size, tops, without=empty)
            rows.append(Row(self._sum("x", at), size, size))
            rows += [Row(self.at(at, dict(place)), n, n) for place, n in shown.items() if n]
        for at, (step, changes) in enumerate(zip(steps, self._changes, strict=True)):
            gone = self._missing("x", at)
            come = self._missing("x", at + 1)
            for which, most, without in (
                ("join", step.joiners, come),
                ("leave", step.leavers, gone),
                ("in", changes, come),
                ("out", changes, gone),
            ):
                if most:
                    self._unknown(which, at, most, tops, without=without)
                rows.append(Row(self._sum(which, at), most, most))
            rows += self._balance(at, changes)
        self.space = Space(tops, [row for row in rows if row.terms or row.low])

    def at(self, release: int, where: Record) -> Form:
        """How many children at a release match."""
        return self._sum("x", release, where)

    def known(self, record: Record) -> dict[str, str]:
        """What a record says of this component."""
        return {name: record[name] for name in self._names if name in record}

    def narrow(
        self, places: Sequence[tuple[int, Cell]], path: Path | None, enough: int
    ) -> dict[tuple[int, Cell], tuple[int, ...]]:
        """The counts that can be fewer than `enough` numbers, or not their least; see `least`.

        With the numbers that were found: all, where they are fewer than `enough`.
        """
        known, space = self.insider(path), self.space
        sums = {(at, place): self.at(at, dict(place)) for at, place in places}
        least = {(at, place): self.least(at, dict(place), path) for at, place in places}
        for number in range(_ROUNDS):
            draw, aims = Random(number), {}
            for each, wanted in sums.items():
                seen = space.seen(wanted, known)
                if least[each] not in seen:
                    aims[wanted] = draw.randint(1, 9)
                elif len(seen) < enough:
                    aims[wanted] = draw.randint(-9, 3)
            if not aims:
                break
            space.stretch(aims, known)
        found = {}
        for each, wanted in sums.items():
            values = space.values(wanted, known, enough)
            if len(values) < enough or not space.can((*known, Row(wanted, None, least[each]))):
                found[each] = tuple(sorted(space.seen(wanted, known)))
        return found

    def insider(self, path: Path | None) -> Rows:
        """What one who knows a child's whole path knows besides; nothing without one."""
        if path is None:
            return ()
        rows: list[Row] = []
        numbers = [
            None if record is None else self._number[tuple(record[n] for n in self._names)]
            for record in path
        ]
        for at, number in enumerate(numbers):
            if number is not None:
                rows.append(Row(self._one("x", at, number), 1))
        for at, (one, other) in enumerate(pairwise(numbers)):
            if one is None and other is not None:
                rows.append(Row(self._one("join", at, other), 1))
            elif other is None and one is not None:
                rows.append(Row(self._one("leave", at, one), 1))
            elif one is not None and one == other:
                rows.append(Row(self._staying(at, (one,)), 1))
            elif one is not None and other is not None:
                rows += self._pair(at, one, other)
        return tuple(rows)

    def least(self, at: int, where: Record, path: Path | None) -> int:
        """How many children at a release an insider knows to match: itself, or none."""
        return int(path is not None and _matches(path[at], where))

    def member(self, at: int, where: Record, path: Path | None) -> Rows:
        """That a child of a release, apart from the insider, matches."""
        others = Row(self.at(at, where), 1 + self.least(at, where, path))
        return (*self.insider(path), others)

    def mover(
        self, step: int, kind: Kind, where: Record, other_side: Record, path: Path | None
    ) -> Rows:
        """That a mover of this kind, apart from the insider, matches."""
        before, after = (None, None) if path is None else (path[step], path[step + 1])
        known = self.insider(path)
        if kind == "joiner":
            own = before is None and _matches(after, where)
            return (*known, Row(self._sum("join", step, where), 1 + own))
        if kind == "leaver":
            own = after is None and _matches(before, where)
            return (*known, Row(self._sum("leave", step, where), 1 + own))
        one, other = (where, other_side) if kind == "before change" else (other_side, where)
        if not self._changes[step]:  # such a child stays as it is in this component
            own = after is not None and _matches(before, {**one, **other})
            agrees = all(one.get(name, label) == label for name, label in other.items())
            numbers = self._match({**one, **other}) if agrees else ()
            return (*known, Row(self._staying(step, numbers), 1 + own))
        is_changer = before and after and self.known(before) != self.known(after)
        went = Row(self._sum("out", step, one), 1 + bool(is_changer and _matches(before, one)))
        came = Row(self._sum("in", step, other), 1 + bool(is_changer and _matches(after, other)))
        return (*known, went, came)

    def _balance(self, at: int, changes: int) -> Iterable[Row]:
        for number in range(len(self._atoms)):
            leave, out = self._one("leave", at, number), self._one("out", at, number)
            join, come = self._one("join", at, number), self._one("in", at, number)
            before, after = self._one("x", at, number), self._one("x", at + 1, number)
            terms = (*before, *join, *come, *_less(leave), *_less(out), *_less(after))
            yield Row(terms, 0, 0)
            if leave or out:
                yield Row((*before, *_less(leave), *_less(out)), 0)
            if changes and come and out:
                yield Row((*come, *out), None, changes)

    def _pair(self, at: int, one: int, other: int) -> Iterable[Row]:
        """The insider goes from one atom to another; the rest still change without it."""
        yield Row(self._one("out", at, one), 1)
        yield Row(self._one("in", at, other), 1)
        for number in range(len(self._atoms)):
            terms = (*self._one("in", at, number), *self._one("out", at, number))
            if terms:
                own = (number == one) + (number == other)
                yield Row(terms, None, self._changes[at] - 1 + own)

    def _staying(self, at: int, numbers: Iterable[int]) -> Form:
        """Children of these atoms who neither leave nor change at a step."""
        return tuple(
            term
            for number in numbers
            for term in (
                *self._one("x", at, number),
                *_less(self._one("leave", at, number)),
                *_less(self._one("out", at, number)),
            )
        )

    def _unknown(
        self, which: str, at: int, most: int, tops: list[int], *, without: Iterable[int]
    ) -> None:
        left_out = set(without)
        for number in range(len(self._atoms)):
            if number not in left_out:
                self._variables[which, at, number] = len(tops)
                tops.append(most)

    def _missing(self, which: str, at: int) -> set[int]:
        numbers = range(len(self._atoms))
        return {number for number in numbers if (which, at, number) not in self._variables}

    def _one(self, which: str, at: int, number: int) -> Form:
        variable = self._variables.get((which, at, number))
        return () if variable is None else form([variable])

    def _sum(self, which: str, at: int, where: Record | None = None) -> Form:
        return tuple(
            term for number in self._match(where or {}) for term in self._one(which, at, number)
        )

    def _match(self, where: Record) -> tuple[int, ...]:
        """The atoms that a record, whole or in part, leaves open."""
        key = tuple(sorted(where.items()))
        if key not in self._matching:
            for name, label in key:
                if label not in self.categories[name]:
                    raise ValueError(f"{name} has no category {label}")
            self._matching[key] = tuple(
                number
                for number, atom in enumerate(self._atoms)
                if _matches(dict(zip(self._names, atom, strict=True)), where)
            )
        return self._matching[key]


def _matches(record: Record | None, where: Record) -> bool:
    return record is not None and all(record[name] == label for name, label in where.items())


def _less(terms: Form) -> Form:
    return tuple((at, -factor) for at, factor in terms)
