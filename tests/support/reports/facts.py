"""A report about made-up groups, without a home: what it is made from."""

from datetime import date
from pathlib import Path
from random import Random

from dashboard.report.content.facts import LOOKED_AFTER, PREVIOUSLY, Facts, Kind
from dashboard.report.content.sections import build_document
from dashboard.report.make import build_files
from safeguards.disclosure.certificate import Duty, Rate, Release, Term
from safeguards.disclosure.families import load_attributes
from safeguards.disclosure.publish import Group, publish_term
from safeguards.disclosure.sums import Premium, Sessions

SCHOOL = "Quarry Lane Junior School"
TERMS = (
    (Term("2025/26", "summer"), date(2026, 7, 10)),
    (Term("2026/27", "autumn"), date(2026, 12, 11)),
)
_REASONS = (
    "Illness (not appointment)",
    "Medical or dental appointment",
    "Arrived after register closed",
)


def draw_group(rng: Random, name: str, size: int) -> Group:
    """So many children, with what the report counts of each."""
    tokens = [f"{name} {number}" for number in range(size)]
    reasons = {label: {token: rng.randint(1, 9) for token in tokens} for label in _REASONS}
    missed = {token: sum(each[token] for each in reasons.values()) for token in tokens}
    return Group(
        name,
        {
            token: {
                each.key: rng.choice(sorted(each.has | each.lacks))
                for each in load_attributes()
                if name in each.groups
            }
            for token in tokens
        },
        Sessions(dict.fromkeys(tokens, 120), dict.fromkeys(tokens, 120), missed, reasons),
        Premium(*(dict.fromkeys(tokens, pounds) for pounds in (300, 200, 300))),
    )


def publish_terms(seed: int, size: int, terms: int = 2) -> list[Release]:
    """The releases of a school's terms, the newest last, with the duties of each."""
    rng, found = Random(seed), list[Release]()
    for term, day in TERMS[-terms:]:
        groups = [draw_group(rng, LOOKED_AFTER, size), draw_group(rng, PREVIOUSLY, 12)]
        duties = [
            Duty("PEP", LOOKED_AFTER, size, size - 1, 1),
            Duty("health", LOOKED_AFTER, 5, 3),
            Duty("SDQ", LOOKED_AFTER, 1, 1),
            Duty("EHCP", LOOKED_AFTER, 0, 0),
        ]
        rates = [Rate("whole school", term.year, 0.054)]
        found.append(publish_term(term, day, groups, found, duties=duties, rates=rates))
    return found


def write_clerks_page(release: Release, folder: Path) -> list[Path]:
    """The finished Word and PDF of the page that has every statement of a release."""
    facts = Facts(kind="termly", school=SCHOOL, told=release.certificate, earlier=(), letter="K")
    document = build_document(facts, (), "For the clerk", is_final=True)
    if document is None:
        raise ValueError("a report has a page for the clerk")
    found = []
    for name, content in build_files([document]).items():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        found.append(folder / name)
    return found


def build_facts(seed: int = 1, size: int = 12, terms: int = 2, kind: Kind = "termly") -> Facts:
    """Of the newest of these terms."""
    *earlier, told = (each.certificate for each in publish_terms(seed, size, terms))
    return Facts(kind=kind, school=SCHOOL, told=told, earlier=tuple(earlier), letter="K")
