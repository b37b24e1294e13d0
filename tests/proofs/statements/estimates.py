"""An attack on sums of a group: how near whoever knows one child whole comes to another.

They know the method, how many sessions each child could have missed or how many pounds each
could be given in a year, and at worst how many others have a share in each part that is told.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from safeguards.disclosure.sums import OTHER, Premium, PremiumFigures, Sessions, SumFigures


class Printed(NamedTuple):
    """A number of a report, each child's true share of it, and the most that it can be."""

    total: int
    shares: Mapping[str, int]
    tops: Mapping[str, int]

    def bound(self, child: str, insider: str) -> tuple[int, int]:
        """The least and the most that a child's share can be, to an insider."""
        others = [each for each in self.shares if each not in {child, insider}]
        left = self.total - self.shares.get(insider, 0)
        least = left - sum(self.tops[each] for each in others)
        most = left - sum(self.shares[each] > 0 for each in others)
        return max(0, least), min(most, self.tops[child])


def list_printed(told: SumFigures, sessions: Sessions) -> list[Printed]:
    """The sum first, then its parts, and what the possible sessions lack of the open ones."""
    if told.missed is None:
        return []
    named = [sessions.reasons[label] for label, _ in told.reasons if label != OTHER]
    parts = {
        label: {child: sessions.reasons.get(label, {}).get(child, 0) for child in sessions.open}
        for label, _ in told.reasons
    }
    parts[OTHER] = {
        child: missed - sum(each.get(child, 0) for each in named)
        for child, missed in sessions.missed.items()
    }
    found = [Printed(told.missed, sessions.missed, sessions.possible)]
    found += [Printed(count, parts[label], sessions.possible) for label, count in told.reasons]
    if told.possible is not None:
        lost = {child: count - sessions.possible[child] for child, count in sessions.open.items()}
        found.append(Printed(sum(sessions.open.values()) - told.possible, lost, sessions.open))
    return found


def find_estimates(terms: Sequence[tuple[SumFigures, Sessions]]) -> Iterator[str]:
    """Whom somebody can place within a fifth of the truth, in a term or over all of them."""
    printed = [list_printed(*term) for term in terms]
    children = dict.fromkeys(child for _, sessions in terms for child in sessions.open)
    for child in children:
        for insider in children:
            if child != insider:
                yield from _estimate(printed, child, insider)


def _estimate(printed: Sequence[list[Printed]], child: str, insider: str) -> Iterator[str]:
    own = [[each for each in term if child in each.shares] for term in printed]
    for figure in (figure for term in own for figure in term):
        yield from _judge(figure, child, insider)
    # over the year: in a term whose bound is all of it, nothing was learned, by the same rule
    sums = [
        (most, each.shares[child])
        for each in (term[0] for term in own if term)
        if (most := each.bound(child, insider)[1]) < each.tops[child]
    ]
    most, share = (sum(column) for column in zip(*sums, strict=True)) if sums else (0, 0)
    if share and most * 5 <= share * 6:
        yield f"{insider} takes {child} for at most {most} in all, {share} in truth"


def _judge(figure: Printed, child: str, insider: str) -> Iterator[str]:
    """Whether one number places a child within a fifth."""
    least, most = figure.bound(child, insider)
    share, top = figure.shares[child], figure.tops[child]
    # that nobody has more than there is was known before
    if share and ((most < top and most * 5 <= share * 6) or least * 5 >= share * 4):
        yield f"{insider} takes {child} for {least} to {most}, {share} in truth"


def find_premium_estimates(
    terms: Sequence[tuple[PremiumFigures, Premium]], most: int
) -> Iterator[str]:
    """Whom somebody can place within a fifth in pounds, in a term or over all of them.

    most: pounds that everybody knows to be all that a child is given in a year.
    """
    told = [(figures, premium) for figures, premium in terms if figures.planned is not None]
    printed = [each for term in told for each in _list_pounds([term], most)]
    for figure in (*printed, *_list_pounds(told, most)):
        for child in figure.shares:
            for insider in figure.shares:
                if child != insider:
                    yield from _judge(figure, child, insider)


def _list_pounds(terms: Sequence[tuple[PremiumFigures, Premium]], most: int) -> Iterator[Printed]:
    """What was planned, and of the terms that say so what was spent and what is left."""
    if not terms:
        return
    spent = [each for each in terms if each[0].spent is not None]
    planned = _add_shares([premium.planned for _, premium in terms])
    tops = dict.fromkeys(planned, most)
    yield Printed(sum(figures.planned or 0 for figures, _ in terms), planned, tops)
    if len(spent) == len(terms):
        shares = _add_shares([premium.spent or {} for _, premium in terms])
        left = {child: planned[child] - shares[child] for child in planned}
        total = sum(figures.spent or 0 for figures, _ in terms)
        yield Printed(total, shares, tops)
        yield Printed(sum(planned.values()) - total, left, tops)


def _add_shares(parts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    names = dict.fromkeys(child for part in parts for child in part)
    return {child: sum(part.get(child, 0) for part in parts) for child in names}
