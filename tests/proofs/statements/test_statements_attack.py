"""Statements and sums against whoever reads them all, knows the method and one child whole.

The attacker reads the words of the statements, knows at all times who was in which group, and
takes nobody to have changed; beside it stands one who knows every change as well, which is
more than the gate promises to withstand.  The control tells exact counts, or exact sums.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from dashboard.report.content import sentences
from safeguards.disclosure.bands import Band
from safeguards.disclosure.certificate import Release
from safeguards.disclosure.settings import Settings
from safeguards.disclosure.sums import (
    Premium,
    PremiumFigures,
    Sessions,
    SumFigures,
    choose_premium,
    choose_sums,
)
from tests.proofs.statements.attack import Attack, list_changes, tell_exactly
from tests.proofs.statements.estimates import find_estimates, find_premium_estimates
from tests.proofs.statements.readings import Told, read_reports
from tests.support import sizes
from tests.support.reports.comings import School, draw_last_anew, draw_school
from tests.support.reports.facts import write_clerks_page
from tests.support.reports.terms import build_attributes, publish_report, publish_reports
from tests.support.sizes import size

pytestmark = pytest.mark.slow

_ATTRIBUTES = 10
_LEFT = 4


class Broken:
    """How many schools each attacker got something out of, told in statements and exactly."""

    def __init__(self) -> None:
        self.cases = self.told = 0
        self.broken, self.control = Counter[str](), Counter[str]()

    def attack(self, school: School, releases: Sequence[Release], folder: Path) -> None:
        """Let both at what one school has published."""
        told = read_files(releases, folder)
        exact = {key: tell_exactly(each, school.stays) for key, each in school.courses.items()}
        self.cases += 1
        self.told += sum(map(len, told.values()))
        self.broken["plain"] += any(is_broken(each, school) for each in told.values())
        self.control["plain"] += is_certain(exact, school)
        self.broken["knowing"] += is_certain(told, school, knows_changes=True)
        self.control["knowing"] += is_certain(exact, school, knows_changes=True)

    def tell(self, name: str, count: sizes.Count) -> None:
        """Print what was found, and hold it to what was promised."""
        count(name, self.cases, self.broken["plain"], self.control["plain"])
        title = f"{name}, knowing each change"
        count(title, self.cases, self.broken["knowing"], self.control["knowing"])
        assert self.told > self.cases
        assert self.broken["plain"] == 0
        assert self.broken["knowing"] <= max(1, self.cases // 100)
        assert min(self.control.values()) >= self.cases / 3


def read_files(releases: Sequence[Release], folder: Path) -> dict[str, list[Told]]:
    """What is read of each report in its finished Word and PDF files."""
    return read_reports(
        write_clerks_page(release, folder / f"{number}") for number, release in enumerate(releases)
    )


@pytest.fixture(autouse=True)
def attributes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports speak of the made-up attributes."""
    made_up = build_attributes([f"attribute {number}" for number in range(_ATTRIBUTES)])
    monkeypatch.setattr(sentences, "load_attributes", lambda: made_up)


def is_certain(
    told: Mapping[str, Sequence[Told]], school: School, *, knows_changes: bool = False
) -> bool:
    """Whether another child is certain by what was told of any attribute."""
    return any(
        Attack(
            each, school.stays, list_changes(school.courses[key]) if knows_changes else None
        ).is_certain_of_another()
        for key, each in told.items()
    )


def is_broken(told: Sequence[Told], school: School) -> bool:
    """Whether another child is certain, or a count narrower than promised."""
    attack = Attack(told, school.stays)
    alone = [Attack([each], school.stays) for each in told]
    return (
        attack.is_certain_of_another()
        or attack.count_fewest_values() < _LEFT
        or any(each.count_fewest_values_left() < _LEFT for each in alone)
    )


