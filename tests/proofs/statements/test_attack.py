"""The attacker itself: held against trying all, and shown what it must find."""

from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from random import Random

import docx
import pytest

from tests.proofs.statements.attack import Attack, list_changes
from tests.proofs.statements.readings import Told, read_reports, read_words
from tests.support.reports.comings import GROUPS, Course, Stay, draw_courses, draw_stays

ONE, OTHER = GROUPS


def draw_told(rng: Random, stays: Mapping[str, Stay], courses: Mapping[str, Course]) -> list[Told]:
    """Something true of each group in each of two reports, as wide as it comes."""
    told = []
    for report in (0, 1):
        for group in GROUPS:
            there = [child for child, stay in stays.items() if stay[report] == group]
            count = sum(courses[child][report] for child in there)
            told.append(Told(report, group, count - rng.randint(0, 2), count + rng.randint(0, 2)))
    return told


def try_all(
    told: Sequence[Told], stays: Mapping[str, Stay], changes: Mapping[str, frozenset[int]] | None
) -> bool:
    """Whether some insider is certain of another, by every group of children there can be."""
    names = [name for name, stay in stays.items() if any(stay)]
    turns = {name: (changes or {}).get(name, frozenset()) for name in names}
    found: dict[tuple[str, tuple[int, ...]], list[tuple[int, ...]]] = {}
    ways = [
        (has, has ^ (1 in turns[name])) if changes is not None else (has, has)
        for name in names
        for has in (0, 1)
    ]
    by_name = {name: ways[2 * at : 2 * at + 2] for at, name in enumerate(names)}
    for insider in names:
        own_ways = by_name[insider] if changes is not None else list(product((0, 1), repeat=2))
        others = [name for name in names if name != insider]
        for own, *rest in product(own_ways, *(by_name[name] for name in others)):
            courses = {insider: own, **dict(zip(others, rest, strict=True))}
            if all(
                each.least
                <= sum(
                    courses[n][each.report] for n in names if stays[n][each.report] == each.group
                )
                <= each.most
                for each in told
            ):
                seen = tuple(part if stays[insider][at] else 0 for at, part in enumerate(own))
                found.setdefault((insider, seen), []).append(tuple(way[0] for way in rest))
    return any(
        len(set(column)) == 1 for worlds in found.values() for column in zip(*worlds, strict=True)
    )


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("knows_changes", [False, True])
def test_it_finds_what_trying_all_finds(seed: int, knows_changes: bool) -> None:
    """Of two reports on two groups of a few children, who come, leave, cross and change."""
    rng = Random(seed)
    stays = draw_stays(rng, 2, (3, 2), turnover=0.2, crossing=0.2)
    courses = draw_courses(rng, stays, 0.5, 0.2)
    told = draw_told(rng, stays, courses)
    changes = list_changes(courses) if knows_changes else None
    found = Attack(told, stays, changes).is_certain_of_another()
    assert found == try_all(told, stays, changes)


def test_it_finds_a_joiner() -> None:
    """Five or fewer of twelve, then six or more of 13: the 13th has it."""
    stays: dict[str, Stay] = {f"child {number}": (ONE, ONE) for number in range(12)}
    stays["joiner"] = (None, ONE)
    attack = Attack([Told(0, ONE, 0, 5), Told(1, ONE, 6, 13)], stays)
    assert attack.is_certain()
    assert attack.is_certain_of_another()
    assert attack.count_fewest_values() == 1
    assert not Attack([Told(0, ONE, 0, 5)], stays).is_certain_of_another()


def test_it_finds_who_crossed() -> None:
    """Twelve in one group, of whom one goes into the other: the same, by the other's count."""
    stays: dict[str, Stay] = {
        **{f"child {number}": (ONE, ONE) for number in range(12)},
        **{f"other {number}": (OTHER, OTHER) for number in range(10)},
        "crosser": (ONE, OTHER),
    }
    told = [Told(0, OTHER, 0, 4), Told(1, OTHER, 5, 11)]
    assert Attack(told, stays).is_certain()


def test_it_finds_the_one_who_changed() -> None:
    """Of the same twelve five or fewer, then six or more, and one is known to have changed."""
    stays: dict[str, Stay] = {f"child {number}": (ONE, ONE) for number in range(12)}
    told = [Told(0, ONE, 0, 5), Told(1, ONE, 6, 12)]
    assert Attack(told, stays).is_contradicted()
    knowing = Attack(told, stays, {"child 3": frozenset({1})})
    assert knowing.is_certain()
    assert not knowing.is_contradicted()


def test_it_counts_what_an_insider_leaves_open() -> None:
    """Four or fewer of ten, one of whom is known to have it: nought to three others."""
    stays: dict[str, Stay] = {f"child {number}": (ONE,) for number in range(10)}
    attack = Attack([Told(0, ONE, 0, 4)], stays)
    assert attack.count_fewest_values() == 5
    assert attack.count_fewest_values_left() == 4


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("fewer than half of 12", (0, 5, 12)),
        ("fewer than half of 13", (0, 6, 13)),
        ("half or more of 12", (6, 12, 12)),
        ("more than half of 13", (7, 13, 13)),
        ("7 or fewer of 13", (0, 7, 13)),
        ("8 or more of 13", (8, 13, 13)),
        ("between 5 and 9 of 24", (5, 9, 24)),
    ],
)
def test_it_reads_words(words: str, read: tuple[int, int, int]) -> None:
    """As a governor would, without the numbers behind them."""
    assert read_words(words) == read


def test_it_reads_nothing_else() -> None:
    """A count is not a statement."""
    with pytest.raises(ValueError, match="not a statement: 4 of 12"):
        read_words("4 of 12")


def test_an_older_statement_is_not_heard_twice(tmp_path: Path) -> None:
    """Nor is a part of its numbers taken for another one."""
    file = docx.Document()
    for said in (
        "On 9 July 2027, 15 or more of 24 children looked after have attribute 1.",
        "Between 5 and 9 of 24 children looked after: have attribute 2; have attribute 3.",
    ):
        file.add_paragraph(said)
    file.save(str(tmp_path / "a.docx"))
    told = read_reports([[tmp_path / "a.docx"]])
    heard = [Told(0, "looked after", 5, 9)]
    assert told == {"attribute 2": heard, "attribute 3": heard}
