"""Made-up groups through the gate into finished files, and what an attacker is told beside them.

No home is needed: a report is made of a release and nothing else.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

from dashboard.report import make
from dashboard.report.content import figures
from dashboard.report.content.facts import Facts
from dashboard.report.content.model import Document
from dashboard.report.content.sentences import describe_certificate
from dashboard.report.sections import build_part_one
from dashboard.text import words
from safeguards.disclosure import Duty, Group, Release, Sums, publish
from safeguards.disclosure.solver.suppressed import Suppressed
from tests.proofs.attacker.exact import Step
from tests.proofs.attacker.files.figures import Cell, cell
from tests.proofs.attacker.files.figures import Release as Printed
from tests.proofs.attacker.files.reading import figures as printed
from tests.support.reports.gate import LIMITS

GROUP, OTHERS = figures.LOOKED_AFTER, figures.PREVIOUSLY
#: The share of sessions that the words of the categories tell.
PERSISTENT = 0.1
ATTRIBUTES = figures.list_attributes(GROUP, PERSISTENT)
FIRST = date(2026, 11, 20)
#: How often each category is drawn, in the order of the attribute's own.
_WEIGHTS = {2: (5, 4), 3: (5, 3, 2), 4: (4, 3, 2, 2)}
_YEAR = "2026/27"

Child = dict[str, str]
Children = Mapping[str, Child]


def child(rng: Random) -> Child:
    """The category of each attribute of one child, by its key."""
    return {
        each.key: rng.choices(each.categories, _WEIGHTS[len(each.categories)])[0]
        for each in ATTRIBUTES
    }


def drawn(rng: Random, size: int) -> dict[str, Child]:
    """So many children."""
    return {f"CH{number}": child(rng) for number in range(size)}


def moved(rng: Random, children: Children, way: str) -> dict[str, Child]:
    """The children after one of them joined, left or changed in one private attribute."""
    after = {name: dict(each) for name, each in children.items()}
    if way == "joiner":
        after[f"CH{rng.getrandbits(40)}"] = child(rng)
    elif way == "leaver":
        del after[rng.choice(sorted(after))]
    else:
        attribute = rng.choice([each for each in ATTRIBUTES if not each.is_public])
        changed = after[rng.choice(sorted(after))]
        others = [each for each in attribute.categories if each != changed[attribute.key]]
        changed[attribute.key] = rng.choice(others)
    return after


def released(
    children: Children,
    earlier: Sequence[Release] = (),
    before: Children | None = None,
    day: date = FIRST,
) -> Release:
    """What the gate lets out about these children looked after, and about nobody else."""
    then = {GROUP: before} if before is not None else {}
    return released_of({GROUP: children}, earlier, then, day)


def released_of(
    asked: Mapping[str, Children],
    earlier: Sequence[Release] = (),
    before: Mapping[str, Children] | None = None,
    day: date = FIRST,
) -> Release:
    """What the gate lets out about the children of each group, those looked after among them."""
    groups = [group(name, asked.get(name, {})) for name in figures.ATTRIBUTES]
    children = asked[GROUP]
    missed = {name: 3 + place % 4 for place, name in enumerate(sorted(children))}
    possible = dict.fromkeys(children, 102)
    return publish(
        groups,
        as_at=day,
        earlier=earlier,
        before={name: group(name, each).children for name, each in (before or {}).items()},
        key=b"a key of the tests",
        limits=LIMITS,
        duties=[Duty("PEP duties", GROUP, due=len(children), done=len(children) // 2)],
        sums=[
            Sums(figures.format_missed_key(GROUP, _YEAR), GROUP, missed, {"Illness": missed}),
            Sums(figures.format_possible_key(GROUP, _YEAR), GROUP, possible, {}),
        ],
    )


def group(name: str, children: Children) -> Group:
    """As the report asks of them."""
    rows = [{"pupil_id": code, **each} for code, each in children.items()]
    return figures.build_group(name, rows, PERSISTENT)


def facts(release: Release) -> Facts:
    """Of a report that tells this release."""
    return Facts(
        kind="termly",
        school="Quarry Lane Junior School",
        as_at=release.as_at,
        academic_year=_YEAR,
        term="autumn",
        term_from=date(2026, 9, 2),
        release=release,
        lines={},
        may_say_rates=True,
        limits=LIMITS,
        letter="K",
    )


def documents(release: Release, earlier: int = 0) -> tuple[Document, ...]:
    """Part One, without a word of anybody's."""
    told = facts(release)
    return (
        Document(
            title="Children looked after: report to governors",
            school=told.school,
            kind="Termly report",
            part="Part One",
            term=told.term_words,
            as_at=told.as_at,
            is_final=True,
            certificate=describe_certificate(release, earlier),
            blocks=build_part_one(told, ()),
        ),
    )


