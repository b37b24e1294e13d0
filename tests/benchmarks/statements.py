"""What reports can say in statements, and how long it takes to decide: one run prints tables.

    python tests/benchmarks/statements.py

Schools with ten attributes, whose children come, leave and cross: first how many attributes
are said, anew or as an older statement with its day; then the same of the report's own
attributes, beside its duties; then the processor's seconds for a termly report after six
earlier ones.  Nothing is asserted.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[2]))

from dashboard.report.content.figures import DUTIES
from safeguards.disclosure.certificate import Duty, Release, Term
from safeguards.disclosure.families import load_attributes
from safeguards.disclosure.publish import Group, publish_term
from tests.support.reports.comings import GROUPS, School, draw_school
from tests.support.reports.terms import FIRST, NOTHING, publish_report, publish_reports

_SIZES = (3, 6, 8, 10, 12, 15, 20, 30)
_SCHOOLS, _ATTRIBUTES, _SECONDS = 10, 10, 5
#: How many reports, and which share of a group leaves between two: of five years, of seven terms.
_PACES = {"yearly": (5, 0.27), "termly": (7, 0.09)}


def main() -> None:
    """Measure, and print."""
    for pace, (reports, turnover) in _PACES.items():
        say(f"{pace} reports: attributes said of {_ATTRIBUTES}, a report")
        say(f"{'children':>8} {'first':>6} {'later, anew':>12} {'or older':>9} {'values':>7}")
        for size in _SIZES:
            releases = list(draw_releases(size, reports, turnover))
            later = [release for chain in releases for release in chain[1:]]
            first = [count_said(chain[0]) for chain in releases]
            anew, older = ([count_said(each, old=old) for each in later] for old in (False, True))
            say(
                f"{size:8} {mean(first):6.1f} {mean(anew):12.1f} {mean(older):9.1f} "
                f"{mean(list_widths(later)):7.1f}"
            )
    own = [each for each in load_attributes() if GROUPS[0] in each.groups]
    say(f"the report's own {len(own)} attributes, with every duty told: said, first and later")
    for size in _SIZES:
        chains = [publish_own(school) for school in draw_schools(size, *_PACES["termly"])]
        said = [[count_said(each) for each in chain] for chain in chains]
        again = mean([count for chain in said for count in chain[1:]])
        say(f"{size:8} {mean([chain[0] for chain in said]):6.1f} {again:12.1f}")
    say(f"seconds for the seventh termly report, of both groups; bar {_SECONDS}")
    for sizes in ((12, 8), (24, 16), (30, 30)):
        say(
            f"{sizes[0]:4} and {sizes[1]:2}: {max(time_last(sizes, seed) for seed in range(3)):.1f}"
        )


def draw_releases(size: int, reports: int, turnover: float) -> Iterator[list[Release]]:
    """The reports of schools with so many children looked after, and no others."""
    yield from map(publish_reports, draw_schools(size, reports, turnover))


def draw_schools(size: int, reports: int, turnover: float) -> Iterator[School]:
    """Schools with so many children looked after when the first report is made."""
    for seed in range(_SCHOOLS):
        yield draw(seed, reports, (size, 0), turnover)


def publish_own(school: School) -> list[Release]:
    """Termly reports of the attributes of `families.csv`, three to a year, duties told in full."""
    rng, found = Random(1), list[Release]()
    attributes = load_attributes()
    for report in range(len(next(iter(school.stays.values())))):
        children = {
            child: {each.key: rng.choice(sorted(each.has | each.lacks)) for each in attributes}
            for child in school.list_members(report, GROUPS[0])
        }
        term = Term(f"year {report // 3}", ("autumn", "spring", "summer")[report % 3])
        duties = [Duty(kind, GROUPS[0], 0, 0) for kind in DUTIES]
        group = Group(GROUPS[0], children, NOTHING)
        day = FIRST + timedelta(weeks=14 * report)
        found.append(publish_term(term, day, [group], found, duties=duties))
    return found


def draw(seed: int, reports: int, sizes: tuple[int, int], turnover: float) -> School:
    return draw_school(
        Random(seed), reports, sizes, turnover=turnover, crossing=0.04, attributes=_ATTRIBUTES
    )


def count_said(release: Release, *, old: bool = True) -> int:
    """Attributes said of the children looked after; `old` counts what was said before, too."""
    told = release.certificate
    return sum(
        each.group == GROUPS[0] and (old or each.day == told.day) for each in told.statements
    )


def list_widths(releases: Sequence[Release]) -> list[int]:
    """How many counts each new statement leaves open, from the least to the most of its band."""
    return [
        each.band.most - each.band.least + 1
        for release in releases
        for each in release.certificate.statements
        if each.group == GROUPS[0] and each.day == release.certificate.day
    ]


def mean(numbers: Sequence[int]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0


def time_last(sizes: tuple[int, int], seed: int) -> float:
    """Seconds of the processor for the last of seven termly reports."""
    school = draw(seed, 7, sizes, 0.09)
    earlier: list[Release] = []
    for report in range(6):
        earlier.append(publish_report(school, report, earlier))
    began = time.process_time()
    publish_report(school, 6, earlier)
    return time.process_time() - began


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
