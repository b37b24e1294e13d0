"""What a report is made from: the kind, the school, and the figures that may be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from dashboard.text import words
from safeguards.disclosure.figures import Duties, Figures, Sum

Kind = Literal["termly", "annual", "nil"]

#: What one can ask for; where nobody is looked after, either is a nil return.
CHOICES: Final[tuple[Kind, ...]] = ("annual", "termly")
KINDS: Final[tuple[Kind, ...]] = (*CHOICES, "nil")
KIND_WORDS: Final[Mapping[str, str]] = words.TEXTS["report_kinds"]
LOOKED_AFTER, PREVIOUSLY = "looked after", "previously looked after"


@dataclass(frozen=True)
class Facts:
    """All that the computed part of a report hangs on.

    last: what the report before told; of an annual one, the annual report before.  has_premium,
    has_support: whether the school keeps records of these.
    """

    kind: Kind
    school: str
    told: Figures
    last: Figures | None = None
    has_premium: bool = True
    has_support: bool = True

    @property
    def is_annual(self) -> bool:
        """Whether it is about the year, and not about its newest term alone."""
        return self.kind == "annual"

    @property
    def term_words(self) -> str:
        """Autumn term 2026; of an annual report, the school year."""
        if self.is_annual:
            return f"school year {self.told.term.year}"
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
    def has_children(self) -> bool:
        """Whether anybody is looked after."""
        return self.told.roll[LOOKED_AFTER].children != 0

    @property
    def duties(self) -> Duties:
        """Of the term, or of the year."""
        return self._get_duties(self.told)

    @property
    def last_duties(self) -> Duties | None:
        """Those of the report before; None without one, or where it had no figures of them."""
        return self._get_duties(self.last) if self.last and self.last.is_counted else None

    def get_sum(self, what: str) -> Sum:
        """What is added up over the term, or the year."""
        return self._get_sums(self.told)[what]

    def get_last_sum(self, what: str) -> Sum:
        """The same in the report before."""
        return self._get_sums(self.last).get(what, Sum(None)) if self.last else Sum(None)

    def _get_duties(self, figures: Figures) -> Duties:
        return figures.year_duties if self.is_annual and figures.year_duties else figures.duties

    def _get_sums(self, figures: Figures) -> Mapping[str, Sum]:
        return figures.year if self.is_annual else figures.sums


def format_term(told: Figures) -> str:
    """Autumn term 2026."""
    return f"{words.capitalise(told.term.name)} term {told.day.year}"
