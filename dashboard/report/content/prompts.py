"""What the report asks of people, section by section, and what they have answered so far.

`prompts.csv` holds the questions, a row each: the union of what virtual schools' templates
ask.  Figures are the tool's; judgement is a person's, and stands where a prompt asks for it.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from dashboard.text import words
from safeguards.disclosure.drafts import Draft

KINDS = ("termly", "annual", "nil")
#: As the report numbers them; the annexes have letters.
SECTIONS = (*map(str, range(13)), "A", "B", "C")
#: Which document an answer stands in.
PARTS = ("one", "two")

AS_LAST_TIME = "As last time; check that it is still true."

#: Stands between the lines of an example.
_NEW_LINE = " | "


@dataclass(frozen=True)
class Prompt:
    """One row of `prompts.csv`.

    kinds: of the report in which it is asked.  carries: the prompt whose answer of an
    earlier term it begins with, mostly itself; None if it begins empty.  from_children: it
    is asked where at least so many children are looked after.  is_required: no report is
    final without an answer.  title: the heading of the answer in the report.
    """

    key: str
    section: str
    part: str
    kinds: frozenset[str]
    carries: str | None
    from_children: int
    is_required: bool
    title: str
    question: str
    example: str


@dataclass(frozen=True)
class Answer:
    """What stands under a prompt.

    draft: null where nobody has written.  is_carried: whether it is of an earlier term, and
    nobody has kept it for this one yet.
    """

    prompt: Prompt
    draft: Draft | None
    is_carried: bool

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


def select_prompts(kind: str, children: int) -> tuple[Prompt, ...]:
    """The prompts of a kind of report about so many children, in its order."""
    return tuple(
        each for each in load_prompts() if kind in each.kinds and children >= each.from_children
    )


def collect_answers(
    selected: Iterable[Prompt], this_term: Mapping[str, Draft], earlier: Mapping[str, Draft]
) -> tuple[Answer, ...]:
    """What stands under each prompt: this term's word, else what an earlier term left.

    this_term and earlier: as of `Drafts.of_term` and `Drafts.before`, by key.
    """
    found = []
    for prompt in selected:
        draft = this_term.get(prompt.key)
        carried = earlier.get(prompt.carries) if draft is None and prompt.carries else None
        found.append(Answer(prompt, draft or carried, is_carried=carried is not None))
    return tuple(found)


def find_missing(given: Iterable[Answer]) -> tuple[Answer, ...]:
    """The answers without which no report is final: none where one must be, or not looked at.

    What is carried over is looked at once somebody has kept it for this term.
    """
    return tuple(
        each for each in given if each.is_carried or (each.prompt.is_required and not each.text)
    )


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
        prompt = Prompt(
            key=row["key"],
            section=row["section"],
            part=row["part"],
            kinds=frozenset(row["kinds"].split()),
            carries=row["carries"] or None,
            from_children=int(row["from_children"]),
            is_required=row["is_required"] == "true",
            title=row["title"],
            question=row["question"],
            example=row["example"].replace(_NEW_LINE, "\n"),
        )
        known = (
            prompt.section in SECTIONS
            and prompt.part in PARTS
            and prompt.kinds
            and prompt.kinds <= set(KINDS)
            and (prompt.carries is None or prompt.carries in keys)
            and row["is_required"] in ("true", "false")
        )
        if not known or prompt.key in found:
            raise ValueError(f"prompts.csv, row {number}: unknown, or there twice")
        found[prompt.key] = prompt
    return tuple(found.values())
