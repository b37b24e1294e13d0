"""What a report is made from: the day, the school, and the figures that may be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from dashboard.text import words
from safeguards.disclosure.certificate import (
    Certificate,
    Duty,
    restore_certificate,
    serialise_certificate,
    sum_duties,
    sum_premium,
    sum_year,
)
from safeguards.disclosure.sums import PremiumFigures, SumFigures

Kind = Literal["termly", "annual", "nil"]

KINDS: Final[tuple[Kind, ...]] = ("termly", "annual", "nil")
KIND_WORDS: Final[Mapping[Kind, str]] = {
    "termly": "Termly report",
    "annual": "Annual report",
    "nil": "Nil return",
}
LOOKED_AFTER = "looked after"
PREVIOUSLY = "previously looked after"


@dataclass(frozen=True)
class Period:
    """What is told of the children looked after in a term or a year."""

    sums: SumFigures
    premium: PremiumFigures
    duties: tuple[Duty, ...]


NOTHING: Final = Period(SumFigures(None), PremiumFigures(None), ())


@dataclass(frozen=True)
class Facts:
    """All that the computed part of a report hangs on; a certificate carries it.

    earlier: the certificates of earlier terms, the oldest first, each once.  letter: what a
    child of a case study is called, another in each term.
    """

    kind: Kind
    school: str
    told: Certificate
    earlier: tuple[Certificate, ...]
    letter: str

    @property
    def is_annual(self) -> bool:
        """Whether it is about the year, and not about its newest term alone."""
        return self.kind == "annual"

    @property
    def term_words(self) -> str:
        """Autumn term 2026."""
        return format_term(self.told)

    @property
    def period(self) -> str:
        """Within a sentence: what the sums and duties are of."""
        return "this school year" if self.is_annual else "this term"

    @property
    def last_period(self) -> str:
        """Within a sentence: what the figures beside these are of."""
        return "last school year" if self.is_annual else "in the last report"

    @property
    def last(self) -> Certificate | None:
        """The report before; of an annual one, the last of the school year before."""
        return next(reversed(self._before), None)

    @property
    def _before(self) -> tuple[Certificate, ...]:
        if not self.is_annual:
            return self.earlier
        return tuple(each for each in self.earlier if each.term.year != self.told.term.year)

    @property
    def now(self) -> Period:
        """What is told of the term, or of the year as printed."""
        return self._sum_up(self.told, (*self.earlier, self.told))

    @property
    def before(self) -> Period:
        """The same of the report before."""
        return self._sum_up(self.last, self.earlier) if self.last else NOTHING

    def _sum_up(self, told: Certificate, printed: tuple[Certificate, ...]) -> Period:
        if self.is_annual:
            year = told.term.year
            return Period(
                sum_year(year, LOOKED_AFTER, printed),
                sum_premium(year, LOOKED_AFTER, printed),
                sum_duties(year, printed),
            )
        return Period(
            told.sums.get(LOOKED_AFTER, NOTHING.sums),
            told.premium.get(LOOKED_AFTER, NOTHING.premium),
            told.duties,
        )


def parse_kind(text: str) -> Kind:
    """A kind of report by its name; ValueError if there is none of it."""
    for each in KINDS:
        if each == text:
            return each
    raise ValueError(f"{text} is none of {', '.join(KINDS)}")


def format_term(told: Certificate) -> str:
    """Autumn term 2026."""
    return f"{words.capitalise(told.term.name)} term {told.day.year}"


def serialise_facts(facts: Facts) -> dict[str, Any]:
    """As JSON can hold it; it names no child."""
    return {
        "kind": facts.kind,
        "school": facts.school,
        "letter": facts.letter,
        "told": serialise_certificate(facts.told),
        "earlier": [serialise_certificate(each) for each in facts.earlier],
    }


def restore_facts(record: Mapping[str, Any]) -> Facts:
    """Facts from what `serialise_facts` gave; KeyError or TypeError for others."""
    return Facts(
        kind=record["kind"],
        school=record["school"],
        letter=record["letter"],
        told=restore_certificate(record["told"]),
        earlier=tuple(restore_certificate(each) for each in record["earlier"]),
    )
