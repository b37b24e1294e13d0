"""What the report asks of people, section by section, and what they have answered so far.

`prompts.csv` holds the questions, a row each: the union of what the DfE's guidance and virtual
schools' templates ask.  Figures are the tool's; judgement is a person's, and stands where a
prompt asks for it.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from dashboard.text import words
from safeguards.disclosure.drafts import Draft

KINDS = ("termly", "annual", "nil")
#: The sections of a report, in its order, and what each is called where no figure heads it.
SECTIONS: Mapping[str, str] = {
    "summary": "What we ask of governors",
    "children": "Our children",
    "plans": "Plans and dates",
    "attendance": "Attendance and suspensions",
    "learning": "Learning",
    "wellbeing": "Wellbeing",
    "send": "Special educational needs",
    "money": "Pupil premium plus",
    "staff": "Staff, time and partners",
    "voice": "What children told us",
    "steps": "What comes next",
    "safeguarding": "Safeguarding",
    "about": "How the numbers were made",
}
#: Which document an answer stands in.
PARTS = ("one", "two")

#: Stands between the lines of an example.
_NEW_LINE = " | "
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True)
class Prompt:
    """One row of `prompts.csv`.

    kinds: of the report in which it is asked.  follows: the prompt whose answer of an earlier
    term stands beside it, mostly itself.  is_for_several: it is asked where there are enough
    children for figures.  is_required: no report is final without an answer.  title: what
    begins the answer in the report.
    """

    key: str
    section: str
    part: str
    kinds: frozenset[str]
    follows: str
    is_for_several: bool
    is_required: bool
    title: str
    question: str
    example: str


@dataclass(frozen=True)
class Answer:
    """What stands under a prompt.

    draft: None where nobody has written for this term.  before: the last answer of an earlier
    term, which stands beside it and in no report.
    """

    prompt: Prompt
    draft: Draft | None = None
    before: Draft | None = None

    @property
    def text(self) -> str:
        """The words, empty where there are none."""
        return "" if self.draft is None else self.draft.text

    @property
    def ticks(self) -> frozenset[str]:
        """Words in it of which somebody said that they name no child, folded."""
        return frozenset() if self.draft is None else self.draft.ticks


@cache
def load_prompts() -> tuple[Prompt, ...]:
    """Every prompt there is, in the order of the report."""
    text = files("dashboard.report.content").joinpath("prompts.csv").read_text(encoding="utf-8")
    return parse(text.splitlines())


def select_prompts(kind: str, *, is_counted: bool) -> tuple[Prompt, ...]:
    """The prompts of a kind of report, in its order; `is_counted` as of the figures."""
    return tuple(
        each for each in load_prompts() if kind in each.kinds and is_counted >= each.is_for_several
    )


def collect_answers(
    selected: Iterable[Prompt], this_term: Mapping[str, Draft], earlier: Mapping[str, Draft]
) -> tuple[Answer, ...]:
    """What stands under each prompt, and beside it.

    this_term and earlier: as of `Drafts.find_by_term` and `Drafts.find_earlier`, by key.
    """
    return tuple(
        Answer(prompt, this_term.get(prompt.key), earlier.get(prompt.follows))
        for prompt in selected
    )


def find_missing(given: Iterable[Answer]) -> tuple[Answer, ...]:
    """The answers without which no report is final."""
    return tuple(each for each in given if each.prompt.is_required and not each.text)


def describe_missing(given: Iterable[Answer]) -> str:
    """How far a report is from its final form; empty when all is answered."""
    number = len({each.prompt.section for each in find_missing(given)})
    if number == 0:
        return ""
    verb = "needs" if number == 1 else "need"
    sections = words.format_count(number, "section")
    return f"{sections} {verb} your comments before it can be final. A draft can be made now."


def parse(lines: Iterable[str]) -> tuple[Prompt, ...]:
    """The prompts in CSV text; ValueError for a row that no report could ask."""
    found: dict[str, Prompt] = {}
    rows = list(csv.DictReader(lines, strict=True))
    keys = {row["key"] for row in rows}
    for number, row in enumerate(rows, start=2):
        is_known = (
            row["key"] not in found
            and row["section"] in SECTIONS
            and row["part"] in PARTS
            and len(row["kinds"].split()) > 0
            and set(row["kinds"].split()) <= set(KINDS)
            and row["follows"] in ("", *keys)
            and {row["is_for_several"], row["is_required"]} <= _BOOLEANS.keys()
        )
        if not is_known:
            raise ValueError(f"prompts.csv, row {number}: unknown, or there twice")
        found[row["key"]] = Prompt(
            key=row["key"],
            section=row["section"],
            part=row["part"],
            kinds=frozenset(row["kinds"].split()),
            follows=row["follows"] or row["key"],
            is_for_several=_BOOLEANS[row["is_for_several"]],
            is_required=_BOOLEANS[row["is_required"]],
            title=row["title"],
            question=row["question"],
            example=row["example"].replace(_NEW_LINE, "\n"),
        )
    return tuple(found.values())