def draw(rng: Random, reports: int, turnovers: Sequence[float]) -> School:
    """Ten attributes of a school with up to 30 children, of whom some cross."""
    return draw_school(
        rng,
        reports,
        (rng.randint(8, 24), rng.randint(3, 16)),
        turnover=rng.choice(turnovers),
        crossing=rng.choice((0.03, 0.1)),
        attributes=_ATTRIBUTES,
    )


@pytest.mark.parametrize(
    ("name", "reports"),
    [("statements.reports", 1), ("statements.pairs", 2), ("statements.chains", 5)],
)
def test_nobody_is_certain_of_another_child(
    name: str, reports: int, count: sizes.Count, tmp_path: Path
) -> None:
    """Of one report, of two a term or a year apart, of five."""
    rng, broken = sizes.rng(name), Broken()
    for _ in range(size(name)):
        school = draw(rng, reports, (0.03, 0.1, 0.27))
        broken.attack(school, publish_reports(school), tmp_path)
    broken.tell(name, count)


def list_spoken_of(release: Release) -> frozenset[tuple[object, ...]]:
    """Which attributes of which group a report speaks of, and whether anew."""
    return frozenset(
        (each.attribute, each.group, each.day, each.size) for each in release.certificate.statements
    )


def test_what_is_not_said_tells_nothing(count: sizes.Count) -> None:
    """However today's values are drawn, the same is spoken of, in bands of one partition.

    The control is a gate that says what happens to be safe: it never says two bands that
    together tell of somebody, and so does not say the second.
    """
    rng, cases = sizes.rng("statements.silence"), size("statements.silence")
    broken = control = 0
    for _ in range(cases):
        school = draw(rng, 3, (0.1, 0.27))
        school = replace(school, courses=dict(list(school.courses.items())[:3]))
        earlier = [publish_report(school, 0, [])]
        earlier.append(publish_report(school, 1, earlier))
        spoken, bands, chosen_by_value = set(), dict[tuple[str, str], set[Band]](), set()
        for _ in range(4):
            again = draw_last_anew(rng, school)
            release = publish_report(again, 2, earlier)
            spoken.add(list_spoken_of(release))
            for each in release.certificate.statements:
                bands.setdefault((each.attribute, each.group), set()).add(each.band)
            chosen_by_value.add(frozenset(list_safe_by_value(again, earlier)))
        counts = [
            [at for band in found for at in range(band.least, band.most + 1)]
            for found in bands.values()
        ]
        broken += len(spoken) > 1 or any(len(each) != len(set(each)) for each in counts)
        control += len(chosen_by_value) > 1
    count("statements.silence", cases, broken, control)
    assert broken == 0
    assert control >= cases / 3


def list_safe_by_value(school: School, earlier: Sequence[Release]) -> Iterator[str]:
    """The control: attributes of which today's own half would be safe to say."""
    told = list_told(earlier)
    for key, courses in school.courses.items():
        for group in ("looked after", "previously looked after"):
            there = school.list_members(2, group)
            if len(there) < Settings().fewest_for_statements:
                continue
            half = (len(there) + 1) // 2
            low = sum(courses[child][2] for child in there) < half
            new = Told(2, group, 0 if low else half, half - 1 if low else len(there))
            if not is_broken([*told.get(key, []), new], school):
                yield f"{key} {group}"


def list_told(releases: Sequence[Release]) -> dict[str, list[Told]]:
    """The same as of files, taken from what was released."""
    told: dict[str, list[Told]] = {}
    for report, each in enumerate(releases):
        for one in each.certificate.statements:
            if one.day == each.certificate.day:
                found = Told(report, one.group, *one.band)
                told.setdefault(one.attribute, []).append(found)
    return told