def files(release: Release, folder: Path, earlier: int = 0) -> list[Path]:
    """The finished files, in a folder of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for name, content in make.build_files(documents(release, earlier)).items():
        (folder / name).write_bytes(content)
        found.append(folder / name)
    return found


def read(release: Release, folder: Path, earlier: int = 0) -> Printed:
    """What the files tell, as the attacker reads them."""
    return printed(files(release, folder, earlier))


def read_each(release: Release, folder: Path, earlier: int = 0) -> dict[str, Printed]:
    """What the files tell of each group."""
    found = files(release, folder, earlier)
    known = {figures.YEARS.label: figures.YEARS.categories}
    return {name: printed(found, name, known) for name in figures.ATTRIBUTES}


def as_weighed(release: Release, name: str) -> Printed:
    """The figures of one group without the way through the files, for controls."""
    told = release.groups[name]
    labels = {each.key: each.label for each in told.attributes}
    counts: dict[Cell, int | None] = {}
    for table, found in told.tables.items():
        for place, count in found.items():
            where = {
                labels[key]: words.capitalise(each) for key, each in zip(table, place, strict=True)
            }
            counts[cell(where)] = None if isinstance(count, Suppressed) else count
    attributes = {
        each.label: tuple(map(words.capitalise, each.categories))
        for each in told.attributes
        if (each.key,) in told.tables
    }
    return Printed(told.size if told.is_told else None, attributes, counts)


def as_printed(each: Child) -> dict[str, str]:
    """A child's record in the words of the tables, as an insider knows it."""
    return {attribute.label: words.capitalise(each[attribute.key]) for attribute in ATTRIBUTES}


def step(before: Children, after: Children, sets: Sequence[frozenset[str]]) -> Step:
    """What the attacker knows of who moved between two reports."""
    return Step.between(
        {name: as_printed(each) for name, each in before.items()},
        {name: as_printed(each) for name, each in after.items()},
        sets,
    )


def small_hidden_only(children: Children) -> Printed:
    """The control: the same tables, where counts of 1 to 5 are hidden and nothing else."""
    labels = {each.label: tuple(map(words.capitalise, each.categories)) for each in ATTRIBUTES}
    records = [as_printed(each) for each in children.values()]
    keys = {each.key: each.label for each in ATTRIBUTES}
    tables = [tuple(keys[key] for key in table) for table in group(GROUP, {}).tables]
    counts: dict[Cell, int | None] = {}
    for names in tables:
        for where in _cells(names, labels):
            count = sum(where.items() <= record.items() for record in records)
            counts[cell(where)] = None if 1 <= count <= LIMITS.small else count
    return Printed(len(children), labels, counts)


def _cells(names: Sequence[str], labels: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = [{}]
    for name in names:
        found = [{**each, name: label} for each in found for label in labels[name]]
    return found


def days(count: int) -> list[date]:
    """A day for each report."""
    return [FIRST + timedelta(weeks=14 * number) for number in range(count)]
