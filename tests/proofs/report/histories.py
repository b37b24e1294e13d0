"""Made-up schools of some years, and the finished files of their reports, for whoever attacks.

Children come, leave, are suspended, and are given money; their records are put right, or taken
out by a right, between two reports; some terms are left out.  The reports go through the gate
and the renderings, and come out as files in folders.

What an attacker may know of a history: its files (`Report.folder`), who was here on which day
and what the calendar was (`Child.open`), and one child's record whole.  The rest is the truth,
which a certainty is held against.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from dashboard.report.content.facts import LOOKED_AFTER, PREVIOUSLY, Facts, Kind
from dashboard.report.content.figures import DUTIES
from dashboard.report.content.model import PARTS
from dashboard.report.content.sections import build_document
from dashboard.report.make import build_files
from dashboard.report.render.word import to_word
from safeguards.disclosure.figures import (
    MISSED,
    PLANNED,
    SPENT,
    SUSPENDED,
    Duties,
    Duty,
    Figures,
    Rate,
    Roll,
    Term,
)
from safeguards.disclosure.publish import Amounts, TermDays, add_year, publish_figures
from safeguards.disclosure.settings import Settings

#: The terms of two school years, by the year in which they begin.
_TERMS = {"autumn": ((9, 2), (12, 18)), "spring": ((1, 4), (3, 26)), "summer": ((4, 12), (7, 21))}
_YEARS = (2026, 2027)


@dataclass(frozen=True)
class Child:
    """A child's record.

    open: sessions in which the school was open while the child was in the group, by day; that
    is what everybody knows.  missed, suspended: of these.  planned, spent: pounds, by day.
    """

    name: str
    open: dict[date, int]
    missed: dict[date, int]
    suspended: dict[date, int]
    planned: dict[date, int]
    spent: dict[date, int]


@dataclass(frozen=True)
class Report:
    """A report that went out: its finished files, and the records that it was made from."""

    kind: Kind
    term: TermDays
    day: date
    folder: Path
    figures: Figures
    children: tuple[Child, ...]


def draw_history(
    rng: Random,
    folder: Path,
    settings: Settings | None = None,
    write: Callable[[Facts, Path], None] | None = None,
) -> list[Report]:
    """The reports of a school, one after another, with their files below `folder`.

    settings: of a control, whose gate lets out more.  write: other files than all of them.
    """
    children = _draw_children(rng, rng.randint(3, 24))
    found: list[Report] = []
    for year in _YEARS:
        terms: list[TermDays] = []
        for name, (first, last) in _TERMS.items():
            of = year if name == "autumn" else year + 1
            terms.append(TermDays(name, date(of, *first), date(of, *last), has_register=True))
            is_annual = name == "summer"
            if rng.random() < (0.1 if is_annual else 0.35):
                continue  # no report on this term
            day = terms[-1].last_day - timedelta(days=rng.choice((0, 7, 28)))
            children = _change(rng, children)
            earlier = [each.figures for each in found]
            kind: Kind = "annual" if is_annual else "termly"
            figures = _publish(children, terms, day, earlier, settings, kind)
            place = folder / f"{len(found) + 1}"
            place.mkdir(parents=True)
            (write or write_files)(Facts(kind, "Quarry Lane Junior School", figures), place)
            found.append(Report(kind, terms[-1], day, place, figures, tuple(children)))
    return found


def _draw_children(rng: Random, size: int) -> list[Child]:
    """So many at first, and some more who come later; each with a year's share of everything."""
    first, last = date(_YEARS[0], 9, 2), date(_YEARS[-1] + 1, 7, 21)
    found = []
    for number in range(size + rng.randint(0, size // 2)):
        begins = first if number < size else _draw_day(rng, first, last)
        ends = _draw_day(rng, begins, last) if rng.random() < 0.3 else last
        days = [day for day in _list_school_days() if begins <= day <= ends]
        scale, is_suspended = rng.choice((0, 0.02, 0.05, 0.1, 0.5)), rng.random() < 0.2
        missed = {day: rng.choice((1, 2)) for day in days if rng.random() < scale}
        sums = _draw_sums(rng, days)
        found.append(
            Child(
                f"child {number}",
                dict.fromkeys(days, 2),
                missed,
                {day: count for day, count in missed.items() if is_suspended and day.day < 12},
                sums,
                {day: round(pounds * rng.choice((0, 0.9, 1))) for day, pounds in sums.items()},
            )
        )
    return found


def _draw_sums(rng: Random, days: list[date]) -> dict[date, int]:
    """Pounds now and then, in a school year no more than everybody knows to be given."""
    found: dict[date, int] = {}
    left = dict.fromkeys(_YEARS, Settings().most_premium)
    for day in days:
        year = day.year if day.month > 7 else day.year - 1
        pounds = min(left[year], rng.randrange(50, 900, 10)) if rng.random() < 0.02 else 0
        if pounds:
            found[day] = pounds
            left[year] -= pounds
    return found


def _change(rng: Random, children: list[Child]) -> list[Child]:
    """A child erased, restricted or objecting; or one whose record is put right, early days too."""
    if not children or rng.random() < 0.5:
        return children
    chosen = rng.randrange(len(children))
    if rng.random() < 0.5:
        return [each for place, each in enumerate(children) if place != chosen]
    child = children[chosen]
    missed = {day: 2 for day in child.open if rng.random() < 0.1}
    return [
        replace(each, missed=missed, suspended={}) if each is child else each for each in children
    ]


def _publish(
    children: Sequence[Child],
    terms: Sequence[TermDays],
    day: date,
    earlier: Sequence[Figures],
    settings: Settings | None,
    kind: Kind,
) -> Figures:
    """The figures of a report on the newest of these terms; duties are the same for all."""
    first = date(terms[0].first_day.year, 8, 1)

    def cut(daily: dict[date, int]) -> dict[date, int]:
        return {on: number for on, number in daily.items() if first <= on <= day}

    here = [each for each in children if cut(each.open)]
    amounts = Amounts(
        {each.name: cut(each.open) for each in here},
        {
            MISSED: {each.name: cut(each.missed) for each in here},
            SUSPENDED: {each.name: cut(each.suspended) for each in here},
            PLANNED: {each.name: cut(each.planned) for each in here},
            SPENT: {each.name: cut(each.spent) for each in here},
        },
    )
    now = [each for each in here if day in each.open or any(on > day for on in each.open)]
    kinds = {name: Duty(name) for name in DUTIES}
    kinds["PEP"] = Duty("PEP", len(now), in_time=len(now))
    duties = Duties(kinds, {})
    figures = publish_figures(
        Term(f"{first.year}/{(first.year + 1) % 100:02}", terms[-1].name),
        day,
        terms,
        {LOOKED_AFTER: Roll(len(now), 0, len(here) - len(now)), PREVIOUSLY: Roll(4, 0, 0)},
        amounts,
        duties,
        earlier,
        group=LOOKED_AFTER,
        rates=[Rate("whole school", f"{first.year}/{(first.year + 1) % 100:02}", 0.054)],
        settings=settings,
    )
    return add_year(figures, duties, amounts, earlier) if kind == "annual" else figures


def write_files(facts: Facts, folder: Path) -> None:
    """Every part of a report as Word and as PDF."""
    documents = [build_document(facts, (), part, is_final=True) for part in PARTS]
    for name, content in build_files([each for each in documents if each]).items():
        (folder / name).write_bytes(content)


def write_part_one(facts: Facts, folder: Path) -> None:
    """Part One as Word alone, which is enough for the sums."""
    document = build_document(facts, (), "Part One", is_final=True)
    assert document
    (folder / "part-one.docx").write_bytes(to_word(document))


def _list_school_days() -> Iterator[date]:
    for year in _YEARS:
        for name, (first, last) in _TERMS.items():
            of = year if name == "autumn" else year + 1
            day = date(of, *first)
            while day <= date(of, *last):
                if day.weekday() < 5:
                    yield day
                day += timedelta(days=1)


def _draw_day(rng: Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randint(0, (last - first).days))