def draw_sessions(rng: Random, children: int) -> Sessions:
    """A term in which most miss a little, some much, and one now and then nearly all."""
    names = [f"child {number}" for number in range(children)]
    labels = ("Illness", "Appointment", "Late", "Suspended")
    weights = {label: rng.choice((0.0, 0.5, 1.0, 4.0)) for label in labels}
    reasons: dict[str, dict[str, int]] = {label: {} for label in labels}
    lost: dict[str, int] = {}
    for name in names:
        left = 120
        scale = rng.choice((0, 1, 1, 2, 3, 10))
        for label in labels:
            count = min(left, int(rng.expovariate(1) * scale * weights[label]))
            reasons[label][name] = count
            left -= count
        lost[name] = min(left, rng.choice((0,) * 9 + (10,)))
    missed = {name: sum(each[name] for each in reasons.values()) for name in names}
    return Sessions(
        open=dict.fromkeys(names, 120),
        possible={name: 120 - lost[name] for name in names},
        missed=missed,
        reasons=reasons,
    )


def tell_all(sessions: Sessions) -> SumFigures:
    """The control: every sum and part as it is."""
    parts = ((label, sum(each.values())) for label, each in sessions.reasons.items())
    return SumFigures(
        sum(sessions.missed.values()),
        sum(sessions.possible.values()),
        tuple((label, count) for label, count in parts if count),
    )


def test_nobody_is_estimated_from_sums(count: sizes.Count) -> None:
    """Within a fifth, over the three terms of a year, for whoever knows one child whole."""
    rng, cases = sizes.rng("statements.sums"), size("statements.sums")
    broken = control = told = 0
    for _ in range(cases):
        children = rng.randint(3, 24)
        terms = [draw_sessions(rng, children + rng.randint(-1, 1)) for _ in range(3)]
        chosen = [choose_sums(each, Settings(), never={"Suspended"}) for each in terms]
        told += sum(each.missed is not None for each in chosen)
        broken += any(find_estimates(list(zip(chosen, terms, strict=True))))
        exact = [tell_all(each) for each in terms]
        control += any(find_estimates(list(zip(exact, terms, strict=True))))
    count("statements.sums", cases, broken, control)
    assert told > cases
    assert broken == 0
    assert control >= cases / 3


def draw_premium(rng: Random, children: int) -> list[Premium]:
    """The terms of a year in which some are given much and some nothing, or all of them all.

    Of some terms what was spent is not recorded of everybody.
    """
    names = [f"child {number}" for number in range(children)]
    had, found = dict.fromkeys(names, 0), []
    is_even, is_all_spent = rng.random() < 0.2, rng.random() < 0.3
    for _ in range(3):
        planned, spent = {}, {}
        for name in names:
            scale = 1 if is_even else rng.choice((0, 0.1, 0.3, 0.5, 1))
            planned[name] = min(
                Settings().most_premium - had[name],
                round(Settings().most_premium / 3 * scale * (1 if is_even else rng.random() * 2)),
            )
            spent[name] = round(planned[name] * (1 if is_all_spent else rng.choice((0, 0.8, 1))))
            had[name] += planned[name]
        found.append(Premium(planned, spent if rng.random() < 0.9 else None, dict(had)))
    return found


def test_nobody_is_estimated_from_pupil_premium_plus(count: sizes.Count) -> None:
    """Within a fifth, in a term or over the year, for whoever knows one child whole."""
    rng, cases = sizes.rng("statements.premium"), size("statements.premium")
    broken = control = told = 0
    most = Settings().most_premium
    for _ in range(cases):
        terms = draw_premium(rng, rng.randint(3, 24))
        chosen = [choose_premium(each, Settings()) for each in terms]
        told += sum(each.planned is not None for each in chosen)
        broken += any(find_premium_estimates(list(zip(chosen, terms, strict=True)), most))
        exact = [
            PremiumFigures(
                sum(each.planned.values()), None if each.spent is None else sum(each.spent.values())
            )
            for each in terms
        ]
        control += any(find_premium_estimates(list(zip(exact, terms, strict=True)), most))
    count("statements.premium", cases, broken, control)
    assert told > cases
    assert broken == 0
    assert control >= cases / 3
